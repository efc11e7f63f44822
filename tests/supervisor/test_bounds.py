"""Each deadline of the supervisor and its works, with a party that never answers."""

import asyncio
import json

import pytest
from supervisor_house import SHORT, house

from wad.driver import Diagnosis
from wad.events import (
    BrowserStarted,
    StartRequested,
)
from wad.reasons import Reason
from wad.status import Phase

QUICK_START = {"browser_start": SHORT, "page_load": SHORT, "shutdown": SHORT}


def diagnosed(home):
    """Give the reasons under which diagnoses were written, oldest first."""
    files = sorted(home.diagnoses.glob("*.json"))
    return [json.loads(file.read_text())["reason"] for file in files]


async def test_the_browser_never_starts(tmp_path):
    """A start that does not return is a hung browser, and is tried again."""
    async with house(tmp_path, **QUICK_START) as home:
        home.driver.never.add("start")
        await home.send(StartRequested())
        status = await home.until(Phase.RECOVERING)
        await home.until(Phase.RESTARTING)

        assert Reason.BROWSER_HUNG is status.reason


async def test_the_start_is_never_told(tmp_path):
    """A browser whose start was told and not heard counts as started by the next heartbeat."""
    async with house(tmp_path, heartbeat_interval=SHORT) as home:
        lost = []

        def post(event):
            if isinstance(event, BrowserStarted) and not lost:
                lost.append(event)
            else:
                home.supervisor.post(event)

        home.work.attach(home.supervisor.post, lambda: post)
        await home.send(StartRequested())
        await home.until(Phase.WAITING_FOR_SCAN)

        assert [BrowserStarted()] == lost
        assert home.supervisor.browser_starts == 1


async def test_the_models_never_come(tmp_path):
    """A page without its models is diagnosed, and opened again."""
    async with house(tmp_path, page_load=SHORT) as home:
        home.driver.servers.models = False
        await home.send(StartRequested())
        status = await home.until(Phase.RECOVERING)

        assert Reason.LOAD_TIMEOUT is status.reason
        assert [Reason.LOAD_TIMEOUT] == diagnosed(home)


async def test_the_models_have_moved(tmp_path):
    """Where the diagnosis finds the cause, that is the reason; a person must act then."""
    async with house(tmp_path, page_load=SHORT) as home:
        home.driver.servers.models = False
        home.driver.diagnosis = Diagnosis(Reason.PAGE_CHANGED, {})
        await home.send(StartRequested())
        status = await home.until(Phase.HELD_UP)

        assert Reason.PAGE_CHANGED is status.reason


async def test_the_code_never_comes(tmp_path):
    """A page that connects for ever is diagnosed, and opened again."""
    async with house(tmp_path, first_code=SHORT) as home:
        home.driver.servers.silent = True
        await home.send(StartRequested())
        status = await home.until(Phase.RECOVERING)

        assert Reason.CODE_TIMEOUT is status.reason
        assert [Reason.CODE_TIMEOUT] == diagnosed(home)


async def test_the_page_stays_mute_after_a_failure(tmp_path):
    """The page that is opened after a failure is bounded as the first one is."""
    async with house(tmp_path, page_load=SHORT, first_code=SHORT, backoff_max=SHORT) as home:
        await home.code()
        home.driver.servers.silent = True
        home.driver.crash()
        status = await home.until(Reason.LOAD_TIMEOUT)

        assert Phase.RECOVERING is status.phase
        assert status.attempts == 2


async def test_no_further_code_comes(tmp_path):
    """A page that was asked for a new batch and shows none is opened again."""
    async with house(tmp_path, first_code=SHORT) as home:
        await home.code()
        home.driver.servers.silent = True
        home.driver.phone.now("spend")
        status = await home.until(Phase.RECOVERING)

        assert Reason.CODE_TIMEOUT is status.reason


async def test_the_page_never_takes_the_wish_for_codes(tmp_path):
    """A page that hangs while it is asked for a new batch is found by that."""
    async with house(tmp_path, evaluate=SHORT) as home:
        await home.code()
        home.driver.never.add("refresh_qr")
        home.driver.phone.now("spend")
        status = await home.until(Phase.RECOVERING)

        assert Reason.BROWSER_HUNG is status.reason


@pytest.mark.parametrize("never", [set(), {"diagnose"}], ids=["diagnosed", "not even a diagnosis"])
async def test_never_ready(never, tmp_path):
    """A link that does not get in step is tried again with its session, a diagnosis written if possible."""
    async with house(tmp_path, ready=SHORT, evaluate=SHORT, backoff_first=600, backoff_max=600) as home:
        home.driver.servers.stalled = True
        home.driver.never |= never
        await home.code()
        home.driver.phone.now("scan")
        status = await home.until(Phase.RECOVERING)

        assert Reason.READY_TIMEOUT is status.reason
        assert ([] if never else [Reason.READY_TIMEOUT]) == diagnosed(home)
        assert home.driver.profile.account is not None


async def test_progress_is_no_standstill(tmp_path):
    """Each step of the progress gives a link its whole time anew; only a standstill ends it."""
    async with house(tmp_path, ready=600) as home:
        home.driver.servers.stalled = True
        await home.code()
        waits, look = [], home.session.wait_for

        async def wait_for(wanted, seconds):
            if seconds != 300:
                return await look(wanted, seconds)
            waits.append(home.status.progress)
            if len(waits) > 4:
                raise TimeoutError
            home.driver.phone.now("sync_progress", percent=10 * len(waits))
            return await look(wanted, seconds)

        home.session.wait_for = wait_for
        home.driver.phone.now("scan")
        status = await home.until(Reason.READY_TIMEOUT)

    assert [None, 10, 20, 30, 40, 40] == waits
    assert Phase.RECOVERING is status.phase


async def test_the_diagnosis_comes_at_half_of_the_time(tmp_path):
    """What the page looks like is written while it may still become ready."""
    async with house(tmp_path, ready=2 * SHORT) as home:
        home.driver.servers.stalled = True
        written = asyncio.Event()
        write = home.work._diagnoses.write

        async def witness(*args):
            phases.append(home.status.phase)
            written.set()
            return await write(*args)

        phases = []
        home.work._diagnoses.write = witness
        await home.code()
        home.driver.phone.now("scan")
        await written.wait()

        assert [Phase.SYNCING] == phases


async def test_the_connection_never_comes_back(tmp_path):
    """A page that does not mend its connection itself is opened again, and then it is linked."""
    async with house(tmp_path, reconnect=SHORT) as home:
        await home.link()
        home.driver.phone.now("offline")
        status = await home.until(Phase.RECOVERING)
        home.driver.phone.now("online")
        await home.until(Phase.LINKED)

        assert Reason.NETWORK_UNREACHABLE is status.reason
