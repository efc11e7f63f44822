"""Ports of loopback for what is started later: nobody else gets one of them meanwhile.

A port that was only looked for is anybody's: the next connection of a browser may leave from it, and keeps it for a
minute after its end. These stay bound without listening: the kernel refuses connections and gives them to nobody by
itself, while a server that asks for one and sets SO_REUSEADDR, as all of ours do, gets it.
"""

import socket
from collections import deque

HOST = "127.0.0.1"
# More than one test ever has; each takes a file descriptor.
_MOST = 32
_kept: deque[socket.socket] = deque()


def bound(port: int = 0) -> socket.socket:
    """Return a socket that keeps a TCP port on which nobody listens, until it is closed; 0 takes a free one."""
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.bind((HOST, port))
    return made


def free_port() -> int:
    """Return a TCP port on which nobody listens; it is kept for the caller until some dozens more are asked for."""
    _kept.append(bound())
    if len(_kept) > _MOST:
        _kept.popleft().close()
    return int(_kept[-1].getsockname()[1])
