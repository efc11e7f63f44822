"""The driver of the real page: `wad.link.driver.PageDriver` over Chromium and pyppeteer.

Rules of this file:

* One `_Run` for each life of a browser. A run that is over tells nothing any more, so nothing old can be
  taken for new.
* What the page says goes through `wad.page.reading`; nothing here interprets.
* Nothing here knows whether the page is WhatsApp's or the sandbox's: the address is the only difference.
"""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import structlog

from wad.browser.chromium import Chromium
from wad.browser.options import LaunchOptions
from wad.browser.procfs import Scheduled
from wad.browser.profile import Profile
from wad.core.deadlines import Deadlines
from wad.core.errors import AccountShownError, BrowserError, DocumentReplacedError, PageError
from wad.core.events import BrowserStarted, Event, Failed, LoggedOut, PageEvent
from wad.core.page_names import NAMES, Inspection, judge
from wad.core.reasons import Reason
from wad.core.status import PairingCode
from wad.link.driver import BrowserInfo, Diagnosis, Helper, Listener
from wad.page import scripts
from wad.page.helpers import Helpers
from wad.page.page_messages import PageMessages
from wad.page.reading import Reading
from wad.page.tab import Tab

log = structlog.get_logger(__name__)


class BrowserDriver:
    """Drives WhatsApp Web, at `url`, in a Chromium of its own."""

    def __init__(self, url: str, profile: Profile, options: LaunchOptions, deadlines: Deadlines) -> None:
        self._url = url
        self._profile = profile
        self._options = options
        self._deadlines = deadlines
        self._run: _Run | None = None
        self.messages = PageMessages(lambda: self._present().tab, deadlines)

    @property
    def info(self) -> BrowserInfo:
        """What is known of the browser now."""
        return self._run.info if self._run is not None else BrowserInfo()

    async def start(self, listener: Listener) -> None:
        """Bring the browser up and begin to open the page; see `wad.link.driver.PageDriver.start`."""
        await self.stop()
        run = _Run(Chromium(self._options, self._profile), self._deadlines, listener, self.messages.rung)
        self._run = run
        await run.start(self._url)

    async def stop(self, *, gracefully: bool = True) -> None:
        """Close the browser; see `wad.link.driver.PageDriver.stop`."""
        if self._run is not None:
            await self._run.close(gracefully=gracefully)

    async def snapshot(self) -> PageEvent | None:
        """Read what the page shows now; see `wad.link.driver.PageDriver.snapshot`."""
        return await self._present().snapshot()

    async def silent_helpers(self) -> frozenset[Helper]:
        """Give the helpers that do not answer; see `wad.link.driver.PageDriver.silent_helpers`."""
        return await self._present().helpers.silent()

    async def end_helper(self, helper: Helper) -> bool:
        """Kill a helper; see `wad.link.driver.PageDriver.end_helper`."""
        return await self._present().helpers.end(helper)

    async def scheduled(self) -> Scheduled:
        """Give what the browser had of the processor; see `wad.link.driver.PageDriver.scheduled`."""
        return await self._present().helpers.scheduled()

    async def refresh_qr(self) -> None:
        """Ask the page for a new batch of codes; see `wad.link.driver.PageDriver.refresh_qr`."""
        log.info("qr_refresh", done=await self._present().show_qr())

    async def pair(self, phone: str) -> PairingCode:
        """Have the page ask for a code to type on the phone; see `wad.link.driver.PageDriver.pair`."""
        return await self._present().tab.pair(phone)

    async def log_out(self) -> None:
        """Tell WhatsApp that this device leaves; see `wad.link.driver.PageDriver.log_out`."""
        await self._present().log_out()

    async def diagnose(self) -> Diagnosis:
        """Describe the page as it is now; see `wad.link.driver.PageDriver.diagnose`."""
        return await self._present().diagnose()

    async def screenshot(self, *, linked: bool = False) -> bytes:
        """Give a picture of the page as it is now; see `wad.link.driver.PageDriver.screenshot`."""
        return await self._present().screenshot(linked=linked)

    async def check_names(self) -> Inspection:
        """Look whether the page has all needed names; see `wad.link.driver.PageDriver.check_names`."""
        return judge(await self._present().tab.evaluate(scripts.with_modules("check_names", NAMES)))

    def _present(self) -> "_Run":
        if self._run is None or not self._run.info.running:
            raise BrowserError("there is no browser")
        return self._run


