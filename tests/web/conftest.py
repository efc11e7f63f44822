"""What the tests of the HTTP front end share."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from frontend_harness import closed_behind
from tornado.ioloop import IOLoop

sys.path.insert(0, str(Path(__file__).parents[1] / "messages"))

from web_harness import Harness, Opener


@pytest.fixture
def open_harness(io_loop: IOLoop, tmp_path: Path) -> Iterator[Opener]:
    """Give the function that opens a front end; all are closed behind the test."""
    with closed_behind(io_loop) as harnesses:

        def open_one(**settings: Any) -> Harness:
            folder = tmp_path / str(len(harnesses))
            folder.mkdir()
            harness = Harness(folder, **settings)
            harnesses.append(harness)
            harness.open()
            return harness

        yield open_one


@pytest.fixture
def harness(open_harness: Opener) -> Harness:
    """Give a front end without a token."""
    return open_harness()
