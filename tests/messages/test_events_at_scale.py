"""A hundred thousand events in the log: what is asked of them does not depend upon how many there are."""

import json

from messages_harness import WITHIN, opened

from wad.store import event_log

COUNT = 100_000


def fill(connection):
    """Write events down, as quickly as SQLite does."""
    rows = [
        (f"evt_{number:026d}", f"message:{number}", "message", 1.0, json.dumps({"n": number}), 12)
        for number in range(COUNT)
    ]
    connection.executemany(
        "INSERT INTO events (id, once, type, at, data, size) VALUES (?, ?, ?, ?, ?, ?)", rows
    )


def steps(connection, work):
    """Give how many of SQLite's own steps, in thousands, a piece of work takes: no clock of a shared machine."""
    count = [0]

    def step():
        count[0] += 1
        return 0

    connection.set_progress_handler(step, 1000)
    work(connection)
    connection.set_progress_handler(None, 0)
    return count[0]


async def test_reading_costs_what_is_read(tmp_path):
    """A page from the middle takes as few steps as one of a short log, and so do span and append."""
    async with opened(tmp_path, now=lambda: 1000.0) as house:
        await house.journal.write(fill)
        assert await house.journal.wait(COUNT - 1, WITHIN)
        read = house.messages.desk.read
        middle = await read(
            lambda c: steps(c, lambda connection: event_log.after(connection, COUNT // 2, 100))
        )
        end = await read(lambda c: steps(c, lambda connection: event_log.after(connection, COUNT - 50, 100)))
        known = await read(
            lambda c: steps(
                c, lambda connection: event_log.append(connection, "message", {}, 1.0, "message:7")
            )
        )
        span = await read(lambda c: steps(c, event_log.span))
        everything = await read(lambda c: steps(c, lambda connection: event_log.after(connection, 0, COUNT)))
        found = await house.messages.events(COUNT // 2, 100)

    assert [each["seq"] for each in found["events"]] == list(range(COUNT // 2 + 1, COUNT // 2 + 101))
    assert max(middle, end, known, span) <= 3
    # What the measure would show where all were read.
    assert everything > 500
