"""Who is measured: wad, and a server on whatsapp-web.js, each with a browser; how they are started and asked."""

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from programs import AS_PACKAGED, HERE, PATIENCE, started, tree, weight
from samples import EXPRESS, PEER, PEER_SHELL, WAD, WAD_SHELL
from socket_client import Client, connected
from tornado.httpclient import AsyncHTTPClient

_BROWSERS = {"chromium": "/usr/bin/chromium", "chromium-headless-shell": "/usr/bin/chromium-headless-shell"}
# So that pacing, which protects real accounts, is not what is measured.
UNPACED = {
    "WAD_MESSAGES_NEW_CHATS_PER_DAY": "1000",
    "WAD_MESSAGES_OUTBOX_LIMIT": "100000",
    "WAD_MESSAGES_CHAT_BURST": "10000",
    "WAD_MESSAGES_PRIVATE_WEBHOOKS": "true",
}


class Server:
    """A contestant that runs. `begun` is when it was started."""

    def __init__(self, name: str, process: asyncio.subprocess.Process, begun: float) -> None:
        self.name, self.process, self.begun = name, process, begun
        self.port = 0
        self.linked = asyncio.Event()
        self._initialized = asyncio.Event()
        self.ended = False
        self._serving = asyncio.Event()

    @property
    def pid(self) -> int:
        """The process that was started: the server's own."""
        return self.process.pid

    async def read(self) -> None:
        """Take what it tells, so that it can always tell; until it ends."""
        async for line in self.process.stdout:
            told = json.loads(line)
            if told["event"] == "listening":
                self.port = told["value"]
                self._serving.set()
            elif told["event"] == "http_serves":
                self.port = int(told["addresses"][0].rpartition(":")[2])
                self._serving.set()
                # It may lose its page from the beginning.
                self._initialized.set()
            elif told["event"] == "initialized":
                self._initialized.set()
            elif told["event"] in ("ready", "[WA] event=ready"):
                self.linked.set()
        self.ended = True
        for each in (self._serving, self._initialized, self.linked):
            each.set()

    async def serving(self) -> None:
        """Wait until it takes connections."""
        await self._until(self._serving)

    async def initialized(self) -> None:
        """Wait until it would follow a page that loads itself anew."""
        await self._until(self._initialized)

    async def ready(self) -> None:
        """Wait until it is linked and in step."""
        await self._until(self.linked)

    async def _until(self, event: asyncio.Event) -> None:
        async with asyncio.timeout(PATIENCE):
            await event.wait()
        if self.ended:
            raise SystemExit(f"{self.name} ended; BENCH_STDERR=1 shows what it says")

    @asynccontextmanager
    async def client(self) -> AsyncIterator[Client]:
        """Follow it by Socket.IO."""
        async with connected(self.port) as client:
            yield client

    async def ask(self, path: str, method: str = "GET", document: object = None) -> Any:
        """Ask over HTTP."""
        body = None if document is None else json.dumps(document)
        address = f"http://127.0.0.1:{self.port}{path}"
        headers = {"Content-Type": "application/json"}
        answer = await AsyncHTTPClient().fetch(address, method=method, body=body, headers=headers)
        return json.loads(answer.body)

    async def weights(self) -> tuple[float, float]:
        """Give the memory of all its processes, and of its own alone, in MB."""
        return await asyncio.to_thread(lambda: (weight(tree(self.pid)), weight([self.pid])))


def command(name: str, url: str, folder: Path) -> list[str]:
    """Give what starts a contestant."""
    browser = _BROWSERS[name.partition(", ")[2]]
    if name in (WAD, WAD_SHELL):
        return [sys.executable, str(HERE / "follow.py"), url, browser, str(folder)]
    return ["node", str(HERE / "peer" / "server.js"), url, browser, str(folder)]


@asynccontextmanager
async def running(
    name: str, url: str, folder: Path, env: dict[str, str] | None = None
) -> AsyncIterator[Server]:
    """Run a contestant against a page; `folder` keeps its session."""
    environment = {"PYTHONPATH": AS_PACKAGED, **UNPACED, **(env or {})}
    async with _serving(name, command(name, url, folder), environment) as server:
        yield server


@asynccontextmanager
async def express(body: Path) -> AsyncIterator[Server]:
    """Run Express with nothing behind it."""
    async with _serving(EXPRESS, ["node", str(HERE / "peer" / "express.js"), str(body)], {}) as server:
        yield server


@asynccontextmanager
async def _serving(name: str, argv: list[str], env: dict[str, str]) -> AsyncIterator[Server]:
    begun = time.perf_counter()
    # As node's servers are run where it matters.
    async with started(argv, {"NODE_ENV": "production", **env}) as process:
        server = Server(name, process, begun)
        reading = asyncio.create_task(server.read())
        try:
            await server.serving()
            yield server
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)


def present() -> list[str]:
    """Give the contestants whose browsers are here."""
    return [
        name
        for name in (WAD, WAD_SHELL, PEER, PEER_SHELL)
        if os.access(_BROWSERS[name.partition(", ")[2]], os.X_OK)
    ]
