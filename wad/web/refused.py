"""The log's lines of refused origins and hosts: once for each, with the setting that would let it in.

Rules of this file:

* Whoever refuses calls this; it refuses nobody itself.
* Anybody can send any Host and Origin, so what is told is bounded: in number, in length, and to what could be
  written into the setting.
"""

import re
from typing import Final

import structlog

log = structlog.get_logger(__name__)

# A site has a handful of origins and names; whoever sends hundreds looks for holes.
MOST: Final = 100
# The longest name of DNS with a scheme and a port (RFC 1035, 2.3.4).
_LONGEST: Final = 280
_ORIGIN: Final = re.compile(r"null|[a-z][a-z0-9+.-]*://[a-z0-9_.:\[\]-]+", re.IGNORECASE)
_HOST: Final = re.compile(r"[a-z0-9_.:\[\]-]+", re.IGNORECASE)


class Refused:
    """Remembers what was told, up to `most` origins and hosts together."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._told: set[str] = set()

    def forget(self) -> None:
        """Begin anew, as after a reload: what is still refused is told again."""
        self._told.clear()

    def origin(self, origin: str) -> None:
        """Tell that pages of `origin` may not ask, unless that was told."""
        if _plain(_ORIGIN, origin) and self._new(origin.lower()):
            log.warning("origin_refused", origin=origin, add_to="[http] allowed_origins")

    def host(self, host: str, accepted: tuple[str, ...]) -> None:
        """Tell that `host` is not served, while those in `accepted` are, unless that was told."""
        if _plain(_HOST, host) and self._new(host.lower()):
            log.warning("host_refused", host=host, add_to="[http] allowed_hosts", accepted=list(accepted))

    def _new(self, name: str) -> bool:
        if name in self._told or len(self._told) > self._most:
            return False
        self._told.add(name)
        if len(self._told) > self._most:
            log.warning("refusals_untold", most=self._most)
            return False
        return True


def _plain(shape: re.Pattern[str], text: str) -> bool:
    return len(text) <= _LONGEST and shape.fullmatch(text) is not None
