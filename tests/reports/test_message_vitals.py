"""How messages are, for people who look on: from memory, with codes and counts alone."""

import asyncio
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "messages"))

from messages_harness import WITHIN, opened

from wad.reports.message_vitals import MessageVitals

HOOK = {"name": "a", "state": "active", "backlog": 3}


def told(house):
    """Give the document; nothing private is in it."""
    document = MessageVitals(house.messages, lambda: [HOOK]).document()
    assert "hello" not in json.dumps(document)
    assert "1555" not in json.dumps(document)
    return document


async def until(house, wanted):
    """Wait until the outbox is told to be as wanted; gives that."""
    async with asyncio.timeout(WITHIN):
        while True:
            if wanted(found := told(house)["outbox"]):
                return found
            await asyncio.sleep(0)


async def test_what_waits_and_for_how_long(tmp_path):
    """Two that wait, by the clock; withdrawn, they wait no more, and that is no failure."""
    clock = {"now": 1_800_000_000.0}
    async with opened(tmp_path, now=lambda: clock["now"]) as house:
        await house.link()
        house.lose()
        first = await house.send("hello")
        second = await house.send("hello again")
        clock["now"] += 90
        waiting = await until(house, lambda each: each["depth"] == 2)
        for each in (first, second):
            await house.messages.withdraw(each["id"])
        empty = await until(house, lambda each: each["depth"] == 0)

    assert waiting == {"depth": 2, "oldestSeconds": 90, "lastFailure": None}
    assert empty == {"depth": 0, "oldestSeconds": None, "lastFailure": None}


async def test_the_last_failure(tmp_path):
    """It is told by its code and its time, the later one after an earlier one."""
    async with opened(tmp_path, now=lambda: 1_800_000_000.0) as house:
        await house.link()
        house.page.strangers.add("15551110000@c.us")
        await house.send("hello")
        first = await until(house, lambda each: each["lastFailure"])
        house.page.outcome = 463
        await house.send("hello again", to="+15552220000")
        second = await until(house, lambda each: each["lastFailure"]["code"] == "reachout_locked")

    assert first["lastFailure"] == {"code": "not_on_whatsapp", "at": "2027-01-15T08:00:00.000Z"}
    assert second["lastFailure"]["at"] == "2027-01-15T08:00:00.000Z"


async def test_webhooks_stand_beside(tmp_path):
    """They are told as they tell of themselves."""
    async with opened(tmp_path) as house:
        assert told(house)["webhooks"] == [HOOK]


async def test_a_file_that_cannot_be_used(tmp_path):
    """Of the outbox nothing is known then, and no emptiness is pretended."""
    async with opened(tmp_path) as house:
        before = told(house)["outbox"]
        await house.messages.desk.database.close(WITHIN)
        closed = told(house)["outbox"]

    assert before["depth"] == 0
    assert closed is None
