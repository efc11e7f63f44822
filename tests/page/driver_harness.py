"""What the contract's tests run in: a driver, the phone beside it, and an ear for what the driver tells.

There are two kinds: the fake, and the real driver with a real Chromium on the sandbox's page.
"""

import asyncio
import os
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar

import pytest
from fake_driver import FakeDriver
from standins import all_gone

from wad.browser.options import LaunchOptions
from wad.browser.profile import Profile
from wad.core.deadlines import Deadlines
from wad.core.errors import BrowserError
from wad.core.events import Event, QrIssued, Ready
from wad.link.driver import PageDriver
from wad.page.browser_driver import BrowserDriver
from wad.sandbox import Sandbox, SandboxOptions

REAL = [name for name in ("chromium", "chromium-headless-shell") if shutil.which(name)]
on_both = pytest.mark.parametrize("kind", ["fake", "chromium"])
on_each_browser = pytest.mark.parametrize("kind", REAL)

# Twenty of the page's seconds in one: a batch of codes takes eight.
CLOCK = 20.0
# Far more than anything takes; whoever waits so long waits for what does not come.
PATIENCE = 20.0

E = TypeVar("E")


class Phone(Protocol):
    """The part of the sandbox's phone that the tests use."""

    async def command(self, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """Carry out a command by its name."""


class Told:
    """Keeps what a driver told, and when; lets a test wait for the next event of a kind."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.at: list[datetime] = []
        self._read = 0
        self._news = asyncio.Event()

    def __call__(self, event: Event) -> None:
        """Listen."""
        self.events.append(event)
        self.at.append(datetime.now(UTC))
        self._news.set()

    @property
    def kinds(self) -> list[type[Event]]:
        """The types of what was told, in order."""
        return [type(event) for event in self.events]

    def forget(self) -> None:
        """Wait for later events only."""
        self._read = len(self.events)

    async def next(self, wanted: type[E], within: float = PATIENCE) -> E:
        """Give the next event of that type behind the last one given."""
        async with asyncio.timeout(within):
            while True:
                for index in range(self._read, len(self.events)):
                    event = self.events[index]
                    if isinstance(event, wanted):
                        self._read = index + 1
                        return event
                self._news.clear()
                await self._news.wait()


@dataclass
class World:
    """One driver and what belongs to it."""

    driver: PageDriver
    phone: Phone
    told: Told
    kill: Callable[[], None]
    left: Callable[[], Awaitable[list[int]]]

    async def start(self) -> None:
        """Start the driver, with the ear for its listener."""
        await self.driver.start(self.told)

    async def act(self, verb: str, **arguments: Any) -> dict[str, Any]:
        """Let the phone do something."""
        return await self.phone.command(verb, arguments)

    async def evaluate(self, expression: str) -> Any:
        """Ask the real page for an expression's value."""
        return await self.driver._present().tab.evaluate(expression)

    async def until_true(self, expression: str) -> None:
        """Wait until an expression holds in the real page, whose document may come only now."""
        look = f"const look = () => ({expression}) ? done(true) : setTimeout(look, 20); look();"
        async with asyncio.timeout(PATIENCE):
            while True:
                with suppress(BrowserError):
                    await self.evaluate(f"new Promise((done) => {{ {look} }})")
                    return

    async def shown(self, key: str = "shown") -> str:
        """Give the code on the page's screen, which the phone hears of some milliseconds later than the driver."""
        async with asyncio.timeout(PATIENCE):
            while True:
                pages = (await self.act("state"))["pages"]
                if pages and pages[0].get(key):
                    return pages[0][key]
                await asyncio.sleep(0.02)

    async def link(self) -> Ready:
        """Scan the code that comes next, and wait until the page is in step."""
        await self.told.next(QrIssued)
        await self.act("scan")
        return await self.told.next(Ready)


@asynccontextmanager
async def opened(
    kind: str,
    *,
    evaluate: float = 10.0,
    pairing_code: float = 30.0,
    pairing_life: float = 180 / CLOCK,
    **variants: Any,
) -> AsyncIterator[World]:
    """Open a world: the fake, or the real driver with the browser of that name."""
    deadlines = replace(Deadlines(), evaluate=evaluate, pairing_code=pairing_code, pairing_life=pairing_life)
    opener = _fake(deadlines) if kind == "fake" else _real(kind, deadlines, {"clock": CLOCK, **variants})
    async with opener as world:
        yield world


@asynccontextmanager
async def _fake(deadlines: Deadlines) -> AsyncIterator[World]:
    driver = FakeDriver(deadlines=deadlines)
    driver.servers.lives = (60 / CLOCK / 10, 20 / CLOCK / 10)

    async def left() -> list[int]:
        return [] if not driver.profile.used else [1]

    try:
        yield World(driver, driver.phone, Told(), driver.crash, left)
    finally:
        await driver.stop()


@asynccontextmanager
async def _real(executable: str, deadlines: Deadlines, variants: dict[str, Any]) -> AsyncIterator[World]:
    with tempfile.TemporaryDirectory(prefix="wad-", ignore_cleanup_errors=True) as root:
        sandbox = Sandbox(Path(root, "phone"), SandboxOptions(**variants))
        await sandbox.start()
        profile = Profile(Path(root, "state"))
        driver = BrowserDriver(sandbox.url, profile, LaunchOptions(executable=executable), deadlines)

        def kill() -> None:
            os.killpg(driver.info.pid or 0, signal.SIGKILL)

        async def left() -> list[int]:
            return await all_gone(profile)

        try:
            yield World(driver, sandbox.phone, Told(), kill, left)
        finally:
            await driver.stop()
            await sandbox.stop()
            await all_gone(profile)
