"""Asking: the control socket, and HTTP on any kind of address, each with a deadline."""

import json
import socket
import ssl
import struct
import time
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any, Final

from wad.config import Address, UnixAddress
from wad.core.values import dataclass

_LONGEST: Final = 1 << 20
ANSWER: Final = 4.0
# pid, uid and gid of whoever listens (unix(7), SO_PEERCRED).
_CREDENTIALS: Final = struct.Struct("3i")
# Where one who listens everywhere can be asked.
EVERYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}


class NonsenseError(OSError):
    """What answers is no wad."""


def ask_control(path: Path, verb: str, within: float | None = None) -> tuple[dict[str, Any], int]:
    """Send a verb; give the answer and the listener's process number. Raises OSError."""
    within = ANSWER if within is None else within
    until = time.monotonic() + within
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(within)
        connection.connect(str(path))
        raw = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
        connection.sendall(f"{verb}\n".encode())
        return _document(_line(connection, until)), _CREDENTIALS.unpack(raw)[0]


def _line(connection: socket.socket, until: float) -> bytes:
    buffer = bytearray()
    while b"\n" not in buffer and len(buffer) <= _LONGEST:
        connection.settimeout(max(until - time.monotonic(), 0.001))
        chunk = connection.recv(65536)
        if not chunk:
            break
        buffer += chunk
    return bytes(buffer).partition(b"\n")[0]


def _document(raw: bytes) -> dict[str, Any]:
    try:
        document = json.loads(raw)
    except (ValueError, RecursionError) as exc:
        raise NonsenseError("what answers there is no wad") from exc
    if not isinstance(document, dict):
        raise NonsenseError("what answers there is no wad")
    return document


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer over HTTP; headers keep their doubles."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> list[str]:
        """Give all values of a header."""
        return [value for each, value in self.headers if each.lower() == name.lower()]

    def document(self) -> dict[str, Any]:
        """Give the body as JSON. Raises NonsenseError."""
        return _document(self.body)


def open_address(address: Address, within: float) -> socket.socket:
    """Connect. Raises OSError."""
    if not isinstance(address, UnixAddress):
        return socket.create_connection((EVERYWHERE.get(address.host, address.host), address.port), within)
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.settimeout(within)
        connection.connect(str(address.path))
    except OSError:
        connection.close()
        raise
    return connection


def open_tls(host: str, port: int, within: float) -> ssl.SSLSocket:
    """Connect and verify the certificate. Raises OSError; of that ssl.SSLCertVerificationError."""
    plain = socket.create_connection((host, port), within)
    try:
        return ssl.create_default_context().wrap_socket(plain, server_hostname=host)
    except OSError:
        plain.close()
        raise


def get(
    connection: socket.socket,
    host: str,
    path: str,
    more: Mapping[str, str] | None = None,
    method: str = "GET",
) -> Answer:
    """Ask over an open connection, and close it; `more` are further headers. Raises OSError."""
    asking = HTTPConnection(host)
    asking.sock = connection
    headers = {"Host": host, "Connection": "close", **(more or {})}
    try:
        asking.request(method, path, headers=headers)
        answer = asking.getresponse()
        return Answer(answer.status, tuple(answer.getheaders()), answer.read(_LONGEST))
    except HTTPException as exc:
        raise NonsenseError("what answers there does not speak HTTP") from exc
    finally:
        asking.close()
