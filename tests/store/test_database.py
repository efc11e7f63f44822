"""The thread that holds the messages' file: what it says is done is done, and what fails fails alone."""

import asyncio
import sqlite3
import threading

import pytest

from wad.core.errors import NewerStoreError, StoreBusyError, StoreClosedError, StoreError, StoreFullError
from wad.store import database as module
from wad.store.cursors import advance, read
from wad.store.database import Database
from wad.store.schema import STEPS

LONG = 30.0


async def opened(path):
    """Give an open database."""
    database = Database(path)
    await database.open(LONG)
    return database


def committed(path, name):
    """Read a cursor as another process would: what is not committed is not there."""
    with sqlite3.connect(path) as connection:
        return read(connection, name)


async def test_what_is_answered_is_on_the_disk(path):
    """Once a transaction has returned another process sees what it did."""
    database = await opened(path)
    result = await database.run(lambda connection: advance(connection, "a", 7), LONG)
    seen = committed(path, "a")
    await database.close(LONG)

    assert result is None
    assert seen == 7


async def test_many_share_a_commit(path, monkeypatch):
    """What waits is committed together; each still gets its own answer."""
    database = await opened(path)
    gate, sizes, commit = threading.Event(), [], module.commit

    def counting(connection, jobs):
        sizes.append(len(jobs))
        commit(connection, jobs)

    monkeypatch.setattr(module, "commit", counting)
    first = asyncio.create_task(database.run(lambda _: gate.wait(LONG), LONG))
    await asyncio.sleep(0)
    others = [
        asyncio.create_task(database.run(lambda connection, n=n: advance(connection, f"c{n}", n) or n, LONG))
        for n in range(1, 101)
    ]
    await asyncio.sleep(0)
    gate.set()
    results = [await task for task in (first, *others)]
    await database.close(LONG)

    assert list(range(1, 101)) == results[1:]
    assert sum(sizes) == 101
    assert len(sizes) <= 3
    assert committed(path, "c100") == 100


async def test_one_that_fails_undoes_itself_alone(path):
    """What raises is told to whoever asked, and nothing of it is kept; its neighbours in the commit are."""
    database = await opened(path)

    def failing(connection):
        advance(connection, "bad", 1)
        raise LookupError("no")

    outcomes = await asyncio.gather(
        database.run(lambda connection: advance(connection, "one", 1), LONG),
        database.run(failing, LONG),
        database.run(lambda connection: advance(connection, "two", 2), LONG),
        return_exceptions=True,
    )
    await database.close(LONG)

    assert isinstance(outcomes[1], LookupError)
    assert (1, None, 2) == tuple(committed(path, name) for name in ("one", "bad", "two"))


async def test_a_full_disk_is_told_and_passes(path):
    """A file that takes no more is a clear error with nothing half written; with space again it goes on."""
    database = await opened(path)
    pages = await database.run(lambda connection: connection.execute("PRAGMA page_count").fetchone()[0], LONG)
    await database.run(lambda connection: connection.execute(f"PRAGMA max_page_count = {pages}"), LONG)

    def large(connection):
        advance(connection, "n" * 100_000, 1)

    with pytest.raises(StoreFullError):
        await database.run(large, LONG)
    await database.run(lambda connection: connection.execute("PRAGMA max_page_count = 100000"), LONG)
    await database.run(large, LONG)
    await database.close(LONG)

    assert committed(path, "n" * 100_000) == 1


