"""The tables of an account's messages, as numbered steps.

Rules of this file:

* A step that was released is never changed: whoever needs another table or column adds a step.
* `user_version` of the file is the number of steps taken. A file with more of them is a newer wad's, and
  refused.
* What must happen once only is a unique index, not a question that is asked first.
"""

import sqlite3
from typing import Final

from wad.core.errors import NewerStoreError

STEPS: Final = (
    """
    -- What wad was asked to send. `position` is the order of acceptance; `key` is WhatsApp's own for the
    -- message, made before the first try and kept over all of them.
    CREATE TABLE outbox (
        position INTEGER PRIMARY KEY AUTOINCREMENT,
        key TEXT NOT NULL UNIQUE,
        client_ref TEXT UNIQUE,
        fingerprint BLOB NOT NULL,
        recipient TEXT NOT NULL,
        content TEXT NOT NULL,
        state TEXT NOT NULL,
        ack INTEGER,
        failure TEXT,
        whatsapp_code INTEGER,
        tries INTEGER NOT NULL DEFAULT 0,
        accepted_at REAL NOT NULL,
        expires_at REAL NOT NULL
    );
    CREATE INDEX outbox_by_state ON outbox (state, position);
    CREATE INDEX outbox_by_recipient ON outbox (recipient, position);

    -- What happened, for programs. AUTOINCREMENT: a number is never given twice, whatever was deleted. `once`
    -- names the happening itself, so that one that is seen twice is one event.
    CREATE TABLE events (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        once TEXT UNIQUE,
        type TEXT NOT NULL,
        at REAL NOT NULL,
        data TEXT NOT NULL,
        size INTEGER NOT NULL
    );

    -- How far somebody has read: a webhook in the events, wad in the page's own store of messages.
    CREATE TABLE cursors (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;

    -- Which number and which LID are one person.
    CREATE TABLE addresses (lid TEXT PRIMARY KEY, pn TEXT NOT NULL) WITHOUT ROWID;
    CREATE INDEX addresses_by_pn ON addresses (pn);
    """,
)


def migrate(connection: sqlite3.Connection) -> int:
    """Take the steps that the file lacks, each with its number or not at all; gives how many were taken.

    Raises NewerStoreError where a newer wad has written the file, and sqlite3.Error.
    """
    taken = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if taken > len(STEPS):
        raise NewerStoreError(f"the messages' file has version {taken}, not {len(STEPS)}: update wad")
    for number, step in enumerate(STEPS[taken:], taken + 1):
        connection.executescript(f"BEGIN IMMEDIATE; {step}; PRAGMA user_version = {number}; COMMIT;")
    return len(STEPS) - taken
