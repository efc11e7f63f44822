"""The proof that the supervisor advances, for which the watchdog is fed."""

import asyncio

from supervisor_house import house

from wad.events import StartRequested
from wad.status import Phase


async def test_a_supervisor_at_work_proves_it(tmp_path):
    """The proof comes in every state, and costs nothing: nobody is told of a change."""
    async with house(tmp_path) as home:
        await home.supervisor.prove()
        still = list(home.changes)
        await home.code()
        await home.supervisor.prove()

        assert [] == still
        assert Phase.WAITING_FOR_SCAN is home.status.phase


async def test_a_supervisor_that_stands_still_proves_nothing(tmp_path, monkeypatch):
    """With the consumer stuck in one letter no proof comes, though the loop and everything else go on."""
    stuck = asyncio.Event()

    async def turn(_):
        stuck.set()
        await asyncio.Event().wait()

    async with house(tmp_path) as home:
        monkeypatch.setattr(home.supervisor, "_turn", turn)
        home.supervisor.post(StartRequested())
        await stuck.wait()
        proof = asyncio.create_task(home.supervisor.prove())
        for _ in range(100):
            await asyncio.sleep(0)
        proved = proof.done()
        proof.cancel()

        assert not proved
        assert home.supervisor.alive
