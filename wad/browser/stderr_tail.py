"""The last lines of a program's stderr: bounded, read without blocking, and fit for a log."""

import asyncio
import os
import re
from collections import deque
from typing import Final

_LINES: Final = 50  # a crash of Chromium with its stack is 30 to 40 lines
_LENGTH: Final = 300  # characters a line; longer ones are data, not messages
_LOOKED_AT: Final = 4 * _LENGTH
_READ: Final = 1 << 16

# wad takes the buses away from the browser, which complains of it dozens of times and would fill the tail.
_NOISE: Final = ":ERROR:dbus/"

_QUERY: Final = re.compile(r"((?:https?|wss?|blob|filesystem)://[^\s?#]*)[?#]\S*|(data:[^,\s]{0,40}),\S*")
# A code of WhatsApp's with all its fields, and any key of 32 bytes in base64, slashes included. From here on
# a run is looked at from its beginning only: from each of its letters, one of 10,000 takes seconds.
_CODES: Final = re.compile(
    r"\d@[\w+/=-]{8}\S*"
    r"|(?<![A-Za-z0-9+/])(?=[a-z0-9+/]*[A-Z])(?=[A-Z0-9+/]*[a-z])(?=[A-Za-z+/]*\d)[A-Za-z0-9+/]{40,}={0,2}"
)
# Codes, keys and tokens: a long run that mixes digits with both cases. Words and paths stay.
_SECRET: Final = re.compile(r"(?<![\w+=-])(?=[\w+=-]*\d)(?=[\w+=-]*[a-z])(?=[\w+=-]*[A-Z])[\w+=-]{24,}")


def fit_for_log(line: str) -> str:
    """Return `line` without what may be secret: queries of addresses, and whatever looks like a key.

    >>> fit_for_log("GET https://example.org/a?ref=2@x failed")
    'GET https://example.org/a?... failed'
    """
    # Cut before the expressions run: a page may write megabytes in a line, of which the beginning is shown.
    line = _QUERY.sub(_without_query, line[:_LOOKED_AT])
    return _SECRET.sub("[...]", _CODES.sub("[...]", line))[:_LENGTH]


def _without_query(match: re.Match[str]) -> str:
    address, data = match.groups()
    return f"{address}?..." if address is not None else f"{data},..."


class Tail:
    """Keeps the last lines read from the fd, which it owns and which must not block; needs a running loop."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._open = True
        self._loop = asyncio.get_running_loop()
        self._lines: deque[str] = deque(maxlen=_LINES)
        self._partial = b""
        self._loop.add_reader(fd, self._read)

    @property
    def lines(self) -> tuple[str, ...]:
        """The last lines, oldest first, one that has not ended yet included."""
        rest = (self._clean(self._partial),) if self._partial else ()
        return (*self._lines, *rest)[-_LINES:]

    def close(self) -> None:
        """Read what is there, without waiting for more, and close; a second call does nothing."""
        # Bounded: a helper that goes on writing must not hold us.
        for _ in range(16):
            if not self._open:
                return
            if not self._read():
                break
        self._shut()

    def _read(self) -> bool:
        """Read once; return whether there may be more."""
        try:
            data = os.read(self._fd, _READ)
        except BlockingIOError:
            return False
        except OSError:
            data = b""
        if not data:
            self._shut()
            return False
        *lines, rest = (self._partial + data).split(b"\n")
        self._lines.extend(line for line in map(self._clean, lines) if _NOISE not in line)
        self._partial = rest[:_READ]
        return True

    def _shut(self) -> None:
        if self._open:
            self._open = False
            self._loop.remove_reader(self._fd)
            os.close(self._fd)

    @staticmethod
    def _clean(raw: bytes) -> str:
        return fit_for_log(raw[:_LOOKED_AT].decode("utf-8", "replace").rstrip())
