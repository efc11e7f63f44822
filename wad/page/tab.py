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
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import structlog

from wad.browser import client_hints
from wad.browser.cdp import Message, call
from wad.browser.chromium import Chromium
from wad.browser.meter import Meter
from wad.core.deadlines import Deadlines
from wad.core.errors import BrowserError, BrowserHungError, DocumentReplacedError, PageError
from wad.core.events import Blocked, Failed, PageEvent
from wad.core.reasons import Reason
from wad.core.status import PairingCode
from wad.page import network_errors, scripts
from wad.page.console import spoken
from wad.page.file_transfer import FileTransfer
from wad.page.pairing_answers import granted

log = structlog.get_logger(__name__)

# Requests whose address is remembered until they end; only scripts and documents are, a page loads about 100.
_REMEMBERED_REQUESTS = 500
# A page in its senses reports some 30 times while it loads, once for each per cent of the chats it takes in,
# and then once in a while. Codes come as fast as a sandbox's clock makes them. At once, and per second:
_LINKED_REPORTS = (150, 2)
_UNLINKED_REPORTS = (300, 20)
# Characters of a report, as text. The longest there is, of a code with its form and a name, has some 2,000.
_LONGEST_REPORT = 1 << 16
# No body of an answer is ever asked for, so the browser need not remember them. Nor is it to tell those of
# requests (0 is all): a file that the page uploads came here in one event, nine times as large (measured).
_KEEPS_NOTHING = {"maxTotalBufferSize": 0, "maxResourceBufferSize": 0, "maxPostDataSize": 1}
# Seconds between two looks for a new document's observer; one that is none of WhatsApp's never has it.
_FIRST_PAUSE = 0.01
_LAST_PAUSE = 1.0
# An origin that no page can have.
_NOBODY = "http://wad.invalid"
# Chromium's own words for a call whose document went away.
_NAVIGATED = ("navigated", "context was destroyed", "Cannot find context")
# Of the window in `wad.browser.flags`, noise in every pixel: 1280 * 900 * 4 bytes, in base64.
_MOST_ENCODED = 1280 * 900 * 4 * 4 // 3 + 4096


