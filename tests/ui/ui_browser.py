"""A real browser for the page: tabs that are opened as somebody has set theirs up, and that note every complaint."""

import asyncio
import base64
import json
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ui_node import ROOT

from wad.browser.cdp import call
from wad.browser.chromium import Chromium
from wad.browser.options import LaunchOptions
from wad.browser.profile import Profile
from wad.core.errors import BrowserError

# The name the shipped site of nginx answers to; for the browser it leads to this machine.
SITE = "wad.example.org"
AXE = ROOT / "tests" / "ui" / "node_modules" / "axe-core" / "axe.min.js"
# The code, once its drawing has taken the place of the picture.
DRAWING = "[data-part=code] img[src^='data:image/svg']"
# For one condition, on a machine that others share.
PATIENCE = 30.0
_CLICKS = 20
# Engine.IO's packet that ends the polling, and how Socket.IO's begins that brings a status.
_UPGRADE = "5"
_STATE = '42["wa:state",'
_KEYS = {"Tab": 9, "Enter": 13, "Escape": 27, "Space": 32, "ArrowDown": 40, "ArrowUp": 38, "Backspace": 8}
_SHIFT = 8


@dataclass(frozen=True)
class Visitor:
    """How somebody has set up the browser."""

    language: str = "en"
    width: int = 1280
    height: int = 800
    scheme: str = "light"
    calm: bool = False
    scale: int = 1

    def __str__(self) -> str:
        return f"{self.language}-{self.scheme}-{self.width}"


class Tab:
    """One page of one visitor, with storage of its own.

    `complaints` is what the console, the log and the policy said, `asked` every address that was asked for,
    `seq` the number of the last status that came by websocket.
    """

    def __init__(self, client: Any) -> None:
        self.client = client
        self.complaints: list[str] = []
        self.asked: list[str] = []
        self.seq = -1
        self.upgraded = False
        self._world: int | None = None
        self._moved = asyncio.Event()
        client.on("Runtime.consoleAPICalled", self._said)
        client.on("Runtime.exceptionThrown", lambda told: self.complaints.append(_thrown(told)))
        client.on("Log.entryAdded", self._logged)
        client.on("Network.requestWillBeSent", lambda told: self.asked.append(told["request"]["url"]))
        client.on("Network.webSocketCreated", lambda told: self.asked.append(told["url"]))
        client.on("Network.webSocketFrameSent", self._told_by_us)
        client.on("Network.webSocketFrameReceived", self._told_to_us)

    def _said(self, told: dict[str, Any]) -> None:
        if told["type"] in {"error", "warning", "assert"}:
            self.complaints.append(f"console: {[each.get('value') for each in told['args']]}")

    def _logged(self, told: dict[str, Any]) -> None:
        entry = told["entry"]
        if entry["level"] in {"error", "warning"}:
            self.complaints.append(f"{entry['source']}: {entry['text']} {entry.get('url', '')}")

    def _told_by_us(self, told: dict[str, Any]) -> None:
        if told["response"]["payloadData"] == _UPGRADE:
            self.upgraded = True
            self._moved.set()

    def _told_to_us(self, told: dict[str, Any]) -> None:
        text = told["response"]["payloadData"]
        if text.startswith(_STATE):
            self.seq = json.loads(text[2:])[1]["seq"]
            self._moved.set()

    async def _hear(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not holds():
                self._moved.clear()
                await self._moved.wait()

    async def live(self) -> None:
        """Wait until the page listens by websocket: from then on `heard` knows what it was told."""
        await self._hear(lambda: self.upgraded)
        await self.until("document.body.dataset.link === 'live'", "the live link")

    async def heard(self, seq: int) -> None:
        """Wait until the page was told the status of that number, and has drawn it."""
        await self._hear(lambda: self.seq >= seq)
        await self.drawn()

    async def drawn(self) -> None:
        """Wait until what was told has been drawn: the page draws at the next frame at the latest."""
        await self.value(
            "await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )

    async def send(self, method: str, **params: Any) -> dict[str, Any]:
        """Do one CDP call."""
        return await call(self.client, method, params, PATIENCE)

    async def settle(self, visitor: Visitor) -> None:
        """Be set up as the visitor is."""
        for domain in ("Page", "Runtime", "Log", "Network"):
            await self.send(f"{domain}.enable")
        agent = (await self.send("Runtime.evaluate", expression="navigator.userAgent"))["result"]["value"]
        await self.send("Emulation.setUserAgentOverride", userAgent=agent, acceptLanguage=visitor.language)
        await self.resize(visitor)
        await self.send("Page.addScriptToEvaluateOnNewDocument", source=_NOTE_VIOLATIONS)

    async def resize(self, visitor: Visitor) -> None:
        """Have another window or taste; what is open stays open."""
        await self.send(
            "Emulation.setDeviceMetricsOverride",
            width=visitor.width,
            height=visitor.height,
            deviceScaleFactor=visitor.scale,
            mobile=False,
        )
        features = {
            "prefers-color-scheme": visitor.scheme,
            "prefers-reduced-motion": "reduce" if visitor.calm else "no-preference",
        }
        listed = [{"name": name, "value": value} for name, value in features.items()]
        await self.send("Emulation.setEmulatedMedia", features=listed)

    async def open(self, url: str) -> None:
        """Open an address, and wait until its scripts have run."""
        self._world = None
        await self.send("Page.navigate", url=url)
        await self.until("document.readyState === 'complete'", "the page")

    async def value(self, expression: str) -> Any:
        """Give the value of an expression in the page, as JSON can hold it."""
        answer = await self.send(
            "Runtime.evaluate",
            expression=f"(async () => JSON.stringify({expression}))()",
            awaitPromise=True,
            returnByValue=True,
        )
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        text = answer["result"].get("value")
        return None if text is None else json.loads(text)

    async def until(self, expression: str, what: str, within: float = PATIENCE) -> Any:
        """Give the first true value of an expression, looked at in every frame the page draws."""
        source = f"({_WATCH})(() => ({expression}), {round(within * 1000)})"
        deadline = asyncio.get_running_loop().time() + within
        while asyncio.get_running_loop().time() < deadline:
            # The page may be replaced by another while we look: then the new one is asked.
            with suppress(Exception):
                found = await self._watch(source, within + 5)
                if found is not None:
                    return found
                break
        shown = await self.value("document.body?.innerText")
        raise AssertionError(f"waited in vain for {what}; shown is: {shown!r}; {self.complaints}")

    async def _watch(self, source: str, within: float) -> Any:
        params = {"expression": source, "awaitPromise": True, "returnByValue": True}
        answer = await call(self.client, "Runtime.evaluate", params, within)
        if "exceptionDetails" in answer:
            raise RuntimeError(str(answer["exceptionDetails"]))
        text = answer["result"].get("value")
        return None if text is None else json.loads(text)

    async def shown(self, selector: str) -> bool:
        """Tell whether an element is there and to be seen."""
        return await self.value(_visible(selector))

    async def until_shown(self, selector: str) -> None:
        """Wait until an element is to be seen."""
        await self.until(_visible(selector), selector)

    async def until_gone(self, selector: str) -> None:
        """Wait until an element is no longer to be seen."""
        await self.until(f"!({_visible(selector)})", f"the end of {selector}")

    async def text(self, selector: str = "body") -> str:
        """Give the text of an element as it is shown."""
        return await self.value(f"document.querySelector({json.dumps(selector)}).innerText")

    async def click(self, selector: str, within: float = PATIENCE) -> None:
        """Press the mouse where the element is, which must be to be seen, enabled and on top.

        While the page still finds its layout a click may miss; a person clicks again.
        """
        reachable = f"({_POINT})({json.dumps(selector)})"
        for _ in range(_CLICKS):
            point = await self.until(reachable, f"{selector} to click on", within)
            await self.value(f"({_WATCH_CLICK})({json.dumps(selector)})")
            for kind in ("mousePressed", "mouseReleased"):
                await self.send(
                    "Input.dispatchMouseEvent", type=kind, button="left", clickCount=1, x=point[0], y=point[1]
                )
            if not await self._missed():
                return
        raise AssertionError(f"{selector} does not keep still")

    async def _missed(self) -> bool:
        try:
            return bool(await self.value("window.clickMissed === true"))
        except BrowserError:
            return False  # it led to another document

    async def unfold(self, part: str) -> None:
        """Open a panel, if it is not open: on a wide screen some are from the beginning.

        While the page still finds its layout a click may miss; a person clicks again.
        """
        for _ in range(20):
            if await self.value(f"document.querySelector('[data-part={part}]').open"):
                return
            await self.click(f"[data-part={part}] summary")
        raise AssertionError(f"{part} does not open")

    async def type(self, text: str) -> None:
        """Type into what has the focus, key by key."""
        for letter in text:
            await self.send("Input.dispatchKeyEvent", type="keyDown", text=letter, key=letter)
            await self.send("Input.dispatchKeyEvent", type="keyUp", key=letter)

    async def press(self, key: str, *, shift: bool = False) -> None:
        """Press a key that has a name."""
        text = {"Enter": "\r", "Space": " "}.get(key)
        common = {
            "key": " " if key == "Space" else key,
            "code": key,
            "windowsVirtualKeyCode": _KEYS[key],
            "modifiers": _SHIFT if shift else 0,
        }
        await self.send(
            "Input.dispatchKeyEvent", type="keyDown", **common, **({"text": text} if text else {})
        )
        await self.send("Input.dispatchKeyEvent", type="keyUp", **common)

    async def picture(self, selector: str | None = None, kind: str = "png", quality: int = 90) -> bytes:
        """Give a picture of an element, or of what fits into the window."""
        wanted: dict[str, Any] = {"format": kind}
        if kind == "webp":
            wanted["quality"] = quality
        if selector is not None:
            wanted["clip"] = {**await self.value(f"({_BOX})({json.dumps(selector)})"), "scale": 1}
            wanted["captureBeyondViewport"] = True
        return base64.b64decode((await self.send("Page.captureScreenshot", **wanted))["data"])

    async def axe(self) -> list[str]:
        """Give what axe finds wrong with the page as it is now."""
        if self._world is None:
            # A world of its own: the page's policy is about the page's code.
            frame = (await self.send("Page.getFrameTree"))["frameTree"]["frame"]["id"]
            made = await self.send("Page.createIsolatedWorld", frameId=frame, worldName="axe")
            self._world = made["executionContextId"]
            await self.send("Runtime.evaluate", expression=AXE.read_text(), contextId=self._world)
        answer = await self.send(
            "Runtime.evaluate",
            expression=_RUN_AXE,
            contextId=self._world,
            awaitPromise=True,
            returnByValue=True,
        )
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"]["value"]

    def foreign(self) -> list[str]:
        """Give the addresses asked for that are not those of the page's own host."""
        ours = {"127.0.0.1", "localhost", SITE, None}
        kept = [url for url in self.asked if not url.startswith(("data:", "blob:", "about:"))]
        return [url for url in kept if urlsplit(url).hostname not in ours]


def _thrown(told: dict[str, Any]) -> str:
    details = told["exceptionDetails"]
    return f"exception: {details.get('exception', {}).get('description', details['text'])}"


def _visible(selector: str) -> str:
    return f"Boolean(document.querySelector({json.dumps(selector)})?.checkVisibility({{visibilityProperty: true}}))"


_NOTE_VIOLATIONS = """
addEventListener('securitypolicyviolation', (event) => {
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`);
});
"""
# Looks in every frame, and gives up after some milliseconds: JSON of what was found, or nothing.
_WATCH = """(look, within) => new Promise((done) => {
  const end = performance.now() + within;
  const again = () => {
    let found = null;
    try { found = look(); } catch { found = null; }
    if (found) done(JSON.stringify(found));
    else if (performance.now() > end) done();
    else requestAnimationFrame(again);
  };
  again();
})"""
_POINT = """(selector) => {
  const element = document.querySelector(selector);
  if (!element || element.disabled) return null;
  element.scrollIntoView({ block: 'center', behavior: 'instant' });
  const { x, y, width, height } = element.getBoundingClientRect();
  if (!width || !height) return null;
  const point = [x + width / 2, y + height / 2];
  const top = document.elementFromPoint(...point);
  return element === top || element.contains(top) ? point : null;
}"""
# Where scripts are off nothing hears the click, and it counts as one that hit.
_WATCH_CLICK = """(selector) => {
  window.clickMissed = false;
  const judge = (event) => { window.clickMissed = !document.querySelector(selector)?.contains(event.target); };
  document.addEventListener('click', judge, { capture: true, once: true });
}"""
_BOX = """(selector) => {
  const { x, y, width, height } = document.querySelector(selector).getBoundingClientRect();
  return { x: x + scrollX, y: y + scrollY, width, height };
}"""
_RUN_AXE = """axe.run(document, { resultTypes: ['violations'] }).then((found) =>
  found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html + ' ' + node.failureSummary)}`))"""


class Browser:
    """The browser all tests of a file share; each tab has its own storage."""

    def __init__(self, chromium: Chromium) -> None:
        self._chromium = chromium

    @asynccontextmanager
    async def tab(self, visitor: Visitor | None = None) -> AsyncIterator[Tab]:
        """Give a tab for one visitor."""
        context = await self._chromium.browser.createIncognitoBrowserContext()
        try:
            page = await context.newPage()
            tab = Tab(page._client)
            await tab.settle(visitor or Visitor())
            yield tab
        finally:
            await context.close()


@asynccontextmanager
async def running_browser() -> AsyncIterator[Browser]:
    """Start a browser for which `SITE` leads to this machine."""
    with tempfile.TemporaryDirectory(prefix="wu-", ignore_cleanup_errors=True) as folder:
        profile = Profile(Path(folder))
        profile.lock()
        rules = f"--host-resolver-rules=MAP {SITE} 127.0.0.1"
        # It draws the same page for two thirds of the processor time: nothing around the page is drawn, too.
        chromium = Chromium(LaunchOptions("chromium-headless-shell", (rules,)), profile)
        await chromium.start()
        try:
            yield Browser(chromium)
        finally:
            await chromium.close()
            profile.unlock()
