"""What the tests of all front ends share: a link that does what the test says, without a page behind it."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from tornado.ioloop import IOLoop

from wad.core.errors import SubmissionError
from wad.core.events import (
    BrowserStarted,
    Command,
    Event,
    PageLoaded,
    QrIssued,
    StartRequested,
    StopRequested,
)
from wad.core.reasons import State
from wad.core.status import Code, Status
from wad.link.driver import BrowserInfo
from wad.link.session import Session
from wad.sandbox.errors import PhoneRefusedError
from wad.web.phone import Medium

MORNING = datetime(2026, 11, 23, 5, 10, 0, 123000, tzinfo=UTC)
TOKEN = "a-token-of-decent-length"
LISTED = "https://app.example.org"
HOST = "wad.example.org"
TEXT = (
    "2@Jq0mT8cB7XyZ1s4vWk9uLrAeHfGdPnC3oIiKj5t6Nb2Vx,Dm7wUqzY0aRlFsXhBv3kTgPcE8oNjIi1u4ZyQ5rW6t9=,"
    "pL2mKj8nHb7gVf6cDx5sZa4qWe3rTy1uIo0PlMkOjNi=,Ux9sKq2vBn5mJh8gFd3aPo6iUy1tRe4wQz7cXlLkMj0=,1"
)
# The beginning of a PNG.
PICTURE = b"\x89PNG\r\n\x1a\n"


class Clock:
    """A wall clock that stands until it is moved."""

    def __init__(self) -> None:
        self.present = MORNING

    def __call__(self) -> datetime:
        """Tell the time."""
        return self.present

    def forward(self, seconds: float) -> None:
        """Let time pass."""
        self.present += timedelta(seconds=seconds)


class DirectSupervisor:
    """Obeys `wad.link.commands.Receiver`: applies each command at once, and then what `follow` holds for it."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.browser = BrowserInfo(running=True, version="Chromium 156", pid=7)
        self.open = True
        self.broken = False
        self.commands: list[Command] = []
        self.follow: Callable[[Command], None] = lambda _: None

    async def submit(self, command: Command) -> Status:
        """Apply the command, unless it takes none any more."""
        if self.broken:
            raise RuntimeError(TEXT)
        if not self.open:
            raise SubmissionError("wad is stopping")
        self.commands.append(command)
        status = self._session.apply(command)
        asyncio.get_running_loop().call_soon(self.follow, command)
        return status


class NotingPhone:
    """Obeys the front ends' `Phone`: notes what it was told."""

    def __init__(self) -> None:
        self.pressed: list[tuple[str, dict[str, Any]]] = []
        self.media: dict[str, Medium] = {}
        self.refusal: Exception | None = None
        self.silent = False

    def medium(self, id: str) -> Medium:  # noqa: A002 - as the phone's own
        """Give what the test has put there."""
        if id not in self.media:
            raise PhoneRefusedError("nothing was sent")
        return self.media[id]

    async def command(self, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """Note the command, or refuse it, or never answer."""
        if self.silent:
            await asyncio.get_running_loop().create_future()
        if self.refusal is not None:
            raise self.refusal
        self.pressed.append((name, arguments))
        return {"did": name}


class NotingCamera:
    """Obeys the part of `wad.link.driver.PageDriver` that takes pictures: notes what it was asked."""

    def __init__(self) -> None:
        self.asked: list[bool] = []
        self.error: Exception | None = None
        self.released = asyncio.Event()
        self.released.set()
        self.came = asyncio.Event()

    async def screenshot(self, *, linked: bool = False) -> bytes:
        """Give a picture once released, or fail."""
        self.asked.append(linked)
        self.came.set()
        await self.released.wait()
        if self.error is not None:
            raise self.error
        return PICTURE


class LinkHarness:
    """What a test does to the link; a harness of a front end has a `session` and a `clock`."""

    session: Session
    clock: Callable[[], datetime]

    def apply(self, *events: Event) -> Status:
        """Let things happen."""
        for event in events:
            self.session.apply(event)
        return self.session.status

    def show_code(self, text: str = TEXT, seconds: float = 60) -> Code:
        """Bring the link to where a code waits for the phone."""
        code = Code(text, self.clock() + timedelta(seconds=seconds))
        if self.session.status.state is not State.QR:
            self.apply(StopRequested(), StartRequested(), BrowserStarted(), PageLoaded())
        self.apply(QrIssued(code))
        return code


@contextmanager
def closed_behind(io_loop: IOLoop) -> Iterator[list[Any]]:
    """Give a list; what is in it at the end is closed."""
    opened: list[Any] = []
    yield opened

    async def close() -> None:
        for each in opened:
            await each.close()

    io_loop.run_sync(close)
