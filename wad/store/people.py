"""Whom the account has written with, and the budget of first messages to strangers.

Rules of this file:

* Somebody is known once a message of theirs came, or the page said that there was one before.
* A stranger counts against the budget when the first message to them is accepted, not when it is sent: what
  was accepted will be sent.
* Each function is, or is part of, one transaction of `wad.store.database.Database`.
"""

import sqlite3

from wad.core.errors import BudgetError
from wad.core.message import GROUP
from wad.core.pacing import DAY


def know(connection: sqlite3.Connection, *recipients: str | None) -> None:
    """Remember people who are no strangers; what was counted for them is given back."""
    rows = [(each,) for each in recipients if each is not None]
    connection.executemany(
        "INSERT INTO people (recipient, cold_at) VALUES (?, NULL)"
        " ON CONFLICT (recipient) DO UPDATE SET cold_at = NULL WHERE cold_at IS NOT NULL",
        rows,
    )


def is_known(connection: sqlite3.Connection, recipient: str) -> bool:
    """Tell whether the account and they wrote to each other, as far as wad knows; groups always did."""
    row = connection.execute("SELECT cold_at FROM people WHERE recipient = ?", (recipient,)).fetchone()
    return recipient.endswith(GROUP) or (row is not None and row[0] is None)


def reserve(connection: sqlite3.Connection, recipient: str, now: float, budget: int) -> None:
    """Count a stranger who is to be written to, once.

    Raises BudgetError where as many as may have been counted within a day.
    """
    row = connection.execute("SELECT cold_at FROM people WHERE recipient = ?", (recipient,)).fetchone()
    if recipient.endswith(GROUP) or row is not None:
        return
    used, oldest = spent(connection, now)
    if used >= budget:
        again_in = max(1.0, (oldest or now) + DAY - now)
        raise BudgetError(
            f"{used} people never written to before were written to within a day, as many as may be", again_in
        )
    connection.execute("INSERT INTO people (recipient, cold_at) VALUES (?, ?)", (recipient, now))


def release(connection: sqlite3.Connection, recipient: str) -> None:
    """Give back what was counted for somebody to whom nothing went out."""
    connection.execute("DELETE FROM people WHERE recipient = ? AND cold_at IS NOT NULL", (recipient,))


def spent(connection: sqlite3.Connection, now: float) -> tuple[int, float | None]:
    """Give how many strangers were written to within the last day, and when the first of them was."""
    query = "SELECT count(*), min(cold_at) FROM people WHERE cold_at > ?"
    count, oldest = connection.execute(query, (now - DAY,)).fetchone()
    return int(count), oldest


def move(connection: sqlite3.Connection, seconds: float) -> None:
    """Move the times that strangers are counted by: the clock was set by so much."""
    connection.execute("UPDATE people SET cold_at = cold_at + ? WHERE cold_at IS NOT NULL", (seconds,))


def wipe(connection: sqlite3.Connection) -> None:
    """Forget everybody."""
    connection.execute("DELETE FROM people")
