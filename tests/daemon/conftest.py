"""What the tests of the whole daemon share: time, a loop, folders whose paths are short."""

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from daemon_house import link_once
from tornado.ioloop import IOLoop

# Each test waits for conditions that have deadlines of their own; this one only ends a test gone wrong.
_SECONDS = 120


def pytest_configure(config: pytest.Config) -> None:
    """Make the plug-in's own mark known, which it does not declare."""
    config.addinivalue_line("markers", "timeout(seconds): pytest-tornasync's time for one test")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give every test of this folder time for real browsers to start, several times over."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.timeout(seconds=_SECONDS))


@pytest.fixture
def io_loop() -> Iterator[IOLoop]:
    """Give a fresh loop; the plug-in's own fixture calls what Tornado has deprecated."""
    loop = IOLoop(make_current=False)
    asyncio.set_event_loop(loop.asyncio_loop)
    yield loop
    asyncio.set_event_loop(None)
    loop.close(all_fds=True)


@pytest.fixture
def folder() -> Iterator[Path]:
    """Give a folder whose path is as short as that of a service: the browser puts a socket into it."""
    with tempfile.TemporaryDirectory(prefix="wd-") as path:
        yield Path(path)


@pytest.fixture(scope="session")
def linked_once() -> Iterator[Path]:
    """Give a state directory whose session is linked, and was closed properly."""
    with tempfile.TemporaryDirectory(prefix="wd-") as path:
        state = Path(path, "state")
        asyncio.run(link_once(state))
        yield state


@pytest.fixture
def linked_state(linked_once: Path, folder: Path) -> Path:
    """Give a copy of the linked state directory. It holds the sandbox's port too: run one at a time."""
    return shutil.copytree(linked_once, folder / "state", symlinks=True)
