"""Who is at the other end of a Unix socket, as the kernel tells it (SO_PEERCRED, unix(7))."""

import asyncio
import select
import socket
import struct
from typing import NamedTuple, Self

_UCRED = struct.Struct("3i")


class Peer(NamedTuple):
    """The process that connected. In a unit with PrivateUsers= the uid is a stand-in, 65534."""

    pid: int
    uid: int

    @classmethod
    def of(cls, writer: asyncio.StreamWriter) -> Self:
        """Ask the kernel. The credentials are those at the time of the connect."""
        connection = writer.get_extra_info("socket")
        raw = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _UCRED.size)
        pid, uid, _ = _UCRED.unpack(raw)
        return cls(pid, uid)


def hung_up(writer: asyncio.StreamWriter) -> bool:
    """Tell whether the other end has closed both directions; after its half-close no read can tell that."""
    connection = writer.get_extra_info("socket")
    if connection.fileno() < 0:
        return True
    poll = select.poll()
    poll.register(connection.fileno(), 0)  # POLLHUP and POLLERR are reported unasked
    return bool(poll.poll(0))
