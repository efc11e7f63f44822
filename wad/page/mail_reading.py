"""What the page tells of messages, turned into values: checked, since the page is not ours.

Rules of this file: one odd item ends nothing. It is left out, and counted by its kind; what it says is in no
log and no exception.
"""

from base64 import b64decode
from collections.abc import Callable, Mapping
from typing import Any, Final

import structlog

from wad.core.errors import PageError
from wad.core.message import (
    AckSeen,
    Batch,
    Chat,
    ChatKind,
    Edited,
    GroupChanged,
    Item,
    Kept,
    MediaKind,
    MediaSeen,
    Message,
    Place,
    Poll,
    Reacted,
    Recipient,
    Revoked,
    Rows,
    SendEnded,
    Voted,
)
from wad.media.kinds import plain
from wad.media.names import clean_name

log = structlog.get_logger(__name__)

# Longer than any text of WhatsApp's, which has 65,536 characters at the most.
_LONGEST_TEXT: Final = 200_000
_LONGEST_NAME: Final = 500
_MOST_MENTIONS: Final = 2000
_FIRST_ACK, _LAST_ACK = -7, 5
_SHA256_BYTES: Final = 32


class OddError(Exception):
    """An item is not as it should be."""


def batch(told: Any) -> Batch:
    """Give what the queue gave. Raises PageError for an answer that is none."""
    answer = mapping(told)
    document, upto = answer.get("document"), count(answer.get("upto"))
    if not isinstance(document, str) or upto is None:
        raise PageError("the page's queue of messages is none")
    return Batch(
        document,
        _items(answer.get("items")),
        upto,
        settled=answer.get("settled") is True,
        overflowed=answer.get("overflowed") is True,
    )


def rows(told: Any) -> Rows:
    """Give what a scan gave. Raises PageError for an answer that is none."""
    answer = mapping(told)
    last, newest = count(answer.get("last")), count(answer.get("newest"))
    if last is None or newest is None:
        raise PageError("the page's scan of its messages is none")
    return Rows(_items(answer.get("items")), last, newest, answer.get("more") is True)


def recipient(told: Any) -> Recipient:
    """Give whom a message goes to. Raises PageError for an answer that is none."""
    answer = mapping(told)
    try:
        participant = or_none(answer.get("participant"), _LONGEST_NAME)
        return Recipient(read_chat(answer.get("chat")), answer.get("warm") is True, participant)
    except OddError as error:
        raise PageError("the page's chat is none") from error


def kept(told: Any) -> dict[str, Kept]:
    """Give what the page's store has, by the ids that were asked for. Raises PageError."""
    answer = mapping(mapping(told).get("kept"))
    found = {}
    for ref, each in answer.items():
        if not isinstance(each, Mapping) or not _is_ack(each.get("ack")):
            raise PageError("the page's store of messages is none")
        pending = each.get("pending")
        seconds = max(float(pending), 0.0) if isinstance(pending, int | float) else None
        found[str(ref)] = Kept(str(each.get("id")), int(each["ack"]), seconds)
    return found


def mapping(told: Any) -> Mapping[str, Any]:
    """Give an answer. Raises PageError for one that is no object."""
    if not isinstance(told, Mapping):
        raise PageError("the page's answer about messages is no object")
    return told


def _items(told: Any) -> tuple[Item, ...]:
    found: list[Item] = []
    for each in told if isinstance(told, list) else ():
        kind = each.get("kind") if isinstance(each, Mapping) else None
        try:
            found.append(_PARSERS[str(kind)](each))
        except (OddError, KeyError, TypeError, ValueError, OverflowError):
            log.warning("page_item_unreadable", kind=kind if kind in _PARSERS else None)
    return tuple(found)


def message(told: Mapping[str, Any]) -> Message:
    """Give a message. Raises OddError, KeyError, TypeError, ValueError."""
    return Message(
        id=_text(told["id"], _LONGEST_NAME),
        chat=read_chat(told["chat"]),
        sender=_text(told["sender"], _LONGEST_NAME),
        from_me=flag(told["fromMe"]),
        type=_text(told["type"], _LONGEST_NAME),
        text=or_none(told.get("text"), _LONGEST_TEXT),
        timestamp=int(told["timestamp"]),
        ack=_ack(told["ack"]),
        author=or_none(told.get("author"), _LONGEST_NAME),
        reply_to=or_none(told.get("replyTo"), _LONGEST_NAME),
        mentions=tuple(_text(each, _LONGEST_NAME) for each in (told.get("mentions") or ())[:_MOST_MENTIONS]),
        forwarded=told.get("forwarded") is True,
        edit=or_none(told.get("edit"), _LONGEST_NAME),
        name=or_none(told.get("name"), _LONGEST_NAME),
        row=int(told["row"]) if told.get("row") is not None else None,
        media=_media(told.get("media")),
        place=_place(told.get("place")),
        vcards=tuple(_text(each, _LONGEST_TEXT) for each in (told.get("vcards") or ())[:_MOST_MENTIONS]),
        poll=_poll(told.get("poll")),
        album=or_none(told.get("album"), _LONGEST_NAME),
    )


