"""What the tests of the description share: the harnesses of the front end and of the whole daemon."""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

for _folder in ("web", "daemon", "messages"):
    sys.path.insert(0, str(Path(__file__).parents[1] / _folder))

# Each test waits for conditions that have deadlines of their own; this one only ends a test gone wrong.
_SECONDS = 240


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give every test of this folder time for real browsers to start, several times over."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.timeout(seconds=_SECONDS))


@pytest.fixture
def folder() -> Iterator[Path]:
    """Give a folder whose path is as short as that of a service: the browser puts a socket into it."""
    with tempfile.TemporaryDirectory(prefix="wd-", ignore_cleanup_errors=True) as path:
        yield Path(path)
