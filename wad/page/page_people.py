"""Chats, contacts, groups and pictures in the real page: a part of `wad.messages.page.MessagePage`.

Rules of this file: as in `wad.page.page_messages`. What is not there is told by MessageRefusedError `absent`.
"""

import secrets
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any, Final

from wad.core.errors import BrowserError, MediaUnreachableError
from wad.core.message import Chat, Message
from wad.core.people import ChatSeen, Contact, GroupSeen, Part
from wad.page import people_reading

# WhatsApp's servers are asked, or a phone that is slow.
_ASKED_ELSEWHERE: Final = 20.0


class PagePeople(ABC):
    """Reads the page's lists."""

    @abstractmethod
    async def call(self, name: str, *values: object, within: float | None = None) -> Mapping[str, Any]:
        """Ask the page's part of messages."""

    @abstractmethod
    async def hand_over(self, token: str, take: Callable[[bytes], Awaitable[None]]) -> bool:
        """Hand a file that the page holds to `take`; False where it holds none."""

    async def chats(self, after: str | None, count: int) -> Part[ChatSeen]:
        """Give a part of the chats; see `MessagePage.chats`."""
        return people_reading.chats(await self.call("chats", people_reading.place_of(after), count))

    async def chat(self, chat: str) -> ChatSeen:
        """Give a chat; see `MessagePage.chat`."""
        return people_reading.chat(await self.call("chat", chat))

    async def history(self, chat: str, before: str | None, count: int) -> Part[Message]:
        """Give a part of a chat's messages; see `MessagePage.history`."""
        told = await self.call("history", chat, before, count, within=_ASKED_ELSEWHERE)
        return people_reading.messages(told)

    async def contacts(self, after: str | None, count: int, search: str) -> Part[Contact]:
        """Give a part of the contacts; see `MessagePage.contacts`."""
        place = people_reading.place_of(after)
        return people_reading.contacts(await self.call("contacts", place, count, search.lower()))

    async def check(self, number: str) -> Chat | None:
        """Ask whether a number is on WhatsApp; see `MessagePage.check`."""
        return people_reading.checked(await self.call("check", number, within=_ASKED_ELSEWHERE))

    async def group(self, chat: str) -> GroupSeen:
        """Give a group; see `MessagePage.group`."""
        return people_reading.group(await self.call("group", chat, within=_ASKED_ELSEWHERE))

    async def picture(self, chat: str, take: Callable[[bytes], Awaitable[None]]) -> None:
        """Fetch a chat's picture; see `MessagePage.picture`."""
        token = secrets.token_hex(8)
        told = await self.call("picture", chat, token, within=_ASKED_ELSEWHERE)
        if isinstance(told.get("unreachable"), str):
            raise MediaUnreachableError(str(told["unreachable"])[:50])
        try:
            if not await self.hand_over(token, take):
                raise MediaUnreachableError("lost")
        finally:
            with suppress(BrowserError):
                await self.call("drop", token)