class Tab:
    """The page, by way of its CDP session.

    `on_reading` gets each reading the page reports, parsed from JSON; `on_event` what the browser tells
    about the page: that it crashed, or did not load, and why. `on_mail` is called when there is something new
    of messages.
    """

    def __init__(
        self,
        chromium: Chromium,
        deadlines: Deadlines,
        on_reading: Callable[[Mapping[str, Any]], None],
        on_event: Callable[[PageEvent], None],
        on_mail: Callable[[], None],
    ) -> None:
        self._chromium = chromium
        self._deadlines = deadlines
        self._on_reading = on_reading
        self._on_event = on_event
        self._on_mail = on_mail
        # Names nobody can guess, so that neither the page nor its frames can speak in our place.
        self._binding = f"_{secrets.token_hex(8)}"
        self._key = secrets.token_hex(16)
        self._client: Any = None
        self._target: Message = {}
        self._main_frame = ""
        self._home = ("", "")
        self._arrived = False
        self._urls: dict[str, str] = {}
        self._reports = {True: Meter(*_LINKED_REPORTS), False: Meter(*_UNLINKED_REPORTS)}
        self._mad = False
        self._attaching: asyncio.Task[None] | None = None

    async def console(self) -> list[str]:
        """Give the console's last lines; see `wad.page.console.spoken`."""
        return await spoken(self._chromium.connection, self._target, self._deadlines.heartbeat_answer)

    async def prepare(self) -> None:
        """Take the browser's page and set it up. Raises BrowserError, BrowserHungError."""
        try:
            async with asyncio.timeout(self._deadlines.evaluate):
                self._target = await self._found()
                self._client = await self._chromium.connection.createSession(self._target)
        except TimeoutError as error:
            raise BrowserHungError("the browser gave no page in time") from error
        self._subscribe()
        self._chromium.connection.bound(self._flooded)
        await self._call("Page.enable")
        await self._call("Network.enable", _KEEPS_NOTHING)
        tree = await self._call("Page.getFrameTree")
        self._main_frame = tree["frameTree"]["frame"]["id"]
        if self._chromium.says_headless:
            hints = client_hints.override(self._chromium.user_agent, self._chromium.version)
            await self._call("Emulation.setUserAgentOverride", hints)
        times = (self._deadlines.blip, self._deadlines.farewell, self._deadlines.pairing_entry)
        expression = scripts.observer(self._key, *(1000 * time for time in times))
        await self._call("Page.addScriptToEvaluateOnNewDocument", {"source": expression})

    async def _found(self) -> Message:
        """Give the browser's page, or make one.

        pyppeteer's own page would turn everything on: the console, the log, what workers do, each step of
        each frame. A page can fill the pipe with any of these.
        """
        connection = self._chromium.connection
        targets = (await connection.send("Target.getTargets"))["targetInfos"]
        found = next((target for target in targets if target["type"] == "page"), None)
        if found is None:
            made = await connection.send("Target.createTarget", {"url": "about:blank"})
            return {"targetId": made["targetId"], "type": "page"}
        return dict(found)

    async def navigate(self, url: str) -> None:
        """Open `url`; a failure is told as an event. Raises BrowserError where the browser refuses."""
        self._home = _origin(url)
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
        if _length(reading) > _LONGEST_REPORT:
            self._flooded()
            raise PageError("the page's reading is far too long")
        return reading

    def mail_script(self, document: str, most: int, patience: float) -> str:
        """Give the expression that puts messages into the document; see `wad.page.scripts.mail`."""
        return scripts.mail(self._key, document, most, patience)

    def mail_call(self, document: str, name: str, *values: object, patience: float | None = None) -> str:
        """Give the expression that asks the document about messages; see `wad.page.scripts.mail_call`."""
        return scripts.mail_call(self._key, document, name, *values, patience=patience)

    async def give_file(self, path: Path, token: str) -> bool:
        """Have the page hold a file of this machine's under a token; False where it takes none (yet).

        Raises as `evaluate` does.
        """
        return await self._files().give(path, scripts.file_field(), scripts.take_file(self._key, token))

    async def read_file(self, token: str, take: Callable[[bytes], Awaitable[None]]) -> bool:
        """Hand a file that the page holds under a token to `take`, in pieces; False where it holds none.

        Raises as `evaluate` does, and what `take` raises.
        """
        return await self._files().read(scripts.held_file(self._key, token), take)

    def _files(self) -> FileTransfer:
        if self._client is None:
            raise BrowserError("there is no page")
        return FileTransfer(self._call, self._client.send, self._chromium.connection.asked_for)

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

    async def count_cookies(self, within: float) -> int:
        """Count the cookies of a host that has none, which the network service alone can tell.

        Raises as `evaluate` does.
        """
        answer = await self._call("Network.getCookies", {"urls": [f"{_NOBODY}/"]}, within)
        return len(answer.get("cookies", ()))

    async def keep_nothing(self, within: float) -> None:
        """Have the local storage of a host that has none deleted, which the storage service alone can do.

        Raises as `evaluate` does.
        """
        wanted = {"origin": _NOBODY, "storageTypes": "local_storage"}
        await self._call("Storage.clearDataForOrigin", wanted, within)

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
        for event, listener in (
            ("Runtime.bindingCalled", self._reported),
            ("Inspector.targetCrashed", self._crashed),
            ("Page.javascriptDialogOpening", self._dialog),
            ("Page.frameNavigated", self._navigated),
            ("Network.requestWillBeSent", self._requested),
            ("Network.responseReceived", self._responded),
            ("Network.loadingFailed", self._failed),
            ("Network.loadingFinished", self._finished),
        ):
            self._client.on(event, listener)

    def _flooded(self) -> None:
        """Tell of a page that does without end what the browser has to tell of; told once."""
        if not self._mad:
            self._mad = True
            self._tell(Failed(Reason.PAGE_CRASHED), "the page has gone mad: what it does has no end")

    def _reported(self, message: Mapping[str, Any]) -> None:
        if message.get("name") != self._binding or self._mad:
            return
        if len(str(message.get("payload"))) > _LONGEST_REPORT:
            self._flooded()
            return
        try:
            reading = json.loads(message["payload"])
        except (KeyError, TypeError, ValueError):
            log.warning("page_report_unreadable")
            return
        if isinstance(reading, dict):
            if self._reports[reading.get("registered") is True].add():
                self._on_reading(reading)
            else:
                self._flooded()
        elif reading == "mail":
            self._on_mail()

    def _crashed(self, _: Mapping[str, Any]) -> None:
        self._tell(Failed(Reason.PAGE_CRASHED), "the renderer is gone")

    def _dialog(self, _: Mapping[str, Any]) -> None:
        """Accept what a page with pending work asks before it unloads; nobody else would answer."""
        self._client.send("Page.handleJavaScriptDialog", {"accept": True})

    def _navigated(self, message: Mapping[str, Any]) -> None:
        """Tell of a page that was here and has left; how one is opened by wad is told by `navigate`."""
        frame = message.get("frame", {})
        if "parentId" in frame:
            return
        self._attach()
        url = frame.get("url", "")
        if _origin(url) == self._home:
            self._arrived = True
        elif not self._arrived:
            self._tell(network_errors.of_redirection(self._home[1], url), "somebody else's page came instead")
        elif "unreachableUrl" in frame:
            self._tell(Failed(Reason.NETWORK_UNREACHABLE), "the page reloaded, and did not come back")
        else:
            self._tell(Failed(Reason.PAGE_CRASHED), "the page has left for another site")

    def _attach(self) -> None:
        """Begin to have the new document report."""
        if self._attaching is not None:
            self._attaching.cancel()
        self._attaching = asyncio.create_task(self._attach_observer(), name="wad-attach")

    def leave(self) -> None:
        """Ask nothing any more by itself, whatever is opened yet."""
        if self._client is not None:
            self._client.remove_all_listeners("Page.frameNavigated")
        if self._attaching is not None:
            self._attaching.cancel()

    async def _attach_observer(self) -> None:
        """Give the document's observer what to report by, as soon as it is there.

        While the console is not told of either, the browser puts a binding into documents that are there, and
        into no later one. One that is told of may still be without its observer.
        """
        pause = _FIRST_PAUSE
        while not self._chromium.connection.closed:
            with suppress(BrowserError):
                if await self._attach_once():
                    return
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LAST_PAUSE)

    async def _attach_once(self) -> bool:
        name = {"name": self._binding}
        await self._call("Runtime.removeBinding", name)
        await self._call("Runtime.addBinding", name)
        return await self.evaluate(scripts.attach(self._key, self._binding)) is True

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

    def _tell(self, event: Failed | Blocked | None, cause: str) -> None:
        if event is not None:
            log.warning("page_trouble", reason=event.reason, cause=cause)
            self._on_event(event)


def _length(value: Any) -> int:
    """Count the characters of all texts in what a page gave, which is JSON."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, Mapping):
        return sum(_length(key) + _length(each) for key, each in value.items())
    return sum(map(_length, value)) if isinstance(value, list) else 0


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc
