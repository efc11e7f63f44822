"""What the supervisor makes of failures: how soon it tries again, and what never ends it."""

import asyncio
import io
import logging
from datetime import UTC, datetime, timedelta

import pytest
import structlog
from link_harness import SHORT, open_harness
from phase_ways import STILL, WAYS
from structlog.testing import capture_logs

from wad.core.backoff import JITTER
from wad.core.errors import (
    BrowserError,
    BrowserMissingError,
    PageError,
    ProfileLockedError,
    SandboxForbiddenError,
    StorageFullError,
)
from wad.core.events import (
    Blocked,
    Failed,
    LogoutRequested,
    PageLoaded,
    QrLapsed,
    ResetRequested,
    RetryDue,
    StartRequested,
    StopRequested,
)
from wad.core.reasons import Reason, State
from wad.core.status import Phase, Status
from wad.log.changes import log_change
from wad.log.setup import configure

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("attempts", "expected"), [(0, 1), (1, 1), (2, 2), (3, 4), (4, 8), (6, 32), (7, 60), (8, 60), (5000, 60)]
)
async def test_back_off(attempts, expected, tmp_path):
    """The pause doubles with each failure up to its cap, and varies around that."""
    async with open_harness(tmp_path, backoff_first=1, backoff_max=60) as harness:
        pauses = [harness.work.back_off_seconds(attempts) for _ in range(200)]

    assert expected * (1 - JITTER) <= min(pauses) < expected < max(pauses) <= expected * (1 + JITTER)


@pytest.mark.parametrize(("left", "expected"), [(7200, 7200), (30 * 86400, 86400), (2, 4), (-60, 4)])
async def test_a_ban_is_waited_out(left, expected, tmp_path):
    """A block that has an end is probed then; a near one is backed off from, a far one looked at daily."""
    async with open_harness(tmp_path, backoff_first=1, backoff_max=60) as harness:
        harness.session._now = lambda: NOW
        until = NOW + timedelta(seconds=left)
        status = Status(Phase.HELD_UP, Reason.TEMPORARILY_BANNED, attempts=3, until=until)
        pause = harness.work.slow_seconds(status)

    assert expected * (1 - JITTER) <= pause <= expected * (1 + JITTER)
    assert expected in {pause, 4}


async def test_accounts_without_whatsapp_do_not_begin_anew_at_once(tmp_path):
    """How long a page may mend its own connection differs by as much as a pause: it is not asked for at one instant."""
    waits = []
    async with open_harness(tmp_path, reconnect=100) as harness:
        chance = harness.work._random
        chance.uniform = lambda low, high: waits.append((low, high)) or SHORT / 100
        await WAYS[Phase.RECONNECTING](harness)
        status = await harness.until(Phase.RECOVERING)

    assert (1 - JITTER, 1 + JITTER) == waits[0]
    assert Reason.NETWORK_UNREACHABLE is status.reason


async def test_blocks_are_not_probed_in_step(tmp_path):
    """What blocks every account, a changed page say, is probed by each at another time."""
    async with open_harness(tmp_path, slow_retry=600) as harness:
        status = Status(Phase.HELD_UP, Reason.PAGE_CHANGED, attempts=1)
        pauses = [harness.work.slow_seconds(status) for _ in range(200)]

    assert 600 * (1 - JITTER) <= min(pauses) < 600 < max(pauses) <= 600 * (1 + JITTER)


async def test_the_end_of_a_ban(tmp_path):
    """A ban that is over is found so by itself, long before a block without an end would be looked at."""
    async with open_harness(tmp_path, slow_retry=600) as harness:
        await harness.code()
        harness.supervisor.post(
            Blocked(Reason.TEMPORARILY_BANNED, until=harness.session.now() + timedelta(seconds=SHORT))
        )
        blocked = await harness.until(Phase.HELD_UP)
        probing = await harness.until(Phase.PROBING)
        await harness.until(Phase.WAITING_FOR_SCAN)

    assert blocked.until == probing.until is not None
    assert harness.status.until is None


async def test_failures_in_a_row_count(tmp_path):
    """Each failure is one more attempt; a stop begins the count anew."""
    async with open_harness(tmp_path) as harness:
        harness.driver.raises["start"] = BrowserError("it died")
        await harness.send(StartRequested())
        status = await harness.until(lambda status: status.attempts == 5)
        await harness.send(StopRequested())
        stopped = await harness.until(Phase.STOPPED)

    assert Reason.BROWSER_CRASHED is status.reason
    assert State.DISCONNECTED is status.state
    assert stopped.attempts == 0


async def test_the_link_comes_back_after_a_crash(tmp_path):
    """A browser that died is started again with its session."""
    async with open_harness(tmp_path) as harness:
        await harness.link()
        harness.driver.crash()
        await harness.until(Phase.RECOVERING)
        await harness.until(Phase.LINKED)

    assert [Phase.RECOVERING, Phase.RESTARTING] == harness.path[-4:-2]


