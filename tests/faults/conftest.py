"""What the tests of faults share: the real daemon, met from outside, in folders whose paths are short."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "daemon"))
sys.path.insert(0, str(Path(__file__).parents[1] / "doctor"))

from daemon_fixtures import folder, linked_once, linked_state  # found once the path is set

__all__ = ["folder", "linked_once", "linked_state"]

# Each test waits for conditions that have deadlines of their own; this one only ends a test gone wrong.
_SECONDS = 240


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give every test of this folder time for real browsers to start, several times over."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.timeout(seconds=_SECONDS))
