"""The old frontend in a real browser, on an origin of its own."""

import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from daemon_client import until
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, StaticFileHandler

from wad.browser.cdp import call
from wad.browser.chromium import Chromium
from wad.browser.options import LaunchOptions
from wad.browser.profile import Profile

HERE = Path(__file__).parent
PAGE = HERE / "frontend"
# The Socket.IO client is that of the gateway's tests, as npm gives it.
CLIENT = HERE.parent / "gateway" / "node_modules" / "socket.io-client" / "dist"
# Names that lead to this machine, as a page that rebinds its own name makes them do.
REBOUND = "rebound.example"
# The name the shipped site of nginx answers to.
SITE = "wad.example.org"


@asynccontextmanager
async def served() -> AsyncIterator[int]:
    """Serve the frontend's files on a port of their own, and give the port."""
    (listening,) = bind_sockets(0, "127.0.0.1", family=socket.AF_INET)
    files = [
        (r"/(socket\.io\.min\.js)", StaticFileHandler, {"path": str(CLIENT)}),
        (r"/(.*)", StaticFileHandler, {"path": str(PAGE), "default_filename": "index.html"}),
    ]
    server = HTTPServer(Application(files, log_function=lambda _: None))
    server.add_socket(listening)
    try:
        yield listening.getsockname()[1]
    finally:
        server.stop()
        await server.close_all_connections()


class Visitor:
    """Somebody's browser, with one page open."""

    def __init__(self, client: Any) -> None:
        self._client = client

    async def open(self, url: str) -> None:
        """Open a page."""
        await call(self._client, "Page.navigate", {"url": url}, 20)

    async def value(self, expression: str) -> Any:
        """Give the value of an expression in the page, as JSON can hold it; None where it throws as yet."""
        wanted = {
            "expression": f"(async () => JSON.stringify({expression}))()",
            "awaitPromise": True,
            "returnByValue": True,
        }
        answer = await call(self._client, "Runtime.evaluate", wanted, 20)
        text = answer["result"].get("value") if "exceptionDetails" not in answer else None
        return None if text is None else json.loads(text)

    async def until(self, expression: str, what: str) -> Any:
        """Wait until an expression is true in the page, and give its value."""
        return await until(lambda: self.value(expression), what)


@asynccontextmanager
async def visitor(folder: Path) -> AsyncIterator[Visitor]:
    """Start a browser, for which `REBOUND` and `SITE` lead to this machine."""
    profile = Profile(folder)
    profile.lock()
    rules = f"--host-resolver-rules=MAP {REBOUND} 127.0.0.1, MAP {SITE} 127.0.0.1"
    browser = Chromium(LaunchOptions("chromium-headless-shell", (rules,)), profile)
    await browser.start()
    try:
        (page,) = await browser.browser.pages()
        yield Visitor(page._client)
    finally:
        await browser.close()
        profile.unlock()
