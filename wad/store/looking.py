"""A look at the messages' file from outside, while a daemon may have it open: its schema's version.

Theory of operation. Who reads a file with a journal (WAL) needs the journal's index (`-shm`). With
`readonly_shm` SQLite takes that as it is, and where no daemon lives that keeps it, makes one in memory
(os_unix.c, and walBeginShmUnreliable in wal.c). Where there is no journal, or an empty one, all is in the
file: then it is read as one that cannot change, for `mode=ro` alone makes companions, and gives an empty
journal another mode.
"""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

from wad.core.values import dataclass
from wad.store.file import COMPANIONS, DAMAGED

# In seconds. Nobody of wad's locks readers out.
_WITHIN: Final = 1.0


@dataclass(frozen=True, slots=True)
class Look:
    """What was found: the version, or SQLite's own name for why there is none."""

    version: int | None = None
    error: str | None = None
    damaged: bool = False


def look(path: Path) -> Look:
    """Look at a file that is there. Nothing is written, and no writer is waited for or held up."""
    way = "readonly_shm=1" if _has_journal(path) else "immutable=1"
    try:
        uri = f"{path.absolute().as_uri()}?mode=ro&{way}"
        with closing(sqlite3.connect(uri, timeout=_WITHIN, uri=True)) as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            # The first number stands in the file's head; this reads how its tables are made.
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.Error as error:
        # A value that cannot be read has no name of SQLite's.
        name = getattr(error, "sqlite_errorname", type(error).__name__)
        return Look(error=name, damaged=getattr(error, "sqlite_errorcode", 0) & 0xFF in DAMAGED)
    return Look(version)


def _has_journal(path: Path) -> bool:
    """Tell whether there is a journal with something in it, and its index."""
    journal, index = (path.with_name(path.name + end) for end in COMPANIONS)
    try:
        return journal.stat().st_size > 0 and index.exists()
    except FileNotFoundError:
        return False
