"""The sandbox with its page open in a browser, and what the tests ask the page."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from sandbox_chromium import Browser, chromium, visitor
from sandbox_phone import shown

from wad.sandbox import Sandbox, SandboxOptions

# Whatever else a driver asks, it may ask only once the models have run.
LOADED = "typeof require === 'function' && require('__debug').modulesMap.WAWebSocketModel?.factoryFinished"
STATE = f"{LOADED} && require('WAWebSocketModel').Socket.state"
MODE = f"{LOADED} && require('WAWebStreamModel').Stream.mode"
SHOWN = "document.querySelector('div[data-ref]')?.dataset.ref"
BUTTON = "document.querySelector('[data-ref] > span > button')"
REGISTERED = "require('WAWebUserPrefsMultiDevice').isRegistered()"
# All that tells how a page stands: state, stream, mode, info, displayInfo.
STANDING = f"""{LOADED} && (() => {{
  const {{ Socket }} = require('WAWebSocketModel');
  const {{ mode, info, displayInfo }} = require('WAWebStreamModel').Stream;
  return [Socket.state, Socket.stream, mode, info, displayInfo].join();
}})()"""
IN_STEP = "CONNECTED,CONNECTED,MAIN,NORMAL,NORMAL"
# A code to type, and what asks for one.
PAIRING = "require('WAWebAltDeviceLinkingApi')"
LETTERS = "document.querySelector('[data-link-code]')?.dataset.linkCode"
NUMBER = "4915112345678"


@contextlib.asynccontextmanager
async def running(directory: Path, **options) -> AsyncIterator[Sandbox]:
    sandbox = Sandbox(directory / "sandbox", SandboxOptions(**{"clock": 20.0, "seed": 7, **options}))
    await sandbox.start()
    try:
        yield sandbox
    finally:
        await sandbox.stop()


@contextlib.asynccontextmanager
async def opened(
    directory: Path, *, kept: bool = False, before: str = "", **options
) -> AsyncIterator[tuple[Sandbox, Browser]]:
    """Run a sandbox, and a browser that has opened its page; `before` runs in each document before its scripts.

    With `kept` the browser is one of its own, and finds in the directory what the last one there has left.
    """
    place = chromium(directory / "profile") if kept else visitor()
    async with running(directory, **options) as sandbox, place as browser:
        await browser.call("Page.addScriptToEvaluateOnNewDocument", source=before)
        await browser.goto(sandbox.url)
        yield sandbox, browser


async def link(sandbox: Sandbox, browser: Browser, **arguments) -> dict:
    """Scan the code the page shows, as soon as it shows one, and wait until the page is in step."""
    await browser.until(SHOWN)
    done = await scan(sandbox, **arguments)
    await browser.until(MODE, "MAIN")
    return done


async def scan(sandbox: Sandbox, **arguments) -> dict:
    await shown(sandbox)
    return await sandbox.phone.command("scan", arguments)


def asking(phone: str = NUMBER) -> str:
    """Give the expression that goes the whole way to a code to type, as whatsapp-web.js does."""
    prepare = f"({PAIRING}.setPairingType('ALT_DEVICE_LINKING'), {PAIRING}.initializeAltDeviceLinking())"
    return f"{prepare}.then(() => {PAIRING}.startAltLinkingFlow({phone!r}, true))"


async def code_of(browser: Browser, phone: str = NUMBER) -> str:
    """Wait for a code to scan, then have one to type made."""
    await browser.until(SHOWN)
    return await browser.evaluate(asking(phone))
