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
from dataclasses import dataclass, field
from typing import Any, Final

from wad.core.errors import IdempotencyError, OutboxFullError
from wad.core.failures import Failure
from wad.core.sending import OPEN, Progress, Sending

# As the page makes its own: a mark of the web's, then nine random bytes (read in its modules of April 2026).
_MARK: Final = "3EB0"
_COLUMNS: Final = (
    "position, key, client_ref, recipient, content, state, ack, failure, whatsapp_code, tries, accepted_at,"
    " expires_at"
)
_OPEN: Final = ", ".join(f"'{state}'" for state in sorted(OPEN))


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody wants sent: to whom, what, and until when (seconds since 1970) it may still go out."""

    recipient: str = field(repr=False)
    content: Mapping[str, Any] = field(repr=False)
    expires_at: float
    client_ref: str | None = None

    @property
    def fingerprint(self) -> bytes:
        """What two drafts have in common exactly if they say the same to the same."""
        whole = json.dumps([self.recipient, self.content], sort_keys=True, separators=(",", ":"))
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


def make_key() -> str:
    """Make a message's key, which is WhatsApp's for it and nobody else's."""
    return _MARK + secrets.token_hex(9).upper()


def accept(connection: sqlite3.Connection, draft: Draft, now: float, most: int) -> tuple[Row, bool]:
    """Take a draft; gives its row, and whether it is new: a repeated one gives the row that there is.

    Raises IdempotencyError where its reference stands for something else, OutboxFullError where `most` wait.
    """
    known = by_reference(connection, draft.client_ref) if draft.client_ref is not None else None
    if known is not None:
        _require_same(connection, known, draft)
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


def record(connection: sqlite3.Connection, position: int, sending: Sending) -> None:
    """Write down a message's state."""
    connection.execute(
        "UPDATE outbox SET state = ?, ack = ?, failure = ?, whatsapp_code = ?, tries = ? WHERE position = ?",
        (sending.progress, sending.ack, sending.failure, sending.whatsapp_code, sending.tries, position),
    )


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
    position, key, ref, recipient, content, state, ack, failure, code, tries, accepted, expires = values
    sending = Sending(Progress(state), ack or 0, Failure(failure) if failure else None, code, tries)
    return Row(position, key, ref, recipient, json.loads(content), sending, accepted, expires)
