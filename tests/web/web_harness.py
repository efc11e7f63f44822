"""A whole HTTP front end on real sockets: TCP and Unix, with a session whose events the test applies."""

import asyncio
import json
import re
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fake_message_page import FakeMessagePage
from frontend_harness import (
    HOST,
    LISTED,
    MORNING,
    Clock,
    DirectSupervisor,
    LinkHarness,
    NotingCamera,
    NotingPhone,
)
from tornado.httputil import HTTPHeaders
from tornado.netutil import bind_sockets, bind_unix_socket

from wad.config import load
from wad.config.model import Config
from wad.core.deadlines import Deadlines
from wad.link.audience import Audience
from wad.link.commands import Commands
from wad.link.session import Session
from wad.media.fetching import Fetcher
from wad.media.files import MediaFiles
from wad.messages.desk import Desk
from wad.messages.journal import Journal
from wad.messages.service import Messages
from wad.messages.settings import MessageSettings
from wad.reports.documents import Daemon
from wad.reports.presenter import Presenter
from wad.reports.screenshot import Screenshots
from wad.service.listen import address_of
from wad.store.database import Database
from wad.web.app import make_app, route_table
from wad.web.connections.server import serve
from wad.web.guard import Guard
from wad.web.messaging.routes import message_routes
from wad.web.messaging.stream import Followers, StreamHandler
from wad.web.routes import Route
from wad.webhooks.service import Webhooks


class Counter(Audience):
    """An audience that also counts how often somebody asked."""

    def __init__(self) -> None:
        super().__init__(lambda: 0.0, 60.0)
        self.questions = 0

    def asked(self) -> None:
        """Count the question."""
        self.questions += 1
        super().asked()


@dataclass
class Answer:
    """An HTTP response."""

    status: int
    headers: HTTPHeaders
    body: bytes

    @property
    def json(self) -> Any:
        """The body's document."""
        return json.loads(self.body)


def configured(**http: str) -> Config:
    """Load a configuration with these keys of ``[http]``, as they are spelt in the environment."""
    keys = {"public_url": f"https://{HOST}", "allowed_origins": LISTED, **http}
    return load({}, {f"WAD_HTTP_{name.upper()}": text for name, text in keys.items()})


