"""A whole control socket, with a session whose events the test applies, and clients to talk to it."""

import asyncio
import json
import os
import shutil
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from frontend_harness import MORNING, TEXT, Clock, DirectSupervisor, LinkHarness, NotingPhone

from wad.browser.procfs import Memory
from wad.control import ControlServer
from wad.control.reloads import Reloads
from wad.core.deadlines import Deadlines
from wad.core.events import (
    Authenticated,
    BrowserClosed,
    BrowserStarted,
    Command,
    PageLoaded,
    ProfileCleared,
    QrIssued,
    Ready,
    StartRequested,
    StopRequested,
)
from wad.core.page_names import NAMES, Inspection, judge
from wad.core.status import Account, Code, Phase
from wad.link.audience import Audience
from wad.link.commands import Commands
from wad.link.session import Session
from wad.reports.documents import Daemon
from wad.reports.presenter import Presenter
from wad.reports.selfcheck import SelfCheck
from wad.reports.vitals import Reading, Vitals, Weight

ROOT = Path(__file__).resolve().parents[2]
# Nothing in a test may end because the machine is busy: whoever wants to see a deadline pass shortens one.
PATIENT = Deadlines(command=20, control_first_line=20)
# What stands in for the messages' share of the vitals.
MESSAGES = {
    "outbox": {
        "depth": 3,
        "oldestSeconds": 42.0,
        "lastFailure": {"code": "expired", "at": "2026-11-23T05:10:00.123Z"},
    },
    "webhooks": [
        {
            "name": "orders",
            "state": "retrying",
            "backlog": 12,
            "failedAttempts": 2,
            "lastStatus": None,
            "lastError": "refused",
            "deadLetters": 1,
        }
    ],
}


class Phone(NotingPhone):
    """Obeys `wad.control.verbs.Phone`; its buttons say which arguments they want."""

    async def scan(self, code: str | None = None, number: str = "15551234567") -> dict[str, Any]:
        """Wants texts."""
        raise NotImplementedError

    async def clock(self, factor: float = 1.0) -> dict[str, Any]:
        """Wants a number."""
        raise NotImplementedError


class Reloader:
    """What the daemon does to reload: ends when the test says so."""

    def __init__(self) -> None:
        self.began = 0
        self.has_begun = asyncio.Event()
        self.may_end = asyncio.Event()
        self.may_end.set()
        self.error: Exception | None = None
        self.facts: Mapping[str, Any] = {"changed": ["http.allowed_origins"]}

    async def __call__(self) -> Mapping[str, Any]:
        """Reload."""
        self.began += 1
        self.has_begun.set()
        await self.may_end.wait()
        if self.error is not None:
            raise self.error
        return self.facts


class Page:
    """Has the part of a driver that is asked for the page's names."""

    def __init__(self) -> None:
        self.error: Exception | None = None
        self.gone: set[str] = set()

    async def check_names(self) -> Inspection:
        """Tell what it has, or why not."""
        if self.error is not None:
            raise self.error
        found = {name: name not in self.gone for name in NAMES}
        return judge({"found": found, "linked": False, "version": "2.3000.1045211877"})


def weigh(pid: int | None) -> Reading:
    """Read what stands in for the kernel."""
    browser = Weight(9, Memory(200 * 2**20, "pss"), cpu=61.5, age=3725.0)
    return Reading(pid, Weight(1, Memory(36 * 2**20, "pss"), cpu=2.25, age=90061.0), browser)


