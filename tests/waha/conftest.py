"""What the tests of WAHA's dialect share: the harnesses of messages, of the front ends and of the whole daemon."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "webhooks"))
sys.path.insert(0, str(Path(__file__).parents[1] / "messages"))
sys.path.insert(0, str(Path(__file__).parents[1] / "daemon"))

from daemon_fixtures import folder, linked_once, linked_state

__all__ = ["folder", "linked_once", "linked_state"]

# Each test waits for conditions that have deadlines of their own; this one only ends a test gone wrong.
_SECONDS = 120


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give every test of this folder time for real browsers to start."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.timeout(seconds=_SECONDS))
