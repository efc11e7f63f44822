"""The outbox's rows: what wad was asked to send, in the order in which it was accepted.

Rules of this file:

* Each function is, or is part of, one transaction of `wad.store.database.Database`.
* A row's state changes in `record` alone, to what `wad.core.sending.step` gave.
* The same client reference with the same content is the same message; with other content it is a mistake.
"""

import hashlib
import json
import secrets
import sqlite3
from collections.abc import Mapping
from dataclasses import field
from typing import Any, Final

from wad.core.errors import IdempotencyError, OutboxFullError
from wad.core.failures import Failure
from wad.core.sending import OPEN, Progress, Sending
from wad.core.values import dataclass

# As the page makes its own: a mark of the web's, then nine random bytes (read in its modules of April 2026).
_MARK: Final = "3EB0"
_COLUMNS: Final = (
    "position, key, client_ref, recipient, content, state, ack, failure, whatsapp_code, tries, accepted_at,"
    " expires_at, message_id, chat, changed_at"
)
_OPEN: Final = ", ".join(f"'{state}'" for state in sorted(OPEN))


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wants sent: to whom, what, and until when (seconds since 1970) it may still go out.

    `said` is what they asked for where `content` holds more, that was found out since: a file's own name.
    """

    recipient: str = field(repr=False)
    content: Mapping[str, Any] = field(repr=False)
    expires_at: float
    client_ref: str | None = None
    said: Mapping[str, Any] | None = field(default=None, repr=False)

    @property
    def fingerprint(self) -> bytes:
        """What two drafts have in common exactly if they say the same to the same."""
        said = self.content if self.said is None else self.said
        whole = json.dumps([self.recipient, said], sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(whole.encode()).digest()


@dataclass(frozen=True, slots=True)
class Row:
    """One message of the outbox. Times are in seconds since 1970."""

    position: int
    key: str
    client_ref: str | None
    recipient: str = field(repr=False)
    content: Mapping[str, Any] = field(repr=False)
    sending: Sending
    accepted_at: float
    expires_at: float
    message_id: str | None = field(default=None, repr=False)
    chat: Mapping[str, Any] | None = field(default=None, repr=False)
    changed_at: float | None = None


def make_key() -> str:
    """Make a message's key, which is WhatsApp's for it and nobody else's."""
    return _MARK + secrets.token_hex(9).upper()


def accept(connection: sqlite3.Connection, draft: Draft, now: float, most: int) -> tuple[Row, bool]:
    """Take a draft; gives its row, and whether it is new: a repeated one gives the row that there is.

    Raises IdempotencyError where its reference stands for something else, OutboxFullError where `most` wait.
    """
    known = repeated(connection, draft)
    if known is not None:
        return known, False
    _require_place(connection, most)
    values = (
        *(make_key(), draft.client_ref, draft.fingerprint, draft.recipient, json.dumps(draft.content)),
        *(Progress.QUEUED, now, draft.expires_at),
    )
    cursor = connection.execute(
        "INSERT INTO outbox"
        " (key, client_ref, fingerprint, recipient, content, state, accepted_at, expires_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        values,
    )
    return _one(connection, "position = ?", cursor.lastrowid), True


def repeated(connection: sqlite3.Connection, draft: Draft) -> Row | None:
    """Give the row there is for a draft that was accepted before. Raises IdempotencyError."""
    known = by_reference(connection, draft.client_ref) if draft.client_ref is not None else None
    if known is not None:
        _require_same(connection, known, draft)
    return known


def _require_same(connection: sqlite3.Connection, known: Row, draft: Draft) -> None:
    query = "SELECT fingerprint FROM outbox WHERE position = ?"
    (fingerprint,) = connection.execute(query, (known.position,)).fetchone()
    if fingerprint != draft.fingerprint:
        raise IdempotencyError("this reference was used for another message; choose a new one for each")


def _require_place(connection: sqlite3.Connection, most: int) -> None:
    (waiting,) = connection.execute(f"SELECT count(*) FROM outbox WHERE state IN ({_OPEN})").fetchone()  # noqa: S608
    if waiting >= most:
        raise OutboxFullError(f"{waiting} messages wait already")


def by_reference(connection: sqlite3.Connection, client_ref: str) -> Row | None:
    """Give the message with the client's own reference."""
    return _found(connection, "client_ref = ?", client_ref)


def by_key(connection: sqlite3.Connection, key: str) -> Row | None:
    """Give the message with WhatsApp's key."""
    return _found(connection, "key = ?", key)


def waiting(connection: sqlite3.Connection, *states: Progress, limit: int = 1000) -> list[Row]:
    """Give the messages in these states, the oldest first."""
    marks = ", ".join("?" for _ in states)
    query = f"SELECT {_COLUMNS} FROM outbox WHERE state IN ({marks}) ORDER BY position LIMIT ?"  # noqa: S608
    return [_row(values) for values in connection.execute(query, (*states, limit))]


