"""What is said of messages between the page and wad: frozen values, checked before they come here.

Rules of this file: texts, names and numbers are private. They are in no `repr`, no log and no exception.
An `id` is WhatsApp's own, as it writes it: ``true_15551234567@c.us_3EB0…`` (from me, chat, key, and in a
group the participant).
"""

from dataclasses import field
from enum import StrEnum, unique
from pathlib import Path
from typing import Final

from wad.core.values import dataclass

# WhatsApp's servers name people by number or by LID, and groups by a number of their own.
PERSON_PN: Final = "@c.us"
PERSON_LID: Final = "@lid"
GROUP: Final = "@g.us"


@unique
class ChatKind(StrEnum):
    """What kind of chat: with a person, a group, or anything else (a channel, a broadcast list)."""

    PERSON = "person"
    GROUP = "group"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat by all that is known of it; `pn` and `lid` are None where unknown, or it is no person.

    `id` is the one under which the page has it.
    """

    id: str = field(repr=False)
    pn: str | None = field(default=None, repr=False)
    lid: str | None = field(default=None, repr=False)
    name: str | None = field(default=None, repr=False)
    kind: ChatKind = ChatKind.PERSON


@unique
class MediaKind(StrEnum):
    """As what a file is sent; the page has a type of its own for each."""

    IMAGE = "image"
    VIDEO = "video"
    VOICE = "voice"
    AUDIO = "audio"
    DOCUMENT = "document"
    STICKER = "sticker"


# WhatsApp's types of messages, by what their files are.
TYPES_OF_MEDIA: Final[dict[MediaKind, str]] = {
    MediaKind.IMAGE: "image",
    MediaKind.VIDEO: "video",
    MediaKind.VOICE: "ptt",
    MediaKind.AUDIO: "audio",
    MediaKind.DOCUMENT: "document",
    MediaKind.STICKER: "sticker",
}


@dataclass(frozen=True, slots=True)
class MediaSeen:
    """A message's file, as the message tells of it: nothing of it has been fetched.

    `sha256` is that of its content, in hex; the page checks a file that it fetched by it. `size` in bytes,
    `seconds` as a player counts.
    """

    kind: MediaKind
    sha256: str | None = field(default=None, repr=False)
    mimetype: str | None = None
    filename: str | None = field(default=None, repr=False)
    size: int | None = None
    width: int | None = None
    height: int | None = None
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A location, in degrees."""

    latitude: float = field(repr=False)
    longitude: float = field(repr=False)
    name: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Poll:
    """A question with its answers, of which one or several can be chosen."""

    name: str = field(repr=False)
    options: tuple[str, ...] = field(repr=False)
    multiple: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """A message as the page has it. `timestamp` is in whole seconds since 1970, WhatsApp's own.

    `album` is the whole id of the album's message, for one that lies in one. `row` is its number in the
    page's store where a scan found it; `edit` the key of its latest edit;
    `revoked` that it was taken back for everyone. `author` is who wrote it in a group.
    """

    id: str = field(repr=False)
    chat: Chat
    sender: str = field(repr=False)
    from_me: bool
    type: str
    text: str | None = field(repr=False)
    timestamp: int
    ack: int = 0
    author: str | None = field(default=None, repr=False)
    reply_to: str | None = field(default=None, repr=False)
    mentions: tuple[str, ...] = field(default=(), repr=False)
    forwarded: bool = False
    edit: str | None = field(default=None, repr=False)
    revoked: bool = False
    name: str | None = field(default=None, repr=False)
    row: int | None = None
    media: MediaSeen | None = None
    place: Place | None = None
    vcards: tuple[str, ...] = field(default=(), repr=False)
    poll: Poll | None = None
    album: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class AckSeen:
    """A message of one's own: with the server (1), the recipient (2), read (3), played (4); below 0 never."""

    id: str = field(repr=False)
    ack: int


@dataclass(frozen=True, slots=True)
class Edited:
    """A message has another text now; `edit` is the key of the edit, the same for one edit for ever."""

    id: str = field(repr=False)
    edit: str = field(repr=False)
    text: str | None = field(repr=False)
    chat: Chat
    from_me: bool


@dataclass(frozen=True, slots=True)
class Revoked:
    """A message was taken back for everyone. `id` is its own, not the one of what revoked it."""

    id: str = field(repr=False)
    chat: Chat
    from_me: bool


@dataclass(frozen=True, slots=True)
class Reacted:
    """Somebody reacted to a message; an empty text takes the reaction back. `timestamp`: ms since 1970."""

    id: str = field(repr=False)
    author: str = field(repr=False)
    text: str = field(repr=False)
    timestamp: int
    from_me: bool


