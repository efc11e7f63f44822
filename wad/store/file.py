"""Opening the messages' file: private, durable, of this version; a damaged one is set aside.

Rules of this file: nothing that was kept is deleted here. What cannot be read is renamed and said loudly, and
the daemon goes on with a new file.
"""

import os
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import structlog

from wad.core.errors import StoreError
from wad.store.schema import migrate

log = structlog.get_logger(__name__)

FILE: Final = "messages.sqlite"
# What SQLite says of a file that is none of its own, or that somebody has written into.
DAMAGED: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
# Beside the file, as SQLite names them: the journal, and its index.
COMPANIONS: Final = ("-wal", "-shm")
# Behind the name of one that was set aside; then the time.
ASIDE: Final = ".damaged-"
_SETTINGS: Final = (
    "PRAGMA journal_mode = WAL",
    # In WAL only FULL makes sure at each commit; NORMAL would lose the last ones with the power.
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",  # what was deleted is a private text
    "PRAGMA journal_size_limit = 16777216",
)


def open_file(path: Path) -> sqlite3.Connection:
    """Open, or create, the file. Raises NewerStoreError, and StoreError where the disk does not let it."""
    try:
        return _opened(path)
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF not in DAMAGED:
            raise StoreError(f"{path} cannot be opened ({error.sqlite_errorname})") from None
        kept = _set_aside(path)
        log.error("store_damaged", path=str(path), kept=str(kept), error=error.sqlite_errorname)  # noqa: TRY400
        return _opened(path)
    except OSError as error:
        raise StoreError(f"{path} cannot be opened: {error.strerror}") from error


def _opened(path: Path) -> sqlite3.Connection:
    # SQLite gives its companions the file's own mode.
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600))
    path.chmod(0o600)
    for end in COMPANIONS:
        # SQLite would follow a link, and write over what it leads to.
        if (companion := path.with_name(path.name + end)).is_symlink():
            companion.unlink()
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        for setting in _SETTINGS:
            connection.execute(setting)
        _check(connection)
        migrate(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _check(connection: sqlite3.Connection) -> None:
    """Raise sqlite3.DatabaseError for a file whose pages do not hang together."""
    (told,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if told != "ok":
        error = sqlite3.DatabaseError("the file's pages do not hang together")
        error.sqlite_errorcode, error.sqlite_errorname = sqlite3.SQLITE_CORRUPT, "SQLITE_CORRUPT"
        raise error


def _set_aside(path: Path) -> Path:
    """Rename the file and what belongs to it; gives its new name."""
    kept = path.with_name(f"{path.name}{ASIDE}{datetime.now(UTC):%Y%m%dT%H%M%S%f}")
    for end in ("", *COMPANIONS):
        part = path.with_name(path.name + end)
        if part.exists():
            part.rename(kept.with_name(kept.name + end))
    return kept
