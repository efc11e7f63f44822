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
    """
    -- Where a message goes, once the page has told: its whole id, and the chat by all its names.
    ALTER TABLE outbox ADD COLUMN message_id TEXT;
    ALTER TABLE outbox ADD COLUMN chat TEXT;
    ALTER TABLE outbox ADD COLUMN changed_at REAL;
    -- Whose turn it is depends upon those that are open alone, and they are few.
    CREATE INDEX outbox_open ON outbox (recipient, position) WHERE state IN ('queued', 'sending');

    -- Whom the account has written with. `cold_at` is when a first message to somebody was accepted, until
    -- it turns out that they are no stranger; one such person is one piece of the day's budget.
    CREATE TABLE people (recipient TEXT PRIMARY KEY, cold_at REAL) WITHOUT ROWID;
    CREATE INDEX people_cold ON people (cold_at) WHERE cold_at IS NOT NULL;

    -- Of events that are kept no longer, their happenings: a page may tell of an old message again.
    CREATE TABLE told (once TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID;
    CREATE INDEX told_by_seq ON told (seq);
    """,
    """
    -- Those that were set over HTTP; others are in the configuration.
    CREATE TABLE webhooks (name TEXT PRIMARY KEY, settings TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE deliveries (
        name TEXT PRIMARY KEY,
        failed INTEGER NOT NULL,
        due REAL NOT NULL,
        disabled TEXT,
        status INTEGER,
        error TEXT,
        seq INTEGER
    ) WITHOUT ROWID;
    -- Events that a receiver did not take; `again` are those to be brought once more.
    CREATE TABLE dead_letters (
        name TEXT NOT NULL,
        seq INTEGER NOT NULL,
        event TEXT NOT NULL,
        parked_at REAL NOT NULL,
        again INTEGER NOT NULL,
        PRIMARY KEY (name, seq)
    ) WITHOUT ROWID;
    """,
    """
    -- Files of messages, by their content. `message_id` is a message that has it at WhatsApp's servers; `due`
    -- when it is to be fetched, in seconds since 1970.
    CREATE TABLE media (
        sha256 TEXT PRIMARY KEY,
        kind TEXT NOT NULL,
        mimetype TEXT,
        filename TEXT,
        size INTEGER,
        state TEXT NOT NULL,
        message_id TEXT,
        tries INTEGER NOT NULL DEFAULT 0,
        due REAL NOT NULL DEFAULT 0,
        used_at REAL NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX media_by_state ON media (state, due);
    CREATE INDEX media_by_use ON media (used_at) WHERE state = 'stored';
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
