"""A driver without a browser: it obeys `wad.link.driver.PageDriver` over a page kept in memory.

A test moves the page by its `phone`, which knows the verbs of the sandbox's, and the driver by its fields:

* `never`: the names of methods that do not return;
* `raises`: what a method raises instead of doing its work;
* `silent`: the helpers that do not answer, `stubborn`: those that do not even when another is started;
* `calls`: the names of the methods that were called, in order.
"""

import asyncio
import itertools

from fake_page import FakeProfile, Page, Servers
from fake_phone import FakePhone

from wad.browser.procfs import Scheduled
from wad.core.deadlines import Deadlines
from wad.core.errors import AccountShownError, BrowserError, BrowserHungError, PageError
from wad.core.events import BrowserStarted, Event, Failed, LoggedOut, PageEvent
from wad.core.page_names import NAMES, Inspection, judge
from wad.core.reasons import Reason
from wad.core.status import PairingCode
from wad.link.driver import BrowserInfo, Diagnosis, Helper, Listener

VERSION = "99.0.1.2"
BUILD = "2.3000.1"
# A picture's beginning, which is all anybody looks at.
PICTURE = b"\x89PNG\r\n\x1a\n"


class FakeDriver:
    """One browser after another, none of which is real."""

    def __init__(self, profile: FakeProfile | None = None, deadlines: Deadlines | None = None) -> None:
        self.profile = profile or FakeProfile()
        self.servers = Servers()
        self.phone = FakePhone(self)
        self.never: set[str] = set()
        self.raises: dict[str, Exception] = {}
        self.silent: set[Helper] = set()
        self.stubborn: set[Helper] = set()
        # For how many seconds the browser waited for a processor, for each in which it had one.
        self.starved = 0.0
        self.looked = 0
        self.calls: list[str] = []
        self.called = asyncio.Event()
        self.diagnosis = Diagnosis(None, {"outline": "fake"})
        self.life: Life | None = None
        self.starting = 0
        self._deadlines = deadlines or Deadlines()
        self._pids = itertools.count(1)
        self._released = asyncio.Event()

    def release(self) -> None:
        """Let go on whatever does not return; nothing hangs or fails any more, until it is told to again."""
        self.never.clear()
        self.raises.clear()
        self.silent.clear()
        self.stubborn.clear()
        self.starved = 0.0
        released, self._released = self._released, asyncio.Event()
        released.set()

    @property
    def info(self) -> BrowserInfo:
        """What is known of the browser now."""
        if self.life is None or not self.life.up:
            return BrowserInfo()
        return BrowserInfo(running=True, version=VERSION, pid=self.life.pid)

    async def start(self, listener: Listener) -> None:
        """Begin a new life; an earlier one is ended first."""
        await self.stop()
        life = self.life = Life(self, listener, next(self._pids))
        self.profile.used = True
        self.starting += 1
        try:
            await self._asked("start")
            await asyncio.sleep(0)
            life.require_wanted()
        except BaseException:
            life.end()
            raise
        finally:
            self.starting -= 1
        life.begin()

    async def stop(self, *, gracefully: bool = True) -> None:
        """Say nothing any more, then end; killed, it is gone at once."""
        if self.life is not None:
            self.life.over = True
            if not gracefully:
                self.life.end()
        await self._asked("stop" if gracefully else "kill")
        if self.life is not None:
            self.life.end()

    async def snapshot(self) -> PageEvent | None:
        """Read what the page shows now."""
        life = await self._present("snapshot")
        return life.level()

    async def silent_helpers(self) -> frozenset[Helper]:
        """Give the helpers that do not answer."""
        await self._present("silent_helpers")
        return frozenset(self.silent | self.stubborn)

    async def end_helper(self, helper: Helper) -> bool:
        """Have the browser start another."""
        await self._present("end_helper")
        self.silent.discard(helper)
        return True

    async def scheduled(self) -> Scheduled:
        """Give what the browser had of the processor: more with each look, and as starved as it is made."""
        await self._present("scheduled")
        self.looked += 1
        return Scheduled(1000.0 * self.looked, 1000.0 * self.looked * self.starved)

    async def refresh_qr(self) -> None:
        """Press the button that covers a spent code."""
        life = await self._present("refresh_qr")
        life.page.refresh()

    async def pair(self, phone: str) -> PairingCode:
        """Have the page show a code to type."""
        life = await self._present("pair")
        return life.page.pair(phone, self._deadlines.pairing_life)

    async def log_out(self) -> None:
        """Have the page say good-bye, and begin anew."""
        life = await self._present("log_out")
        self.servers.linked = False
        self.profile.account = None
        life.reload()

    async def diagnose(self) -> Diagnosis:
        """Describe the page."""
        await self._present("diagnose")
        return self.diagnosis

    async def check_names(self) -> Inspection:
        """Look which names the page has."""
        life = await self._present("check_names")
        if not life.page.loaded:
            raise PageError("a script threw TypeError")
        gone = self.servers.renamed
        found = {name: not any(f"{_bare(name)}.".startswith(f"{each}.") for each in gone) for name in NAMES}
        return judge({"found": found, "linked": life.page.registered, "version": BUILD})

    async def screenshot(self, *, linked: bool = False) -> bytes:
        """Give a picture of nothing, unless the page is a linked account's."""
        life = await self._present("screenshot")
        if life.page.registered and not linked:
            raise AccountShownError("the page is a linked account's")
        return PICTURE

    async def until_called(self, name: str, times: int = 1) -> None:
        """Wait until a method was called so often."""
        while self.calls.count(name) < times:
            self.called.clear()
            await self.called.wait()

    def crash(self) -> None:
        """Let the browser die by itself."""
        if self.life is not None and self.life.up:
            life = self.life
            life.end()
            life.tell(Failed(Reason.BROWSER_CRASHED))

    async def _present(self, name: str) -> "Life":
        await self._asked(name)
        life = self.life
        if life is None or not life.up:
            raise BrowserError("there is no browser")
        if life.hung:
            await asyncio.sleep(self._deadlines.evaluate)
            raise BrowserHungError("the page did not answer")
        return life

    async def _asked(self, name: str) -> None:
        self.calls.append(name)
        self.called.set()
        if name in self.never:
            await self._released.wait()
        if name in self.raises:
            raise self.raises[name]


