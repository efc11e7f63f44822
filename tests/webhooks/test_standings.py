"""How webhooks stand, told from memory: always what the whole documents tell, which ask the disk."""

import asyncio

from receiver import listening
from test_deliveries import delivering, give_up, happen

from wad.core.events import ProfileCleared, ResetRequested


async def same(house, wanted):
    """Wait until the standings are as wanted and the disk agrees; gives that of the one webhook."""
    async with asyncio.timeout(30):
        while True:
            (standing,), (whole,) = house.hooks.standings, await house.hooks.listing()
            if wanted(standing) and standing == {key: whole[key] for key in standing}:
                return standing
            await asyncio.sleep(0)


async def test_a_standing_has_no_url(tmp_path):
    """Its name, its state, how far it is behind and why; nothing else."""
    async with listening() as receiver, delivering(tmp_path) as house:
        receiver.answer(503)
        await house.hooks.put("a", {"url": f"{receiver.url}?key=secret"})
        await happen(house, 1, 2)
        found = await same(house, lambda each: each["state"] == "retrying")

    assert found == {
        "name": "a",
        "state": "retrying",
        "backlog": 2,
        "failedAttempts": 1,
        "lastStatus": 503,
        "lastError": None,
        "deadLetters": 0,
    }


async def test_by_name(tmp_path):
    """They come in the order of their names, whichever was set first."""
    async with listening() as receiver, delivering(tmp_path) as house:
        for name in ("b", "a"):
            await house.hooks.put(name, {"url": receiver.url})
        names = [each["name"] for each in house.hooks.standings]

    assert names == ["a", "b"]


async def test_what_was_given_up_over_a_restart_and_a_replay(tmp_path):
    """It is counted when it is parked, known to the next daemon, and gone when it was taken."""
    async with listening() as receiver:
        async with delivering(tmp_path) as house:
            await house.hooks.put("a", {"url": receiver.url})
            await give_up(house, receiver)
            parked = await same(house, lambda each: each["deadLetters"] == 1)
        async with delivering(tmp_path, clock=house.clock) as house:
            again = await same(house, lambda each: each["deadLetters"] == 1)
            await house.hooks.replay("a")
            taken = await same(house, lambda each: each["deadLetters"] == 0)

    assert (parked["state"], again["backlog"], taken["state"]) == ("active", 0, "active")


async def test_what_was_given_up_goes_with_the_account(tmp_path):
    """A reset deletes it, and nobody is told of it any more."""
    async with listening() as receiver, delivering(tmp_path) as house:
        await house.link()
        await house.hooks.put("a", {"url": receiver.url, "events": ["message"]})
        await give_up(house, receiver)
        await same(house, lambda each: each["deadLetters"] == 1)
        for event in (ResetRequested(), ProfileCleared()):
            house.session.apply(event)
        found = await same(house, lambda each: each["deadLetters"] == 0)

    assert found["deadLetters"] == 0
