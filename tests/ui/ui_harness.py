"""The page with a whole front end behind it, and no browser behind that: what the link does, the test says.

Tornado's server, Socket.IO, the commands, the presenter and the session are the daemon's own. Only the
supervisor is a small one: each command of a button's succeeds at once.
"""

import socket
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any

from frontend_harness import LinkHarness, NotingCamera
from tornado.netutil import bind_sockets, bind_unix_socket
from ui_messages import QuietMessages

from wad.config import load
from wad.core.deadlines import Deadlines
from wad.core.errors import IllegalEventError
from wad.core.events import (
    Authenticated,
    BrowserClosed,
    BrowserStarted,
    Command,
    ConnectionLost,
    Event,
    LogoutRequested,
    PageLoaded,
    PairingCancelled,
    PairingDue,
    PairingGranted,
    PairingLapsed,
    PairingRefused,
    PairRequested,
    ProfileCleared,
    ProfileStuck,
    QrExpired,
    QrIssued,
    QrSpent,
    QrWithdrawn,
    Ready,
    ResetRequested,
    RetryDue,
    Scanned,
    StartRequested,
    StopRequested,
    trouble,
)
from wad.core.machine import step
from wad.core.reasons import REASONS, Reason, State
from wad.core.status import Account, Blockage, Code, PairingCode, Phase, Status
from wad.link.audience import Audience
from wad.link.commands import Commands
from wad.link.driver import BrowserInfo
from wad.link.session import Session, utc_now
from wad.reports.documents import Daemon
from wad.reports.presenter import Presenter
from wad.reports.screenshot import Screenshots
from wad.sandbox.conditions import Conditions
from wad.sandbox.errors import PhoneRefusedError, UnknownCommandError
from wad.web.app import make_app, route_table
from wad.web.connections.server import serve
from wad.web.gateway.server import Gateway
from wad.web.guard import Guard
from wad.web.messaging.routes import message_routes
from wad.web.messaging.stream import Followers
from wad.web.phone import Medium
from wad.web.routes import Route

ACCOUNT = Account("15551234567", "Ann", "android")
PAIRING_TEXT = "ABCD1234"
Pair = tuple[Phase, Reason | None]


def code_text(number: int = 1) -> str:
    """Give a code's text of the form and length of a real one, 323 characters."""
    return f"https://wa.me/settings/linked_devices#2@{number:04}{'Jq0mT8cB7XyZ1s4vWk9u' * 14}"[:321] + ",1"


def code(number: int = 1, seconds: float = 600) -> Code:
    """Give a code that is live for some time from now on."""
    return Code(code_text(number), utc_now() + timedelta(seconds=seconds))


def pairing(text: str = PAIRING_TEXT, seconds: float = 600) -> PairingCode:
    """Give a code to type that is live for some time from now on."""
    return PairingCode(text, utc_now() + timedelta(seconds=seconds))


def happenings() -> list[Event]:
    """Give one of everything that can lead from one picture to another."""
    blockage = Blockage("net::ERR_CONNECTION_RESET", "https://web.whatsapp.com/")
    plain = {reason for reason in Reason if REASONS[reason].state in {State.IDLE, State.QR}}
    troubles = [
        trouble(reason, blockage if reason is Reason.HOSTS_BLOCKED else None)
        for reason in Reason
        if reason not in plain
    ]
    return [
        StartRequested(),
        StopRequested(),
        ResetRequested(),
        LogoutRequested(),
        PairRequested("15551234567"),
        PairingCancelled(),
        BrowserStarted(),
        BrowserClosed(),
        ProfileCleared(),
        *(ProfileStuck(reason) for reason in (Reason.PROFILE_LOCKED, Reason.STORAGE_FULL)),
        PageLoaded(),
        QrIssued(code()),
        QrSpent(),
        QrWithdrawn(),
        QrExpired(),
        PairingGranted(pairing()),
        *(PairingRefused(reason=reason) for reason in Reason if REASONS[reason].state is State.QR),
        PairingLapsed(),
        RetryDue(),
        Scanned(),
        Authenticated(40),
        Ready(ACCOUNT),
        ConnectionLost(),
        *troubles,
    ]


def ways() -> dict[Pair, tuple[Event, ...]]:
    """Give every phase with every reason it can be in, and the shortest way there from a fresh daemon."""
    found: dict[Pair, tuple[Event, ...]] = {}
    waiting: deque[tuple[Status, tuple[Event, ...]]] = deque([(Status(), ())])
    while waiting:
        status, way = waiting.popleft()
        if (status.phase, status.reason) not in found:
            found[status.phase, status.reason] = way
            waiting.extend(_onward(status, way))
    return found


def _onward(status: Status, way: tuple[Event, ...]) -> Iterator[tuple[Status, tuple[Event, ...]]]:
    for event in happenings():
        try:
            yield step(status, event, utc_now()), (*way, event)
        except IllegalEventError:
            continue


