"""What the tests of the HTTP front door share."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tornado.ioloop import IOLoop
from web_house import House, Opener


@pytest.fixture
def io_loop() -> Iterator[IOLoop]:
    """Give a fresh loop; the plug-in's own fixture calls what Tornado has deprecated."""
    loop = IOLoop(make_current=False)
    asyncio.set_event_loop(loop.asyncio_loop)
    yield loop
    loop.run_sync(_finish)
    asyncio.set_event_loop(None)
    loop.close(all_fds=True)


async def _finish() -> None:
    """End what still runs, as `asyncio.run` does."""
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
    await asyncio.get_running_loop().shutdown_default_executor()


@pytest.fixture
def open_house(io_loop: IOLoop, tmp_path: Path) -> Iterator[Opener]:
    """Give the function that opens a front door; all are closed behind the test."""
    houses: list[House] = []

    def open_one(**settings: Any) -> House:
        folder = tmp_path / str(len(houses))
        folder.mkdir()
        house = House(folder, **settings)
        houses.append(house)
        house.open()
        return house

    yield open_one

    async def close() -> None:
        for house in houses:
            await house.close()

    io_loop.run_sync(close)


@pytest.fixture
def house(open_house: Opener) -> House:
    """Give a front door without a token."""
    return open_house()
