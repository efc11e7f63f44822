"""How far somebody has read: numbers by name, which only grow unless they are set back on purpose."""

import sqlite3


def read(connection: sqlite3.Connection, name: str) -> int | None:
    """Give a cursor's number; None where nobody of that name has read yet."""
    row = connection.execute("SELECT value FROM cursors WHERE name = ?", (name,)).fetchone()
    return int(row[0]) if row is not None else None


def advance(connection: sqlite3.Connection, name: str, value: int) -> None:
    """Set a cursor, unless it is further already."""
    connection.execute(
        "INSERT INTO cursors (name, value) VALUES (?, ?)"
        " ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)",
        (name, value),
    )


def set_back(connection: sqlite3.Connection, name: str, value: int) -> None:
    """Set a cursor to a number before or behind its own: somebody wants to read again, or to skip."""
    connection.execute(
        "INSERT INTO cursors (name, value) VALUES (?, ?)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (name, value),
    )


def least(connection: sqlite3.Connection, prefix: str) -> int | None:
    """Give the least number of all cursors whose names begin so; None where there are none."""
    query = "SELECT min(value) FROM cursors WHERE substr(name, 1, length(?)) = ?"
    (value,) = connection.execute(query, (prefix, prefix)).fetchone()
    return None if value is None else int(value)


def drop(connection: sqlite3.Connection, name: str) -> None:
    """Forget a cursor."""
    connection.execute("DELETE FROM cursors WHERE name = ?", (name,))
