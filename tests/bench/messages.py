"""Messages: how long one takes either way, how many are accepted, what reading costs.

* From the page to a client of Socket.IO and to a webhook's receiver: wad, which has it on its disk by then and signs
  it, and a server on whatsapp-web.js that sends on what it hears of. One at a time, by turns.
* From a POST to its answer (wad has it on its disk by then, the peer has sent it) and to WhatsApp's servers.
* Accepted in a second, over connections that are kept, by a daemon that has one core to itself, while it sends what
  it accepts; beside commits of one row each, made certain (fsync) one after the other, on the same disk.
* A page of 100 events out of the middle of 100,000, beside `/health`, which reads nothing.
"""

import asyncio
import json
import os
import sqlite3
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from contestants import Server, running
from programs import PATIENCE, pin, tree
from samples import WAD, Part
from socket_client import Client
from start import CLOCK
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler
from world import Place, World

from wad.store.database import Database

PERSON = "+15550001111"
CONNECTIONS = 32
EVENTS = 100_000


def text_of(message: dict[str, Any]) -> str | None:
    """Give a message's text: each contestant has its own word for it."""
    return message.get("text") or message.get("body")


class Receiver:
    """A webhook's receiver, which takes down when each text came first."""

    def __init__(self) -> None:
        self.came: dict[str, float] = {}
        self._news = asyncio.Event()
        sockets = bind_sockets(0, "127.0.0.1")
        self.url = f"http://127.0.0.1:{sockets[0].getsockname()[1]}/"
        handler = self._handler()
        self._server = HTTPServer(Application([("/", handler)], log_function=lambda _: None))
        self._server.add_sockets(sockets)

    def _handler(self) -> type[RequestHandler]:
        receiver = self

        class Handler(RequestHandler):
            def post(self) -> None:
                at = time.perf_counter()
                receiver.came.setdefault(text_of(json.loads(self.request.body)["data"]), at)
                receiver._news.set()
                self.set_status(204)

        return Handler

    async def when(self, text: str) -> float:
        """Wait for a text; gives when it came."""
        async with asyncio.timeout(PATIENCE):
            while text not in self.came:
                self._news.clear()
                await self._news.wait()
        return self.came[text]

    async def close(self) -> None:
        """Listen no more."""
        self._server.stop()
        await self._server.close_all_connections()


@asynccontextmanager
async def receivers(names: list[str]) -> AsyncIterator[dict[str, Receiver]]:
    """Give each contestant a receiver of its own."""
    found = {name: Receiver() for name in names}
    try:
        yield found
    finally:
        for each in found.values():
            await each.close()


async def both_ways(
    servers: dict[str, Server], places: dict[str, Place], hooks: dict[str, Receiver], rounds: int
) -> Part:
    """Have messages come to servers that are ready, and sent by them, by turns; the peer knows its hook already."""
    part = Part("messages")
    names = list(hooks)
    figures = ("messages.event", "messages.webhook", "messages.answered", "messages.sent")
    taken: dict[tuple[str, str], list[float]] = {(each, name): [] for each in figures for name in names}
    hook = {"url": hooks[WAD].url, "events": ["message"]}
    await servers[WAD].ask("/api/whatsapp/webhooks/bench", "PUT", hook)
    async with AsyncExitStack() as stack:
        clients = {name: await stack.enter_async_context(servers[name].client()) for name in names}
        # The first ones find everything cold.
        for number in range(-3, rounds):
            for name in names:
                spans = await _receive(places[name], clients[name], hooks[name], f"in {number}")
                spans += await _send(servers[name], places[name], f"out {number}")
                if number >= 0:
                    for figure, seconds in zip(figures, spans, strict=True):
                        taken[figure, name].append(seconds * 1000)
    await servers[WAD].ask("/api/whatsapp/webhooks/bench", "DELETE")
    for (figure, name), samples in taken.items():
        part.add(figure, name, "ms", samples)
    return part


async def _receive(place: Place, client: Client, hook: Receiver, text: str) -> tuple[float, float]:
    await place.press("receive", **{"from": PERSON, "text": text})
    told = await place.when("told", text)
    while True:
        message, came = await client.next("wa:message")
        # whatsapp-web.js tells of the system's rows in a chat as of messages.
        if text_of(message) == text:
            return came - told, await hook.when(text) - told


async def _send(server: Server, place: Place, text: str) -> tuple[float, float]:
    begun = time.perf_counter()
    await server.ask("/api/whatsapp/messages", "POST", {"to": PERSON, "text": text})
    answered = time.perf_counter() - begun
    return answered, await place.when("sent", text) - begun


