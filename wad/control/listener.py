"""The listening socket of the control server, where nobody hands one over."""

import os
import socket
from pathlib import Path
from typing import Final

from wad.config import UnixAddress
from wad.service.listen import ListenError, open_sockets

# The size of sun_path, less its NUL (unix(7)).
LONGEST_PATH: Final = 107


def bind(path: Path) -> socket.socket:
    """Listen at `path` (mode 0660); a folder that is not there yet is made, for its owner alone.

    Raises ListenError: the path is too long, another process listens there, or the file system refuses.
    """
    length = len(os.fsencode(path))
    if length > LONGEST_PATH:
        raise ListenError(
            f"cannot listen on {path}: the path has {length} bytes, and a Unix socket's has {LONGEST_PATH} "
            "at most; set a shorter one, [control] socket"
        )
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as exc:
        raise ListenError(f"cannot make {path.parent} for the control socket: {exc.strerror}") from exc
    return _open(path)


def _open(path: Path) -> socket.socket:
    try:
        (listening,) = open_sockets([UnixAddress(path)])
    except ListenError as exc:
        if isinstance(exc.__cause__, BlockingIOError):  # the lock beside it is held
            raise ListenError(f"another process listens on the control socket {path}") from exc
        raise
    return listening
