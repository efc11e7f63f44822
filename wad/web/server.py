"""Tornado's HTTP server with limits on time: nobody holds a connection by saying nothing, or very slowly.

Tornado has one clock for "the next request's headers must be there", which on a kept connection is also the
time it may be idle. That one is set to the idle time; the first request of a connection, which nobody keeps
waiting for, gets the shorter deadline for headers on top. Bodies have Tornado's own deadline.
"""

import asyncio
import socket
from collections.abc import Awaitable, Iterable
from typing import Any
from weakref import WeakSet

from tornado import httputil, web
from tornado.http1connection import HTTP1Connection
from tornado.httpserver import HTTPServer

from wad.deadlines import Deadlines

# For handlers that do not stream their bodies (`wad.web.door` does, and has a limit of its own).
_MAX_BODY = 1024 * 1024


class _FirstRequest(httputil.HTTPMessageDelegate):
    """Passes everything on, and ends the connection unless the headers come in time."""

    def __init__(self, inner: httputil.HTTPMessageDelegate, timer: asyncio.TimerHandle) -> None:
        self._inner = inner
        self._timer = timer

    def headers_received(
        self,
        start_line: httputil.RequestStartLine | httputil.ResponseStartLine,
        headers: httputil.HTTPHeaders,
    ) -> Awaitable[None] | None:
        """Stop the clock."""
        self._timer.cancel()
        return self._inner.headers_received(start_line, headers)

    def data_received(self, chunk: bytes) -> Awaitable[None] | None:
        """Pass on."""
        return self._inner.data_received(chunk)

    def finish(self) -> None:
        """Pass on."""
        self._inner.finish()

    def on_connection_close(self) -> None:
        """Pass on."""
        self._timer.cancel()
        self._inner.on_connection_close()


class LimitedServer(HTTPServer):
    """An HTTP server whose connections have `first_headers` seconds to begin."""

    def initialize(self, app: web.Application, *, first_headers: float, **limits: Any) -> None:  # type: ignore[override]
        """Take Tornado's own limits as well."""
        super().initialize(app, **limits)
        self._first_headers = first_headers
        self._seen: WeakSet[object] = WeakSet()

    def start_request(
        self, server_conn: object, request_conn: httputil.HTTPConnection
    ) -> httputil.HTTPMessageDelegate:
        """Give what takes the request; start the clock if it is the connection's first."""
        inner = super().start_request(server_conn, request_conn)
        if server_conn in self._seen or not isinstance(request_conn, HTTP1Connection):
            return inner
        self._seen.add(server_conn)
        timer = asyncio.get_running_loop().call_later(self._first_headers, request_conn.stream.close)
        return _FirstRequest(inner, timer)


def serve(app: web.Application, sockets: Iterable[socket.socket], deadlines: Deadlines) -> LimitedServer:
    """Answer on listening sockets, bound by us or handed over by systemd; `stop` ends it."""
    server = LimitedServer(
        app,
        first_headers=deadlines.http_header,
        idle_connection_timeout=deadlines.http_idle,
        body_timeout=deadlines.http_body,
        max_body_size=_MAX_BODY,
    )
    listening = list(sockets)
    for each in listening:
        # One that systemd hands over blocks: the loop would hang in accept.
        each.settimeout(0)
    server.add_sockets(listening)
    return server