@dataclass
class Harness(LinkHarness):
    """The parts, put together as the daemon does it."""

    folder: Path
    token: str | None = None
    sandbox: bool = True
    deadlines: Deadlines = field(default_factory=Deadlines)
    settings: Mapping[str, str] = field(default_factory=dict)
    picture_within: float = 10.0
    most: int = 1000
    listen: str = "127.0.0.1"

    def __post_init__(self) -> None:
        self.clock = Clock()
        self.session = Session(self.clock)
        self.inbox = DirectSupervisor(self.session)
        self.audience = Counter()
        self.commands = Commands(self.session, self.inbox, self.audience, sandbox=self.sandbox)
        self.daemon = Daemon("instance-1", "0.1.0", MORNING, sandbox=self.sandbox)
        self.presenter = Presenter(self.session, self.daemon, self.picture_within)
        self.guard = Guard(configured(**self.settings), self.token)
        self.phone = NotingPhone()
        self.camera = NotingCamera()
        self.screenshots = Screenshots(self.camera, self.session, self.deadlines)
        self.alive = True
        self.database = Database(self.folder / "messages.sqlite")
        journal, settings = Journal(self.database, self.deadlines.save), MessageSettings()
        # Of a link that nothing happens to, so that there are no events but those a test makes.
        quiet = Session(self.clock)
        desk = Desk(self.database, journal, FakeMessagePage(), quiet, self.deadlines, settings)
        files = MediaFiles(
            self.folder / "media", most=1 << 20, quota=8 << 20, patience=self.deadlines.media_file
        )
        fetcher = Fetcher(files, private=False, patience=self.deadlines.media_fetch)
        self.messages = Messages(desk, self.folder / "session_mark", files, fetcher)
        self.followers = Followers()
        self.webhooks = Webhooks(desk)

    @property
    def routes(self) -> list[Route]:
        """The route table."""
        phone = self.phone if self.sandbox else None
        return route_table(
            self.commands,
            self.presenter,
            lambda: self.alive,
            lambda: b"# none\n",
            screenshots=self.screenshots,
            messaging=message_routes(self.messages, self.webhooks, self.followers),
            phone=phone,
        )

    def open(self) -> None:
        """Listen; needs the loop."""
        family = socket.AF_INET6 if ":" in self.listen else socket.AF_INET
        sockets = bind_sockets(0, self.listen, family=family)
        self.guard.listens(address_of(each) for each in sockets)
        self.port: int = sockets[0].getsockname()[1]
        self.unix = self.folder / "http.sock"
        app = make_app(self.routes, self.guard)
        self.server = serve(app, [*sockets, bind_unix_socket(str(self.unix))], self.deadlines, most=self.most)

    async def open_messages(self) -> None:
        """Open the messages' file; until then each question about messages is refused with 503."""
        await self.database.open(self.deadlines.save)
        await self.messages.open()
        await self.webhooks.start()

    async def close(self) -> None:
        """Close everything."""
        self.presenter.close()
        self.server.stop()
        self.followers.close()
        await self.server.close_all_connections()
        await self.webhooks.close()
        await self.messages.close()
        await self.database.close(self.deadlines.save)

    async def dial(self, *, unix: bool = False) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Give a raw connection."""
        if unix:
            return await asyncio.open_unix_connection(str(self.unix))
        return await asyncio.open_connection("127.0.0.1", self.port)

    async def ask(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str | None] | None = None,
        body: bytes = b"",
        *,
        unix: bool = False,
    ) -> Answer:
        """Send one request, and nothing in it that was not named; a header given as None is left out."""
        wanted: dict[str, str | None] = {"Host": f"127.0.0.1:{self.port}", "Connection": "close"}
        if body or method in {"POST", "PUT"}:
            wanted["Content-Length"] = str(len(body))
        wanted.update(headers or {})
        reader, writer = await self.dial(unix=unix)
        try:
            writer.write(request_bytes(method, path, wanted) + body)
            return parse(await reader.read())
        finally:
            await hang_up(writer)


def request_bytes(method: str, path: str, headers: Mapping[str, str | None]) -> bytes:
    """Give a request's head."""
    lines = [f"{name}: {value}" for name, value in headers.items() if value is not None]
    return "\r\n".join([f"{method} {path} HTTP/1.1", *lines, "", ""]).encode("latin-1")


def parse(raw: bytes) -> Answer:
    """Read a response whose connection was closed behind it."""
    head, _, body = raw.partition(b"\r\n\r\n")
    first, _, lines = head.decode("latin-1").partition("\r\n")
    return Answer(int(first.split()[1]), HTTPHeaders.parse(lines), body)


async def hang_up(writer: asyncio.StreamWriter) -> None:
    """Close a connection, whoever closed it first."""
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()


# What stands in a path's open segment, by what is before it; elsewhere it is something that is not there.
_OPEN = {"/chats/": "15550001111@c.us", "groups/": "15550001111@c.us", "/media/": "0" * 64}


def samples(pattern: str) -> Iterator[str]:
    """Give paths for a route's pattern, with each of the spellings it offers."""
    group = re.search(r"\((?:\?:)?([^()]+)\)(\?)?", pattern)
    if group is None:
        yield pattern.replace("\\", "")
        return
    before = pattern[: group.start()]
    opened = _OPEN.get(before[-7:], "scan") if "whatsapp" in before else "scan"
    words = [opened] if group[1] == "[^/]+" else [*group[1].split("|"), *([""] if group[2] else [])]
    for word in words:
        yield from samples(pattern[: group.start()] + word + pattern[group.end() :])


@dataclass(frozen=True)
class Cell:
    """One method of one path of a route."""

    route: Route
    method: str
    path: str

    @property
    def ends(self) -> str:
        """Give the method by which it is asked where the answer must end: a stream has no end but for HEAD."""
        return "HEAD" if self.route.handler is StreamHandler else self.method


def cells() -> Iterator[Cell]:
    """Give every route with every path and method it has."""
    for route in Harness(Path()).routes:
        for path in samples(route.pattern):
            for method in route.method.split():
                yield Cell(route, method, path)


Opener = Callable[..., Harness]
