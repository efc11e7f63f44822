"""Every command in every phase: what it promises is reached, wherever it is said."""

import pytest
from link_harness import open_harness
from phase_ways import STILL, WAYS, reach

from wad.core.events import Failed, LogoutRequested, ResetRequested, StartRequested, StopRequested
from wad.core.reasons import Reason
from wad.core.status import Phase, State

every_phase = pytest.mark.parametrize("phase", Phase)
# In these the session is being deleted, which a stop does not prevent.
ENDING = {Phase.FORGETTING, Phase.RESETTING, Phase.LOGGING_OUT}


def test_there_is_a_way_into_every_phase():
    """The tests below leave no phase out."""
    assert set(Phase) == set(WAYS)


def good(status):
    """Whether the link is where it should be."""
    return status.phase in {Phase.WAITING_FOR_SCAN, Phase.WAITING_FOR_ENTRY, Phase.LINKED}


@every_phase
async def test_start(phase, tmp_path):
    """After a start, and with the trouble gone, the link comes about, and is wanted from then on."""
    async with open_harness(tmp_path, **STILL) as harness:
        await reach(harness, phase)
        await harness.send(StartRequested())
        harness.heal()
        status = await harness.until(good)

        assert status.reason is None
        assert harness.intent.wanted()
        assert harness.driver.info.running


@every_phase
async def test_stop(phase, tmp_path):
    """After a stop no browser runs, the reason is the operator's, and it is remembered."""
    async with open_harness(tmp_path, **STILL) as harness:
        await reach(harness, phase)
        had = harness.driver.profile.account
        await harness.send(StopRequested())
        harness.heal()
        status = await harness.until(Phase.STOPPED)

        assert Reason.STOPPED is status.reason
        assert not harness.intent.wanted()
        assert not harness.driver.info.running
        assert (None if phase in ENDING else had) == harness.driver.profile.account


@every_phase
@pytest.mark.parametrize("command", [ResetRequested(), LogoutRequested()], ids=["reset", "logout"])
async def test_forget(phase, command, tmp_path):
    """After a reset or a logout the session is gone and a code waits."""
    async with open_harness(tmp_path, **STILL) as harness:
        await reach(harness, phase)
        await harness.send(command)
        harness.heal()
        status = await harness.until(
            lambda status: status.phase is Phase.WAITING_FOR_SCAN and harness.driver.profile.discards > 0
        )

        assert State.QR is status.state
        assert harness.driver.profile.account is None
        assert harness.intent.wanted()


@every_phase
async def test_all_at_once(phase, tmp_path):
    """Whatever was said before, the last word counts."""
    async with open_harness(tmp_path, **STILL) as harness:
        await reach(harness, phase)
        for word in (LogoutRequested(), StopRequested(), ResetRequested(), StopRequested()):
            harness.supervisor.post(word)
        harness.heal()
        await harness.send(StartRequested())
        await harness.until(lambda status: good(status) and harness.driver.profile.discards > 0)
        await harness.settle()

        assert Phase.WAITING_FOR_SCAN is harness.status.phase
        assert harness.driver.profile.account is None
        assert harness.driver.profile.used
        assert harness.most_at_once == 1


@pytest.mark.parametrize("phase", [Phase.STOPPING, Phase.RESETTING, Phase.LOGGING_OUT])
async def test_a_late_crash_undoes_no_command(phase, tmp_path):
    """A crash that is told after the command changes nothing: the browser was to go anyway."""
    async with open_harness(tmp_path, **STILL) as harness:
        await reach(harness, phase)
        harness.supervisor.post(Failed(Reason.BROWSER_CRASHED))
        await harness.settle()
        status = harness.status
        harness.heal()
        end = Phase.STOPPED if phase is Phase.STOPPING else Phase.WAITING_FOR_SCAN
        after = await harness.until(end)

        assert phase is status.phase
        assert Phase.RECOVERING not in harness.path
        assert after.attempts == 0


async def test_stop_during_a_reset(tmp_path):
    """A session that is being forgotten is gone, though nothing is started after it."""
    async with open_harness(tmp_path, **STILL) as harness:
        await reach(harness, Phase.RESETTING)
        await harness.send(StopRequested())
        harness.driver.release()
        await harness.until(Phase.STOPPED)

        assert harness.driver.profile.account is None
        assert harness.driver.profile.discards == 1


@pytest.mark.parametrize("between", [(), (StopRequested(),)], ids=["at once", "after a stop"])
async def test_reset_overtakes_a_hung_logout(between, tmp_path):
    """A reset does not wait for a page that never says good-bye: it does all that would come after it."""
    async with open_harness(tmp_path, **STILL) as harness:
        await reach(harness, Phase.LOGGING_OUT)
        await harness.send(*between, ResetRequested())
        await harness.until(Phase.WAITING_FOR_SCAN)

        assert "log_out" in harness.driver.never
        assert harness.driver.profile.discards == 1


async def test_start_after_a_stop_during_a_reset(tmp_path):
    """The browser is not started on a profile that is still being deleted."""
    async with open_harness(tmp_path, **STILL) as harness:
        await reach(harness, Phase.RESETTING)
        await harness.send(StopRequested(), StartRequested())
        await harness.settle()
        harness.driver.release()
        await harness.until(Phase.WAITING_FOR_SCAN)

        assert harness.driver.profile.discards == 1
        assert harness.most_at_once == 1
