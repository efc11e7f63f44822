"""Where wad listens: a TCP address or a Unix socket."""

import ipaddress
import re
from pathlib import Path

from wad.core.values import dataclass

_TCP = re.compile(r"(?:\[(?P<six>[^\]]+)\]|(?P<host>[^:\[\]]+)):(?P<port>\d{1,5})")
_NAME = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?", re.IGNORECASE)
_WHAT = 'expected HOST:PORT such as "127.0.0.1:3002", "[::1]:3002", or "unix:/run/wad/http.sock"'
MAX_PORT = 65535


@dataclass(frozen=True, slots=True)
class TcpAddress:
    """A host (an IP address without brackets, or a name) and a port; port 0 lets the kernel choose."""

    host: str
    port: int

    @property
    def loopback(self) -> bool:
        """Tell whether only this machine can reach it. A name counts only if it is localhost."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class UnixAddress:
    """A Unix stream socket; the file's mode decides who may connect."""

    path: Path

    @property
    def loopback(self) -> bool:
        """No other machine reaches a Unix socket."""
        return True

    def __str__(self) -> str:
        return f"unix:{self.path}"


Address = TcpAddress | UnixAddress


def parse_address(text: str) -> Address:
    """Read ``HOST:PORT``, ``[IPV6]:PORT`` or ``unix:/path``; a `ValueError` says what is wrong."""
    if text.startswith("unix:"):
        return _unix(text.removeprefix("unix:"))
    match = _TCP.fullmatch(text)
    if match is None:
        raise ValueError(_WHAT)
    port = int(match["port"])
    if port > MAX_PORT:
        raise ValueError(f"a port is at most {MAX_PORT}")
    return TcpAddress(_host(match["six"], match["host"]), port)


def _unix(path: str) -> UnixAddress:
    if not path.startswith("/"):
        raise ValueError("after unix: an absolute path is expected")
    return UnixAddress(Path(path))


def _host(six: str | None, host: str | None) -> str:
    """Check the host; `six` is what stood in brackets."""
    if six is not None:
        return str(ipaddress.IPv6Address(six))
    if host == "*":
        raise ValueError('for every interface write "0.0.0.0:PORT" or "[::]:PORT"')
    if host is None or not _NAME.fullmatch(host):
        raise ValueError(_WHAT)
    if re.fullmatch(r"[\d.]+", host):
        return str(ipaddress.IPv4Address(host))
    return host.lower().rstrip(".")