def record(connection: sqlite3.Connection, position: int, sending: Sending, now: float) -> None:
    """Write down a message's state."""
    connection.execute(
        "UPDATE outbox SET state = ?, ack = ?, failure = ?, whatsapp_code = ?, tries = ?, changed_at = ?"
        " WHERE position = ?",
        (sending.progress, sending.ack, sending.failure, sending.whatsapp_code, sending.tries, now, position),
    )


def address(connection: sqlite3.Connection, position: int, message_id: str, chat: Mapping[str, Any]) -> None:
    """Write down where a message goes: its whole id, and the chat's document."""
    connection.execute(
        "UPDATE outbox SET message_id = ?, chat = ? WHERE position = ?",
        (message_id, json.dumps(chat), position),
    )


def attach(connection: sqlite3.Connection, position: int, media: Mapping[str, Any]) -> None:
    """Write down what became of a message's file: its name by its content, once it is here."""
    query = "UPDATE outbox SET content = json_set(content, '$.media', json(?)) WHERE position = ?"
    connection.execute(query, (json.dumps(media), position))


def due(connection: sqlite3.Connection, limit: int = 100) -> list[Row]:
    """Give those whose turn it is: of each recipient the first one, unless one of theirs is on its way."""
    query = (
        f"SELECT {_COLUMNS} FROM outbox AS mine WHERE state = 'queued' AND NOT EXISTS"  # noqa: S608 - ours
        " (SELECT 1 FROM outbox AS first INDEXED BY outbox_open WHERE first.recipient = mine.recipient"
        "  AND first.position < mine.position AND first.state IN ('queued', 'sending'))"
        " ORDER BY position LIMIT ?"
    )
    return [_row(values) for values in connection.execute(query, (limit,))]


def overdue(connection: sqlite3.Connection, now: float, limit: int = 100) -> list[Row]:
    """Give those that wait and whose time is over."""
    query = f"SELECT {_COLUMNS} FROM outbox WHERE state = 'queued' AND expires_at <= ? LIMIT ?"  # noqa: S608
    return [_row(values) for values in connection.execute(query, (now, limit))]


def earliest_end(connection: sqlite3.Connection) -> float | None:
    """Give when the time of the first that waits is over; None where none waits."""
    (end,) = connection.execute("SELECT min(expires_at) FROM outbox WHERE state = 'queued'").fetchone()
    return None if end is None else float(end)


def move(connection: sqlite3.Connection, seconds: float) -> None:
    """Move the times of those that are open: the clock was set by so much."""
    connection.execute(
        f"UPDATE outbox SET accepted_at = accepted_at + :by, expires_at = expires_at + :by"  # noqa: S608 - ours
        f" WHERE state IN ({_OPEN})",
        {"by": seconds},
    )


def forget(connection: sqlite3.Connection, before: float) -> int:
    """Delete what was finished before that time; gives how many. What is open stays."""
    query = f"DELETE FROM outbox WHERE state NOT IN ({_OPEN}) AND changed_at < ?"  # noqa: S608 - ours
    return connection.execute(query, (before,)).rowcount


def blank(connection: sqlite3.Connection) -> None:
    """Forget what all messages said and to whom they went; that they were accepted stays known."""
    connection.execute("UPDATE outbox SET content = '{}', chat = NULL, message_id = NULL, recipient = ''")


def depth(connection: sqlite3.Connection) -> tuple[int, float | None]:
    """Give how many messages wait, and when the oldest of them was accepted."""
    query = f"SELECT count(*), min(accepted_at) FROM outbox WHERE state IN ({_OPEN})"  # noqa: S608
    count, oldest = connection.execute(query).fetchone()
    return int(count), oldest


def _found(connection: sqlite3.Connection, where: str, value: Any) -> Row | None:
    query = f"SELECT {_COLUMNS} FROM outbox WHERE {where}"  # noqa: S608 - `where` is ours
    values = connection.execute(query, (value,)).fetchone()
    return _row(values) if values is not None else None


def _one(connection: sqlite3.Connection, where: str, value: Any) -> Row:
    row = _found(connection, where, value)
    if row is None:
        raise LookupError("a row that was just written is gone")
    return row


def _row(values: tuple[Any, ...]) -> Row:
    position, key, ref, recipient, content, state, ack, failure, code, tries, *rest = values
    accepted, expires, message_id, chat, changed = rest
    sending = Sending(Progress(state), ack or 0, Failure(failure) if failure else None, code, tries)
    where = message_id, json.loads(chat) if chat is not None else None
    return Row(
        position, key, ref, recipient, json.loads(content), sending, accepted, expires, *where, changed
    )
