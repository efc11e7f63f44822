"""Takes connections from a listening socket, and pauses where there is no room, instead of spinning.

A socket on which somebody waits stays readable: to try again at once without a descriptor, or without a
place, would take the whole processor and a line of the log each time (measured: 245 MB of them).
"""

import asyncio
import errno
import socket
from collections.abc import Callable
from typing import Final

import structlog

log = structlog.get_logger(__name__)

# What a lack of descriptors or memory looks like (accept(2)); everything else is the one connection's fault.
_LACKS: Final = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
# As many are taken in one turn of the loop: whoever connects without end must not keep it from others.
_IN_ONE_TURN: Final = 32


class Acceptor:
    """Hands each connection of `listening`, which must not block, to `take` with the address of its peer.

    While `full` says so nothing is accepted: who comes waits in the kernel until `resume` is called. After a
    lack of descriptors it resumes by itself after `pause` seconds.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        listening: socket.socket,
        take: Callable[[socket.socket, object], None],
        full: Callable[[], bool],
        pause: float,
    ) -> None:
        self._loop = loop
        self._listening = listening
        self._take = take
        self._full = full
        self._pause = pause
        self._timer: asyncio.TimerHandle | None = None
        self._accepting = False
        self.resume()

    def resume(self) -> None:
        """Accept again, if there is room; harmless while accepting, and after the end."""
        if self._listening.fileno() >= 0 and not self._accepting:
            self._stop_timer()
            self._accepting = True
            self._loop.add_reader(self._listening, self._accept)

    def close(self) -> None:
        """Accept no more, and close the socket."""
        if self._listening.fileno() >= 0:
            self._stop_timer()
            self._rest()
            self._listening.close()

    def _accept(self) -> None:
        for _ in range(_IN_ONE_TURN):
            if self._full():
                self._rest()
                return
            try:
                connection, address = self._listening.accept()
            except (BlockingIOError, InterruptedError):
                return
            except OSError as error:
                if error.errno in _LACKS:
                    self._lack(error)
                    return
                continue  # it went away before it was taken
            self._take(connection, address)

    def _lack(self, error: OSError) -> None:
        log.warning("accept_paused", error=error.strerror, seconds=self._pause)
        self._rest()
        self._timer = self._loop.call_later(self._pause, self.resume)

    def _rest(self) -> None:
        self._accepting = False
        self._loop.remove_reader(self._listening)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
