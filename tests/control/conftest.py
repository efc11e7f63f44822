"""What the tests of the control socket and of wadctl share: a loop, and the house they talk to."""

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from control_house import House, Opener
from tornado.ioloop import IOLoop


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
def folder() -> Iterator[Path]:
    """Give a folder whose path is as short as a socket's has to be."""
    with tempfile.TemporaryDirectory(prefix="wad-") as path:
        yield Path(path)


@pytest.fixture
def open_house(io_loop: IOLoop, folder: Path) -> Iterator[Opener]:
    """Give the function that opens a control socket; all are closed behind the test."""
    houses: list[House] = []

    async def open_one(**settings: Any) -> House:
        house = House(folder / str(len(houses)) / "control.sock", **settings)
        houses.append(house)
        await house.open()
        return house

    yield open_one

    async def close() -> None:
        for house in houses:
            await house.close()

    io_loop.run_sync(close)


@pytest.fixture
def house(io_loop: IOLoop, open_house: Opener) -> House:
    """Give a control socket with everything that is optional."""
    return io_loop.run_sync(open_house)
