"""Pictures of people and groups: everybody has one, made of who it is, until it is changed or taken away."""

import asyncio

from wad.sandbox.groups import is_group
from wad.sandbox.mailbox import Mailbox
from wad.sandbox.people import Person
from wad.sandbox.samples import picture

# Pixels of a side, as the real ones have them: of the small one, and of the whole.
SIDES = {"preview": 96, "image": 640}
_FIRST = "1"
_NONE = ""


class Pictures:
    """What the servers know of them: a tag, which is another one with each picture."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    def tag(self, address: str) -> str | None:
        """Return the tag of somebody's picture; None where there is none."""
        return self._mailbox.mail.pictures.get(self._by_number(address), _FIRST) or None

    async def renew(self, address: str) -> str:
        """Give a new picture, and return its tag."""
        self._mailbox.mail.last_tag += 1
        tag = str(self._mailbox.mail.last_tag)
        await self._set(address, tag)
        return tag

    async def remove(self, address: str) -> None:
        """Take the picture away."""
        await self._set(address, _NONE)

    async def made(self, address: str, kind: str) -> bytes | None:
        """Return a picture as a PNG, the small one or the whole; None where there is none."""
        tag = self.tag(address)
        if tag is None or kind not in SIDES:
            return None
        return await asyncio.to_thread(picture, f"{self._by_number(address)} {tag}", SIDES[kind])

    async def _set(self, address: str, tag: str) -> None:
        self._mailbox.mail.pictures[self._by_number(address)] = tag
        await self._mailbox.save()

    def _by_number(self, address: str) -> str:
        """Return the one address of somebody who has two."""
        number = self._mailbox.mail.lids.get(address)
        return Person(number).pn if number and not is_group(address) else address
