"""A messages' file of its own for each test, opened as the daemon opens it."""

import pytest

from wad.store.file import open_file


@pytest.fixture
def path(tmp_path):
    """Give the place of a file that is not there yet."""
    return tmp_path / "messages.sqlite"


@pytest.fixture
def connection(path):
    """Give a connection to a new file."""
    connection = open_file(path)
    yield connection
    connection.close()