def _bare(name: str) -> str:
    return name.removesuffix("()")


class Life:
    """One browser, from its start to its end."""

    def __init__(self, driver: FakeDriver, listener: Listener, pid: int) -> None:
        self._driver = driver
        self._listener = listener
        self._last: Event | None = None
        self._was_registered = False
        self._opening: asyncio.Handle | None = None
        self.pid = pid
        self.up = False
        self.over = False
        self.hung = False
        self.page = Page(driver.servers, driver.profile, self.changed)

    def require_wanted(self) -> None:
        """Raise where somebody said stop meanwhile."""
        if self.over:
            raise BrowserError("the browser was closed while it started")

    def begin(self) -> None:
        """Be up, and open the page in the next turn of the loop."""
        self.up = True
        self._opening = asyncio.get_running_loop().call_soon(self.page.load)
        self.tell(BrowserStarted())

    def end(self) -> None:
        """Be gone, and let the profile go."""
        if self._opening is not None:
            self._opening.cancel()
        self.page.close()
        if self._driver.life is self:
            self._driver.profile.used = False
        self.up = False

    def reload(self) -> None:
        """Open the page anew in the same browser."""
        self.page.close()
        self.page = Page(self._driver.servers, self._driver.profile, self.changed)
        self.hung = False
        self._opening = asyncio.get_running_loop().call_soon(self.page.load)

    def level(self) -> PageEvent | None:
        """Give what the page shows; that it was registered once is remembered for this life."""
        level = self.page.level(was_registered=self._was_registered)
        if not isinstance(level, LoggedOut):
            self._was_registered = self._was_registered or (self.page.loaded and self.page.registered)
        return level

    def changed(self) -> None:
        """Tell what the page shows, if it is new and the page has the time to say it."""
        if self.hung or not self.up:
            return
        level, before = self.level(), self._last
        self._last = level
        if level is not None and level != before:
            self.tell(level)

    def tell(self, event: Event) -> None:
        """Tell the listener, until a stop was asked for."""
        if not self.over:
            self._listener(event)