def _media(told: Any) -> MediaSeen | None:
    """Give a message's file; what the page says of it that is odd is left out, and the message is told."""
    if not isinstance(told, Mapping) or told.get("kind") not in set(MediaKind):
        return None
    seconds = count(told.get("seconds"))
    return MediaSeen(
        MediaKind(told["kind"]),
        _digest(told.get("filehash")),
        plain(or_none(told.get("mimetype"), _LONGEST_NAME)),
        clean_name(told.get("filename")),
        count(told.get("size")),
        count(told.get("width")),
        count(told.get("height")),
        float(seconds) if seconds is not None else None,
    )


def _digest(told: Any) -> str | None:
    """Give a SHA-256 in hex, which the page has in base64."""
    try:
        digest = b64decode(told, validate=True) if isinstance(told, str) else b""
    except ValueError:
        return None
    return digest.hex() if len(digest) == _SHA256_BYTES else None


def _place(told: Any) -> Place | None:
    match told:
        case [int() | float() as latitude, int() | float() as longitude, name]:
            return Place(float(latitude), float(longitude), or_none(name, _LONGEST_TEXT))
    return None


def _poll(told: Any) -> Poll | None:
    match told:
        case [str() as name, list() as options, bool() as multiple]:
            texts = tuple(_text(each, _LONGEST_TEXT, empty=True) for each in options[:_MOST_MENTIONS])
            return Poll(_text(name, _LONGEST_TEXT, empty=True), texts, multiple)
    return None


def read_chat(told: Any) -> Chat:
    """Give a chat by all its names. Raises OddError."""
    if not isinstance(told, Mapping):
        raise OddError
    return Chat(
        _text(told.get("id"), _LONGEST_NAME),
        or_none(told.get("pn"), _LONGEST_NAME),
        or_none(told.get("lid"), _LONGEST_NAME),
        or_none(told.get("name"), _LONGEST_NAME),
        ChatKind(str(told.get("kind"))) if told.get("kind") in set(ChatKind) else ChatKind.OTHER,
    )


def _edited(told: Mapping[str, Any]) -> Edited:
    return Edited(
        _text(told["id"], _LONGEST_NAME),
        _text(told["edit"], _LONGEST_NAME),
        or_none(told.get("text"), _LONGEST_TEXT),
        read_chat(told["chat"]),
        from_me=flag(told["fromMe"]),
    )


def _revoked(told: Mapping[str, Any]) -> Revoked:
    return Revoked(_text(told["id"], _LONGEST_NAME), read_chat(told["chat"]), from_me=flag(told["fromMe"]))


def _reacted(told: Mapping[str, Any]) -> Reacted:
    return Reacted(
        _text(told["id"], _LONGEST_NAME),
        _text(told["author"], _LONGEST_NAME),
        _text(told["text"], _LONGEST_NAME, empty=True),
        int(told["timestamp"]),
        from_me=flag(told["fromMe"]),
    )


def _ended(told: Mapping[str, Any]) -> SendEnded:
    code = told.get("code")
    return SendEnded(
        _text(told["key"], _LONGEST_NAME),
        sent=flag(told["sent"]),
        blocked=told.get("blocked") is True,
        code=int(code) if isinstance(code, int | float) else None,
    )


def _voted(told: Mapping[str, Any]) -> Voted:
    return Voted(
        _text(told["id"], _LONGEST_NAME),
        _text(told["author"], _LONGEST_NAME),
        tuple(_text(each, _LONGEST_TEXT, empty=True) for each in told["options"][:_MOST_MENTIONS]),
        int(told["timestamp"]),
        from_me=flag(told["fromMe"]),
    )


def _group(told: Mapping[str, Any]) -> GroupChanged:
    return GroupChanged(
        _text(told["id"], _LONGEST_NAME),
        read_chat(told["chat"]),
        _text(told["action"], _LONGEST_NAME),
        or_none(told.get("author"), _LONGEST_NAME),
        tuple(_text(each, _LONGEST_NAME) for each in (told.get("people") or ())[:_MOST_MENTIONS]),
        or_none(told.get("text"), _LONGEST_TEXT),
        int(told["timestamp"]),
    )


_PARSERS: Final[Mapping[str, Callable[[Mapping[str, Any]], Item]]] = {
    "message": message,
    "ack": lambda told: AckSeen(_text(told["id"], _LONGEST_NAME), _ack(told["ack"])),
    "edited": _edited,
    "revoked": _revoked,
    "reacted": _reacted,
    "ended": _ended,
    "voted": _voted,
    "group": _group,
}


def _text(value: Any, most: int, *, empty: bool = False) -> str:
    if not isinstance(value, str) or not (value or empty) or len(value) > most:
        raise OddError
    # Half a character has no bytes, and nothing that is written down could hold it.
    return value.encode("utf-8", "replace").decode("utf-8")


def or_none(value: Any, most: int) -> str | None:
    """Give a text, or None. Raises OddError for what is neither, or longer than `most`."""
    return None if value is None else _text(value, most, empty=True)


def flag(value: Any) -> bool:
    """Give a truth. Raises OddError."""
    if not isinstance(value, bool):
        raise OddError
    return value


def count(value: Any) -> int | None:
    """Give a whole number that is not negative; None for anything else."""
    fine = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 2**53
    return int(value) if fine else None


def _is_ack(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and _FIRST_ACK <= value <= _LAST_ACK


def _ack(value: Any) -> int:
    if not _is_ack(value):
        raise OddError
    return int(value)
