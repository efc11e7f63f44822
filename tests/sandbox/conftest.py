"""The loop these tests run on."""

from collections.abc import Iterator

import pytest
from tornado.ioloop import IOLoop


@pytest.fixture
def io_loop() -> Iterator[IOLoop]:
    """Make a loop for each test. The plug-in's own fixture uses what Tornado has deprecated."""
    loop = IOLoop(make_current=False)
    yield loop
    loop.close()
