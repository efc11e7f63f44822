"""Names resolved once, their addresses checked, and only what was checked connected to.

Rules of this file: an answer that changes between the check and the connection leads nowhere else, since the
addresses that were checked are those that are handed on. What is told of a failure is its kind.
"""

import asyncio
import ipaddress
import math
import socket
import ssl
from typing import Any, Final

from tornado.netutil import DefaultLoopResolver, Resolver

_ROUTED: Final = ipaddress.ip_network("2000::/3")


class ForbiddenAddressError(OSError):
    """A name leads to an address that wad may not reach for whoever asked."""


class CheckedResolver(Resolver):
    """Gives the addresses of a name, unless one of them is not for everybody and `private` is not set.

    `until` is the time of the loop's clock from which nobody waits for it any more.
    """

    def initialize(self, *, private: bool, inner: Resolver | None = None) -> None:
        """Take the settings, as Tornado's classes do."""
        self.until = math.inf
        self._private = private
        self._inner = inner or DefaultLoopResolver()

    async def resolve(
        self, host: str, port: int, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[tuple[int, Any]]:
        """Resolve. Raises ForbiddenAddressError, OSError."""
        try:
            found: list[tuple[int, Any]] = await self._inner.resolve(host, port, family)
        except OSError:
            # Tornado takes what is raised so late for a fault, and logs it.
            if asyncio.get_running_loop().time() >= self.until:
                return []
            raise
        if not self._private and not all(is_public(address[0]) for _, address in found):
            raise ForbiddenAddressError("the address is private")
        return found


def is_public(text: str) -> bool:
    """Tell whether an address is one of the internet's, by whichever way it is written."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        for inner in (address.ipv4_mapped, address.sixtofour, (address.teredo or (None, None))[1]):
            if inner is not None:
                return is_public(str(inner))
        # All that is routed is in here; what leads to IPv4 addresses by way of a translator is not.
        if address not in _ROUTED:
            return False
    return address.is_global and not address.is_multicast


def kind_of(error: BaseException | None) -> str:
    """Give why a server was not reached, in a word."""
    if isinstance(error, ForbiddenAddressError):
        return "private_address"
    if isinstance(error, ssl.SSLError):
        return "certificate"
    if isinstance(error, socket.gaierror):
        return "unknown_host"
    if isinstance(error, ConnectionRefusedError):
        return "refused"
    name = type(error).__name__
    return {"HTTPTimeoutError": "timeout", "HTTPStreamClosedError": "closed"}.get(name, name)
