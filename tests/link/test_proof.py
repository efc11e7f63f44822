"""The proof that the supervisor advances, for which the watchdog is fed."""

import asyncio

import pytest
from link_harness import open_harness
from phase_ways import STILL, reach

from wad.core.errors import BrowserMissingError
from wad.core.events import BrowserStarted, ResetRequested, StartRequested, StopRequested
from wad.core.status import Phase
from wad.link.bounds import BOUNDS, bound


async def test_a_supervisor_at_work_proves_it(tmp_path):
    """The proof comes in every state, and costs nothing: nobody is told of a change."""
    async with open_harness(tmp_path) as harness:
        await harness.supervisor.prove()
        still = list(harness.changes)
        await harness.code()
        await harness.supervisor.prove()

        assert [] == still
        assert Phase.WAITING_FOR_SCAN is harness.status.phase


async def test_a_supervisor_that_stands_still_proves_nothing(tmp_path, monkeypatch):
    """With the consumer stuck in one envelope no proof comes, though the loop and everything else go on."""
    stuck = asyncio.Event()

    async def turn(_):
        stuck.set()
        await asyncio.Event().wait()

    async with open_harness(tmp_path) as harness:
        monkeypatch.setattr(harness.supervisor, "_turn", turn)
        harness.supervisor.post(StartRequested())
        await stuck.wait()
        proof = asyncio.create_task(harness.supervisor.prove())
        for _ in range(100):
            await asyncio.sleep(0)
        proved = proof.done()
        proof.cancel()

        assert not proved
        assert harness.supervisor.alive


@pytest.mark.parametrize("phase", Phase)
async def test_every_phase_is_proved(phase, tmp_path):
    """As long as a work is within its bounds, or a phase may last, there is a proof."""
    async with open_harness(tmp_path, **STILL) as harness:
        await reach(harness, phase)
        await harness.supervisor.prove()

        assert harness.supervisor.alive


@pytest.mark.parametrize("phase", BOUNDS)
async def test_an_overdue_work_is_no_proof(phase, tmp_path):
    """Where a work is under way far beyond all its bounds, neither the watchdog nor /livez is told otherwise."""
    async with open_harness(tmp_path, **STILL) as harness:
        await reach(harness, phase)
        harness.supervisor._began -= bound(harness.status, harness.supervisor._deadlines) + 1
        with pytest.raises(TimeoutError, match=phase):
            await harness.supervisor.prove()

        assert not harness.supervisor.alive


@pytest.mark.parametrize(
    ("command", "phase"), [(StopRequested(), Phase.STOPPING), (ResetRequested(), Phase.RESETTING)]
)
async def test_a_lost_result_is_no_proof(command, phase, tmp_path):
    """A work that is over while its phase goes on is lost; a command that leads on makes up for it."""
    async with open_harness(tmp_path) as harness:
        await harness.code()
        harness.work.attach(lambda _: None, harness.supervisor.listen)
        await harness.send(command)
        await asyncio.wait({*harness.supervisor._works})
        with pytest.raises(TimeoutError, match=phase):
            await harness.supervisor.prove()
        alive = harness.supervisor.alive
        harness.work.attach(harness.supervisor.post, harness.supervisor.listen)
        await harness.send(StopRequested(), StartRequested())
        await harness.until(Phase.WAITING_FOR_SCAN)
        await harness.supervisor.prove()

        assert not alive


async def test_waiting_for_a_person_is_no_fault(tmp_path):
    """Where nothing can change by itself the work has an end, and the proof goes on."""
    async with open_harness(tmp_path) as harness:
        harness.driver.raises["start"] = BrowserMissingError("none")
        await harness.send(StartRequested())
        await harness.until(Phase.HELD_UP)
        await asyncio.wait({*harness.supervisor._works})
        await harness.supervisor.prove()

        assert harness.supervisor.alive


async def test_an_earlier_browser_proves_nothing_of_the_next(tmp_path):
    """What the one before tells once another is to be started changes nothing."""
    async with open_harness(tmp_path, **STILL) as harness:
        await harness.code()
        tell = harness.supervisor.listen()
        harness.driver.never.add("start")
        await harness.send(StopRequested(), StartRequested())
        tell(BrowserStarted())
        await harness.settle()

        assert Phase.STARTING is harness.status.phase
