"""Messages over a pair of pipes, each ended by a NUL byte; no message's content is looked at here.

Theory of operation: nothing blocks and nothing is awaited. The loop says when bytes have come or may be sent.
One message is handed over in each turn of the loop, as pyppeteer's own loop does, so that what a message woke
runs before the next one. Nothing is read while messages wait: what is held is bounded by one read, and the
pipe slows the browser down.
"""

import asyncio
import os
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from wad.core.errors import BrowserError

_READ: Final = 1 << 20  # a pipe holds 64 KiB unless somebody enlarged it, at the most 1 MiB

# Chromium's own limit for what it reads from the pipe; a page must not fill our memory either.
MAX_MESSAGE: Final = 256 << 20

# So much of a message's beginning tells what it is.
_HEAD: Final = 256

# Commands are small, and Chromium reads them in a thread that does nothing else. That much unread is a hang.
MAX_BACKLOG: Final = 64 << 20


class Pipe:
    """The two ends: messages out by `write`, messages in by `on_message`; it owns both fds.

    `on_closed` is called once, with a reason for people, when the other side closes, breaks the rules, or
    `close` is called. Needs a running loop.
    """

    def __init__(
        self,
        reads: int,
        writes: int,
        on_message: Callable[[bytes], None],
        on_closed: Callable[[str], None],
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._reads, self._writes = reads, writes
        self._on_message, self._on_closed = on_message, on_closed
        self._closed = False
        self._partial: list[bytes] = []
        self._partial_size = 0
        self._arrived: deque[bytes] = deque()
        self._backlog: deque[memoryview] = deque()
        self._backlog_size = 0
        self._wanted = b""
        self._bound: tuple[int, Callable[[bytes], bool]] | None = None
        self._loop.add_reader(reads, self._read)

    @property
    def closed(self) -> bool:
        """Whether nothing can be sent any more."""
        return self._closed

    def write(self, message: bytes) -> None:
        """Send or queue one message; raises BrowserError when closed, or if the other side does not read."""
        if self._closed:
            raise BrowserError("the browser's pipe is closed")
        if self._backlog_size + len(message) > MAX_BACKLOG:
            raise BrowserError("the browser does not read its commands")
        self._backlog.append(memoryview(message + b"\0"))
        self._backlog_size += len(message) + 1
        if len(self._backlog) == 1:
            self._send()

    def want_only(self, prefix: bytes) -> None:
        """From now on drop each message that does not begin so, at no more cost than reading it."""
        self._wanted = prefix
        self._arrived = deque(message for message in self._arrived if message.startswith(prefix))

    def bound(self, most: int, on_more: Callable[[bytes], bool]) -> None:
        """Call `on_more` with the beginning of a message once that has more than `most` bytes, ended or not.

        Where it gives True it is called no more.
        """
        self._bound = most, on_more

    def close(self, reason: str) -> None:
        """Close both ends; what was not yet sent or handed over is dropped. A second call does nothing."""
        if self._closed:
            return
        self._closed = True
        self._loop.remove_reader(self._reads)
        self._loop.remove_writer(self._writes)
        os.close(self._reads)
        os.close(self._writes)
        for held in (self._partial, self._arrived, self._backlog):
            held.clear()
        self._on_closed(reason)

    def _send(self) -> None:
        """Write as much as the pipe takes, and ask to be called again for the rest."""
        try:
            while self._backlog:
                self._sent(os.write(self._writes, self._backlog[0]))
        except BlockingIOError:
            self._loop.add_writer(self._writes, self._send)
        except OSError as exc:
            # Not from within write(): its caller shall get its future first, and see that fail.
            self._loop.call_soon(self.close, f"the browser does not take commands: {exc.strerror}")
        else:
            self._loop.remove_writer(self._writes)

    def _sent(self, count: int) -> None:
        self._backlog_size -= count
        rest = self._backlog[0][count:]
        if rest:
            self._backlog[0] = rest
        else:
            self._backlog.popleft()

    def _read(self) -> None:
        try:
            data = os.read(self._reads, _READ)
        except (BlockingIOError, InterruptedError):
            return
        except OSError as exc:
            self.close(f"the browser's pipe broke: {exc.strerror}")
            return
        if not data:
            self.close("the browser closed its pipe")
            return
        self._split(data)

    def _split(self, data: bytes) -> None:
        """Cut `data` into messages; the pieces of one are joined once, for the time must not be quadratic."""
        first, *others = data.split(b"\0")
        self._partial.append(first)
        self._partial_size += len(first)
        for piece in others:
            message = b"".join(self._partial)
            if message.startswith(self._wanted):
                self._arrived.append(message)
            self._partial = [piece]
            self._partial_size = len(piece)
        if self._bound and self._partial_size > self._bound[0] and self._bound[1](self._head(_HEAD)):
            self._bound = None
        if self._closed:
            return
        if not self._begins(self._wanted):
            # It will be dropped: its beginning is kept, which tells that, and nothing else of it.
            self._partial = [self._partial[0][: len(self._wanted)]]
        elif self._partial_size > MAX_MESSAGE:
            self.close("the browser sent a message without an end")
        if self._arrived:
            self._loop.remove_reader(self._reads)
            self._loop.call_soon(self._hand_over)

    def _begins(self, prefix: bytes) -> bool:
        """Tell whether what has come of the message may still begin so."""
        head = self._head(len(prefix))
        return head == prefix[: len(head)]

    def _head(self, size: int) -> bytes:
        """Give the message's first bytes. Its pieces are joined for that once at the most."""
        if len(self._partial) > 1 and len(self._partial[0]) < size:
            self._partial = [b"".join(self._partial)]
        return self._partial[0][:size]

    def _hand_over(self) -> None:
        """Hand over one message, then come back in the next turn, or read on."""
        with suppress(IndexError):  # closed since
            message = self._arrived.popleft()
            if message:
                self._on_message(message)
        if self._closed:
            return
        if self._arrived:
            self._loop.call_soon(self._hand_over)
        else:
            self._loop.add_reader(self._reads, self._read)
