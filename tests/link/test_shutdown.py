"""The end of the supervisor, wherever it comes."""

import asyncio
from contextlib import suppress

import pytest
from link_harness import SHORT, house
from phase_ways import STILL, reach

from wad.core.errors import SubmissionError
from wad.core.events import ResetRequested, RetryDue, StartRequested, StopRequested
from wad.core.status import Phase

ENDING = {Phase.FORGETTING, Phase.RESETTING, Phase.LOGGING_OUT}


async def ended(home):
    """Cancel the supervisor, and give the tasks that are left of it."""
    home.running.cancel()
    await asyncio.wait({home.running})
    return asyncio.all_tasks() - {asyncio.current_task()}


@pytest.mark.parametrize("phase", Phase)
async def test_nothing_is_left(phase, tmp_path):
    """In every phase its end leaves no task and no browser; a session that was being forgotten is gone."""
    before = asyncio.all_tasks()
    async with house(tmp_path, **STILL) as home:
        await reach(home, phase)
        had = home.driver.profile.account
        home.driver.release()
        left = await ended(home)

        assert before - {asyncio.current_task()} == left
        assert not home.driver.info.running
        assert not home.supervisor.alive
        assert (None if phase in ENDING else had) == home.driver.profile.account


async def test_a_driver_that_does_not_close(tmp_path):
    """The end comes all the same, after its deadline."""
    async with house(tmp_path, shutdown=SHORT) as home:
        await home.link()
        home.driver.never |= {"stop", "kill"}
        left = await ended(home)

        assert set() == left


async def test_a_defect_while_closing(tmp_path):
    """An error of the driver's closing does not keep the rest from ending."""
    async with house(tmp_path) as home:
        await home.link()
        home.driver.raises["stop"] = ZeroDivisionError("a defect")
        left = await ended(home)

        assert set() == left
        assert home.running.cancelled()


async def test_a_deletion_that_takes_long(tmp_path):
    """What is still being deleted is left to the next start."""
    async with house(tmp_path, **STILL) as home:
        home.driver.profile.endless = True
        await reach(home, Phase.LINKED)
        await home.send(ResetRequested())
        await home.until(Phase.WAITING_FOR_SCAN)
        left = await ended(home)

        assert home.driver.profile.sweeps == 1
        assert set() == left


async def test_commands_afterwards(tmp_path):
    """Whoever asks a supervisor that has ended is told so."""
    async with house(tmp_path) as home:
        await ended(home)
        with pytest.raises(SubmissionError):
            await home.supervisor.submit(StartRequested())


async def test_commands_in_the_inbox(tmp_path):
    """Whoever waits for an answer when the end comes is told so, not cancelled."""
    async with house(tmp_path) as home:
        asking = asyncio.create_task(home.supervisor.submit(StopRequested()))
        home.running.cancel()
        await asyncio.wait({asking, home.running})

        assert not asking.cancelled()
        with suppress(SubmissionError):
            asking.result()


async def test_a_full_inbox(tmp_path):
    """A command for which there is no room is refused with a word."""
    async with house(tmp_path) as home:
        waiting = [asyncio.create_task(home.supervisor.submit(StopRequested())) for _ in range(1001)]
        await asyncio.wait(waiting, return_when=asyncio.FIRST_EXCEPTION)
        for asked in waiting:
            asked.cancel()

        with pytest.raises(SubmissionError, match="too many"):
            waiting[-1].result()
        assert Phase.STOPPED is (await home.until(Phase.STOPPED)).phase


async def test_the_reading_under_way(tmp_path):
    """A look at the page that hangs does not outlive the supervisor."""
    async with house(tmp_path, heartbeat_answer=600) as home:
        await home.link()
        home.driver.never.add("snapshot")
        home.supervisor.post(RetryDue())
        await home.settle()
        left = await ended(home)

        assert set() == left
