"""How the browser presents itself."""

import pytest

from wad.browser.client_hints import override

AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/156.0.0.0 Safari/537.36"
VERSION = "156.0.8078.79"


def test_the_word_is_gone():
    """The user agent is the browser's own but for one word, and nothing else says Headless either."""
    given = override(AGENT, VERSION)

    assert AGENT.replace("HeadlessChrome", "Chrome") == given["userAgent"]
    assert "Headless" not in str(given)


def test_name_and_version_are_the_browsers():
    """The hints hold the running browser's version, in short and in full, so they never grow old."""
    hints = override(AGENT, VERSION)["userAgentMetadata"]

    assert {"brand": "Chromium", "version": "156"} in hints["brands"]
    assert {"brand": "Chromium", "version": VERSION} in hints["fullVersionList"]
    assert VERSION == hints["fullVersion"]
    assert not hints["mobile"]


@pytest.mark.parametrize(("machine", "expected"), [("x86_64", "x86"), ("aarch64", "")])
def test_the_processor(machine, expected):
    """The processor is named where the user agent names it."""
    hints = override(AGENT.replace("x86_64", machine), VERSION)["userAgentMetadata"]

    assert expected == hints["architecture"]
