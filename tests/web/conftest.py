"""What the tests of the HTTP front door share."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tornado.ioloop import IOLoop
from web_harness import House, Opener


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
