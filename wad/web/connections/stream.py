"""A client's connection as a stream that knows how it is getting on.

Rules of this file: only what `tornado.iostream.BaseIOStream` offers to subclasses is overridden, and nothing
here decides who may stay; `wad.web.connections.server` and the websockets ask and decide.
"""

import asyncio
import errno
import os
import socket
from collections.abc import Callable

from tornado.iostream import IOStream

from wad.core.values import dataclass

# What is held of one client: a head of 32 KiB and a piece of a body; and the longest answer, several times.
_MOST_READ = 256 * 1024
_MOST_UNSENT = 4 * 1024 * 1024
# A client that takes less than this within the deadline for writing takes nothing, or does so on purpose.
_LEAST_TAKEN = 2048


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many bytes a client may send in all: some at once, and more with every second."""

    at_once: int
    each_second: int


class ClientStream(IOStream):
    """The stream of an accepted socket; `gone` is called once, when its descriptor has been closed.

    `begun` is whether its first request was asked for, and stays so: Tornado asks once more behind the end.
    """

    def __init__(self, connection: socket.socket, gone: Callable[["ClientStream"], None]) -> None:
        super().__init__(connection, max_buffer_size=_MOST_READ, max_write_buffer_size=_MOST_UNSENT)
        self.begun = False
        self._gone = gone
        self._received = 0
        self._sent = 0
        self._mark: tuple[float, int] | None = None
        self._allowance: Allowance | None = None
        self._allowed_from = 0.0

    def allow(self, allowance: Allowance) -> None:
        """Count what comes from now on, and break off when it is more than that."""
        self._received = 0
        self._allowance = allowance
        self._allowed_from = asyncio.get_running_loop().time()

    def too_slow(self, now: float, within: float) -> bool:
        """Tell whether the client has left what is written to it lying for `within` seconds.

        To be asked several times within that time; `now` is the loop's.
        """
        if not self.writing():
            self._mark = None
        elif self._mark is None or self._sent - self._mark[1] >= _LEAST_TAKEN:
            self._mark = (now, self._sent)
        return self._mark is not None and now - self._mark[0] >= within

    def read_from_fd(self, buf: bytearray | memoryview) -> int | None:
        """Read, and count. A client that sends too much is treated as one that went away."""
        count = super().read_from_fd(buf)
        self._received += count or 0
        if self._allowance is not None and self._received > self._allowed(self._allowance):
            raise ConnectionResetError(errno.ECONNRESET, os.strerror(errno.ECONNRESET))
        return count

    def write_to_fd(self, data: memoryview) -> int:
        """Write, and count."""
        count = super().write_to_fd(data)
        self._sent += count
        return count

    def close_fd(self) -> None:
        """Close, and tell."""
        super().close_fd()
        self._gone(self)

    def _allowed(self, allowance: Allowance) -> float:
        lived = asyncio.get_running_loop().time() - self._allowed_from
        return allowance.at_once + lived * allowance.each_second
