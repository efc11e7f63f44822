"""Codes to type, on the servers' side: which page has asked for which, and for whose number.

Rules of this file: the servers give nothing up. A later question takes an earlier one's place for its own
number only, whatever the page has done since, and no code ends here by the clock. All that is the page's to
judge when the phone's hello reaches it (read in the builds of April to September 2026).
"""

import re
from typing import Any

from wad.core.values import dataclass
from wad.sandbox.connections import ChatConnection
from wad.sandbox.errors import PhoneRefusedError

_PHONE = re.compile(r"[0-9]{7,15}")
# The failures the servers answer with: a bad request, and too many of them.
BAD_REQUEST, TOO_MANY = 400, 429
# More than anybody asks for: of more than that the oldest are forgotten.
_MOST = 64


@dataclass(frozen=True)
class LinkCode:
    """A code, the ref by which the phone's hello names it, and the keys of the page that made it."""

    ref: str
    code: str
    phone: str
    noise: str
    identity: str

    def is_of(self, connection: ChatConnection) -> bool:
        """Whether that page made it, over whichever of its sockets."""
        return (self.noise, self.identity) == (connection.noise, connection.identity)


class LinkCodes:
    """The newest code asked for by each number, and the answers that are kept back."""

    def __init__(self) -> None:
        self._newest: dict[str, LinkCode] = {}
        self._kept: list[tuple[ChatConnection, dict[str, Any]]] = []

    def ask(self, connection: ChatConnection, message: dict[str, Any], ref: str) -> int | None:
        """Take a page's code under that ref; give the failure it is answered with, if any."""
        phone = str(message.get("phone"))
        if connection.device is not None or not _PHONE.fullmatch(phone):
            return BAD_REQUEST
        self._newest.pop(phone, None)
        code = str(message.get("code"))
        self._newest[phone] = LinkCode(ref, code, phone, connection.noise, connection.identity)
        if len(self._newest) > _MOST:
            del self._newest[next(iter(self._newest))]
        return None

    def keep_back(self, connection: ChatConnection, answer: dict[str, Any]) -> None:
        """Hold an answer until `late`."""
        self._kept = [*self._kept, (connection, answer)][-_MOST:]

    def late(self) -> int:
        """Send the answers that were held, in their order; a socket that is gone loses its own. How many."""
        kept, self._kept = self._kept, []
        for connection, answer in kept:
            connection.wire.tell(answer)
        return len(kept)

    def typed(self, code: str, number: str | None) -> LinkCode:
        """Give what the phone's hello is for; `PhoneRefusedError` where its number asked for nothing.

        The servers do not know the codes: of a wrong one the page hears, too. Without a number the phone is
        the one whose code it is, else the one that asked last.
        """
        asked = list(self._newest.values())
        right = next((each for each in asked if each.code == code), None)
        found = self._newest.get(number) if number is not None else right or (asked[-1] if asked else None)
        if found is not None:
            return found
        if right is not None:
            raise PhoneRefusedError("Couldn't link device: the code was asked for another number")
        raise PhoneRefusedError("Couldn't link device: the code is unknown")

    def forget(self, code: LinkCode) -> None:
        """Forget the one that has linked its page."""
        self._newest.pop(code.phone, None)


def as_typed(code: str) -> str:
    """Return the letters of a code as people write it: with a dash, with spaces, in small letters."""
    return code.replace("-", "").replace(" ", "").upper()
