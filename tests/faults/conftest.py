"""What the tests of faults share: the real daemon, met from outside, in folders whose paths are short."""

import asyncio
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "daemon"))

from daemon_house import link_once  # found once the path is set

# Each test waits for conditions that have deadlines of their own; this one only ends a test gone wrong.
_SECONDS = 240


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option for a second run with other libraries."""
    parser.addoption("--first-turn", action="store_true", help="do once what is done several times")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Give every test of this folder time for real browsers to start, several times over."""
    if config.getoption("--first-turn", default=False):
        items[:] = [item for item in items if not _is_repeated(item)]
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.timeout(seconds=_SECONDS))


def _is_repeated(item: pytest.Item) -> bool:
    return (
        isinstance(item, pytest.Function)
        and bool(getattr(item, "callspec", None))
        and (item.callspec.params.get("turn", 0) > 0)
    )


@pytest.fixture
def folder() -> Iterator[Path]:
    """Give a folder whose path is as short as that of a service: the browser puts a socket into it."""
    with tempfile.TemporaryDirectory(prefix="wf-") as path:
        yield Path(path)


@pytest.fixture(scope="session")
def linked_once() -> Iterator[Path]:
    """Give a state directory whose session is linked, and was closed properly."""
    with tempfile.TemporaryDirectory(prefix="wf-") as path:
        state = Path(path, "state")
        asyncio.run(link_once(state))
        yield state


@pytest.fixture
def linked_state(linked_once: Path, folder: Path) -> Path:
    """Give a copy of the linked state directory. It holds the sandbox's port too: run one at a time."""
    return shutil.copytree(linked_once, folder / "state", symlinks=True)
