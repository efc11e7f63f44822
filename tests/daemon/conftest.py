"""What the tests of the whole daemon share: time, a loop, folders whose paths are short."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from daemon_fixtures import folder, linked_once, linked_state
from tornado.ioloop import IOLoop

__all__ = ["folder", "linked_once", "linked_state"]

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
