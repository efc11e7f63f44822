"""Each deadline of the supervisor and its works, with a party that never answers."""

import asyncio
import json

import pytest
from link_harness import SHORT, open_harness

from wad.core.events import (
    BrowserStarted,
    StartRequested,
)
from wad.core.reasons import Reason
from wad.core.status import Phase
from wad.link.driver import Diagnosis

QUICK_START = {"browser_start": SHORT, "page_load": SHORT, "shutdown": SHORT}


def diagnosed(harness):
    """Give the reasons under which diagnoses were written, oldest first."""
    files = sorted(harness.diagnoses.glob("*.json"))
    return [json.loads(file.read_text())["reason"] for file in files]


async def test_the_browser_never_starts(tmp_path):
    """A start that does not return is a hung browser, and is tried again."""
    async with open_harness(tmp_path, **QUICK_START) as harness:
        harness.driver.never.add("start")
        await harness.send(StartRequested())
        status = await harness.until(Phase.RECOVERING)
        await harness.until(Phase.RESTARTING)

        assert Reason.BROWSER_HUNG is status.reason


async def test_the_start_is_never_told(tmp_path):
    """A browser whose start was told and not heard counts as started by the next heartbeat."""
    async with open_harness(tmp_path, heartbeat_interval=SHORT) as harness:
        lost = []

        def post(event):
            if isinstance(event, BrowserStarted) and not lost:
                lost.append(event)
            else:
                harness.supervisor.post(event)

        harness.work.attach(harness.supervisor.post, lambda: post)
        await harness.send(StartRequested())
        await harness.until(Phase.WAITING_FOR_SCAN)

        assert [BrowserStarted()] == lost


async def test_the_models_never_come(tmp_path):
    """A page without its models is diagnosed, and opened again."""
    async with open_harness(tmp_path, page_load=SHORT) as harness:
        harness.driver.servers.models = False
        await harness.send(StartRequested())
        status = await harness.until(Phase.RECOVERING)

        assert Reason.LOAD_TIMEOUT is status.reason
        assert [Reason.LOAD_TIMEOUT] == diagnosed(harness)


async def test_the_models_have_moved(tmp_path):
    """Where the diagnosis finds the cause, that is the reason; a person must act then."""
    async with open_harness(tmp_path, page_load=SHORT) as harness:
        harness.driver.servers.models = False
        harness.driver.diagnosis = Diagnosis(Reason.PAGE_CHANGED, {})
        await harness.send(StartRequested())
        status = await harness.until(Phase.HELD_UP)

        assert Reason.PAGE_CHANGED is status.reason


async def test_the_code_never_comes(tmp_path):
    """A page that connects for ever is diagnosed, and opened again."""
    async with open_harness(tmp_path, first_code=SHORT) as harness:
        harness.driver.servers.silent = True
        await harness.send(StartRequested())
        status = await harness.until(Phase.RECOVERING)

        assert Reason.CODE_TIMEOUT is status.reason
        assert [Reason.CODE_TIMEOUT] == diagnosed(harness)


async def test_the_page_stays_mute_after_a_failure(tmp_path):
    """The page that is opened after a failure is bounded as the first one is."""
    async with open_harness(tmp_path, page_load=SHORT, first_code=SHORT, backoff_max=SHORT) as harness:
        await harness.code()
        harness.driver.servers.silent = True
        harness.driver.crash()
        status = await harness.until(Reason.LOAD_TIMEOUT)

        assert Phase.RECOVERING is status.phase
        assert status.attempts == 2


async def test_no_further_code_comes(tmp_path):
    """A page that was asked for a new batch and shows none is opened again."""
    async with open_harness(tmp_path, first_code=SHORT) as harness:
        await harness.code()
        harness.driver.servers.silent = True
        harness.driver.phone.now("spend")
        status = await harness.until(Phase.RECOVERING)

        assert Reason.CODE_TIMEOUT is status.reason


async def test_the_page_never_takes_the_wish_for_codes(tmp_path):
    """A page that hangs while it is asked for a new batch is found by that."""
    async with open_harness(tmp_path, evaluate=SHORT) as harness:
        await harness.code()
        harness.driver.never.add("refresh_qr")
        harness.driver.phone.now("spend")
        status = await harness.until(Phase.RECOVERING)

        assert Reason.BROWSER_HUNG is status.reason


@pytest.mark.parametrize("never", [set(), {"diagnose"}], ids=["diagnosed", "not even a diagnosis"])
async def test_never_ready(never, tmp_path):
    """A link that does not get in step is tried again with its session, a diagnosis written if possible."""
    async with open_harness(
        tmp_path, ready=SHORT, evaluate=SHORT, backoff_first=600, backoff_max=600
    ) as harness:
        harness.driver.servers.stalled = True
        harness.driver.never |= never
        await harness.code()
        harness.driver.phone.now("scan")
        status = await harness.until(Phase.RECOVERING)

        assert Reason.READY_TIMEOUT is status.reason
        assert ([] if never else [Reason.READY_TIMEOUT]) == diagnosed(harness)
        assert harness.driver.profile.account is not None


async def test_progress_is_no_standstill(tmp_path):
    """Each step of the progress gives a link its whole time anew; only a standstill ends it."""
    async with open_harness(tmp_path, ready=600) as harness:
        harness.driver.servers.stalled = True
        await harness.code()
        waits, look = [], harness.session.wait_for

        async def wait_for(wanted, seconds):
            if seconds != 300:
                return await look(wanted, seconds)
            waits.append(harness.status.progress)
            if len(waits) > 4:
                raise TimeoutError
            harness.driver.phone.now("sync_progress", percent=10 * len(waits))
            return await look(wanted, seconds)

        harness.session.wait_for = wait_for
        harness.driver.phone.now("scan")
        status = await harness.until(Reason.READY_TIMEOUT)

    assert [None, 10, 20, 30, 40, 40] == waits
    assert Phase.RECOVERING is status.phase


async def test_the_diagnosis_comes_at_half_of_the_time(tmp_path):
    """What the page looks like is written while it may still become ready."""
    async with open_harness(tmp_path, ready=2 * SHORT) as harness:
        harness.driver.servers.stalled = True
        written = asyncio.Event()
        write = harness.work._diagnoses.write

        async def witness(*args):
            phases.append(harness.status.phase)
            written.set()
            return await write(*args)

        phases = []
        harness.work._diagnoses.write = witness
        await harness.code()
        harness.driver.phone.now("scan")
        await written.wait()

        assert [Phase.SYNCING] == phases


async def test_the_connection_never_comes_back(tmp_path):
    """A page that does not mend its connection itself is opened again, and then it is linked."""
    async with open_harness(tmp_path, reconnect=SHORT) as harness:
        await harness.link()
        harness.driver.phone.now("offline")
        status = await harness.until(Phase.RECOVERING)
        harness.driver.phone.now("online")
        await harness.until(Phase.LINKED)

        assert Reason.NETWORK_UNREACHABLE is status.reason
