"""The proof that the supervisor advances, for which the watchdog is fed."""

import asyncio

import pytest
from link_harness import house
from phase_ways import STILL, reach

from wad.core.errors import BrowserMissingError
from wad.core.events import BrowserStarted, ResetRequested, StartRequested, StopRequested
from wad.core.status import Phase
from wad.link.bounds import BOUNDS, bound


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


@pytest.mark.parametrize("phase", Phase)
async def test_every_phase_is_proved(phase, tmp_path):
    """As long as a work is within its bounds, or a phase may last, there is a proof."""
    async with house(tmp_path, **STILL) as home:
        await reach(home, phase)
        await home.supervisor.prove()

        assert home.supervisor.alive


@pytest.mark.parametrize("phase", BOUNDS)
async def test_an_overdue_work_is_no_proof(phase, tmp_path):
    """Where a work is under way far beyond all its bounds, neither the watchdog nor /livez is told otherwise."""
    async with house(tmp_path, **STILL) as home:
        await reach(home, phase)
        home.supervisor._began -= bound(home.status, home.supervisor._deadlines) + 1
        with pytest.raises(TimeoutError, match=phase):
            await home.supervisor.prove()

        assert not home.supervisor.alive


@pytest.mark.parametrize(
    ("command", "phase"), [(StopRequested(), Phase.STOPPING), (ResetRequested(), Phase.RESETTING)]
)
async def test_a_lost_result_is_no_proof(command, phase, tmp_path):
    """A work that is over while its phase goes on is lost; a command that leads on makes up for it."""
    async with house(tmp_path) as home:
        await home.code()
        home.work.attach(lambda _: None, home.supervisor.listen)
        await home.send(command)
        await asyncio.wait({*home.supervisor._works})
        with pytest.raises(TimeoutError, match=phase):
            await home.supervisor.prove()
        alive = home.supervisor.alive
        home.work.attach(home.supervisor.post, home.supervisor.listen)
        await home.send(StopRequested(), StartRequested())
        await home.until(Phase.WAITING_FOR_SCAN)
        await home.supervisor.prove()

        assert not alive


async def test_waiting_for_a_person_is_no_fault(tmp_path):
    """Where nothing can change by itself the work has an end, and the proof goes on."""
    async with house(tmp_path) as home:
        home.driver.raises["start"] = BrowserMissingError("none")
        await home.send(StartRequested())
        await home.until(Phase.HELD_UP)
        await asyncio.wait({*home.supervisor._works})
        await home.supervisor.prove()

        assert home.supervisor.alive


async def test_an_earlier_browser_proves_nothing_of_the_next(tmp_path):
    """What the one before tells once another is to be started changes nothing."""
    async with house(tmp_path, **STILL) as home:
        await home.code()
        tell = home.supervisor.listen()
        home.driver.never.add("start")
        await home.send(StopRequested(), StartRequested())
        tell(BrowserStarted())
        await home.settle()

        assert Phase.STARTING is home.status.phase
        assert home.supervisor.browser_starts == 1
