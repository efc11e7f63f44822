"""What the page tells of chats, contacts and groups, turned into values: checked, since the page is not ours.

Rules of this file: as in `wad.page.mail_reading`, of a list one odd item ends nothing; it is left out.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar

import structlog

from wad.core.errors import MessageError, PageError
from wad.core.message import Chat, Message
from wad.core.people import ChatSeen, Contact, GroupSeen, Member, Part
from wad.page.mail_reading import OddError, count, flag, mapping, message, or_none, read_chat

log = structlog.get_logger(__name__)

T = TypeVar("T")

_LONGEST: Final = 500
_LONGEST_DESCRIPTION: Final = 10_000
_MOST_MEMBERS: Final = 5000
# A place in a list's order: two values, which the page made itself.
_PLACE: Final = 2


def chats(told: Any) -> Part[ChatSeen]:
    """Give a part of the list of chats. Raises PageError."""
    return _part(told, _chat_seen, place)


def messages(told: Any) -> Part[Message]:
    """Give a part of a chat's messages, newest first. Raises PageError."""
    return _part(told, message, str)


def contacts(told: Any) -> Part[Contact]:
    """Give a part of the contacts. Raises PageError."""
    return _part(told, _contact, place)


def chat(told: Any) -> ChatSeen:
    """Give a chat. Raises PageError."""
    return _one(told, _chat_seen)


def checked(told: Any) -> Chat | None:
    """Give the chat of a number that is on WhatsApp; None of one that is not. Raises PageError."""
    answer = mapping(told)
    if answer.get("exists") is False:
        return None
    return _one(answer.get("chat"), read_chat)


def group(told: Any) -> GroupSeen:
    """Give a group. Raises PageError."""
    return _one(told, _group)


def place(told: Any) -> str:
    """Give a place in a list's order as one word for the outside."""
    return json.dumps(told, separators=(",", ":"))


def place_of(word: str | None) -> list[Any] | None:
    """Give the place that a word stands for. Raises MessageError for one that is not ours."""
    if not word:
        return None
    try:
        found = json.loads(word)
    except (ValueError, RecursionError):
        found = None
    fine = isinstance(found, list) and len(found) == _PLACE and isinstance(found[1], str)
    if not fine or not isinstance(found[0], str | int | float):
        raise MessageError("after must be what an answer before has as next")
    return [found[0], found[1]]


def _part(told: Any, read: Callable[[Any], T], following: Callable[[Any], str]) -> Part[T]:
    answer = mapping(told)
    items: list[T] = []
    given = answer.get("items")
    for each in given if isinstance(given, list) else ():
        try:
            items.append(read(each))
        except (OddError, KeyError, TypeError, ValueError, OverflowError):
            log.warning("page_item_unreadable", kind=read.__name__.strip("_"))
    last = answer.get("following")
    return Part(tuple(items), following(last) if last is not None else None)


def _one(told: Any, read: Callable[[Any], T]) -> T:
    try:
        return read(told)
    except (OddError, KeyError, TypeError, ValueError, OverflowError) as error:
        raise PageError("the page's answer about a chat is none") from error


def _chat_seen(told: Mapping[str, Any]) -> ChatSeen:
    last, muted = told.get("last"), told.get("mutedUntil")
    return ChatSeen(
        read_chat(told["chat"]),
        int(told["unread"]),
        count(told.get("timestamp")),
        archived=flag(told["archived"]),
        pinned=flag(told["pinned"]),
        muted_until=int(muted) if isinstance(muted, int | float) else 0,
        last=message(last) if last is not None else None,
    )


def _contact(told: Mapping[str, Any]) -> Contact:
    return Contact(
        read_chat(told["chat"]),
        or_none(told.get("pushname"), _LONGEST),
        or_none(told.get("shortName"), _LONGEST),
        is_mine=flag(told["isMine"]),
        is_business=flag(told["isBusiness"]),
        is_blocked=flag(told["isBlocked"]),
    )


def _group(told: Mapping[str, Any]) -> GroupSeen:
    members = tuple(
        Member(read_chat(each["chat"]), flag(each["isAdmin"]), flag(each["isOwner"]))
        for each in told["members"][:_MOST_MEMBERS]
    )
    return GroupSeen(
        read_chat(told["chat"]),
        members,
        count(told.get("created")),
        or_none(told.get("owner"), _LONGEST),
        or_none(told.get("description"), _LONGEST_DESCRIPTION),
        closed=flag(told["closed"]),
    )
