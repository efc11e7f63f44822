"""What becomes an event, and when: each function is one transaction, or part of one.

Rules of this file:

* What happened once is one event, however often the page tells it: each has a name of its own, and the event
  log's unique index is the only judge.
* A message of the outbox changes its state in `apply` alone, to what `wad.core.sending.step` gave.
"""

import sqlite3
from collections.abc import Iterable
from typing import Final

from wad.core.failures import Failure
from wad.core.message import (
    AckSeen,
    Chat,
    Edited,
    GroupChanged,
    Item,
    Message,
    Reacted,
    Revoked,
    SendEnded,
    Voted,
    chat_of,
    key_of,
)
from wad.core.pacing import DAY
from wad.core.sending import FINAL, Acked, Nacked, News, Progress, Refused, Sending, Step, step
from wad.core.values import dataclass
from wad.messages.documents import (
    ack_state,
    address_document,
    chat_document,
    error_document,
    message_document,
    row_document,
    row_id,
)
from wad.store import addresses, cursors, media, outbox, people
from wad.store.event_log import append
from wad.store.media import NOT_BY_ITSELF
from wad.store.outbox import Row

# The cursor with the time, in whole seconds since 1970, until which strangers are not written to. WhatsApp
# may name an end; the page tells of none, so it is a day.
LOCK: Final = "cold_locked_until"


@dataclass(frozen=True, slots=True)
class Applied:
    """What a piece of news led to: the message before, its state after, and what is to be done."""

    row: Row
    before: Sending
    step: Step


def apply(
    connection: sqlite3.Connection, key: str, news: News, now: float, own: str | None = None
) -> Applied | None:
    """Take a piece of news of a message of the outbox; None where there is no message with that key."""
    row = outbox.by_key(connection, key)
    if row is None:
        return None
    before = row.sending
    following = step(before, news)
    if following.after != before:
        outbox.record(connection, row.position, following.after, now)
        row = outbox.by_key(connection, key) or row
        _tell(connection, row, before, now, own)
    return Applied(row, before, following)


def _tell(connection: sqlite3.Connection, row: Row, before: Sending, now: float, own: str | None) -> None:
    after = row.sending
    if after.ack > before.ack:
        if before.ack == 0:
            append(connection, "message.own", row_document(row, own), now, once=f"message:{row_id(row)}")
            people.know(connection, row.recipient)
        for ack in range(before.ack + 1, after.ack + 1) if before.ack else (after.ack,):
            _tell_ack(connection, row_id(row), row, ack, now)
    elif after.progress in FINAL:
        failure = after.failure or Failure.CANCELLED
        told = row_document(row, own) | {"error": error_document(failure, after.whatsapp_code)}
        append(connection, "message.failed", told, now, once=f"failed:{row.key}")
        if failure in {Failure.REACHOUT_LOCKED, Failure.NEW_CHAT_CAP}:
            cursors.set_back(connection, LOCK, int(now + DAY))
        if after.progress is Progress.CANCELLED or failure in _NOTHING_WENT_OUT:
            people.release(connection, row.recipient)


# The budget is given back for these: WhatsApp was not asked to carry anything to a stranger.
_NOTHING_WENT_OUT = frozenset(
    {
        *(Failure.CANCELLED, Failure.EXPIRED, Failure.NOT_LINKED, Failure.PAGE_CHANGED),
        *(Failure.TOO_LARGE, Failure.UNSUPPORTED_MEDIA, Failure.MEDIA_UNREACHABLE),
    }
)


def _tell_ack(connection: sqlite3.Connection, ref: str, row: Row | None, ack: int, now: float) -> None:
    chat = dict(row.chat) if row is not None and row.chat is not None else None
    if chat is None:
        chat = address_document(chat_of(ref) or (row.recipient if row is not None else ""))
    data = {
        "id": ref,
        "clientRef": row.client_ref if row is not None else None,
        "chat": chat,
        "ack": ack,
        "state": ack_state(ack),
    }
    append(connection, "message.ack", data, now, once=f"ack:{key_of(ref)}:{ack}")


@dataclass(frozen=True, slots=True)
class Taken:
    """What a batch led to: for messages of the outbox, and how many of others' were new."""

    applied: list[Applied]
    received: int


def take(
    connection: sqlite3.Connection,
    items: Iterable[Item],
    now: float,
    own: str | None,
    *,
    fetched_at: float = NOT_BY_ITSELF,
) -> Taken:
    """Write down what the page told, in its order; files are to be fetched at `fetched_at`."""
    applied, received = [], 0
    for item in items:
        if isinstance(item, Message) and item.media is not None and not item.revoked:
            media.seen(connection, item.media, item.id, now, fetched_at)
        if isinstance(item, Message) and not item.from_me:
            received += _take_others(connection, item, now)
        elif (led := _take(connection, item, now, own)) is not None:
            applied.append(led)
    return Taken(applied, received)