@dataclass(frozen=True, slots=True)
class Voted:
    """Somebody chose among a poll's options, by their texts; none takes it back. `timestamp` in ms."""

    id: str = field(repr=False)
    author: str = field(repr=False)
    options: tuple[str, ...] = field(repr=False)
    timestamp: int
    from_me: bool


@dataclass(frozen=True, slots=True)
class GroupChanged:
    """A group has changed; `action` is WhatsApp's word for how: ``add``, ``remove``, ``subject`` and others.

    `people` are those whom it is about, `text` the new subject or description. `timestamp` in seconds.
    """

    id: str = field(repr=False)
    chat: Chat
    action: str
    author: str | None = field(repr=False)
    people: tuple[str, ...] = field(repr=False)
    text: str | None = field(repr=False)
    timestamp: int


@dataclass(frozen=True, slots=True)
class SendEnded:
    """What came of a message the page was asked to send, or send on, by its key.

    `blocked`: the account has blocked the contact; `code` is the number with which WhatsApp's server refused.
    A network error is none: the page keeps the message.
    """

    key: str
    sent: bool
    blocked: bool = False
    code: int | None = None


Item = Message | AckSeen | Edited | Revoked | Reacted | Voted | GroupChanged | SendEnded


@dataclass(frozen=True, slots=True)
class Batch:
    """What the page's queue gave. `document` names the window; `upto` is the number of the last item given.

    `settled`: what waited at WhatsApp's servers while nobody was there is in the page's store;
    `overflowed`: items were dropped since the last batch, and a scan must find them.
    """

    document: str
    items: tuple[Item, ...]
    upto: int
    settled: bool
    overflowed: bool = False


@dataclass(frozen=True, slots=True)
class Rows:
    """What a scan of the page's store gave: `last` is the highest row looked at, `more` that there are more.

    `newest` is the highest row of the whole store, 0 where it is empty.
    """

    items: tuple[Item, ...]
    last: int
    newest: int
    more: bool


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a message goes to, as the page found out; `warm`: the two have written to each other before.

    `participant` is who the account is there, if it is a group: what its messages' ids have behind the key.
    """

    chat: Chat
    warm: bool
    participant: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Order:
    """What the page is to send under `key`, to the chat it knows as `chat`.

    `uploaded`: the file that was uploaded under the same key, with the text as its caption; else a place,
    contacts or a poll, where there is one, or the text.
    """

    key: str
    chat: str = field(repr=False)
    text: str = field(repr=False)
    reply_to: str | None = field(default=None, repr=False)
    mentions: tuple[str, ...] = field(default=(), repr=False)
    link_preview: bool = True
    uploaded: bool = False
    place: Place | None = None
    vcards: tuple[str, ...] = field(default=(), repr=False)
    poll: Poll | None = None


@dataclass(frozen=True, slots=True)
class FileToSend:
    """A file for the page to take up; `path` is one that the browser may read."""

    path: Path = field(repr=False)
    kind: MediaKind
    mimetype: str
    filename: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Kept:
    """One's own message in the page's store; `id` is the whole one, `ack` as in `AckSeen`, 0 not sent yet.

    `pending`: for how many seconds this very document has been trying to send it; None where it does not.
    """

    id: str = field(repr=False)
    ack: int
    pending: float | None = None


# Rows of the page's store that came as news, and not with a chat's history, have numbers above this (read in
# the modules of April 2026).
FIRST_NEW_ROW: Final = 1_000_000_000


def key_of(message_id: str) -> str:
    """Give the key in a message's whole id; of a bare key the key itself."""
    parts = message_id.split("_")
    return parts[2] if len(parts) > 2 and parts[0] in {"true", "false"} else message_id  # noqa: PLR2004 - id's form


def chat_of(message_id: str) -> str | None:
    """Give the chat in a message's whole id; None for anything else."""
    parts = message_id.split("_")
    return parts[1] if len(parts) > 2 and parts[0] in {"true", "false"} else None  # noqa: PLR2004 - id's form


def whole_id(chat: str, key: str, participant: str | None = None) -> str:
    """Give the whole id of a message of one's own."""
    return "_".join(["true", chat, key, *([participant] if participant is not None else [])])


def participant_of(message_id: str) -> str | None:
    """Give who wrote a group's message, out of its whole id; None for anything else."""
    parts = message_id.split("_")
    return parts[3] if len(parts) > 3 and parts[1].endswith(GROUP) else None  # noqa: PLR2004 - id's form
