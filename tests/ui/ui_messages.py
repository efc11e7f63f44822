"""Messages for a link that tests lead: none comes by itself, and the chats are those that a test gives."""

import asyncio
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from wad.core.deadlines import Deadlines
from wad.core.errors import NoSuchMediaError, NotLinkedError, WadError
from wad.messages.media import GivenOut

Document = dict[str, Any]


class QuietJournal:
    """Obeys what followers need of `wad.messages.journal.Journal`."""

    newest = 0

    async def read(self, *_: Any) -> list[Any]:
        """Give no event."""
        return []

    async def wait(self, _: int, within: float) -> bool:
        """Wait, in vain."""
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.Event().wait(), within)
        return False


class QuietPeople:
    """Obeys what the page needs of `wad.messages.people.People`.

    `listed` are the chats, `said` each one's messages by its id, newest first; both are told in parts. `trouble`
    is raised instead, where there is some.
    """

    def __init__(self) -> None:
        self.listed: list[Document] = []
        self.said: dict[str, list[Document]] = {}
        self.trouble: WadError | None = None

    async def chats(self, after: str | None, limit: int) -> Document:
        """Give a part of the chats."""
        return self._part("chats", self.listed, after, limit)

    async def history(self, chat: str, before: str | None, limit: int) -> Document:
        """Give a part of a chat's messages."""
        return self._part("messages", self.said[chat], before, limit)

    def _part(self, name: str, whole: list[Document], cursor: str | None, limit: int) -> Document:
        if self.trouble is not None:
            raise self.trouble
        end = int(cursor or 0) + limit
        return {name: whole[int(cursor or 0) : end], "next": str(end) if end < len(whole) else None}


class QuietMedia:
    """Obeys what the page needs of `wad.messages.media.Media`: every file is `kept`, a picture, if that is there."""

    def __init__(self) -> None:
        self.kept: Path | None = None

    async def give(self, _sha256: str, _within: float) -> GivenOut:
        """Give it."""
        if self.kept is None:
            raise NoSuchMediaError("wad has no such file, and knows of no message with it")
        return GivenOut(self.kept, self.kept.stat().st_size, "image/webp", None)


class QuietMessages:
    """Obeys what the page needs of `wad.messages.service.Messages`."""

    def __init__(self) -> None:
        self.desk = SimpleNamespace(journal=QuietJournal(), deadlines=Deadlines())
        self.people = QuietPeople()
        self.media = QuietMedia()

    async def waiting(self) -> Document:
        """Give an empty outbox."""
        return {"depth": 0, "oldestSeconds": None, "messages": []}

    async def events(self, after: int, _limit: int, _kinds: object, wait: float) -> Document:
        """Give no event, as late as the caller lets."""
        await self.desk.journal.wait(after, wait)
        return {"events": [], "next": after, "oldest": None, "newest": 0}

    async def send(self, _: object) -> tuple[Document, bool]:
        """Refuse, as a daemon without a session does."""
        raise NotLinkedError("no account is linked: link one, then send again")
