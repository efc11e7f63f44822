"""Chats, contacts, groups and pictures, as the page has them now: nothing of it is kept by wad.

Rules of this file: it asks, and changes nothing. Lists are told in parts, with where the next one begins.
"""

from collections.abc import Awaitable, Callable, Collection, Sequence
from sqlite3 import Connection
from typing import Final, TypeVar

from wad.core.errors import (
    MessageRefusedError,
    NoPictureError,
    NoSuchChatError,
    NotLinkedError,
    NotReadyError,
    RecipientError,
)
from wad.core.message import GROUP, PERSON_PN, Chat, Message, key_of
from wad.core.people import ChatSeen, Contact, GroupSeen
from wad.core.recipient import recipient
from wad.messages.desk import Desk
from wad.messages.documents import Document, chat_document, message_document
from wad.store import addresses, media, outbox
from wad.store.media import NOT_BY_ITSELF

T = TypeVar("T")

_ABSENT: Final = "absent"


class People:
    """Whom the account knows."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def chats(self, after: str | None, limit: int) -> Document:
        """Give a part of the chats. Raises MessageError, NotLinkedError, NotReadyError, BrowserError."""
        found = await self._ask(lambda: self._desk.page.chats(after, limit))
        ours = await self._note([each.last for each in found.items if each.last is not None])
        return {"chats": [chat_listed(each, ours) for each in found.items], "next": found.following}

    async def chat(self, chat: str) -> Document:
        """Give a chat. Raises RecipientError, NoSuchChatError, and as `chats`."""
        to = recipient(chat)
        found = await self._ask(lambda: self._desk.page.chat(to))
        return chat_listed(found, await self._note([found.last] if found.last is not None else []))

    async def history(self, chat: str, before: str | None, limit: int) -> Document:
        """Give some of a chat's messages, newest first. Raises as `chat`."""
        to = recipient(chat)
        found = await self._ask(lambda: self._desk.page.history(to, before, limit))
        ours = await self._note(found.items)
        return {"messages": [_message(each, ours) for each in found.items], "next": found.following}

    async def contacts(self, after: str | None, limit: int, search: str) -> Document:
        """Give some of the contacts. Raises as `chats`."""
        found = await self._ask(lambda: self._desk.page.contacts(after, limit, search))
        return {"contacts": [contact_document(each) for each in found.items], "next": found.following}

    async def check(self, phone: object) -> Document:
        """Tell whether a number is on WhatsApp. Raises RecipientError, and as `chats`."""
        number = recipient(phone)
        if not number.endswith(PERSON_PN):
            raise RecipientError("phone must be a number with its country code: +15551234567")
        found = await self._ask(lambda: self._desk.page.check(number))
        if found is not None and found.pn is not None and found.lid is not None:
            pn, lid = found.pn, found.lid
            await self._desk.read(lambda connection: addresses.learn(connection, pn, lid))
        return {"exists": found is not None, "chat": chat_document(found) if found is not None else None}

    async def group(self, chat: str) -> Document:
        """Give a group. Raises RecipientError, NoSuchChatError, and as `chats`."""
        to = recipient(chat)
        if not to.endswith(GROUP):
            raise RecipientError("a group's id ends in @g.us")
        return group_document(await self._ask(lambda: self._desk.page.group(to)))

    async def picture(self, chat: str, take: Callable[[bytes], Awaitable[None]]) -> None:
        """Hand a chat's picture to `take`. Raises NoPictureError, MediaUnreachableError, and as `chats`."""
        to = recipient(chat)
        try:
            await self._ask(lambda: self._desk.page.picture(to, take))
        except NoSuchChatError as error:
            raise NoPictureError("there is no picture, or this account may not see it") from error

    async def _ask(self, question: Callable[[], Awaitable[T]]) -> T:
        if not self._desk.linked:
            raise NotLinkedError("no account is linked: link one first")
        if not self._desk.ready:
            raise NotReadyError("the link is not ready: try again when it is")
        try:
            return await question()
        except MessageRefusedError as error:
            if error.failure == _ABSENT:
                raise NoSuchChatError("the account has no such chat, or no such message in it") from error
            raise

    async def _note(self, messages: Sequence[Message]) -> Collection[str]:
        """Take note of files that can be had when somebody asks; gives the ids of wad's own messages."""
        now = self._desk.now()

        def work(connection: Connection) -> set[str]:
            for each in messages:
                if each.media is not None and not each.revoked:
                    media.noted(connection, each.media, each.id, now, NOT_BY_ITSELF)
            own = (each.id for each in messages if each.from_me)
            return {ref for ref in own if outbox.by_key(connection, key_of(ref)) is not None}

        return await self._desk.read(work)


def _message(message: Message, ours: Collection[str]) -> Document:
    own = "wad" if message.id in ours else "phone"
    return message_document(message, source=own if message.from_me else "other")


def chat_listed(seen: ChatSeen, ours: Collection[str] = ()) -> Document:
    """Give a chat as the phone lists it; `ours` are the ids of messages that wad has sent."""
    last = seen.last
    return {
        **chat_document(seen.chat),
        "unread": max(0, seen.unread),
        "markedUnread": seen.unread < 0,
        "timestamp": seen.timestamp,
        "archived": seen.archived,
        "pinned": seen.pinned,
        "muted": seen.muted_until != 0,
        "mutedUntil": seen.muted_until if seen.muted_until > 0 else None,
        "lastMessage": _message(last, ours) if last is not None else None,
    }


def contact_document(contact: Contact) -> Document:
    """Give a contact."""
    return {
        **_names(contact.chat),
        "pushname": contact.pushname,
        "shortName": contact.short_name,
        "isMyContact": contact.is_mine,
        "isBusiness": contact.is_business,
        "isBlocked": contact.is_blocked,
    }


def group_document(group: GroupSeen) -> Document:
    """Give a group with who is in it."""
    return {
        **chat_document(group.chat),
        "owner": group.owner,
        "created": group.created,
        "description": group.description,
        "announce": group.closed,
        "participants": [
            {**_names(each.chat), "isAdmin": each.is_admin, "isOwner": each.is_owner}
            for each in group.members
        ],
    }


def _names(chat: Chat) -> Document:
    return {"id": chat.id, "pn": chat.pn, "lid": chat.lid, "name": chat.name}
