"""The numbers, LIDs and ids by which people and messages are known.

Read in the builds of April 2026: a person is ``digits@c.us`` (PN) and ``digits@lid`` (LID), a message is
``fromMe_remote_id``, and its id is unique by itself.
"""

import hashlib
import re
import secrets
from typing import NamedTuple

from wad.sandbox.errors import PhoneRefusedError

_NUMBER = re.compile(r"\+?([0-9]{7,15})(?:@c\.us)?")


class Person(NamedTuple):
    """Somebody with a phone, by the digits of the number."""

    number: str

    @property
    def pn(self) -> str:
        """The identifier by number, such as ``4915112345678@c.us``."""
        return f"{self.number}@c.us"

    @property
    def lid(self) -> str:
        """The identifier that hides the number: 15 digits, for each number always the same ones."""
        digest = hashlib.sha256(self.number.encode("ascii")).digest()
        return f"{10**14 + int.from_bytes(digest[:8], 'big') % (9 * 10**14)}@lid"

    def address(self, *, migrated: bool) -> str:
        """Return the identifier by which an account knows the person: one that was migrated, by the LID."""
        return self.lid if migrated else self.pn


def person(number: str) -> Person:
    """Return who has this number: 7 to 15 digits, with or without "+"; `PhoneRefusedError` for others."""
    found = _NUMBER.fullmatch(number)
    if found is None:
        raise PhoneRefusedError("a number is + and 7 to 15 digits")
    return Person(found[1])


def new_id() -> str:
    """Return the id of a message written on a phone: 32 hexadecimal digits, as Android has them."""
    return secrets.token_hex(16).upper()


def bare_id(text: str) -> str:
    """Return a message's own id out of its serialized one, ``fromMe_remote_id``, or as it is."""
    parts = text.split("_")
    return parts[2] if len(parts) > 2 else text  # noqa: PLR2004 - the parts of a serialized id
