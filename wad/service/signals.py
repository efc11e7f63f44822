"""Signals as something to wait for, beside keys and sockets.

Theory of operation. A handler in Python notes which signals came, each once, however often it comes; a pipe
that the interpreter writes to at each of them wakes whoever waits. Without the pipe a signal that the kernel
gives to another thread would lie there until something else wakes the main thread. So what comes before
anybody waits is not lost, and a storm takes no memory.

Nothing else keeps signals for the process: the event loop's own handlers would be reset when it closes, and
whatever comes between then and the process's end would kill it.
"""

import os
import signal
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, Self


class Signals:
    """These signals, which are noted instead of ending the process from `hold` on. For the main thread."""

    def __init__(self, numbers: Iterable[signal.Signals]) -> None:
        self._numbers = tuple(numbers)
        self._came: set[int] = set()

    def hold(self) -> None:
        """Begin to note them; those that whoever started us had blocked are let through now."""
        self._read, self._write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        # A full pipe wakes as well as one with room.
        self._wakeup = signal.set_wakeup_fd(self._write, warn_on_full_buffer=False)
        self._handlers: dict[int, Any] = {each: signal.signal(each, self._note) for each in self._numbers}
        signal.pthread_sigmask(signal.SIG_UNBLOCK, self._numbers)

    def ignore(self) -> None:
        """Let them have no effect any more, at the very end of a process that has its exit code already."""
        for number in self._numbers:
            signal.signal(number, signal.SIG_IGN)

    def __enter__(self) -> Self:
        """Hold them."""
        self.hold()
        return self

    def __exit__(self, *_: object) -> None:
        """Let them do what they did before."""
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._wakeup)
        os.close(self._read)
        os.close(self._write)

    def fileno(self) -> int:
        """Give what to wait for until `take` has something to tell."""
        return self._read

    def take(self) -> frozenset[int]:
        """Give those that have come since the last call."""
        with suppress(BlockingIOError):
            os.read(self._read, 4096)
        came, self._came = self._came, set()
        return frozenset(came)

    def _note(self, number: int, _: object) -> None:
        self._came.add(number)