class Inbox:
    """Obeys `wad.link.commands.Receiver`: applies a command, and what would follow if all went well."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.browser = BrowserInfo(running=True, version="Chromium 156", pid=7)
        self.commands: list[Command] = []
        # Whether anything follows.
        self.works = True
        self._codes = 100

    async def submit(self, command: Command) -> Status:
        """Apply the command; what follows is there before its answer."""
        self.commands.append(command)
        status = self._session.apply(command)
        for event in self._after(command) if self.works else ():
            self._session.apply(event)
        return status

    def _after(self, command: Command) -> Iterable[Event]:
        self._codes += 1
        link = (BrowserStarted(), PageLoaded(), QrIssued(code(self._codes)))
        match command:
            case StopRequested():
                return (BrowserClosed(),)
            case ResetRequested() | LogoutRequested():
                return (ProfileCleared(), *link)
            case PairRequested():
                return self._paired()
            case PairingCancelled():
                return (QrIssued(code(self._codes)),)
            case _ if self._session.status.phase is Phase.STARTING:
                return link
        return ()

    def _paired(self) -> Iterator[Event]:
        if self._session.status.phase is Phase.STARTING:
            yield from (BrowserStarted(), PageLoaded(), QrIssued(code(self._codes)), PairingDue())
        yield PairingGranted(pairing())


class Phone:
    """Obeys `wad.web.phone.Phone`: a phone that scans and types, and notes whatever else it is told.

    Its `conditions` are the sandbox's own; here the test changes them, but for the network.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self.conditions = Conditions()
        self.pressed: list[tuple[str, dict[str, Any]]] = []

    def medium(self, id: str) -> Medium:  # noqa: A002, ARG002 - as the phone's own
        """Have none."""
        raise PhoneRefusedError("nothing was sent")

    async def command(self, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """Do it; what it says is noted for the test, but for a mere look."""
        if name == "state":
            return {"conditions": asdict(self.conditions)}
        self.pressed.append((name, arguments))
        if name in {"offline", "online"}:
            self.conditions.offline = name == "offline"
        if name == "nothing":
            raise UnknownCommandError("the phone has no such button")
        if name in {"scan", "enter_code"}:
            self._session.apply(Authenticated(50))
            self._session.apply(Ready(ACCOUNT))
        return {}


class Harness(LinkHarness):
    """A front end for the page. `open` and `close` may be called again and again; the port stays the same."""

    def __init__(
        self,
        *,
        token: str | None = None,
        sandbox: bool = True,
        with_sockets: bool = True,
        with_messages: bool = True,
        unix: Path | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self.config = load({}, {})
        self.guard = Guard(self.config, token)
        self.session = Session(now)
        self.inbox = Inbox(self.session)
        self.phone = Phone(self.session)
        self.commands = Commands(self.session, self.inbox, Audience(lambda: 0.0, 60.0), sandbox=sandbox)
        self.port = 0
        self._with_sockets = with_sockets
        self.messages: Any = QuietMessages() if with_messages else None
        self._sandbox = sandbox
        self._unix = unix

    @property
    def url(self) -> str:
        """The page's address."""
        return f"http://127.0.0.1:{self.port}/"

    def open(self) -> None:
        """Listen, on the port of before if there was one; as a daemon that was started anew."""
        deadlines = Deadlines()
        who = Daemon(token_hex(4), "0.1.0", utc_now(), sandbox=self._sandbox)
        self.presenter = Presenter(self.session, who, deadlines.picture)
        self.gateway = Gateway(self.commands, self.presenter, self.guard, deadlines, self.messages)
        sockets = bind_sockets(self.port, "127.0.0.1", family=socket.AF_INET)
        self.port = sockets[0].getsockname()[1]
        if self._unix is not None:
            sockets.append(bind_unix_socket(str(self._unix), mode=0o666))
        phone = self.phone if self._sandbox else None
        routes = route_table(
            self.commands,
            self.presenter,
            lambda: True,
            lambda: b"",
            screenshots=Screenshots(NotingCamera(), self.session, Deadlines()),
            messaging=self._message_routes(),
            phone=phone,
        )
        more = [self.gateway.route] if self._with_sockets else []
        self.server = serve(make_app([*routes, *more], self.guard), sockets, deadlines)

    def _message_routes(self) -> list[Route]:
        nobody: Any = None  # webhooks are on no page
        return [] if self.messages is None else message_routes(self.messages, nobody, Followers())

    async def close(self) -> None:
        """Close, as the daemon does."""
        self.server.stop()
        await self.gateway.close()
        await self.server.close_all_connections()
        self.presenter.close()

    def fresh(self) -> Status:
        """Be stopped, wherever the link was."""
        return self.apply(StopRequested(), BrowserClosed())

    def go(self, way: Iterable[Event]) -> Status:
        """Go a way that begins at a daemon which has just started."""
        self.fresh()
        return self.apply(*way)

    def show_code(self, number: int = 1, seconds: float = 600) -> Code:
        """Have a code wait for the phone."""
        shown = code(number, seconds)
        self.go((StartRequested(), BrowserStarted(), PageLoaded(), QrIssued(shown)))
        return shown

    def show_pairing(self, text: str = PAIRING_TEXT, seconds: float = 600) -> None:
        """Have a code wait to be typed."""
        self.show_code()
        self.apply(PairRequested("15551234567"), PairingGranted(pairing(text, seconds)))

    def link(self) -> None:
        """Have the account linked."""
        self.show_code()
        self.apply(Authenticated(50), Ready(ACCOUNT))


@asynccontextmanager
async def open_harness(**settings: Any) -> AsyncIterator[Harness]:
    """Give an open harness; it leaves no task behind."""
    made = Harness(**settings)
    made.open()
    try:
        yield made
    finally:
        await made.close()
    assert set() == made.gateway._engine.tasks
