"""What does not answer: the page, and the browser's helpers; and what only takes its time."""

import pytest
from link_harness import SHORT, open_harness

from wad.core.errors import BrowserError, PageError
from wad.core.reasons import Reason
from wad.core.status import Phase
from wad.link.driver import Helper

QUICK = {"heartbeat_interval": SHORT, "heartbeat_answer": SHORT}


async def given_up(harness):
    """Have the page say nothing any more; gives for which reason it is given up, and after how many looks."""
    harness.driver.never.add("snapshot")
    before = harness.driver.calls.count("snapshot")
    status = await harness.until(Phase.RECOVERING)
    return status.reason, harness.driver.calls.count("snapshot") - before


@pytest.mark.parametrize(("stalled", "looks"), [(False, 2), (True, 6)], ids=["settled", "takes its chats in"])
async def test_how_much_silence_is_a_hang(stalled, looks, tmp_path):
    """Two looks in vain; six while the page takes its chats in."""
    async with open_harness(tmp_path, **QUICK) as harness:
        harness.driver.servers.stalled = stalled
        await harness.code()
        harness.driver.phone.now("scan")
        await harness.until(Phase.SYNCING if stalled else Phase.LINKED)
        assert (Reason.BROWSER_HUNG, looks) == await given_up(harness)


@pytest.mark.parametrize(("waited", "looks"), [(0, 2), (1, 3), (3, 5), (1000, 7)])
async def test_a_starved_page_is_given_longer(waited, looks, tmp_path):
    """Silence counts by what the browser had of the processor, a sixth of it at the least; the first in full."""
    async with open_harness(tmp_path, **QUICK) as harness:
        await harness.link()
        harness.driver.starved = waited
        assert (Reason.BROWSER_HUNG, looks) == await given_up(harness)


async def test_a_starved_helper_is_given_longer(tmp_path):
    """It is killed all the same, later, and once."""
    async with open_harness(tmp_path, **QUICK) as harness:
        await harness.link()
        harness.driver.starved = 1000
        harness.driver.silent.add(Helper.NETWORK)
        before = harness.driver.calls.count("silent_helpers")
        await harness.driver.until_called("end_helper")
        asked = harness.driver.calls.count("silent_helpers") - before
        await harness.driver.until_called("silent_helpers", harness.driver.calls.count("silent_helpers") + 4)

    assert 4 <= asked <= 5
    assert 1 == harness.driver.calls.count("end_helper")


@pytest.mark.parametrize("trouble", [None, BrowserError("gone"), ZeroDivisionError("a defect")])
async def test_silence_that_cannot_be_weighed_counts_in_full(trouble, tmp_path):
    """Where nobody can tell what the browser had of the processor, or in time, a hang is found all the same."""
    async with open_harness(tmp_path, **QUICK, evaluate=SHORT) as harness:
        await harness.link()
        if trouble is None:
            harness.driver.never.add("scheduled")
        else:
            harness.driver.raises["scheduled"] = trouble
        harness.driver.never.add("snapshot")
        status = await harness.until(Phase.RECOVERING)

    assert Reason.BROWSER_HUNG is status.reason


@pytest.mark.parametrize("stalled", [False, True], ids=["in step", "takes its chats in"])
@pytest.mark.parametrize("answer", [None, PageError("garbage")], ids=["tells nothing", "tells garbage"])
async def test_a_linked_page_without_sense_is_opened_anew(answer, stalled, tmp_path):
    """One that answers, and for as long as a page may load says nothing of WhatsApp Web, is not linked for ever."""

    async def snapshot():
        if answer is not None:
            raise answer

    async with open_harness(tmp_path, **QUICK, page_load=1) as harness:
        harness.driver.servers.stalled = stalled
        await harness.code()
        harness.driver.phone.now("scan")
        await harness.until(Phase.SYNCING if stalled else Phase.LINKED)
        seen, harness.driver.snapshot = harness.driver.snapshot, snapshot
        status = await harness.until(Phase.RECOVERING)
        harness.driver.snapshot, harness.driver.servers.stalled = seen, False
        await harness.until(Phase.LINKED)

    assert Reason.LOAD_TIMEOUT is status.reason


@pytest.mark.parametrize("helper", Helper)
async def test_a_helper_that_hangs_is_killed(helper, tmp_path):
    """The browser starts another, and the link stays what it was."""
    async with open_harness(tmp_path, **QUICK) as harness:
        await harness.link()
        harness.driver.silent.add(helper)
        await harness.driver.until_called("end_helper")
        await harness.driver.until_called("silent_helpers", harness.driver.calls.count("silent_helpers") + 4)

    assert Phase.RECOVERING not in harness.path
    assert 1 == harness.driver.calls.count("end_helper")


async def test_a_helper_whose_successor_hangs_costs_the_browser(tmp_path):
    """Where killing it does not help, the whole browser is replaced, and the session kept."""
    async with open_harness(tmp_path, **QUICK) as harness:
        await harness.link()
        harness.driver.stubborn.add(Helper.NETWORK)
        status = await harness.until(Phase.RECOVERING)
        harness.heal()
        await harness.until(Phase.LINKED)

    assert Reason.BROWSER_HUNG is status.reason
    assert 1 == harness.driver.calls.count("end_helper")
    assert 4 <= harness.driver.calls.count("silent_helpers")


@pytest.mark.parametrize("outcome", [False, ZeroDivisionError("a defect")], ids=["none", "defect"])
async def test_a_helper_that_cannot_be_killed_costs_the_browser(outcome, tmp_path):
    """Where there is no such process, or nobody can tell, the browser is replaced at once."""

    async def end_helper(_):
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    async with open_harness(tmp_path, **QUICK) as harness:
        await harness.link()
        harness.driver.end_helper = end_helper
        harness.driver.stubborn.add(Helper.GPU)
        status = await harness.until(Phase.RECOVERING)

    assert Reason.BROWSER_HUNG is status.reason


@pytest.mark.parametrize("trouble", ["silence", BrowserError("gone"), ZeroDivisionError("a defect")], ids=str)
async def test_nobody_is_blamed_for_a_look_that_failed(trouble, tmp_path):
    """A look at the helpers that comes to nothing tells nothing, and is not the last one."""
    async with open_harness(tmp_path, **QUICK) as harness:
        await harness.link()
        if isinstance(trouble, Exception):
            harness.driver.raises["silent_helpers"] = trouble
        else:
            harness.driver.never.add("silent_helpers")
        await harness.driver.until_called("silent_helpers", harness.driver.calls.count("silent_helpers") + 4)
        before = list(harness.path)
        harness.heal()
        harness.driver.silent.add(Helper.NETWORK)
        await harness.driver.until_called("end_helper")

    assert Phase.RECOVERING not in before