@pytest.mark.parametrize(
    ("error", "phase", "reason"),
    [
        (BrowserError("gone"), Phase.RECOVERING, Reason.BROWSER_CRASHED),
        (BrowserMissingError("none"), Phase.HELD_UP, Reason.BROWSER_MISSING),
        (SandboxForbiddenError("filtered"), Phase.HELD_UP, Reason.SANDBOX_FORBIDDEN),
        (ProfileLockedError("used"), Phase.HELD_UP, Reason.PROFILE_LOCKED),
        (StorageFullError("full"), Phase.HELD_UP, Reason.STORAGE_FULL),
        (PageError("odd"), Phase.HELD_UP, Reason.PAGE_CHANGED),
        (ZeroDivisionError("a defect"), Phase.RECOVERING, Reason.INTERNAL_ERROR),
    ],
)
async def test_a_start_that_fails(error, phase, reason, tmp_path):
    """What a start raises becomes its reason; a defect is one that mends itself, too."""
    async with open_harness(tmp_path, **STILL) as harness:
        harness.driver.raises["start"] = error
        await harness.send(StartRequested())
        status = await harness.until(phase)
        harness.heal()
        await harness.send(StartRequested())
        await harness.until(Phase.WAITING_FOR_SCAN)

    assert reason is status.reason


async def test_a_missing_browser_is_not_looked_for(tmp_path):
    """Where nothing can change by itself nothing is tried, until somebody asks."""
    async with open_harness(tmp_path, slow_retry=SHORT) as harness:
        harness.driver.raises["start"] = BrowserMissingError("none")
        await harness.send(StartRequested())
        await harness.until(Phase.HELD_UP)
        # The work of this phase has nothing more to do: it ends.
        await asyncio.wait({*harness.supervisor._works})
        await harness.settle()
        held = [*harness.path]
        harness.heal()
        await harness.send(StartRequested())
        await harness.until(Phase.WAITING_FOR_SCAN)

    assert [Phase.STARTING, Phase.HELD_UP] == held
    assert harness.driver.calls.count("start") == 2


async def test_blocked_hosts_are_probed_slowly(tmp_path):
    """The pause between two probes is the long one, not the back-off's."""
    async with open_harness(tmp_path, slow_retry=600) as harness:
        harness.driver.servers.refusal = Reason.HOSTS_BLOCKED
        await harness.send(StartRequested())
        status = await harness.until(Phase.HELD_UP)
        await harness.settle()
        waiting = [work for work in harness.supervisor._works if not work.done()]

    assert Reason.HOSTS_BLOCKED is status.reason
    assert len(waiting) == 1
    assert Phase.PROBING not in harness.path


def defect():
    """Give an error that no driver promises."""
    return ZeroDivisionError("a defect")


@pytest.fixture
def output():
    """Give what the daemon's own log writes, everything included."""
    stream = io.StringIO()
    configure("console", "debug", stream)
    yield stream
    structlog.reset_defaults()
    logging.getLogger().handlers.clear()


@pytest.mark.parametrize("method", ["snapshot", "refresh_qr", "stop", "diagnose"])
async def test_a_defect_of_the_driver(method, tmp_path):
    """An error nobody foresaw in any method is told as such, or does no harm; the link comes about again."""
    async with open_harness(tmp_path, heartbeat_interval=SHORT, ready=SHORT) as harness:
        await harness.code()
        harness.driver.raises[method] = defect()
        if method == "refresh_qr":
            harness.driver.phone.now("spend")
        if method == "stop":
            harness.driver.crash()
        if method == "diagnose":
            harness.driver.servers.stalled = True
            harness.driver.phone.now("scan")
        status = await harness.until(Phase.RECOVERING)
        harness.heal()
        await harness.until(lambda status: status.phase in {Phase.WAITING_FOR_SCAN, Phase.LINKED})

    expected = Reason.BROWSER_CRASHED if method == "stop" else Reason.INTERNAL_ERROR

    assert expected is status.reason


async def test_the_heart_beats_on_after_a_defect(tmp_path):
    """A snapshot that failed once does not end the heartbeat: a later hang is found."""
    async with open_harness(tmp_path, heartbeat_interval=SHORT, heartbeat_answer=SHORT) as harness:
        await harness.link()
        harness.driver.raises["snapshot"] = defect()
        await harness.until(Reason.INTERNAL_ERROR)
        harness.heal()
        await harness.until(Phase.LINKED)
        harness.driver.never.add("snapshot")
        status = await harness.until(Reason.BROWSER_HUNG)

    assert Phase.RECOVERING is status.phase


async def test_a_page_that_cannot_be_read(tmp_path):
    """A snapshot that tells of an odd page is no hang; what the page tells by itself still counts."""
    async with open_harness(tmp_path, heartbeat_interval=SHORT) as harness:
        await harness.code()
        harness.driver.raises["snapshot"] = PageError("odd")
        await harness.driver.until_called("snapshot", harness.driver.calls.count("snapshot") + 4)
        harness.driver.phone.now("scan")
        await harness.until(Phase.LINKED)

    assert Phase.RECOVERING not in harness.path


