"""Tornado's HTTP server with limits: nobody holds a connection by silence, slowness, or not reading.

Tornado has one clock for "the next request's headers must be there", which on a kept connection is also the
time it may be idle. That one is set to the idle time; the first request of a connection, which nobody keeps
waiting for, gets the shorter deadline for headers on top. Bodies have Tornado's own deadline. For answers it
has none: `_look_after` closes a connection whose client does not read.

Beside this file `slots` bounds how many connections there are, `accept` takes them, and `framing` judges the
heads.
"""

import asyncio
import json
import socket
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from typing import Any, cast
from uuid import uuid4

from tornado import httputil, web
from tornado.http1connection import HTTP1Connection
from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop
from tornado.iostream import StreamClosedError
from tornado.platform.asyncio import AsyncIOLoop

from wad.core.deadlines import Deadlines
from wad.web.connections.accept import Acceptor
from wad.web.connections.framing import framing_fault
from wad.web.connections.slots import Slots, peer_of
from wad.web.connections.stream import ClientStream

# For handlers that do not stream their bodies (`wad.web.base_handler` does, and has a limit of its own).
_MAX_BODY = 1024 * 1024
# As much as nginx lets through: four buffers of 8 KiB.
_MAX_HEAD = 32 * 1024
# How many bytes of answers the kernel keeps for a client (it doubles the number): some twenty statuses.
_UNREAD = 64 * 1024
# How much of a refused request is read on, so that closing does not reset the connection before the answer.
_LINGER = 64 * 1024


class _Request(httputil.HTTPMessageDelegate):
    """Passes a request on, unless its head is refused; keeps note of who waits for whom."""

    def __init__(
        self,
        inner: httputil.HTTPMessageDelegate,
        server: "LimitedServer",
        connection: HTTP1Connection,
        timer: asyncio.TimerHandle | None,
    ) -> None:
        self._inner = inner
        self._server = server
        self._connection = connection
        self._timer = timer
        self._slot = server.slots.of(cast(ClientStream, connection.stream))
        self._slot.waits = True

    def headers_received(
        self,
        start_line: httputil.RequestStartLine | httputil.ResponseStartLine,
        headers: httputil.HTTPHeaders,
    ) -> Awaitable[None] | None:
        """Stop the clock, and judge the head."""
        self._stop_clock()
        if self._connection.stream.closed():
            # What it had sent ahead is still in the buffer, thousands of requests perhaps: nobody waits.
            self._connection.detach()
            return None
        lengths, encodings = headers.get_list("Content-Length"), headers.get_list("Transfer-Encoding")
        fault = framing_fault(start_line.version, lengths, encodings)
        if fault is None:
            return self._inner.headers_received(start_line, headers)
        self._server.turn_away(self._connection, fault)
        return None

    def data_received(self, chunk: bytes) -> Awaitable[None] | None:
        """Pass on."""
        return self._inner.data_received(chunk)

    def finish(self) -> None:
        """Pass on: from now on the client waits for us."""
        self._slot.waits = False
        self._inner.finish()

    def on_connection_close(self) -> None:
        """Pass on."""
        self._stop_clock()
        self._inner.on_connection_close()

    def _stop_clock(self) -> None:
        if self._timer is not None:
            self._timer.cancel()