async def test_too_much_that_waits_is_refused(path, monkeypatch):
    """Beyond its bound a transaction is refused at once, and those before it are carried out."""
    monkeypatch.setattr(module, "WAITING", 2)
    database = await opened(path)
    gate, begun = threading.Event(), threading.Event()

    def hold(_):
        begun.set()
        gate.wait(LONG)

    held = asyncio.create_task(database.run(hold, LONG))
    await asyncio.to_thread(begun.wait, LONG)
    waiting = [asyncio.create_task(database.run(lambda _: 1, LONG)) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(StoreBusyError):
        await database.run(lambda _: 2, LONG)
    gate.set()
    results = [await task for task in (held, *waiting)]
    await database.close(LONG)

    assert [None, 1, 1] == results


async def test_closing_finishes_what_was_taken(path):
    """What was taken is written before the file is closed; what comes then is refused."""
    database = await opened(path)
    last = asyncio.create_task(database.run(lambda connection: advance(connection, "last", 9), LONG))
    await asyncio.sleep(0)
    await database.close(LONG)
    await last

    assert committed(path, "last") == 9
    with pytest.raises(StoreClosedError):
        await database.run(lambda _: 1, LONG)


async def test_the_file_is_private_and_lasts(path):
    """The file and what SQLite puts beside it are for their owner alone; each commit reaches the disk."""
    database = await opened(path)
    await database.run(lambda connection: advance(connection, "a", 1), LONG)
    modes = {each.name: each.stat().st_mode & 0o777 for each in path.parent.iterdir()}
    facts = await database.run(
        lambda connection: [
            connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")
        ],
        LONG,
    )
    await database.close(LONG)

    assert {0o600} == set(modes.values())
    assert {"messages.sqlite", "messages.sqlite-wal", "messages.sqlite-shm"} == set(modes)
    assert ["wal", 2] == facts


async def test_a_newer_file_is_refused(path):
    """A file that a newer wad has written is left as it is."""
    await (await opened(path)).close(LONG)
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {len(STEPS) + 1}")
    before = path.read_bytes()

    with pytest.raises(NewerStoreError, match="update wad"):
        await opened(path)
    assert before == path.read_bytes()


@pytest.mark.parametrize("damage", ["noise", "text", "middle"])
async def test_a_damaged_file_is_set_aside(path, damage):
    """What cannot be read is kept under another name, and the daemon runs with a new file."""
    database = await opened(path)
    for number in range(300):
        await database.run(lambda connection, n=number: advance(connection, f"{n}" * 50, n), LONG)
    await database.close(LONG)
    whole = path.read_bytes()
    bad = {
        "noise": bytes(range(256)) * 64,
        "text": b"this is no database, but a text that somebody saved here\n" * 100,
        "middle": whole[:4096] + b"\xff" * 8192 + whole[12288:],
    }[damage]
    path.write_bytes(bad)

    database = await opened(path)
    await database.run(lambda connection: advance(connection, "new", 1), LONG)
    await database.close(LONG)
    kept = [each for each in path.parent.iterdir() if ".damaged-" in each.name]

    assert [bad] == [each.read_bytes() for each in kept if not each.name.endswith(("-wal", "-shm"))]
    assert committed(path, "new") == 1


async def test_a_folder_in_its_place(path):
    """What is no file is said so, and left alone."""
    path.mkdir()
    with pytest.raises(StoreError):
        await opened(path)
    assert path.is_dir()


async def test_errors_quote_nothing(path):
    """What was to be written is in no error, though SQLite's own words may hold it."""
    database = await opened(path)
    with pytest.raises(StoreError) as told:
        await database.run(
            lambda connection: connection.execute("INSERT INTO cursors VALUES ('a private text', NULL)"), LONG
        )
    await database.close(LONG)

    assert "private" not in str(told.value)


async def test_a_waiter_that_is_cancelled_ends_neither_its_transaction_nor_the_thread(path):
    """What was taken is carried out, and what comes later, too."""
    database = await opened(path)
    gate = threading.Event()
    holding = asyncio.create_task(database.run(lambda _: gate.wait(LONG), LONG))
    waiting = asyncio.create_task(database.run(lambda connection: advance(connection, "a", 7), LONG))
    await asyncio.sleep(0)
    holding.cancel()
    waiting.cancel()
    await asyncio.wait({holding, waiting})
    gate.set()
    await database.run(lambda connection: advance(connection, "b", 1), LONG)
    seen = committed(path, "a"), committed(path, "b")
    await database.close(LONG)

    assert seen == (7, 1)