class _Run:
    """One life of a browser, from its start to its end."""

    def __init__(
        self, chromium: Chromium, deadlines: Deadlines, listener: Listener, on_mail: Callable[[], None]
    ) -> None:
        self._chromium = chromium
        self._deadlines = deadlines
        self._listener = listener
        self._over = False
        self._up = False
        self._opening: asyncio.Task[None] | None = None
        self._last = (0.0, 0)
        self._was_registered = False
        self._farewell: str | None = None
        self.tab = Tab(chromium, deadlines, self._report, self._tell, on_mail)
        self.helpers = Helpers(chromium, self.tab, deadlines)

    @property
    def info(self) -> BrowserInfo:
        if not self._up or self._chromium.exited.done():
            return BrowserInfo()
        return BrowserInfo(running=True, version=self._chromium.version, pid=self._chromium.pid)

    async def start(self, url: str) -> None:
        try:
            await self._chromium.start()
            self._chromium.exited.add_done_callback(self._died)
            await self.tab.prepare()
        except BaseException:
            self._over = True
            self._chromium.kill()
            await self._chromium.close()
            raise
        self._up = True
        self._opening = asyncio.create_task(self._open(url), name="wad-open-page")
        self._tell(BrowserStarted())

    async def _open(self, url: str) -> None:
        try:
            await self.tab.navigate(url)
        except BrowserError as error:
            log.warning("page_not_opened", error=str(error))

    async def close(self, *, gracefully: bool) -> None:
        """Say nothing any more, and end the browser. May be called again, also less gracefully."""
        self._over = True
        self.tab.leave()
        if self._opening is not None:
            self._opening.cancel()
        if not gracefully:
            self._chromium.kill()
        await self._chromium.close()

    async def snapshot(self) -> PageEvent | None:
        raw = await self.tab.read()
        if raw is None:
            return None
        reading = Reading.parse(raw)
        if reading.born != self._last[0]:
            # It was asked for, so its document is the present one. A clock that was set back says otherwise,
            # and all that the new document reports would be taken for old.
            self._last = reading.order
        return self._meaning(reading)

    async def show_qr(self) -> str:
        try:
            return await self.tab.show_qr()
        except DocumentReplacedError:
            return "another document"  # which shows codes by itself

    async def log_out(self) -> None:
        """Have the page say good-bye.

        It reloads when it has, which ends the question with an error: that is fine.
        """
        with suppress(DocumentReplacedError):
            await self.tab.evaluate(scripts.with_modules("logout"), self._deadlines.logout)

    async def diagnose(self) -> Diagnosis:
        details: Mapping[str, Any] = await self.tab.evaluate(scripts.with_modules("diagnose"))
        if not isinstance(details, Mapping):
            raise PageError("the page's description is no object")
        return Diagnosis(_verdict(details), {**details, "console": await self.tab.console()})

    async def screenshot(self, *, linked: bool) -> bytes:
        await self._require_no_account(linked=linked)
        picture = await self.tab.screenshot()
        # It may have been linked since it was asked.
        await self._require_no_account(linked=linked)
        return picture

    async def _require_no_account(self, *, linked: bool) -> None:
        if not linked and await self.tab.evaluate(scripts.with_modules("shows_account")) is not False:
            raise AccountShownError("the page is a linked account's")

    def _report(self, raw: Mapping[str, Any]) -> None:
        try:
            meaning = self._meaning(Reading.parse(raw))
        except PageError as error:
            log.warning("page_report_unreadable", error=str(error))
            return
        if meaning is not None:
            self._tell(meaning)

    def _meaning(self, reading: Reading) -> PageEvent | None:
        """Give the event for a reading; None for one that is older than what is known."""
        if reading.order < self._last:
            return None
        self._last = reading.order
        if reading.leaving:
            self._farewell = reading.told  # the next document need not know why the last one left
        elif reading.told is None:
            reading = replace(reading, told=self._farewell)
        meaning = reading.meaning(was_registered=self._was_registered, now=datetime.now(UTC))
        if isinstance(meaning, LoggedOut):
            return meaning  # stays so for this run: what the page shows next belongs to another session
        self._was_registered = self._was_registered or reading.linked
        return meaning

    def _died(self, _: object) -> None:
        if not self._over:
            exited = self._chromium.exited.result()
            log.warning("browser_died", how=str(exited), stderr=self._chromium.stderr_tail[-5:])
            self._tell(Failed(Reason.BROWSER_CRASHED))

    def _tell(self, event: Event) -> None:
        if not self._over:
            self._listener(event)


def _verdict(details: Mapping[str, Any]) -> Reason | None:
    """Give what a page's look tells of why it does not get on."""
    modules = details.get("modules") or {}
    absent = [name for name, finished in modules.items() if not finished]
    if details.get("mounted") and details.get("hasRequire") and absent:
        return Reason.PAGE_CHANGED
    if details.get("foreign") is True:
        return Reason.HOSTS_BLOCKED  # a filter's own page under WhatsApp's name
    if details.get("socket") == "OPENING":
        return Reason.NETWORK_UNREACHABLE  # the page came, and what it tries for ever is its socket
    return None
