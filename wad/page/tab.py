"""One page in one browser: what wad asks of it, and what it tells by itself.

Rules of this file:

* The page is not ours. Whatever it sends is checked before it is believed, and one odd message ends nothing.
* Every call has a deadline.
* Main frame only: the page has frames that navigate, and a binding that is reached from one of them is not
  used (``observe.js`` returns at once there).
* Scripts are registered through the CDP session: pyppeteer's own way changes their text.
"""

import asyncio
import base64
import json
import secrets
from collections import deque
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog

from wad.browser import client_hints
from wad.browser.cdp import call
from wad.browser.chromium import Chromium
from wad.browser.stderr_tail import fit_for_log
from wad.core.deadlines import Deadlines
from wad.core.errors import BrowserError, BrowserHungError, DocumentReplacedError, PageError
from wad.core.events import Blocked, Failed, PageEvent
from wad.core.reasons import Reason
from wad.core.status import PairingCode
from wad.page import network_errors, scripts
from wad.page.pairing_answers import granted

log = structlog.get_logger(__name__)

# Requests whose address is remembered until they end; only scripts and documents are, a page loads about 100.
_REMEMBERED_REQUESTS = 500
_CONSOLE_LINES = 30
# Chromium's own words for a call whose document went away.
_NAVIGATED = ("navigated", "context was destroyed", "Cannot find context")
# Of the window in `wad.browser.flags`, noise in every pixel: 1280 * 900 * 4 bytes, in base64.
_MOST_ENCODED = 1280 * 900 * 4 * 4 // 3 + 4096


class Tab:
    """The page, by way of its CDP session.

    `on_reading` gets each reading the page reports, parsed from JSON; `on_event` what the browser tells
    about the page: that it crashed, or did not load, and why.
    """

    def __init__(
        self,
        chromium: Chromium,
        deadlines: Deadlines,
        on_reading: Callable[[Mapping[str, Any]], None],
        on_event: Callable[[PageEvent], None],
    ) -> None:
        self._chromium = chromium
        self._deadlines = deadlines
        self._on_reading = on_reading
        self._on_event = on_event
        # Names nobody can guess, so that neither the page nor its frames can speak in our place.
        self._binding = f"_{secrets.token_hex(8)}"
        self._key = secrets.token_hex(16)
        self._client: Any = None
        self._main_frame = ""
        self._urls: dict[str, str] = {}
        self.console: deque[str] = deque(maxlen=_CONSOLE_LINES)

    async def prepare(self) -> None:
        """Take the browser's page and set it up. Raises BrowserError, BrowserHungError."""
        try:
            async with asyncio.timeout(self._deadlines.evaluate):
                pages = await self._chromium.browser.pages()
                page = pages[0] if pages else await self._chromium.browser.newPage()
        except TimeoutError as error:
            raise BrowserHungError("the browser gave no page in time") from error
        self._client = page._client  # noqa: SLF001 - pyppeteer offers the page's own session nowhere else
        self._subscribe()
        tree = await self._call("Page.getFrameTree")
        self._main_frame = tree["frameTree"]["frame"]["id"]
        if self._chromium.says_headless:
            hints = client_hints.override(self._chromium.user_agent, self._chromium.version)
            await self._call("Emulation.setUserAgentOverride", hints)
        await self._call("Runtime.addBinding", {"name": self._binding})
        times = (self._deadlines.blip, self._deadlines.farewell, self._deadlines.pairing_entry)
        expression = scripts.observer(self._binding, self._key, *(1000 * time for time in times))
        await self._call("Page.addScriptToEvaluateOnNewDocument", {"source": expression})

    async def navigate(self, url: str) -> None:
        """Open `url`; a failure is told as an event. Raises BrowserError where the browser refuses."""
        try:
            answer = await self._call("Page.navigate", {"url": url}, self._deadlines.page_load)
        except BrowserHungError:
            self._on_event(Failed(Reason.LOAD_TIMEOUT))
            return
        if error := answer.get("errorText"):
            self._tell(network_errors.of_navigation(error, url), error)

    async def read(self) -> Mapping[str, Any] | None:
        """Give the page's reading of the present; None where the document has no observer (yet)."""
        reading = await self.evaluate(scripts.snapshot(self._key))
        if reading is not None and not isinstance(reading, Mapping):
            raise PageError("the page's reading is no object")
        return reading

    async def show_qr(self) -> str:
        """Have the page show QR codes; gives what was done. Raises as `evaluate` does."""
        done = await self.evaluate(scripts.on_demand("refresh", self._key))
        return str(done)

    async def pair(self, phone: str) -> PairingCode:
        """Give the code to type on the phone of that number.

        Raises as `evaluate` does, DocumentReplacedError also where an earlier request must be forgotten
        first, and PairingError where the page gives no such code.
        """
        life = self._deadlines.pairing_life
        # WhatsApp counts from before it is asked.
        end = datetime.now(UTC) + timedelta(seconds=life)
        asking = scripts.on_demand("pair", self._key, phone, life * 1000)
        answer = await self.evaluate(asking, self._deadlines.pairing_code)
        return granted(answer, end)

    async def screenshot(self) -> bytes:
        """Give a PNG of what the window shows. Raises as `evaluate` does, PageError without a usable one."""
        answer = await self._call("Page.captureScreenshot", {"format": "png", "captureBeyondViewport": False})
        encoded = answer.get("data")
        if not isinstance(encoded, str) or len(encoded) > _MOST_ENCODED:
            raise PageError("the browser's picture of the page is none, or too large")
        try:
            return base64.b64decode(encoded, validate=True)
        except ValueError as error:
            raise PageError("the browser's picture of the page cannot be read") from error

    async def evaluate(self, expression: str, within: float | None = None) -> Any:
        """Give an expression's value, a promise's once it is kept, within that many seconds.

        Raises BrowserHungError when the page does not answer, PageError when it throws, DocumentReplacedError
        when it opens another document meanwhile.
        """
        wanted = {"expression": expression, "returnByValue": True, "awaitPromise": True}
        try:
            answer = await self._call("Runtime.evaluate", wanted, within)
        except BrowserError as error:
            if any(words in str(error) for words in _NAVIGATED):
                raise DocumentReplacedError("the page has opened another document") from error
            raise
        if thrown := answer.get("exceptionDetails"):
            # The class alone: the message of a foreign error could hold anything.
            raise PageError(f"a script threw {thrown.get('exception', {}).get('className', 'something')}")
        return answer.get("result", {}).get("value")

    async def _call(
        self, method: str, params: dict[str, Any] | None = None, within: float | None = None
    ) -> Any:
        if self._client is None:
            raise BrowserError("there is no page")
        return await call(self._client, method, params, within or self._deadlines.evaluate)

    def _subscribe(self) -> None:
        # pyppeteer's own listeners come before ours and throw: at a binding that is none of its own, and at a
        # crash for which nobody listens on its page. What they throw would keep ours from being called.
        for event in ("Runtime.bindingCalled", "Inspector.targetCrashed"):
            self._client.remove_all_listeners(event)
        for event, listener in (
            ("Runtime.bindingCalled", self._reported),
            ("Inspector.targetCrashed", self._crashed),
            ("Page.javascriptDialogOpening", self._dialog),
            ("Network.requestWillBeSent", self._requested),
            ("Network.responseReceived", self._responded),
            ("Network.loadingFailed", self._failed),
            ("Network.loadingFinished", self._finished),
            ("Runtime.consoleAPICalled", self._console),
        ):
            self._client.on(event, listener)

    def _reported(self, message: Mapping[str, Any]) -> None:
        if message.get("name") != self._binding:
            return
        try:
            reading = json.loads(message["payload"])
        except (KeyError, TypeError, ValueError):
            log.warning("page_report_unreadable")
            return
        if isinstance(reading, dict):
            self._on_reading(reading)

    def _crashed(self, _: Mapping[str, Any]) -> None:
        self._tell(Failed(Reason.PAGE_CRASHED), "the renderer is gone")

    def _dialog(self, _: Mapping[str, Any]) -> None:
        """Accept what a page with pending work asks before it unloads; nobody else would answer."""
        self._client.send("Page.handleJavaScriptDialog", {"accept": True})

    def _requested(self, message: Mapping[str, Any]) -> None:
        if message.get("type") in network_errors.CRITICAL_TYPES and len(self._urls) < _REMEMBERED_REQUESTS:
            self._urls[message["requestId"]] = message.get("request", {}).get("url", "")

    def _finished(self, message: Mapping[str, Any]) -> None:
        self._urls.pop(message.get("requestId", ""), None)

    def _responded(self, message: Mapping[str, Any]) -> None:
        if message.get("type") != "Document" or message.get("frameId") != self._main_frame:
            return
        response = message.get("response", {})
        status = int(response.get("status", 0))
        self._tell(network_errors.of_status(status, response.get("url", "")), f"HTTP {status}")

    def _failed(self, message: Mapping[str, Any]) -> None:
        """Tell of a critical request that somebody forbids; of the document, navigate tells."""
        url = self._urls.pop(message.get("requestId", ""), None)
        error = str(message.get("errorText", ""))
        if url and message.get("type") == "Script" and network_errors.forbidden(error):
            self._tell(network_errors.of_navigation(error, url), error)

    def _console(self, message: Mapping[str, Any]) -> None:
        """Keep the console's last lines, without what may be secret, for a diagnosis."""
        words = [str(arg.get("value", arg.get("type", ""))) for arg in message.get("args", [])]
        line = fit_for_log(" ".join(words))
        self.console.append(f"{message.get('type')}: {line}")

    def _tell(self, event: Failed | Blocked | None, cause: str) -> None:
        if event is not None:
            log.warning("page_trouble", reason=event.reason, cause=cause)
            self._on_event(event)
