"""pyppeteer is there without what wad never uses of it."""

import subprocess
import sys

import pytest

from wad.browser.library import refuse

# What the downloader would bring along.
HEAVY = {"urllib3", "tqdm"}


def told(code):
    """Run a program in a Python of its own, and give the words it says."""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    return set(done.stdout.split())


def test_launcher_and_downloader_are_left_out():
    """Whoever imports the browser loads neither, nor what they need; the part that is used is whole."""
    loaded = told("import sys, wad.browser.cdp, pyppeteer.connection; print(*sys.modules)")

    assert "pyppeteer.connection" in loaded
    assert set() == loaded & HEAVY


def test_the_rest_of_the_library_can_be_imported():
    """Its browser, which is loaded later, does not miss what was left out."""
    loaded = told("import sys, wad.browser, pyppeteer.browser; print(*sys.modules)")

    assert "pyppeteer.page" in loaded
    assert set() == loaded & HEAVY


def test_nothing_is_launched_or_downloaded():
    """Their functions raise, whatever they are given."""
    with pytest.raises(RuntimeError, match="by itself"):
        refuse({"headless": True}, autoClose=False)

    names = "pyppeteer.launch, pyppeteer.connect, pyppeteer.util.download_chromium"
    code = f"import wad.browser, pyppeteer, pyppeteer.util; print(*{{each.__module__ for each in ({names})}})"

    assert {"wad.browser.library"} == told(code)
