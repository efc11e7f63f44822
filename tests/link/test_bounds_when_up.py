"""The deadlines of a link that is up, or is being taken down, with a party that never answers."""

import asyncio

import pytest
from fake_page import FakeProfile
from link_harness import SHORT, open_harness

from wad.core.errors import ProfileLockedError, StorageFullError
from wad.core.events import LogoutRequested, ResetRequested, StartRequested, Steady, StopRequested
from wad.core.reasons import Reason
from wad.core.status import Phase


@pytest.mark.parametrize("how", ["never returns", "tells so itself"])
async def test_the_page_hangs(how, tmp_path):
    """Two heartbeats without an answer are a hung browser; it is replaced and the link is back."""
    async with open_harness(
        tmp_path, heartbeat_interval=SHORT, heartbeat_answer=SHORT, evaluate=SHORT / 2
    ) as harness:
        await harness.link()
        if how == "never returns":
            harness.driver.never.add("snapshot")
        else:
            harness.driver.phone.now("hang")
        status = await harness.until(Phase.RECOVERING)
        harness.driver.release()
        await harness.until(Phase.LINKED)

        assert Reason.BROWSER_HUNG is status.reason


async def test_one_missed_heartbeat_is_a_hiccup(tmp_path):
    """A page that answers the next time was only busy."""
    async with open_harness(tmp_path, heartbeat_interval=SHORT, heartbeat_answer=SHORT) as harness:
        await harness.link()
        ask, calls, enough = harness.driver.snapshot, [], asyncio.Event()

        async def every_other_time():
            calls.append(len(calls))
            if len(calls) > 6:
                enough.set()
            if len(calls) % 2:
                await asyncio.Event().wait()
            return await ask()

        harness.driver.snapshot = every_other_time
        await enough.wait()

        assert Phase.LINKED is harness.status.phase
        assert Phase.RECOVERING not in harness.path


async def test_the_logout_never_ends(tmp_path):
    """The session is forgotten though WhatsApp has not answered."""
    async with open_harness(tmp_path, logout=SHORT) as harness:
        await harness.link()
        harness.driver.never.add("log_out")
        await harness.send(LogoutRequested())
        await harness.until(Phase.WAITING_FOR_SCAN)

        assert harness.driver.profile.discards == 1


@pytest.mark.parametrize("never", [{"stop"}, {"stop", "kill"}], ids=["graceful", "any"])
async def test_the_browser_never_closes(never, tmp_path):
    """A stop reaches its end though the driver does not come back from it."""
    async with open_harness(tmp_path, shutdown=SHORT) as harness:
        await harness.link()
        harness.driver.never |= never
        await harness.send(StopRequested())
        status = await harness.until(Phase.STOPPED)

        assert Reason.STOPPED is status.reason
        assert not harness.driver.info.running


async def test_reset_with_a_browser_that_never_closes(tmp_path):
    """A reset too: the session is gone."""
    async with open_harness(tmp_path, shutdown=SHORT) as harness:
        await harness.link()
        harness.driver.never.add("kill")
        await harness.send(ResetRequested())
        await harness.until(Phase.WAITING_FOR_SCAN)

        assert harness.driver.profile.discards == 1


async def test_a_code_outlives_its_time(tmp_path):
    """A code the page does not replace is withdrawn when its time is over."""
    async with open_harness(tmp_path, qr_grace=SHORT) as harness:
        harness.driver.servers.lives = (SHORT, 60)
        hung = asyncio.create_task(harness.until(Phase.WAITING_FOR_SCAN))
        harness.session.subscribe(
            lambda change: harness.driver.phone.now("hang") if change.after.code else None
        )
        await harness.send(StartRequested())
        await hung
        status = await harness.until(Phase.CONNECTING)

        assert status.code is None


async def test_blocked_is_probed(tmp_path):
    """After its time a blocked link is tried again, and stays blocked until the page has better to tell."""
    async with open_harness(tmp_path, slow_retry=SHORT) as harness:
        await harness.link()
        harness.driver.phone.now("ban")
        await harness.until(Phase.HELD_UP)
        probing = await harness.until(Phase.PROBING)
        harness.driver.phone.now("recover")
        await harness.until(Phase.LINKED)

        assert Reason.TEMPORARILY_BANNED is probing.reason


async def test_a_pending_reset_is_tried_again(tmp_path):
    """A reset that met a full disk is done soon after there is space, without anybody's asking."""
    async with open_harness(tmp_path, slow_retry=600, recheck=SHORT) as harness:
        await harness.link()
        harness.driver.profile.error = StorageFullError("No space left on device")
        await harness.send(ResetRequested())
        status = await harness.until(Phase.RESET_PENDING)
        await harness.driver.profile.until_checked(3)
        harness.driver.profile.error = None
        await harness.until(Phase.WAITING_FOR_SCAN)

        assert Reason.STORAGE_FULL is status.reason
        assert harness.driver.profile.discards == 1


async def test_a_lock_that_stays_is_tried_in_the_end(tmp_path):
    """What looking does not show is shown by trying, as often as for any other that is blocked."""
    async with open_harness(tmp_path, slow_retry=SHORT, recheck=600) as harness:
        await harness.link()
        harness.driver.profile.error = ProfileLockedError("somebody uses it")
        await harness.send(ResetRequested())
        status = await harness.until(
            lambda status: status.phase is Phase.RESET_PENDING and status.attempts > 1
        )

        assert Reason.PROFILE_LOCKED is status.reason


async def test_a_busy_consumer(tmp_path):
    """A command that is not applied in time is answered with the present, and carried out all the same."""
    async with open_harness(tmp_path, command=SHORT, save=SHORT) as harness:
        turn = harness.supervisor._turn
        passed = asyncio.Event()

        async def slow(envelope):
            await passed.wait()
            await turn(envelope)

        harness.supervisor._turn = slow
        harness.supervisor.post(Steady())  # for the turn that waits already
        status = await harness.supervisor.submit(StartRequested())
        passed.set()
        await harness.until(Phase.STARTING)

        assert Phase.STOPPED is status.phase


async def test_steady(tmp_path):
    """After enough good time the failures before it no longer count."""
    async with open_harness(tmp_path, backoff_reset=SHORT) as harness:
        await harness.code()
        harness.driver.crash()
        status = await harness.until(Phase.RECOVERING)
        await harness.until(lambda status: status.phase is Phase.WAITING_FOR_SCAN and status.attempts == 0)

        assert status.attempts == 1


def test_the_fake_profile_is_never_robbed():
    """The fake refuses what the real one refuses: the tests above would see it."""
    profile = FakeProfile()
    profile.used = True
    with pytest.raises(Exception, match="uses it"):
        profile.discard()