async def alone(world: World, folder: Path, *, count: int, rounds: int) -> Part:
    """Measure what concerns wad alone: accepting `count` messages, and reading."""
    part = Part("messages")
    accepted, commits = await _accepting(world, folder / "accepting", count)
    part.add("accepted", WAD, "a second", [accepted])
    part.add("commits", "SQLite", "a second", [commits])
    pages, health = await _reading(world, folder / "reading", rounds)
    part.add("reading", WAD, "ms", [each * 1000 for each in pages])
    part.add("health", WAD, "ms", [each * 1000 for each in health])
    return part


@asynccontextmanager
async def _linked(place: Place, folder: Path, *, anew: bool = True) -> AsyncIterator[Server]:
    """Give a wad that is linked; it was before, or is now."""
    async with running(WAD, place.url, folder) as server:
        if anew:
            async with server.client() as client:
                await client.next("wa:qr")
                await place.press("scan")
        await server.ready()
        yield server


async def _accepting(world: World, folder: Path, count: int) -> tuple[float, float]:
    """Give how many messages are accepted in a second, and how many single commits the disk takes in one."""
    commits = await asyncio.to_thread(_commits, folder, min(count, 500))
    place = await world.open(clock=CLOCK)
    async with _linked(place, folder / "state") as server:
        cores = sorted(os.sched_getaffinity(0))
        pin(await asyncio.to_thread(tree, server.pid), cores[-1:])
        pin([server.pid], cores[:1])
        statuses: Counter[int] = Counter()
        numbers = iter(range(count))
        begun = time.perf_counter()
        await asyncio.gather(*(_client(server.port, numbers, statuses) for _ in range(CONNECTIONS)))
        seconds = time.perf_counter() - begun
    await place.close()
    if statuses != {202: count}:
        raise SystemExit(f"not all were accepted: {dict(statuses)}")
    return count / seconds, commits


def _commits(folder: Path, count: int) -> float:
    folder.mkdir(parents=True)
    connection = sqlite3.connect(folder / "alone.sqlite", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE rows (text TEXT)")
    begun = time.perf_counter()
    for number in range(count):
        connection.execute("INSERT INTO rows VALUES (?)", [f"m{number}"])
    seconds = time.perf_counter() - begun
    connection.close()
    return count / seconds


async def _client(port: int, numbers: Iterator[int], statuses: Counter[int]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for number in numbers:
        document = {"to": f"+1555000{1000 + number % 50}", "text": f"m{number}", "clientRef": f"r{number}"}
        body = json.dumps(document).encode()
        head = (
            f"POST /api/whatsapp/messages HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        writer.write(head.encode() + body)
        answer = (await reader.readuntil(b"\r\n\r\n")).decode().lower().split("\r\n")
        statuses[int(answer[0].split()[1])] += 1
        length = next(line for line in answer if line.startswith("content-length:"))
        await reader.readexactly(int(length.partition(":")[2]))
    writer.close()


async def _reading(world: World, folder: Path, rounds: int) -> tuple[list[float], list[float]]:
    """Give the seconds for a page out of 100,000 events, and for `/health`, asked by turns."""
    state = folder / "state"
    pages: list[float] = []
    health: list[float] = []
    place = await world.open(clock=CLOCK)
    # A session that is new begins with an empty log.
    async with _linked(place, state) as server, asyncio.timeout(PATIENCE):
        # A browser that is killed may not have its session on the disk yet.
        server.process.terminate()
        await server.process.wait()
    await _write_down(state / "live" / "messages.sqlite")
    async with _linked(place, state, anew=False) as server:
        await _read(server, rounds, pages, health)
    await place.close()
    return pages, health


async def _write_down(path: Path) -> None:
    database = Database(path)
    await database.open(PATIENCE)
    now = time.time()
    await database.run(lambda connection: _fill(connection, now), PATIENCE)
    await database.close(PATIENCE)


async def _read(server: Server, rounds: int, pages: list[float], health: list[float]) -> None:
    newest = (await server.ask("/api/whatsapp/events?limit=1"))["newest"]
    if newest < EVENTS:
        raise SystemExit(f"the log has {newest} events")
    asked = ((f"/api/whatsapp/events?after={EVENTS // 2}&limit=100", pages), ("/health", health))
    for _ in range(rounds):
        for path, taken in asked:
            begun = time.perf_counter()
            await server.ask(path)
            taken.append(time.perf_counter() - begun)


def _fill(connection: sqlite3.Connection, now: float) -> None:
    data = json.dumps({"text": "about as long as people's messages are", "chat": {"pn": "15550001111@c.us"}})
    rows = [
        (f"evt_{number:026d}", f"bench:{number}", "message", now, data, len(data)) for number in range(EVENTS)
    ]
    connection.executemany(
        "INSERT INTO events (id, once, type, at, data, size) VALUES (?, ?, ?, ?, ?, ?)", rows
    )
