"""Listening sockets for HTTP, made from the configured addresses."""

import fcntl
import os
import socket
import stat
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path

from wad.config import Address, TcpAddress, UnixAddress
from wad.core.errors import WadError

_BACKLOG = 512


class ListenError(WadError):
    """An address cannot be listened on; the message says which, and why."""

    code = "cannot_listen"


def open_sockets(addresses: Iterable[Address]) -> list[socket.socket]:
    """Bind and listen on each address. Raises ListenError; then none is left open."""
    with ExitStack() as opened:
        sockets = [opened.enter_context(_open(address)) for address in addresses]
        opened.pop_all()
        return sockets


def address_of(listening: socket.socket) -> Address:
    """Give the address a socket listens on, ours or handed over."""
    name = listening.getsockname()
    if listening.family == socket.AF_UNIX:
        return UnixAddress(Path(os.fsdecode(name)))
    return TcpAddress(name[0], name[1])


def _open(address: Address) -> socket.socket:
    try:
        return _open_unix(address.path) if isinstance(address, UnixAddress) else _open_tcp(address)
    except OSError as error:
        raise ListenError(f"cannot listen on {address}: {error.strerror or error}") from error


def _open_tcp(address: TcpAddress) -> socket.socket:
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        made.bind((address.host, address.port))
        made.listen(_BACKLOG)
    except OSError:
        made.close()
        raise
    return made


def _open_unix(path: Path) -> socket.socket:
    """Bind a Unix socket; never takes one over from a living process, which libraries' helpers do silently.

    The lock beside it decides: the kernel drops it with its holder, so a socket without a lock is dead.
    """
    lock = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _remove_dead(path)
        made = _HeldSocket(lock)
    except OSError:
        os.close(lock)
        raise
    try:
        made.bind(str(path))
        path.chmod(0o660)
        made.listen(_BACKLOG)
    except OSError:
        made.close()
        raise
    return made


def _remove_dead(path: Path) -> None:
    if path.exists() and not stat.S_ISSOCK(path.stat().st_mode):
        raise OSError("there is something else at this path")
    path.unlink(missing_ok=True)


class _HeldSocket(socket.socket):
    """A listening Unix socket that gives its lock back when it is closed."""

    def __init__(self, lock: int) -> None:
        super().__init__(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
        self._lock: int | None = lock

    def close(self) -> None:
        super().close()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None
