"""How long codes are shown, and for whom."""

import asyncio

from link_harness import PATIENCE, SHORT, open_harness

from wad.core.events import StartRequested, StopRequested
from wad.core.reasons import Reason
from wad.core.status import Phase
from wad.link.commands import Commands
from wad.link.intent import Intent


def commands(harness):
    """Give the way in that the front ends use."""
    return Commands(harness.session, harness.supervisor, harness.audience, sandbox=True)


async def test_codes_end_when_nobody_looks(tmp_path):
    """After the quiet time the spent batch is the last; the link is idle, and still wanted."""
    async with open_harness(tmp_path, qr_quiet=SHORT) as harness:
        harness.driver.servers.lives = (2 * SHORT, 60)
        await harness.code()
        await harness.until(lambda status: status.code and status.code.text.startswith("2@ref2"))
        harness.driver.phone.now("spend")
        status = await harness.until(Phase.STOPPED)

        assert Reason.QR_EXPIRED is status.reason
        assert not harness.driver.info.running
        assert harness.intent.wanted()


async def test_codes_go_on_while_somebody_looks(tmp_path):
    """A viewer keeps the batches coming after the quiet time."""
    async with open_harness(tmp_path, qr_quiet=SHORT) as harness:
        harness.driver.servers.lives = (2 * SHORT, 60)
        harness.audience.join("a viewer")
        await harness.code()
        await harness.until(lambda status: status.code and status.code.text.startswith("2@ref2"))
        harness.driver.phone.now("spend")
        await harness.until(Phase.RENEWING)
        await harness.until(Phase.WAITING_FOR_SCAN)

        assert Phase.STOPPED not in harness.path


async def test_codes_go_on_after_a_request(tmp_path):
    """Whoever asked for the status not long ago counts as looking."""
    async with open_harness(tmp_path, qr_quiet=SHORT, qr_watched=600) as harness:
        harness.driver.servers.lives = (2 * SHORT, 60)
        harness.audience.asked()
        await harness.code()
        await harness.until(lambda status: status.code and status.code.text.startswith("2@ref2"))
        harness.driver.phone.now("spend")
        await harness.until(Phase.RENEWING)
        await harness.until(Phase.WAITING_FOR_SCAN)


async def test_codes_end_at_last_whoever_looks(tmp_path):
    """After the longest time they end in the midst of a code's life."""
    async with open_harness(tmp_path, qr_max=SHORT) as harness:
        harness.audience.join("a viewer")
        await harness.code()
        status = await harness.until(Phase.STOPPED)

        assert Reason.QR_EXPIRED is status.reason


async def test_a_viewer_brings_the_code_back(tmp_path):
    """Where codes had ended for want of viewers, one who comes starts the link."""
    async with open_harness(tmp_path, qr_max=SHORT) as harness:
        await harness.code()
        await harness.until(Phase.STOPPED)
        await commands(harness).viewer_came("a viewer")
        await harness.until(Phase.WAITING_FOR_SCAN)


async def test_a_viewer_does_not_undo_a_stop(tmp_path):
    """What an operator stopped stays stopped, whoever comes to look."""
    async with open_harness(tmp_path) as harness:
        await harness.code()
        await harness.send(StopRequested())
        await harness.until(Phase.STOPPED)
        await commands(harness).viewer_came("a viewer")

        assert Phase.STOPPED is harness.status.phase


async def test_the_scan_ends_the_watch(tmp_path):
    """A link is not stopped because its codes were shown long before."""
    async with open_harness(tmp_path, qr_max=20 * SHORT) as harness:
        await harness.link()
        await asyncio.wait({*harness.supervisor._works}, timeout=PATIENCE)
        await harness.settle()

        assert Phase.LINKED is harness.status.phase


async def test_a_stop_is_remembered_until_the_next_start(tmp_path):
    """The operator's last word outlives the daemon; that codes ended by themselves is nobody's word."""
    seen = []
    async with open_harness(tmp_path, qr_max=SHORT) as harness:
        await harness.code()
        await harness.until(Phase.STOPPED)
        seen.append(Intent(tmp_path / "stopped").wanted())
        await harness.send(StopRequested())
        await harness.until(lambda status: status.phase is Phase.STOPPED and status.reason is Reason.STOPPED)
        seen.append(Intent(tmp_path / "stopped").wanted())
        await harness.send(StartRequested())
        await harness.until(Phase.LOADING)
        seen.append(Intent(tmp_path / "stopped").wanted())

    assert [True, False, True] == seen


async def test_a_stop_while_codes_end(tmp_path):
    """A stop that is said while the browser is being closed for another reason is remembered, too."""
    async with open_harness(tmp_path, qr_max=20 * SHORT, shutdown=600) as harness:
        await harness.code()
        harness.driver.never.add("stop")
        closed = harness.driver.calls.count("stop")
        await harness.driver.until_called("stop", closed + 1)
        closing = harness.status
        await harness.send(StopRequested())
        harness.driver.release()
        status = await harness.until(Phase.STOPPED)

        assert Reason.QR_EXPIRED is closing.reason
        assert Reason.STOPPED is status.reason
        assert not harness.intent.wanted()


async def test_each_code_has_its_own_time(tmp_path):
    """A code that follows another is withdrawn at its own end, not at the other's."""
    async with open_harness(tmp_path, qr_grace=SHORT) as harness:
        harness.driver.servers.lives = (600, SHORT)
        await harness.code()
        await harness.until_at_work(Phase.WAITING_FOR_SCAN)
        first = harness.status.code
        harness.session.subscribe(
            lambda change: harness.driver.phone.now("hang") if change.after.code != first else None
        )
        harness.driver.phone.now("next_ref")
        status = await harness.until(Phase.CONNECTING)

        assert status.code is None
