"""Many clients of Socket.IO in one process, as cheap as can be: it must not be them who take the time.

Argument: how many; for each line of a port on stdin they leave where they were and enter there, and `in` is told once
all of them have. From then on, whenever each has been told a code, the times at which it was there are told as one line
of JSON, by the clock that all processes share.
"""

import json
import os
import select
import socket
import struct
import sys
import time

_CODE = b'42["wa:qr"'
_REQUEST = (
    "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: Upgrade\r\n"
    "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


def masked(text: bytes) -> bytes:
    """Give a short frame as clients send it; a mask of zeros is one, too."""
    return bytes([0x81, 0x80 | len(text)]) + bytes(4) + text


class Follower:
    """One client."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.sendall(_REQUEST.format(port=port).encode())
        self._got = b""
        self._upgraded = False
        self.entered = False
        # Before the next one comes: servers send away who comes and says nothing.
        while not self._upgraded:
            self.read()

    def read(self) -> bool:
        """Take what has come; tells whether there was a code among it."""
        got = self.socket.recv(1 << 18)
        if not got:
            raise SystemExit(f"a client was sent away; it was told {self._got[:200]!r}")
        self._got += got
        if not self._upgraded:
            head, end, rest = self._got.partition(b"\r\n\r\n")
            if not end:
                return False
            if not head.startswith(b"HTTP/1.1 101"):
                raise SystemExit(f"a client was not let in: {head[:40]!r}")
            self._upgraded, self._got = True, rest
            self.socket.sendall(masked(b"40"))
        return self._packets()

    def _packets(self) -> bool:
        code = False
        while (frame := self._frame()) is not None:
            if frame.startswith(_CODE):
                code = True
            elif frame == b"2":
                self.socket.sendall(masked(b"3"))
            elif frame.startswith(b"40"):
                self.entered = True
        return code

    def _frame(self) -> bytes | None:
        """Give the next whole frame; servers do not mask theirs."""
        got = self._got
        if len(got) < 2:
            return None
        length, at = got[1], 2
        if length == 126 and len(got) >= 4:
            (length,), at = struct.unpack("!H", got[2:4]), 4
        elif length == 127 and len(got) >= 10:
            (length,), at = struct.unpack("!Q", got[2:10]), 10
        elif length > 125:
            return None
        if len(got) < at + length:
            return None
        self._got = got[at + length :]
        return got[at : at + length]


class Crowd:
    """All of them, at one server at a time."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._poll = select.epoll()
        self._poll.register(0, select.EPOLLIN)
        self._followers: dict[int, Follower] = {}
        self._times: list[float] = []
        self._in = False

    def enter(self, port: int) -> None:
        """Leave, and come there."""
        for each in self._followers.values():
            self._poll.unregister(each.socket)
            each.socket.close()
        self._followers, self._times, self._in = {}, [], False
        while len(self._followers) < self._size:
            follower = Follower(port)
            self._followers[follower.socket.fileno()] = follower
            self._poll.register(follower.socket, select.EPOLLIN)

    def run(self) -> None:
        """Go on until nobody tells where to."""
        while True:
            for descriptor, _ in self._poll.poll():
                if descriptor != 0:
                    self._take(self._followers[descriptor])
                    continue
                if not (line := os.read(0, 100)):
                    return
                if int(line):
                    self.enter(int(line))
                break

    def _take(self, follower: Follower) -> None:
        at = time.perf_counter()
        if follower.read():
            self._times.append(at)
        if not self._in and all(each.entered for each in self._followers.values()):
            self._in = True
            tell("in")
        # Each is told the present on coming in, too: that is counted like any other code.
        if self._in and len(self._times) >= self._size:
            tell(self._times[: self._size])
            del self._times[: self._size]


def tell(document: object) -> None:
    """Write a line."""
    sys.stdout.write(json.dumps(document) + "\n")
    sys.stdout.flush()


Crowd(int(sys.argv[1])).run()
