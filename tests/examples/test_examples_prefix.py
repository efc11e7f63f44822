"""The examples where wad is not at the root of its host, as a further account behind nginx is not."""

import socket
from contextlib import asynccontextmanager

import pytest
from examples_harness import LANGUAGES, TOKEN, Reader, daemon_in, line
from tornado.httpclient import AsyncHTTPClient
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler

PREFIX = "/accounts/second"
PASSED = ("Authorization", "Content-Type", "If-None-Match")


class Forwarder(RequestHandler):
    """Takes the prefix away, and asks wad; it knows no websockets, so Socket.IO stays with polling."""

    def initialize(self, port):
        self.port = port

    async def get(self, path):
        url = f"http://127.0.0.1:{self.port}/{path}?{self.request.query}"
        headers = {name: self.request.headers[name] for name in PASSED if name in self.request.headers}
        body = self.request.body if self.request.method == "POST" else None
        answer = await AsyncHTTPClient().fetch(
            url, method=self.request.method, headers=headers, body=body, raise_error=False, request_timeout=60
        )
        self.set_status(answer.code)
        self.set_header("Content-Type", answer.headers.get("Content-Type", ""))
        self.write(answer.body or b"")

    post = get


@asynccontextmanager
async def forwarded(port):
    """Serve the daemon at `port` below the prefix; give the address."""
    (listening,) = bind_sockets(0, "127.0.0.1", family=socket.AF_INET)
    app = Application([(f"{PREFIX}/(.*)", Forwarder, {"port": port})], log_function=lambda _: None)
    server = HTTPServer(app)
    server.add_socket(listening)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}{PREFIX}"
    finally:
        server.stop()
        await server.close_all_connections()


@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize("language", LANGUAGES)
async def test_below_a_prefix(folder, language, slash):
    """An address that ends with a path is asked below it, with and without a slash; events come, too."""
    async with daemon_in(folder, "--sandbox", "--no-autostart") as daemon, forwarded(daemon.port) as address:
        reader = Reader(language, folder, daemon, TOKEN)
        where = {"WAD_URL": f"{address}{slash}"}
        status = await reader.run("status", **where)
        if language != "curl":
            async with reader.running("live", variables=where) as listening:
                told = await line(listening)

    assert (0, "") == (status.code, status.err)
    assert status.out.startswith("idle: WhatsApp client not ready")
    assert language == "curl" or told.startswith("idle")
