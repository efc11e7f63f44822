"""What is known of messages' files: which there are, where they can be had, and when they were used last.

Rules of this file: each function is, or is part of, one transaction. The files themselves are `wad.media`'s;
a row says `stored` only once its file is whole and on the disk.
"""

import sqlite3
from collections.abc import Collection
from dataclasses import field
from enum import StrEnum, unique
from typing import Any, Final

from wad.core.message import MediaKind, MediaSeen
from wad.core.sending import OPEN
from wad.core.values import dataclass

_COLUMNS: Final = "sha256, kind, mimetype, filename, size, state, message_id, tries"
# A time that does not come, in seconds since 1970: such a file is fetched when somebody asks for it.
NOT_BY_ITSELF: Final = 9e15
_OPEN: Final = ", ".join(f"'{state}'" for state in sorted(OPEN))


@unique
class MediaState(StrEnum):
    """Where a file is: at WhatsApp's servers, here, nowhere any more, or nowhere that wad gets it from."""

    REMOTE = "remote"
    STORED = "stored"
    EXPIRED = "expired"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class MediaRow:
    """One file. `size` is in bytes."""

    sha256: str = field(repr=False)
    kind: MediaKind
    mimetype: str | None
    filename: str | None = field(repr=False)
    size: int | None
    state: MediaState
    message_id: str | None = field(repr=False)
    tries: int


def seen(connection: sqlite3.Connection, media: MediaSeen, message_id: str, now: float, due: float) -> None:
    """Take note of a message's file; one that could not be had before can be now, by this message."""
    if media.sha256 is None:
        return
    connection.execute(
        "INSERT INTO media (sha256, kind, mimetype, filename, size, state, message_id, due, used_at)"
        " VALUES (?, ?, ?, ?, ?, 'remote', ?, ?, ?)"
        " ON CONFLICT (sha256) DO UPDATE SET message_id = excluded.message_id, used_at = excluded.used_at,"
        " filename = coalesce(excluded.filename, filename),"
        " tries = CASE state WHEN 'stored' THEN tries ELSE 0 END,"
        " due = CASE state WHEN 'stored' THEN due ELSE excluded.due END,"
        " state = CASE state WHEN 'stored' THEN 'stored' ELSE 'remote' END",
        (media.sha256, media.kind, media.mimetype, media.filename, media.size, message_id, due, now),
    )


def noted(connection: sqlite3.Connection, media: MediaSeen, message_id: str, now: float, due: float) -> None:
    """Take note of an old message's file, unless it is known: then it may well be nowhere any more."""
    if media.sha256 is not None and find(connection, media.sha256) is None:
        seen(connection, media, message_id, now, due)


def stored(connection: sqlite3.Connection, media: MediaSeen, now: float) -> None:
    """Take note of a file that is here."""
    connection.execute(
        "INSERT INTO media (sha256, kind, mimetype, filename, size, state, used_at)"
        " VALUES (?, ?, ?, ?, ?, 'stored', ?)"
        " ON CONFLICT (sha256) DO UPDATE SET state = 'stored', size = excluded.size,"
        " mimetype = coalesce(excluded.mimetype, mimetype), filename = coalesce(excluded.filename, filename),"
        " used_at = excluded.used_at",
        (media.sha256, media.kind, media.mimetype, media.filename, media.size, now),
    )


def find(connection: sqlite3.Connection, sha256: str) -> MediaRow | None:
    """Give what is known of a file."""
    query = f"SELECT {_COLUMNS} FROM media WHERE sha256 = ?"  # noqa: S608 - ours
    values = connection.execute(query, (sha256,)).fetchone()
    return _row(values) if values is not None else None


def due(connection: sqlite3.Connection, now: float, limit: int) -> list[MediaRow]:
    """Give files that are to be fetched now, those that have waited longest first."""
    query = f"SELECT {_COLUMNS} FROM media WHERE state = 'remote' AND due <= ? ORDER BY due LIMIT ?"  # noqa: S608
    return [_row(values) for values in connection.execute(query, (now, limit))]


def next_due(connection: sqlite3.Connection) -> float | None:
    """Give when the next file is to be fetched, in seconds since 1970; None where none is."""
    (found,) = connection.execute("SELECT min(due) FROM media WHERE state = 'remote'").fetchone()
    return None if found is None else float(found)


def failed(connection: sqlite3.Connection, row: MediaRow, state: MediaState, due_at: float) -> None:
    """Take note of a file that was not fetched, and when to try again, if at all."""
    connection.execute(
        "UPDATE media SET state = ?, tries = ?, due = ? WHERE sha256 = ? AND state = 'remote'",
        (state, row.tries + 1, due_at, row.sha256),
    )


def used(connection: sqlite3.Connection, sha256: str, now: float) -> None:
    """Take note that a file was asked for."""
    connection.execute("UPDATE media SET used_at = ? WHERE sha256 = ?", (now, sha256))


def gone(connection: sqlite3.Connection, sha256: str) -> None:
    """Take note that a file is not here: it is where it came from, if it came from there."""
    connection.execute(
        "UPDATE media SET state = CASE WHEN message_id IS NULL THEN 'expired' ELSE 'remote' END, due = ?"
        " WHERE sha256 = ? AND state = 'stored'",
        (NOT_BY_ITSELF, sha256),
    )


def let_go(connection: sqlite3.Connection, sha256: str) -> bool:
    """Take note that a file goes; False where a message that waits needs it by now, and it stays."""
    if sha256 in needed_by_outbox(connection):
        return False
    gone(connection, sha256)
    return True


def disposable(
    connection: sqlite3.Connection, before: float, wanted: int, limit: int = 100
) -> list[tuple[str, int]]:
    """Give names and sizes of files that may go: all last used `before` then, and more until `wanted` bytes.

    What a message that waits to be sent needs is none of them.
    """
    needed = needed_by_outbox(connection)
    found: list[tuple[str, int]] = []
    query = "SELECT sha256, size, used_at FROM media WHERE state = 'stored' ORDER BY used_at LIMIT ?"
    for sha256, size, used_at in connection.execute(query, (limit + len(needed),)):
        if used_at >= before and wanted <= 0:
            break
        if sha256 not in needed:
            found.append((sha256, int(size or 0)))
            wanted -= int(size or 0)
    return found[:limit]


def needed_by_outbox(connection: sqlite3.Connection) -> Collection[str]:
    """Give the names of files that messages which wait need."""
    query = (
        "SELECT json_extract(content, '$.media.sha256'), json_extract(content, '$.media.voice')"  # noqa: S608
        f" FROM outbox INDEXED BY outbox_by_state WHERE state IN ({_OPEN})"
    )
    return {name for pair in connection.execute(query) for name in pair if name is not None}


def names(connection: sqlite3.Connection) -> set[str]:
    """Give the names of all files that are here."""
    return {name for (name,) in connection.execute("SELECT sha256 FROM media WHERE state = 'stored'")}


def wipe(connection: sqlite3.Connection) -> None:
    """Forget all."""
    connection.execute("DELETE FROM media")


def _row(values: tuple[Any, ...]) -> MediaRow:
    sha256, kind, mimetype, filename, size, state, message_id, tries = values
    return MediaRow(sha256, MediaKind(kind), mimetype, filename, size, MediaState(state), message_id, tries)
