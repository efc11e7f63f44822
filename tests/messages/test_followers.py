"""The event log as its followers see it, over a real file."""

import asyncio
from contextlib import asynccontextmanager

from wad.messages.journal import PAGE, TAIL, Journal
from wad.store import event_log
from wad.store.database import Database

WITHIN = 30


@asynccontextmanager
async def opened(folder):
    """Give a journal over a file of its own."""
    database = Database(folder / "messages.sqlite")
    await database.open(WITHIN)
    journal = Journal(database, WITHIN)
    await journal.open()
    try:
        yield journal
    finally:
        await journal.close()
        await database.close(WITHIN)


def appending(count, kind="message"):
    """Give a transaction that appends so many events."""

    def work(connection):
        for number in range(count):
            event_log.append(connection, kind, {"number": number}, 1000.0 + number)

    return work


async def test_nothing_is_there_at_first(tmp_path):
    """Nothing is there at first."""
    async with opened(tmp_path) as journal:
        assert journal.newest == 0
        assert await journal.read(0, 10) == []
        assert await journal.wait(0, 0.001) is False


async def test_a_follower_is_woken_and_reads(tmp_path):
    """A follower is woken and reads."""
    async with opened(tmp_path) as journal:
        waiting = asyncio.create_task(journal.wait(0, WITHIN))
        await journal.write(appending(3))
        assert await waiting is True
        assert [event.seq for event in await journal.read(0, 10)] == [1, 2, 3]
        assert [event.seq for event in await journal.read(1, 1)] == [2]
        assert [event.seq for event in await journal.read(3, 10)] == []


async def test_types_are_chosen_in_memory_and_on_the_disk(tmp_path):
    """Types are chosen in memory and on the disk."""
    async with opened(tmp_path) as journal:
        await journal.write(appending(2, "message"))
        await journal.write(appending(2, "state"))
        assert await journal.wait(3, WITHIN)
        assert [event.seq for event in await journal.read(0, 10, {"state"})] == [3, 4]
        journal.forget()
        assert [event.seq for event in await journal.read(0, 10, {"state"})] == [3, 4]


async def test_older_events_than_memory_holds_come_from_the_file(tmp_path):
    """Older events than memory holds come from the file."""
    async with opened(tmp_path) as journal:
        await journal.write(appending(TAIL + 500))
        assert await journal.wait(TAIL + 499, WITHIN)
        seen, after = [], 0
        while events := await journal.read(after, PAGE):
            seen += [event.seq for event in events]
            after = seen[-1]
        assert seen == list(range(1, TAIL + 501))


async def test_a_cancelled_writer_wakes_the_followers_all_the_same(tmp_path):
    """A cancelled writer wakes the followers all the same."""
    async with opened(tmp_path) as journal:
        writing = asyncio.create_task(journal.write(appending(1)))
        await asyncio.sleep(0)  # it has handed its transaction over
        writing.cancel()
        assert await journal.wait(0, WITHIN)
        assert [event.seq for event in await journal.read(0, 10)] == [1]


async def test_numbers_go_on_behind_a_forgotten_memory(tmp_path):
    """Numbers go on behind a forgotten memory."""
    async with opened(tmp_path) as journal:
        await journal.write(appending(2))
        assert await journal.wait(1, WITHIN)
        journal.forget()
        await journal.write(appending(2))
        assert await journal.wait(3, WITHIN)
        assert [event.seq for event in await journal.read(0, 10)] == [1, 2, 3, 4]


async def test_what_was_written_is_seen_at_once(tmp_path):
    """Whoever has written finds it with the followers already: nothing has to be read behind it."""
    async with opened(tmp_path) as journal:
        await journal.write(appending(3))
        assert journal.newest == 3
        assert journal._looking is None


async def test_many_writers_at_once_leave_no_gap(tmp_path):
    """What several append in one commit is there once each, in order, however their answers come."""
    async with opened(tmp_path) as journal:
        writings = [asyncio.create_task(journal.write(appending(2))) for _ in range(20)]
        await asyncio.sleep(0)  # they have handed their transactions over
        writings[7].cancel()
        await asyncio.wait(writings)
        assert await journal.wait(39, WITHIN)
        assert [event.seq for event in await journal.read(0, 100)] == list(range(1, 41))
