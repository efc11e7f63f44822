"""Hosts that are IP addresses: those of this machine are accepted, for no DNS can point them elsewhere.

Rules of this file:

* A page elsewhere can have its own name resolve to our address, but never the browser name our address in a
  Host header for it: whoever names the address means the machine.
* Only addresses that wad is reached at count. Where it listens on all, these are the machine's as they are at
  this moment: a VPN's comes and goes.
"""

import ipaddress
import re
import socket
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache

from tornado.httputil import HTTPServerRequest

from wad.config import Address, TcpAddress

IP = ipaddress.IPv4Address | ipaddress.IPv6Address

_LITERAL = re.compile(r"(?:\[(?P<six>[0-9a-fA-F.]*:[0-9a-fA-F:.]*)\]|(?P<four>[0-9.]+))(?::\d{1,5})?")


def literal(host: str) -> IP | None:
    """Read a Host header that is an IP address, with or without a port; None for all others."""
    match = _LITERAL.fullmatch(host)
    return read_ip(match["six"] or match["four"]) if match else None


# Each request's peer is looked at several times. Heads are short, so what is remembered is bounded, too.
@lru_cache(maxsize=64)
def read_ip(text: str) -> IP | None:
    """Read an address; an IPv4 one that came to an IPv6 socket is read as what it is, a zone is left out."""
    try:
        found = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return mapped or found


class Listening:
    """The addresses wad listens on, as far as they are TCP's."""

    def __init__(self, addresses: Iterable[Address] = ()) -> None:
        found = (read_ip(each.host) for each in addresses if isinstance(each, TcpAddress))
        self._addresses = {each for each in found if each is not None}

    def named(self, host: str, request: HTTPServerRequest) -> bool:
        """Tell whether `host` is the literal of an address at which this request could have come."""
        address = literal(host)
        if address is None or address.is_unspecified or address.is_multicast:
            return False
        # In this order: only the last asks the kernel for a descriptor, which may be scarce.
        return address == came_to(request) or address in self._addresses or self._of_machine(address)

    def _of_machine(self, address: IP) -> bool:
        return any(each.is_unspecified for each in self._addresses) and is_local(address)


def came_to(request: HTTPServerRequest) -> IP | None:
    """Give the address of ours that a request's connection was made to; None if it is gone, or no TCP."""
    stream = getattr(request.connection, "stream", None)
    listening = getattr(stream, "socket", None)
    if listening is None or listening.family == socket.AF_UNIX:
        return None
    with suppress(OSError):
        return read_ip(listening.getsockname()[0])
    return None


def is_local(address: IP) -> bool:
    """Tell whether an interface of this machine has the address: the kernel binds only those (ip(7))."""
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6  # noqa: PLR2004 - IP's own numbers
    with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
        probe.bind((str(address), 0))
        return True
    return False
