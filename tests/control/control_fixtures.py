"""What the tests of the control socket and of wadctl share: the house they talk to."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from control_harness import House, Opener
from tornado.ioloop import IOLoop


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
