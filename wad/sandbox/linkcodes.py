"""Codes to type, on the servers' side: which page has asked for which, for whose number, until when."""

import asyncio
import re
from dataclasses import dataclass
from typing import Any

from wad.sandbox.connections import ChatConnection
from wad.sandbox.errors import PhoneRefusedError

# Read in the builds of April to September 2026.
LIFE_SECONDS = 180.0
_PHONE = re.compile(r"[0-9]{7,15}")
_CODE = re.compile(r"[0-9A-Z]{8}")
# The failures the servers answer with: a bad request, and too many of them.
BAD_REQUEST, TOO_MANY = 400, 429


@dataclass(frozen=True)
class LinkCode:
    """A code, and the keys of the page that made it."""

    code: str
    phone: str
    noise: str
    identity: str
    end: float

    def is_of(self, connection: ChatConnection) -> bool:
        """Whether that page made it, over whichever of its sockets."""
        return (self.noise, self.identity) == (connection.noise, connection.identity)


class LinkCodes:
    """Those that wait to be typed: one for each page, which outlives the page's socket."""

    def __init__(self) -> None:
        self._waiting: list[LinkCode] = []

    def ask(self, connection: ChatConnection, message: dict[str, Any], clock: float) -> int | None:
        """Take a page's code in the place of its last one; give the failure it is answered with, if any."""
        phone, code = str(message.get("phone")), str(message.get("code"))
        if not (_PHONE.fullmatch(phone) and _CODE.fullmatch(code)):
            return BAD_REQUEST
        self.keep(connection, None)
        end = asyncio.get_running_loop().time() + LIFE_SECONDS / clock
        self._waiting.append(LinkCode(code, phone, connection.noise, connection.identity, end))
        return None

    def keep(self, connection: ChatConnection, code: object) -> None:
        """Forget what the page does not hold any more: all but this one of its codes, and every dead one."""
        now = asyncio.get_running_loop().time()
        self._waiting = [
            each
            for each in self._waiting
            if each.end > now and (each.code == code or not each.is_of(connection))
        ]

    def typed(self, code: str, number: str | None) -> LinkCode:
        """Give what a code stands for that was typed on the phone of that number (None: the right one)."""
        typed = code.replace("-", "").replace(" ", "").upper()
        now = asyncio.get_running_loop().time()
        found = next((each for each in self._waiting if each.code == typed and each.end > now), None)
        if found is None:
            raise PhoneRefusedError("Couldn't link device: the code is unknown or has expired")
        if number not in {None, found.phone}:
            raise PhoneRefusedError("Couldn't link device: the code was asked for another number")
        return found