def _take(connection: sqlite3.Connection, item: Item, now: float, own: str | None) -> Applied | None:
    match item:
        case Message():
            return _take_own(connection, item, now, own)
        case AckSeen(ref, ack):
            return _take_ack(connection, ref, ack, now, own)
        case SendEnded(key):
            return apply(connection, key, _outcome(item), now, own)
        case Edited():
            data = _about(item.id, item.chat, from_me=item.from_me) | {"text": item.text}
            append(connection, "message.edited", data, now, once=f"edit:{item.id}:{item.edit}")
        case Revoked():
            data = _about(item.id, item.chat, from_me=item.from_me)
            append(connection, "message.revoked", data, now, once=f"revoke:{item.id}")
        case Reacted():
            _take_reaction(connection, item, now)
        case Voted():
            _take_vote(connection, item, now)
        case GroupChanged():
            data = {
                "id": item.id,
                "chat": chat_document(item.chat),
                "action": item.action,
                "author": item.author,
                "people": list(item.people),
                "text": item.text,
                "timestamp": item.timestamp,
            }
            append(connection, "group.changed", data, now, once=f"group:{item.id}")
    return None


def _about(ref: str, chat: Chat, *, from_me: bool) -> dict[str, object]:
    return {"id": ref, "chat": chat_document(chat), "fromMe": from_me}


def _take_others(connection: sqlite3.Connection, message: Message, now: float) -> bool:
    """Take a message of somebody else's; tells whether it is new."""
    _learn(connection, message.chat)
    return _write(connection, "message", message, now)


def _take_own(
    connection: sqlite3.Connection, message: Message, now: float, own: str | None
) -> Applied | None:
    key = key_of(message.id)
    if outbox.by_key(connection, key) is None:
        _learn(connection, message.chat)
        _write(connection, "message.own", message, now)
        return None
    return _take_ack(connection, message.id, message.ack, now, own)


def _write(connection: sqlite3.Connection, kind: str, message: Message, now: float) -> bool:
    document = message_document(message, source="phone" if message.from_me else "other")
    return append(connection, kind, document, now, once=f"message:{message.id}") is not None


def _learn(connection: sqlite3.Connection, chat: Chat) -> None:
    """Remember that there is a conversation, and which addresses are one person."""
    people.know(connection, chat.id, chat.pn, chat.lid)
    if chat.pn is not None and chat.lid is not None:
        addresses.learn(connection, chat.pn, chat.lid)


def _take_ack(
    connection: sqlite3.Connection, ref: str, ack: int, now: float, own: str | None
) -> Applied | None:
    """Take an ack of one's own message; of one that wad did not send only those from 1 on are told."""
    known = outbox.by_key(connection, key_of(ref))
    if known is None:
        if ack > 0:
            _tell_ack(connection, ref, None, ack, now)
        return None
    if ref != known.message_id and known.chat is not None:
        # In a group that has just changed its form the page names the account otherwise than it said before.
        outbox.address(connection, known.position, ref, known.chat)
    # That it was refused is told by `SendEnded`, with WhatsApp's number, or found in the page's store.
    return apply(connection, known.key, Acked(ack), now, own) if ack > 0 else None


def _take_reaction(connection: sqlite3.Connection, item: Reacted, now: float) -> None:
    data = {
        "id": item.id,
        "chat": address_document(chat_of(item.id) or ""),
        "author": item.author,
        "fromMe": item.from_me,
        "text": item.text,
        "timestamp": item.timestamp,
    }
    # One and the same person can react, take it back and react in the same way again.
    once = f"reaction:{item.id}:{item.author}:{item.timestamp}:{item.text}"
    append(connection, "message.reaction", data, now, once=once)


def _take_vote(connection: sqlite3.Connection, item: Voted, now: float) -> None:
    data = {
        "id": item.id,
        "chat": address_document(chat_of(item.id) or ""),
        "author": item.author,
        "fromMe": item.from_me,
        "options": list(item.options),
        "timestamp": item.timestamp,
    }
    append(connection, "poll.vote", data, now, once=f"vote:{item.id}:{item.author}:{item.timestamp}")


def _outcome(item: SendEnded) -> News:
    if item.sent:
        return Acked(1)
    return Refused(Failure.CONTACT_BLOCKED) if item.blocked else Nacked(item.code)
