"""What the page tells of chats, contacts and groups: frozen values, checked before they come here.

Rules of this file: as in `wad.core.message`, names, numbers and texts are in no `repr`, no log, no exception.
"""

from dataclasses import field
from typing import Generic, TypeVar

from wad.core.message import Chat, Message
from wad.core.values import dataclass

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ChatSeen:
    """A chat as the page's list has it. Times are in whole seconds since 1970.

    `unread` is how many messages nobody has read, -1 where somebody marked the chat as unread by hand;
    `muted_until` is -1 for one that is muted for ever, 0 for one that is not.
    """

    chat: Chat
    unread: int
    timestamp: int | None
    archived: bool = False
    pinned: bool = False
    muted_until: int = 0
    last: Message | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody the account knows: by the names in its phone's book, and by what they call themselves."""

    chat: Chat
    pushname: str | None = field(default=None, repr=False)
    short_name: str | None = field(default=None, repr=False)
    is_mine: bool = False
    is_business: bool = False
    is_blocked: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in a group."""

    chat: Chat
    is_admin: bool = False
    is_owner: bool = False


@dataclass(frozen=True, slots=True)
class GroupSeen:
    """A group. `created` is in whole seconds since 1970; `closed`: its admins alone may write."""

    chat: Chat
    members: tuple[Member, ...]
    created: int | None = None
    owner: str | None = field(default=None, repr=False)
    description: str | None = field(default=None, repr=False)
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Part(Generic[T]):
    """Some of a list, in its order; `following` is what to ask for the next ones with, None at the end."""

    items: tuple[T, ...]
    following: str | None