@pytest.mark.parametrize("command", [ResetRequested(), LogoutRequested()], ids=["reset", "logout"])
async def test_a_profile_with_a_defect(command, tmp_path):
    """A reset or a logout that fails in a way nobody foresaw is pending, not stuck: said again, it works."""
    async with open_harness(tmp_path) as harness:
        await harness.link()
        harness.driver.profile.error = defect()
        harness.driver.raises["log_out"] = defect()
        await harness.send(command)
        await harness.until(Phase.RESET_PENDING)
        harness.heal()
        await harness.send(ResetRequested())
        await harness.until(Phase.WAITING_FOR_SCAN)

    assert harness.driver.profile.discards == 1


async def test_the_phone_ends_the_link(tmp_path):
    """A session that WhatsApp has ended is forgotten, and a code comes by itself."""
    async with open_harness(tmp_path) as harness:
        await harness.link()
        harness.driver.phone.now("logout")
        status = await harness.until(Phase.FORGETTING)
        await harness.until(Phase.WAITING_FOR_SCAN)

    assert Reason.LOGGED_OUT is status.reason
    assert harness.driver.profile.discards == 1


async def test_a_lost_crash_is_found(tmp_path):
    """A linked page without a browser is noticed by the next heartbeat, though its death was not told."""
    async with open_harness(tmp_path, heartbeat_interval=SHORT) as harness:
        await harness.link()
        harness.driver.life.over = True  # it tells nothing any more
        harness.driver.crash()
        status = await harness.until(Phase.RECOVERING)
        await harness.until(Phase.LINKED)

    assert Reason.BROWSER_CRASHED is status.reason


@pytest.mark.parametrize("event", [QrLapsed(), RetryDue()])
async def test_an_event_without_a_place(event, tmp_path):
    """It changes nothing, is logged once however often it comes, and makes the supervisor look at the page."""
    async with open_harness(tmp_path) as harness:
        await harness.link()
        before, looks = harness.status, harness.driver.calls.count("snapshot")
        with capture_logs() as logs:
            for _ in range(5):
                harness.supervisor.post(event)
            await harness.settle()
            await harness.supervisor._reconciling

        refused = [entry for entry in logs if entry["event"] == "event_refused"]

        assert before is harness.status
        assert [type(event).__name__] == [entry["event_type"] for entry in refused]
        assert looks + 1 == harness.driver.calls.count("snapshot")


async def test_it_is_looked_at_what_was_refused(tmp_path):
    """What the look at the page brings is believed."""
    async with open_harness(tmp_path) as harness:
        await harness.code()
        harness.driver.life.over = True  # the scan is not told
        harness.driver.phone.now("scan")
        harness.supervisor.post(RetryDue())
        await harness.until(Phase.LINKED)


async def test_without_a_page_there_is_nothing_to_look_at(tmp_path):
    """Where there is no page an event without a place is only logged."""
    async with open_harness(tmp_path) as harness:
        with capture_logs() as logs:
            harness.supervisor.post(PageLoaded())
            await harness.settle()

        assert "event_refused" in [entry["event"] for entry in logs]
        assert [] == harness.driver.calls


async def test_a_page_gone_mad(tmp_path):
    """More events of a page than its share are dropped with a word; commands and results are not lost to them."""
    async with open_harness(tmp_path) as harness:
        await harness.link()
        tell = harness.supervisor.listen()
        with capture_logs() as logs:
            for _ in range(1100):
                tell(Failed(Reason.PAGE_CRASHED))
            harness.supervisor.post(Failed(Reason.BROWSER_CRASHED))
            asked = asyncio.create_task(harness.supervisor.submit(StopRequested()))
        await harness.until(Phase.STOPPED)
        dropped = [entry for entry in logs if entry["event"] == "event_dropped"]

        assert 100 == len(dropped)
        assert Reason.STOPPED is (await asked).reason


async def test_a_flood_strands_no_phase(tmp_path):
    """The end of a pause is heard behind any number of events of the page."""
    async with open_harness(tmp_path, backoff_first=SHORT, backoff_max=SHORT) as harness:
        await harness.link()
        tell = harness.supervisor.listen()
        harness.session.subscribe(lambda _: [tell(PageLoaded()) for _ in range(2000)])
        harness.driver.crash()
        await harness.until(Phase.RECOVERING)
        await harness.until(Phase.LINKED)


async def test_no_code_is_logged(tmp_path, output):
    """Neither the lines nor a traceback of the whole way from a code to a defect hold a code."""
    async with open_harness(tmp_path, heartbeat_interval=SHORT) as harness:
        harness.session.subscribe(log_change)
        await harness.code()
        text = harness.status.code.text
        harness.driver.raises["snapshot"] = defect()
        await harness.until(Phase.RECOVERING)

    assert "[WA] event=qr" in output.getvalue()
    assert "ZeroDivisionError: a defect" in output.getvalue()
    assert text not in output.getvalue()