@dataclass
class Harness(LinkHarness):
    """The parts, put together as the daemon does it."""

    path: Path
    sandbox: bool = True
    reloads: bool = True
    deadlines: Deadlines = PATIENT
    clock: Clock = field(default_factory=Clock)
    closing: list[Any] = field(default_factory=list)

    async def open(self) -> None:
        """Listen."""
        self.session = Session(self.clock)
        self.inbox = DirectSupervisor(self.session)
        self.audience = Audience(lambda: 0.0, 60.0)
        self.commands = Commands(self.session, self.inbox, self.audience, sandbox=self.sandbox)
        who = Daemon("instance-1", "0.1.0", MORNING, sandbox=self.sandbox)
        self.presenter = Presenter(self.session, who, 20)
        self.heartbeats = Counter({True: 40, False: 2})
        self.of_messages = dict(MESSAGES)
        self.vitals = Vitals(
            self.commands, lambda: self.heartbeats, who, 20, weigh, messages=lambda: self.of_messages
        )
        self.page = Page()
        self.selfcheck = SelfCheck(self.page, self.deadlines)
        self.phone = Phone()
        self.reloader = Reloader()
        self.reloading = Reloads(self.reloader)
        self.server = self.make_server()
        await self.server.start(self.path)

    def make_server(self) -> ControlServer:
        """Make a server of these parts, which listens nowhere yet."""
        return ControlServer(
            self.commands,
            self.presenter,
            self.deadlines,
            vitals=self.vitals,
            selfcheck=self.selfcheck,
            phone=self.phone if self.sandbox else None,
            reloads=self.reloading if self.reloads else None,
        )

    async def close(self) -> None:
        """Close everything."""
        await self.reloading.close()
        await self.server.close()
        self.presenter.close()
        self.vitals.close()

    def link(self) -> None:
        """Bring the link to where it should be."""
        self.show_code()
        self.apply(Authenticated(), Ready(Account("15551234567", "Sandbox Phone", "android", MORNING)))

    def obey(self) -> None:
        """From now on let every command lead to what it should."""

        def follow(command: Command) -> None:
            if isinstance(command, StopRequested):
                self.apply(BrowserClosed())
            elif not isinstance(command, StartRequested):
                self.apply(ProfileCleared())
            if self.session.status.phase is Phase.STARTING:
                code = Code(TEXT, self.clock() + timedelta(seconds=60))
                self.apply(BrowserStarted(), PageLoaded(), QrIssued(code))

        self.inbox.follow = follow

    async def dial(self) -> "Client":
        """Give a connection."""
        return Client(*await asyncio.open_unix_connection(str(self.path), limit=2**20))

    async def ask(self, line: bytes) -> Any:
        """Send a line on a connection of its own, and give the one document that comes back."""
        async with await self.dial() as client:
            return await client.ask(line)

    async def send(self, data: bytes) -> bytes:
        """Send bytes and the end, and give all that comes back."""
        async with await self.dial() as client:
            client.writer.write(data)
            client.writer.write_eof()
            return await client.rest()

    async def ctl(self, *words: str, **variables: str) -> "Ended":
        """Run wadctl on this socket."""
        return await run_ctl("--socket", str(self.path), *words, **variables)


@dataclass
class Client:
    """One connection to the control socket."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def __aenter__(self) -> Self:
        """Give itself."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Hang up."""
        self.writer.close()
        with suppress(ConnectionError):
            await self.writer.wait_closed()

    async def say(self, *lines: bytes) -> None:
        """Send whole lines, in one write."""
        self.writer.write(b"".join(line + b"\n" for line in lines))
        await self.writer.drain()

    async def hear(self) -> Any:
        """Give the next line's document."""
        return json.loads(await self.reader.readline())

    async def ask(self, line: bytes) -> Any:
        """Send a line and give what it is answered with."""
        await self.say(line)
        return await self.hear()

    async def rest(self) -> bytes:
        """Give all that still comes, whether the end is clean or not."""
        pieces = []
        with suppress(ConnectionError):
            while piece := await self.reader.read(65536):
                pieces.append(piece)
        return b"".join(pieces)


@dataclass
class Ended:
    """A process that has ended."""

    code: int
    out: str
    err: str


async def run(*argv: str, stdin: bytes | None = None, **variables: str) -> Ended:
    """Run a program to its end, with these variables besides PATH and PYTHONPATH."""
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8", **variables}
    process = await asyncio.create_subprocess_exec(
        *argv,
        env=env,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate(stdin)
    assert process.returncode is not None
    return Ended(process.returncode, out.decode(), err.decode())


async def run_ctl(*words: str, **variables: str) -> Ended:
    """Run wadctl."""
    return await run(sys.executable, "-m", "wad.ctl", *words, **variables)


async def socat(path: Path, stdin: bytes) -> str:
    """Send bytes as people do from a shell."""
    program = shutil.which("socat")
    assert program, "socat is not installed"
    return (await run(program, "-", f"UNIX-CONNECT:{path}", stdin=stdin)).out


Opener = Callable[..., Awaitable[Harness]]