class LimitedServer(HTTPServer):
    """An HTTP server with bounds on its connections; `proxy` tells whether an address is such a proxy's."""

    def initialize(  # type: ignore[override]
        self, app: web.Application, *, deadlines: Deadlines, slots: Slots, proxy: Callable[[str], bool]
    ) -> None:
        """Take Tornado's own limits from the deadlines as well."""
        super().initialize(
            app,
            idle_connection_timeout=deadlines.http_idle,
            body_timeout=deadlines.http_body,
            max_body_size=_MAX_BODY,
            max_header_size=_MAX_HEAD,
        )
        self.slots = slots
        self._deadlines = deadlines
        self._proxy = proxy
        # The loop need not run yet.
        self._loop: asyncio.AbstractEventLoop = cast(AsyncIOLoop, IOLoop.current()).asyncio_loop
        self._acceptors: list[Acceptor] = []
        self._tasks: set[asyncio.Task[None]] = set()

    def add_sockets(self, sockets: Iterable[socket.socket]) -> None:
        """Answer on listening sockets, which are ours to close from now on."""
        for each in sockets:
            # One that systemd hands over blocks: the loop would hang in accept.
            each.settimeout(0)
            # Accepted ones inherit it. The kernel would take megabytes for a client that reads none of it,
            # and wad would go on answering for as long.
            each.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _UNREAD)
            full = lambda: self.slots.full  # noqa: E731 - a property asked for at each connection
            pause = self._deadlines.accept_pause
            self._acceptors.append(Acceptor(self._loop, each, self._take, full, pause))
        self._own(self._look_after(), "wad-http-connections")

    def stop(self) -> None:
        """Take no more connections; those there are go on."""
        for acceptor in self._acceptors:
            acceptor.close()

    async def close_all_connections(self) -> None:
        """End those there are, and whatever is still done for them."""
        await super().close_all_connections()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def start_request(
        self, server_conn: object, request_conn: httputil.HTTPConnection
    ) -> httputil.HTTPMessageDelegate:
        """Give what takes the request; start the clock if it is the connection's first."""
        connection = cast(HTTP1Connection, request_conn)
        stream = cast(ClientStream, connection.stream)
        timer = None
        if not stream.begun:
            stream.begun = True
            timer = self._loop.call_later(self._deadlines.http_header, stream.close)
        return _Request(super().start_request(server_conn, request_conn), self, connection, timer)

    def turn_away(self, connection: HTTP1Connection, why: str) -> None:
        """Answer a head that cannot be believed, instead of its handler, and end the connection."""
        self._own(self._turn_away(connection.detach(), why), "wad-http-turn-away")

    def _take(self, connection: socket.socket, address: Any) -> None:
        proxy = isinstance(address, tuple) and self._proxy(address[0])
        stream = ClientStream(connection, self._gone)
        if self.slots.admit(stream, peer_of(address, proxy=proxy)):
            self.handle_stream(stream, address)
        else:
            stream.close()

    def _gone(self, stream: ClientStream) -> None:
        self.slots.leave(stream)
        for acceptor in self._acceptors:
            acceptor.resume()

    async def _look_after(self) -> None:
        """Close connections whose clients do not read, and take newcomers where there is room again."""
        within = self._deadlines.http_write
        while True:
            await asyncio.sleep(within / 4)
            for stream in self.slots.streams():
                if stream.too_slow(self._loop.time(), within):
                    stream.close()
            for acceptor in self._acceptors:
                acceptor.resume()

    async def _turn_away(self, stream: Any, why: str) -> None:
        try:
            with suppress(StreamClosedError, TimeoutError):
                async with asyncio.timeout(self._deadlines.http_body):
                    await stream.write(_refusal(why))
                    if not stream.closed():
                        stream.socket.shutdown(socket.SHUT_WR)
                    await stream.read_bytes(_LINGER)
        finally:
            stream.close()

    def _own(self, work: Any, name: str) -> None:
        task = self._loop.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _refusal(why: str) -> bytes:
    """Give the whole answer to a head that leaves open where its body ends."""
    document = {"success": False, "error": why, "code": "invalid_framing", "requestId": uuid4().hex}
    body = f"{json.dumps(document)}\n".encode()
    head = (
        "HTTP/1.1 400 Bad Request\r\n"
        "Content-Type: application/json; charset=UTF-8\r\n"
        f"Content-Length: {len(body)}\r\n"
        f"X-Request-ID: {document['requestId']}\r\n"
        "Cross-Origin-Resource-Policy: same-site\r\nCache-Control: no-store\r\n"
        "X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body


def serve(
    app: web.Application,
    sockets: Iterable[socket.socket],
    deadlines: Deadlines,
    *,
    most: int = 1000,
    proxy: Callable[[str], bool] = lambda _: False,
) -> LimitedServer:
    """Answer on listening sockets, bound by us or handed over by systemd; `stop` ends it.

    At most so many connections are open at once; of a `proxy`, an address, each client counts for itself.
    """
    server = LimitedServer(app, deadlines=deadlines, slots=Slots(most), proxy=proxy)
    server.add_sockets(sockets)
    return server
