"""What the tests of the page share: one loop and one browser for each file of tests."""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from tornado.ioloop import IOLoop
from ui_browser import Browser, running_browser
from ui_harness import Harness, open_harness

# Each test waits for conditions that have deadlines of their own; this one only ends a test gone wrong.
_SECONDS = 240


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give every test of this folder time for a whole table of pictures."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.timeout(seconds=_SECONDS))


@pytest.fixture(scope="module")
def io_loop() -> Iterator[IOLoop]:
    """Give the loop the file's browser lives in."""
    loop = IOLoop(make_current=False)
    asyncio.set_event_loop(loop.asyncio_loop)
    yield loop
    loop.run_sync(_finish)
    asyncio.set_event_loop(None)
    loop.close(all_fds=True)


async def _finish() -> None:
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
    await asyncio.get_running_loop().shutdown_default_executor()


@pytest.fixture(scope="module")
def browser(io_loop: IOLoop) -> Iterator[Browser]:
    """Give the file's browser."""
    stack = AsyncExitStack()

    async def start() -> Browser:
        return await stack.enter_async_context(running_browser())

    yield io_loop.run_sync(start)
    io_loop.run_sync(stack.aclose)


@pytest.fixture
def here(io_loop: IOLoop) -> Iterator[Harness]:
    """Give an open harness without a token."""
    stack = AsyncExitStack()

    async def start() -> Harness:
        return await stack.enter_async_context(open_harness())

    yield io_loop.run_sync(start)
    io_loop.run_sync(stack.aclose)
