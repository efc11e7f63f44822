"""A front end with Socket.IO on a real socket, and real clients of it."""

import asyncio
import json
import shutil
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import socketio
from frontend_harness import HOST, LISTED, DirectSupervisor, LinkHarness
from tornado.netutil import bind_sockets

from wad.config import load
from wad.core.deadlines import Deadlines
from wad.core.events import (
    Authenticated,
    Ready,
)
from wad.core.status import Account, Code
from wad.link.audience import Audience
from wad.link.commands import Commands
from wad.link.session import Session, utc_now
from wad.reports.documents import Daemon
from wad.reports.presenter import Presenter
from wad.web.app import make_app
from wad.web.connections.server import serve
from wad.web.gateway.server import Gateway
from wad.web.guard import Guard

HERE = Path(__file__).parent
ACCOUNT = Account("15551234567", "Ann", "android")
TRANSPORTS = ("websocket", "polling")


def text(number: int) -> str:
    """Give a code as long as a real one."""
    return f"2@{number:04}{'Jq0mT8cB7XyZ1s4vWk9u' * 11}"


class Clock:
    """The real time, and as much more as the test wants."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self):
        """Tell the time."""
        return utc_now() + self.ahead


class Harness(LinkHarness):
    """The parts, put together as the daemon does it."""

    def __init__(self, token: str | None = None, deadlines: Deadlines | None = None, **http: str) -> None:
        keys = {"public_url": f"https://{HOST}", "allowed_origins": LISTED, **http}
        config = load({}, {f"WAD_HTTP_{name.upper()}": value for name, value in keys.items()})
        self.guard = Guard(config, token)
        self.deadlines = deadlines or Deadlines()
        self.clock = Clock()
        self.session = Session(self.clock)
        self.inbox = DirectSupervisor(self.session)
        self.audience = Audience(lambda: 0.0, 60.0)
        self.commands = Commands(self.session, self.inbox, self.audience, sandbox=True)
        self.port = 0

    def open(self) -> None:
        """Listen, again on the same port if there was one."""
        daemon = Daemon("instance-1", "0.1.0", utc_now(), sandbox=True)
        self.presenter = Presenter(self.session, daemon, 10.0)
        self.gateway = Gateway(self.commands, self.presenter, self.guard, self.deadlines)
        sockets = bind_sockets(self.port, "127.0.0.1", family=socket.AF_INET)
        # Else the kernel would hold megabytes for whoever does not read.
        sockets[0].setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8192)
        self.port = sockets[0].getsockname()[1]
        self.server = serve(make_app([self.gateway.route], self.guard), sockets, self.deadlines)

    async def close(self) -> None:
        """Close, as the daemon does."""
        self.server.stop()
        await self.gateway.close()
        await self.server.close_all_connections()
        self.presenter.close()

    @property
    def url(self) -> str:
        """The address."""
        return f"http://127.0.0.1:{self.port}"

    def show_code(self, number: int = 1, seconds: float = 600) -> Code:
        """Bring the link to where a code waits for the phone."""
        return super().show_code(text(number), seconds)

    def link(self) -> None:
        """Have the phone scan the code."""
        self.apply(Authenticated(50), Ready(ACCOUNT))


@asynccontextmanager
async def open_harness(*args: Any, **settings: Any) -> AsyncIterator[Harness]:
    """Give an open harness; it leaves no task behind."""
    harness = Harness(*args, **settings)
    harness.open()
    try:
        yield harness
    finally:
        await harness.close()

    assert set() == harness.gateway._engine.tasks


async def until(holds: Callable[[], bool]) -> None:
    """Return as soon as something holds for which nobody can be asked to tell us."""
    while not holds():  # noqa: ASYNC110 - the library has no event for it
        await asyncio.sleep(0)


class Client:
    """What a client was told, in order; `wanted` picks events by name."""

    def __init__(self) -> None:
        self.heard: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()

    async def next(self, *names: str) -> tuple[str, Any]:
        """Give the next event, or the next of these names."""
        while True:
            event = await self.heard.get()
            if not names or event[0] in names:
                return event

    async def argument(self, name: str) -> Any:
        """Give the argument of the next event of that name."""
        return (await self.next(name))[1]

    async def until(self, name: str, wanted: Callable[[Any], bool]) -> Any:
        """Give the argument of the first event of that name that is wanted."""
        while not wanted(argument := await self.argument(name)):
            pass
        return argument


class PythonClient(Client):
    """The AsyncClient of python-socketio."""

    def __init__(self, http: aiohttp.ClientSession, *, comes_back: bool) -> None:
        super().__init__()
        # Older releases do not close a session of their own.
        self.socket = socketio.AsyncClient(
            http_session=http,
            # Of older releases a task that tries to come back cannot be ended.
            reconnection=comes_back,
            reconnection_delay=0.05,
            reconnection_delay_max=0.1,
        )
        self.socket.on("*", self._hear)
        self.socket.on("connect", lambda: self.heard.put_nowait(("connect", None)))
        self.socket.on("connect_error", lambda data: self.heard.put_nowait(("connect_error", data)))
        self.socket.on("disconnect", lambda *_: self.heard.put_nowait(("disconnect", None)))

    async def _hear(self, event: str, argument: Any = None) -> None:
        self.heard.put_nowait((event, argument))


@asynccontextmanager
async def python_client(
    harness: Harness, transport: str = "websocket", *, comes_back: bool = False, **settings: Any
) -> AsyncIterator[PythonClient]:
    """Give a connected client; its connect event was taken. Only one that `comes_back` outlives a restart."""
    async with session() as http:
        client = PythonClient(http, comes_back=comes_back)
        await client.socket.connect(harness.url, transports=[transport], **settings)
        await client.next("connect")
        try:
            yield client
        finally:
            await client.socket.disconnect()


class NodeClient(Client):
    """The browser's client, socket.io-client, in a process of its own."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        super().__init__()
        self.process = process

    async def listen(self) -> None:
        """Read what it prints."""
        while line := await self.process.stdout.readline():
            told = json.loads(line)
            self.heard.put_nowait((told["event"], told["argument"]))


@asynccontextmanager
async def node(script: Path, *arguments: str) -> AsyncIterator[NodeClient]:
    """Run a script that prints a line of JSON for each event."""
    program = shutil.which("node") or shutil.which("nodejs")
    if program is None or not (HERE / "node_modules").is_dir():
        pytest.fail("this test needs node and its packages: run script/bootstrap --test", pytrace=False)
    process = await asyncio.create_subprocess_exec(
        program, str(script), *arguments, cwd=HERE, stdout=asyncio.subprocess.PIPE, limit=1 << 20
    )
    client = NodeClient(process)
    listening = asyncio.create_task(client.listen())
    try:
        yield client
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        await listening


@asynccontextmanager
async def node_client(
    harness: Harness, transport: str, *, comes_back: bool = False, auth: Any = None
) -> AsyncIterator[NodeClient]:
    """Give the browser's client; its first event is that it is connected."""
    options = {
        "transports": transport.split(","),
        "auth": auth,
        "reconnection": comes_back,
        "reconnectionDelay": 50,
        "reconnectionDelayMax": 100,
    }
    async with node(HERE / "listen.js", harness.url, json.dumps(options)) as client:
        yield client


@asynccontextmanager
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """Give a plain HTTP and websocket client."""
    async with aiohttp.ClientSession() as http:
        yield http
