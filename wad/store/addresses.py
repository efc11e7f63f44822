"""Which number and which LID (WhatsApp's hidden id) are one person: whatever was learned, for ever.

Of a number that gets another LID, or a LID that gets another number, the later word counts. Each function
is, or is part of, one transaction of `wad.store.database.Database`.
"""

import sqlite3


def learn(connection: sqlite3.Connection, pn: str, lid: str) -> None:
    """Remember a pair: the number's address (`…@c.us`) and the LID's (`…@lid`)."""
    connection.execute("DELETE FROM addresses WHERE pn = ? AND lid != ?", (pn, lid))
    connection.execute(
        "INSERT INTO addresses (lid, pn) VALUES (?, ?) ON CONFLICT (lid) DO UPDATE SET pn = excluded.pn",
        (lid, pn),
    )


def lid_of(connection: sqlite3.Connection, pn: str) -> str | None:
    """Give the LID of a number, where it is known."""
    return _first(connection.execute("SELECT lid FROM addresses WHERE pn = ?", (pn,)))


def pn_of(connection: sqlite3.Connection, lid: str) -> str | None:
    """Give the number of a LID, where it is known."""
    return _first(connection.execute("SELECT pn FROM addresses WHERE lid = ?", (lid,)))


def _first(rows: sqlite3.Cursor) -> str | None:
    row = rows.fetchone()
    return str(row[0]) if row is not None else None


def wipe(connection: sqlite3.Connection) -> None:
    """Forget all pairs."""
    connection.execute("DELETE FROM addresses")
