"""The end of the supervisor, wherever it comes."""

import asyncio
from contextlib import suppress

import pytest
from link_harness import SHORT, open_harness
from phase_ways import STILL, reach

from wad.core.errors import SubmissionError
from wad.core.events import ResetRequested, RetryDue, StartRequested, StopRequested
from wad.core.status import Phase

ENDING = {Phase.FORGETTING, Phase.RESETTING, Phase.LOGGING_OUT}


async def ended(harness):
    """Cancel the supervisor, and give the tasks that are left of it."""
    harness.running.cancel()
    await asyncio.wait({harness.running})
    return asyncio.all_tasks() - {asyncio.current_task()}


@pytest.mark.parametrize("phase", Phase)
async def test_nothing_is_left(phase, tmp_path):
    """In every phase its end leaves no task and no browser; a session that was being forgotten is gone."""
    before = asyncio.all_tasks()
    async with open_harness(tmp_path, **STILL) as harness:
        await reach(harness, phase)
        had = harness.driver.profile.account
        harness.driver.release()
        left = await ended(harness)

        assert before - {asyncio.current_task()} == left
        assert not harness.driver.info.running
        assert not harness.supervisor.alive
        assert (None if phase in ENDING else had) == harness.driver.profile.account


async def test_a_driver_that_does_not_close(tmp_path):
    """The end comes all the same, after its deadline."""
    async with open_harness(tmp_path, shutdown=SHORT) as harness:
        await harness.link()
        harness.driver.never |= {"stop", "kill"}
        left = await ended(harness)

        assert set() == left


async def test_a_defect_while_closing(tmp_path):
    """An error of the driver's closing does not keep the rest from ending."""
    async with open_harness(tmp_path) as harness:
        await harness.link()
        harness.driver.raises["stop"] = ZeroDivisionError("a defect")
        left = await ended(harness)

        assert set() == left
        assert harness.running.cancelled()


async def test_a_deletion_that_takes_long(tmp_path):
    """What is still being deleted is left to the next start."""
    async with open_harness(tmp_path, **STILL) as harness:
        harness.driver.profile.endless = True
        await reach(harness, Phase.LINKED)
        await harness.send(ResetRequested())
        await harness.until(Phase.WAITING_FOR_SCAN)
        left = await ended(harness)

        assert harness.driver.profile.sweeps == 1
        assert set() == left


async def test_commands_afterwards(tmp_path):
    """Whoever asks a supervisor that has ended is told so."""
    async with open_harness(tmp_path) as harness:
        await ended(harness)
        with pytest.raises(SubmissionError):
            await harness.supervisor.submit(StartRequested())


async def test_commands_in_the_inbox(tmp_path):
    """Whoever waits for an answer when the end comes is told so, not cancelled."""
    async with open_harness(tmp_path) as harness:
        asking = asyncio.create_task(harness.supervisor.submit(StopRequested()))
        harness.running.cancel()
        await asyncio.wait({asking, harness.running})

        assert not asking.cancelled()
        with suppress(SubmissionError):
            asking.result()


async def test_a_full_inbox(tmp_path):
    """A command for which there is no room is refused with a word."""
    async with open_harness(tmp_path) as harness:
        waiting = [asyncio.create_task(harness.supervisor.submit(StopRequested())) for _ in range(1001)]
        await asyncio.wait(waiting, return_when=asyncio.FIRST_EXCEPTION)
        for asked in waiting:
            asked.cancel()

        with pytest.raises(SubmissionError, match="too many"):
            waiting[-1].result()
        assert Phase.STOPPED is (await harness.until(Phase.STOPPED)).phase


async def test_the_reading_under_way(tmp_path):
    """A look at the page that hangs does not outlive the supervisor."""
    async with open_harness(tmp_path, heartbeat_answer=600) as harness:
        await harness.link()
        harness.driver.never.add("snapshot")
        harness.supervisor.post(RetryDue())
        await harness.settle()
        left = await ended(harness)

        assert set() == left
