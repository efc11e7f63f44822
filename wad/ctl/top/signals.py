"""Signals as something to wait for, beside keys and sockets."""

import os
import signal
from collections.abc import Iterable
from typing import Any, Self


class Signals:
    """While entered, notes these signals instead of letting them end the process."""

    def __init__(self, numbers: Iterable[signal.Signals]) -> None:
        self._numbers = tuple(numbers)

    def __enter__(self) -> Self:
        """Begin to note them."""
        self._read, self._write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._wakeup = signal.set_wakeup_fd(self._write, warn_on_full_buffer=False)
        # A handler in Python is what makes the interpreter write to the pipe.
        self._handlers: dict[int, Any] = {each: signal.signal(each, _nothing) for each in self._numbers}
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
        try:
            return frozenset(os.read(self._read, 4096))
        except BlockingIOError:
            return frozenset()


def _nothing(*_: object) -> None:
    """Note nothing more: the pipe has it."""
