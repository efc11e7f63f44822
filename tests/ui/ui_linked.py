"""A real daemon that is linked to the sandbox, its page with the panel of messages open, and what tests do there."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "daemon"))

import json
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from daemon_harness import HASTY, SMALL_BROWSER, Daemon
from ui_browser import Browser, Tab, Visitor

NUMBER = "+15550001111"
SHOWN = "+1 555 000-11-11"
PANEL, SENT = "[data-part=messages]", "[data-part=composer-sent]"
EVENTS, ERROR = "[data-part=events]", "[data-part=composer-error]"
TO, TEXT, SEND = "#composer-to", "#composer-text", "[data-action=send]"
BRISK = {**HASTY, **SMALL_BROWSER, "WAD_MESSAGES_CHAT_INTERVAL": "0.01", "WAD_LOG_LEVEL": "debug"}


@asynccontextmanager
async def started(env: Mapping[str, str] | None = None) -> AsyncIterator[Daemon]:
    """Give a daemon that is linked, with further settings."""
    with tempfile.TemporaryDirectory(prefix="wd-", ignore_cleanup_errors=True) as folder:
        async with Daemon(Path(folder, "state"), env={**BRISK, **(env or {})}) as daemon:
            await daemon.link()
            yield daemon


async def shown_by(tab: Tab, daemon: Daemon) -> None:
    """Open the page of a daemon, and its panel of messages."""
    await tab.open(f"http://127.0.0.1:{daemon.port}/")
    await tab.live()
    await tab.until_shown(PANEL)
    await tab.unfold("messages")


@asynccontextmanager
async def linked(
    browser: Browser, visitor: Visitor | None = None, script: str | None = None
) -> AsyncIterator[tuple[Daemon, Tab]]:
    """Give it with its page, on which `script` runs before the page's own."""
    async with started() as daemon, browser.tab(visitor) as tab:
        if script is not None:
            await tab.send("Page.addScriptToEvaluateOnNewDocument", source=script)
        await shown_by(tab, daemon)
        yield daemon, tab


async def fill(tab: Tab, text: str, to: str = NUMBER) -> None:
    """Type into the form, in place of what is there."""
    for selector, value in ((TO, to), (TEXT, text)):
        await tab.click(selector)
        await tab.value(f"document.querySelector('{selector}').select() ?? 1")
        await tab.type(value)


async def says(tab: Tab, selector: str, text: str) -> None:
    """Wait until an element says something."""
    found = f"document.querySelector(`{selector}`).innerText.includes({json.dumps(text)})"
    await tab.until(found, f"{text!r} in {selector}")


async def count(tab: Tab, selector: str, number: int) -> None:
    """Wait until there are so many of these elements."""
    found = f"document.querySelectorAll(`{selector}`).length === {number}"
    await tab.until(found, f"{number} of {selector}")


async def sent_out(daemon: Daemon) -> list[tuple[str, int]]:
    """Give what really went out, and how often."""
    told = (await daemon.get("/sandbox/phone/messages")).json["messages"]
    return [(each["text"], each["times"]) for each in told]
