"""The listening socket, which can go silent without giving its port away."""

import asyncio
import contextlib
import errno
import socket

from tornado.httpserver import HTTPServer
from tornado.web import Application

HOST = "127.0.0.1"
_BACKLOG = 128
# In real seconds: keep-alive connections close at once; this is for one that does not.
_CLOSE_SECONDS = 2.0


class Listener:
    """Serves an application on one port of loopback; Python's sockets are close-on-exec by themselves."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._server: HTTPServer | None = None
        self._holder: socket.socket | None = None
        self.port = 0

    def open(self, port: int, remembered: int | None) -> None:
        """Listen on this port; for 0, on the remembered one if it can be had, else on a free one."""
        wanted = port or remembered or 0
        try:
            held = _bind(wanted)
        except OSError as exc:
            if port or exc.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
            held = _bind(0)
        self.port = held.getsockname()[1]
        self._serve(held)

    def _serve(self, held: socket.socket) -> None:
        held.listen(_BACKLOG)
        self._server = HTTPServer(self._application)
        self._server.add_sockets([held])

    async def pause(self) -> None:
        """Refuse connections, and close those that idle, but keep the port."""
        if self._server is None:
            return
        server, self._server = self._server, None
        server.stop()
        # Bound and not listening: the kernel refuses connections, and nobody else gets the port.
        self._holder = _bind(self.port)
        await _close(server)

    def resume(self) -> None:
        """Listen again."""
        if self._holder is not None:
            holder, self._holder = self._holder, None
            self._serve(holder)

    async def close(self) -> None:
        """Give everything back."""
        server, self._server = self._server, None
        holder, self._holder = self._holder, None
        if holder is not None:
            holder.close()
        if server is not None:
            server.stop()
            await _close(server)


async def _close(server: HTTPServer) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(server.close_all_connections(), _CLOSE_SECONDS)


def _bind(port: int) -> socket.socket:
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.settimeout(0.0)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((HOST, port))
    except BaseException:
        bound.close()
        raise
    return bound
