"""The event log: what happened, numbered for ever, for programs that may be away for a while.

Rules of this file:

* A number is never given twice, and never left out of what is kept: followers rely upon both.
* What happened once is one event, however often it is seen: the unique index on `once` holds that.
* Each function is, or is part of, one transaction of `wad.store.database.Database`.
"""

import json
import os
import sqlite3
from collections.abc import Collection, Mapping
from dataclasses import field
from typing import Any, Final

from wad.core.values import dataclass

# Crockford's alphabet, in which a ULID is written: time first, so that ids sort as they were made.
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ULID_LETTERS: Final = 26
# Happenings that are remembered beyond their events. A scan of the page's store begins five hundred messages
# back, of which each has a few.
_TOLD: Final = 20_000


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """One event. `at` is in seconds since 1970; `data` is private, and in no log and no exception."""

    seq: int
    id: str
    type: str
    at: float
    data: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Keeping:
    """How much is kept: whatever is reached first, seconds, events or bytes."""

    age: float = 7 * 86400.0
    events: int = 100_000
    size: int = 256 * 1024 * 1024


def make_id(now: float) -> str:
    """Make an event's id: `evt_` and a ULID, which is 48 bits of milliseconds and 80 of chance."""
    number = (int(now * 1000) << 80) | int.from_bytes(os.urandom(10))
    letters = [_ALPHABET[number >> 5 * place & 31] for place in range(_ULID_LETTERS)]
    return "evt_" + "".join(reversed(letters))


def append(
    connection: sqlite3.Connection, kind: str, data: Mapping[str, Any], now: float, once: str | None = None
) -> int | None:
    """Write an event down; gives its number, None where what it tells was told before."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    # A row that the index refuses would take a number with it: one that is not inserted takes none.
    cursor = connection.execute(
        "INSERT INTO events (id, once, type, at, data, size) SELECT ?1, ?2, ?3, ?4, ?5, ?6"
        " WHERE ?2 IS NULL OR NOT (EXISTS (SELECT 1 FROM events WHERE once = ?2)"
        "  OR EXISTS (SELECT 1 FROM told WHERE once = ?2))",
        (make_id(now), once, kind, now, text, len(text.encode())),
    )
    return cursor.lastrowid if cursor.rowcount else None


def after(
    connection: sqlite3.Connection, seq: int, limit: int, kinds: Collection[str] = ()
) -> list[LoggedEvent]:
    """Give the events behind that number, in order; of these types, where some are named."""
    chosen = f"AND type IN ({', '.join('?' for _ in kinds)})" if kinds else ""
    query = f"SELECT seq, id, type, at, data FROM events WHERE seq > ? {chosen} ORDER BY seq LIMIT ?"  # noqa: S608
    rows = connection.execute(query, (seq, *kinds, limit))
    return [_event(row) for row in rows]


def span(connection: sqlite3.Connection) -> tuple[int | None, int]:
    """Give the oldest number that is kept (None where none is) and the newest that was ever given."""
    (oldest,) = connection.execute("SELECT min(seq) FROM events").fetchone()
    given = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'events'").fetchone()
    return oldest, given[0] if given else 0


def forget(connection: sqlite3.Connection, keeping: Keeping, now: float, read_to: int | None = None) -> int:
    """Delete what is beyond what is kept, but nothing behind `read_to`, which somebody has yet to read.

    Gives how many went.
    """
    bounds = (_by_age(connection, keeping.age, now), _by_count(connection, keeping.events))
    last = max(*bounds, _by_size(connection, keeping.size))
    if read_to is not None:
        last = min(last, read_to)
    return _delete(connection, last)


def _delete(connection: sqlite3.Connection, last: int) -> int:
    connection.execute(
        "INSERT OR IGNORE INTO told (once, seq)"
        " SELECT once, seq FROM events WHERE seq <= ? AND seq > ? AND once IS NOT NULL",
        (last, last - _TOLD),
    )
    connection.execute("DELETE FROM told WHERE seq <= ?", (last - _TOLD,))
    return connection.execute("DELETE FROM events WHERE seq <= ?", (last,)).rowcount


def wipe(connection: sqlite3.Connection) -> None:
    """Delete all events, and what they were about; numbers go on all the same."""
    connection.execute("DELETE FROM events")
    connection.execute("DELETE FROM told")


def find(connection: sqlite3.Connection, once: str) -> LoggedEvent | None:
    """Give the event of a happening, while it is kept."""
    rows = connection.execute("SELECT seq, id, type, at, data FROM events WHERE once = ?", (once,))
    return next((_event(row) for row in rows), None)


def _event(row: tuple[Any, ...]) -> LoggedEvent:
    number, ref, kind, at, text = row
    return LoggedEvent(number, ref, kind, at, json.loads(text))


def _by_age(connection: sqlite3.Connection, age: float, now: float) -> int:
    """Give the last number that is too old: of those before the first that is not."""
    query = "SELECT min(seq) FROM events WHERE at > ?"
    (first,) = connection.execute(query, (now - age,)).fetchone()
    return first - 1 if first is not None else span(connection)[1]


def _by_count(connection: sqlite3.Connection, most: int) -> int:
    query = "SELECT seq FROM events ORDER BY seq DESC LIMIT 1 OFFSET ?"
    found = connection.execute(query, (most,)).fetchone()
    return found[0] if found else 0


def _by_size(connection: sqlite3.Connection, most: int) -> int:
    query = (
        "SELECT max(seq) FROM (SELECT seq, sum(size) OVER (ORDER BY seq DESC) AS whole FROM events)"
        " WHERE whole > ?"
    )
    (last,) = connection.execute(query, (most,)).fetchone()
    return last or 0
