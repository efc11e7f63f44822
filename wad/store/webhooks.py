"""What is kept of webhooks: those set over HTTP, how each one's delivery stands, and what was given up.

Each function is, or is part of, one transaction of `wad.store.database.Database`.
"""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import field
from typing import Any

from wad.core.values import dataclass


@dataclass(frozen=True, slots=True)
class Standing:
    """How a delivery stands: failed attempts of the event `seq`, when the next is due, and why it is off.

    `due` is in seconds since 1970; `disabled` is None for one that is on. Another event has no failures yet.
    """

    failed: int = 0
    due: float = 0.0
    disabled: str | None = None
    status: int | None = None
    error: str | None = None
    seq: int | None = None


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """An event that was given up: its number and document."""

    seq: int
    event: Mapping[str, Any] = field(repr=False)


def kept(connection: sqlite3.Connection) -> dict[str, Mapping[str, Any]]:
    """Give the webhooks set over HTTP, by name."""
    rows = connection.execute("SELECT name, settings FROM webhooks ORDER BY name")
    return {name: json.loads(settings) for name, settings in rows}


def keep(connection: sqlite3.Connection, name: str, settings: Mapping[str, Any]) -> None:
    """Keep one."""
    connection.execute(
        "INSERT INTO webhooks (name, settings) VALUES (?, ?)"
        " ON CONFLICT (name) DO UPDATE SET settings = excluded.settings",
        (name, json.dumps(settings)),
    )


def drop(connection: sqlite3.Connection, name: str) -> None:
    """Forget one, and all about it."""
    for table in ("webhooks", "deliveries", "dead_letters"):
        connection.execute(f"DELETE FROM {table} WHERE name = ?", (name,))  # noqa: S608 - ours


def standing(connection: sqlite3.Connection, name: str) -> Standing:
    """Give how a delivery stands."""
    query = "SELECT failed, due, disabled, status, error, seq FROM deliveries WHERE name = ?"
    row = connection.execute(query, (name,)).fetchone()
    return Standing(*row) if row is not None else Standing()


def stand(connection: sqlite3.Connection, name: str, value: Standing) -> None:
    """Write down how a delivery stands."""
    connection.execute(
        "INSERT OR REPLACE INTO deliveries (name, failed, due, disabled, status, error, seq)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (name, value.failed, value.due, value.disabled, value.status, value.error, value.seq),
    )


def move(connection: sqlite3.Connection, seconds: float) -> None:
    """Move the times of the next attempts: the clock was set by so much."""
    connection.execute("UPDATE deliveries SET due = due + ? WHERE seq IS NOT NULL", (seconds,))


def park(connection: sqlite3.Connection, name: str, letter: DeadLetter, now: float) -> None:
    """Put an event among those that were given up."""
    connection.execute(
        "INSERT OR REPLACE INTO dead_letters (name, seq, event, parked_at, again) VALUES (?, ?, ?, ?, 0)",
        (name, letter.seq, json.dumps(letter.event, ensure_ascii=False), now),
    )


def parked(connection: sqlite3.Connection, name: str) -> int:
    """Give how many were given up."""
    (count,) = connection.execute("SELECT count(*) FROM dead_letters WHERE name = ?", (name,)).fetchone()
    return int(count)


def replay(connection: sqlite3.Connection, name: str) -> int:
    """Have all that was given up brought again; gives how many."""
    return connection.execute("UPDATE dead_letters SET again = 1 WHERE name = ?", (name,)).rowcount


def again(connection: sqlite3.Connection, name: str) -> DeadLetter | None:
    """Give the first that is to be brought again."""
    query = "SELECT seq, event FROM dead_letters WHERE name = ? AND again = 1 ORDER BY seq LIMIT 1"
    row = connection.execute(query, (name,)).fetchone()
    return DeadLetter(row[0], json.loads(row[1])) if row is not None else None


def settle(connection: sqlite3.Connection, name: str, seq: int, *, taken: bool) -> None:
    """Forget one that was taken at last, or leave it, and all behind it, where they are."""
    if taken:
        connection.execute("DELETE FROM dead_letters WHERE name = ? AND seq = ?", (name, seq))
    else:
        connection.execute("UPDATE dead_letters SET again = 0 WHERE name = ?", (name,))


def wipe(connection: sqlite3.Connection) -> None:
    """Delete what was given up: it holds an account's messages."""
    connection.execute("DELETE FROM dead_letters")
