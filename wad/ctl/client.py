"""One connection to the control socket, blocking. Every way in goes through `connect`."""

import json
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple, Self

from wad.ctl.exit_codes import CtlError, NoPermissionError, NotRunningError, TooLateError

# In seconds. wad answers within 0.2, the sandbox's phone within 10; more is a daemon that hangs.
ANSWER: Final = 15.0
# A status with its picture has 3 KB.
_LONGEST = 1 << 20


class Line(NamedTuple):
    """A line as it came, and what it says."""

    text: str
    document: dict[str, Any]


class Client:
    """A connection that is open; a context manager that closes it."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._buffer = bytearray()

    def __enter__(self) -> Self:
        """Give itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Hang up."""
        self.close()

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def ask(self, verb: str) -> Line:
        """Send a bare verb and give its answer."""
        try:
            self.send(verb)
            return self.next(time.monotonic() + ANSWER)
        except TooLateError as exc:
            raise CtlError(f"wad has not answered within {ANSWER:g} s") from exc

    def demand(self, verb: str) -> Line:
        """Send a bare verb and give its answer. Raises CtlError if that is an error."""
        line = self.ask(verb)
        if "error" in line.document:
            raise CtlError(str(line.document["error"]))
        return line

    def send(self, verb: str) -> None:
        """Send a bare verb."""
        with _explained():
            self._connection.sendall(f"{verb}\n".encode())

    def next(self, until: float | None) -> Line:
        """Give the next line. Raises TooLateError once the monotonic clock has passed `until`."""
        while (line := self._take()) is None:
            self._buffer += self._receive(until)
        return line

    def fileno(self) -> int:
        """Give what to wait for until `arrived` may be called."""
        return self._connection.fileno()

    def arrived(self) -> list[Line]:
        """Give the whole lines that are here; called when something is, it does not block."""
        self._buffer += self._receive(time.monotonic() + ANSWER)
        return list(iter(self._take, None))

    def _take(self) -> Line | None:
        """Take the first line out of what was received, None if it is not whole yet."""
        end = self._buffer.find(b"\n")
        if end < 0:
            if len(self._buffer) > _LONGEST:
                raise _nonsense()
            return None
        raw = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        return _read(raw)

    def _receive(self, until: float | None) -> bytes:
        left = None if until is None else until - time.monotonic()
        if left is not None and left <= 0:
            raise TooLateError("it took longer than that")
        self._connection.settimeout(left)
        with _explained():
            chunk = self._connection.recv(65536)
        if not chunk:
            raise NotRunningError("wad closed the connection: it was stopped, or we read too slowly")
        return chunk


def connect(path: Path, within: float = ANSWER) -> Client:
    """Connect, within so many seconds. Raises NotRunningError, NoPermissionError or another CtlError.

    Where systemd listens for a wad that does not run, this call is what starts it.
    """
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(within)
    try:
        with _explained(str(path)):
            connection.connect(str(path))
    except BaseException:
        connection.close()
        raise
    return Client(connection)


@contextmanager
def _explained(place: str = "the connection") -> Iterator[None]:
    """Say in our words what the kernel says."""
    try:
        yield
    except PermissionError as exc:
        message = f"no permission for {place}: be root, or in the group wad"
        raise NoPermissionError(message) from exc
    except (FileNotFoundError, ConnectionError, NotADirectoryError) as exc:
        raise NotRunningError(f"wad is not running ({place}: {exc.strerror})") from exc
    except TimeoutError as exc:
        raise TooLateError("it took longer than that") from exc
    except OSError as exc:
        raise CtlError(f"cannot ask wad ({place}: {exc.strerror or exc})") from exc


def _read(raw: bytes) -> Line:
    try:
        text = raw.decode()
        document = json.loads(text)
    except (ValueError, RecursionError) as exc:
        raise _nonsense() from exc
    if not isinstance(document, dict):
        raise _nonsense()
    return Line(text, document)


def _nonsense() -> CtlError:
    return CtlError("what answers there is no wad")
