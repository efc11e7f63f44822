"""What the tests of faults share: the real daemon, met from outside, in folders whose paths are short."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "daemon"))

from daemon_fixtures import folder, linked_once, linked_state  # found once the path is set

__all__ = ["folder", "linked_once", "linked_state"]

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
