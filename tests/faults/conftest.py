"""What the tests of faults share: the daemon as a process, folders whose paths are short, time for browsers."""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

# The daemon as a process of its own is made by the helpers of its own tests.
sys.path.append(str(Path(__file__).parents[1] / "daemon"))


@pytest.fixture
def folder() -> Iterator[Path]:
    """Give a folder whose path is as short as that of a service: the browser puts a socket into it."""
    with tempfile.TemporaryDirectory(prefix="wf-") as path:
        yield Path(path)
