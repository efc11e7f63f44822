"""What the tests of the sandbox share: one browser, in which each page has a storage of its own."""

from collections.abc import Iterator

import pytest
from sandbox_chromium import shared


@pytest.fixture(scope="session", autouse=True)
def _browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Run the browser for all of them: each start would take longer than most tests."""
    with shared(tmp_path_factory.mktemp("shared")):
        yield
