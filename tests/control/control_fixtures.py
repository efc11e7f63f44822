"""What the tests of the control socket and of wadctl share: the harness they talk to."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from control_harness import Harness, Opener
from frontend_harness import closed_behind
from tornado.ioloop import IOLoop


@pytest.fixture
def folder() -> Iterator[Path]:
    """Give a folder whose path is as short as a socket's has to be."""
    with tempfile.TemporaryDirectory(prefix="wad-") as path:
        yield Path(path)


@pytest.fixture
def open_harness(io_loop: IOLoop, folder: Path) -> Iterator[Opener]:
    """Give the function that opens a control socket; all are closed behind the test."""
    with closed_behind(io_loop) as harnesses:

        async def open_one(**settings: Any) -> Harness:
            harness = Harness(folder / str(len(harnesses)) / "control.sock", **settings)
            harnesses.append(harness)
            await harness.open()
            return harness

        yield open_one


@pytest.fixture
def harness(io_loop: IOLoop, open_harness: Opener) -> Harness:
    """Give a control socket with everything that is optional."""
    return io_loop.run_sync(open_harness)
