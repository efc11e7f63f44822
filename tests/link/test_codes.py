"""How long codes are shown, and for whom."""

import asyncio

from link_harness import PATIENCE, SHORT, house

from wad.core.events import StartRequested, StopRequested
from wad.core.reasons import Reason
from wad.core.status import Phase
from wad.link.commands import Commands
from wad.link.intent import Intent


def commands(home):
    """Give the way in that the front doors use."""
    return Commands(home.session, home.supervisor, home.audience, sandbox=True)


async def test_codes_end_when_nobody_looks(tmp_path):
    """After the quiet time the spent batch is the last; the link is idle, and still wanted."""
    async with house(tmp_path, qr_quiet=SHORT) as home:
        home.driver.servers.lives = (2 * SHORT, 60)
        await home.code()
        await home.until(lambda status: status.code and status.code.text.startswith("2@ref2"))
        home.driver.phone.now("spend")
        status = await home.until(Phase.STOPPED)

        assert Reason.QR_EXPIRED is status.reason
        assert not home.driver.info.running
        assert home.intent.wanted()


async def test_codes_go_on_while_somebody_looks(tmp_path):
    """A viewer keeps the batches coming after the quiet time."""
    async with house(tmp_path, qr_quiet=SHORT) as home:
        home.driver.servers.lives = (2 * SHORT, 60)
        home.audience.join("a viewer")
        await home.code()
        await home.until(lambda status: status.code and status.code.text.startswith("2@ref2"))
        home.driver.phone.now("spend")
        await home.until(Phase.RENEWING)
        await home.until(Phase.WAITING_FOR_SCAN)

        assert Phase.STOPPED not in home.path


async def test_codes_go_on_after_a_request(tmp_path):
    """Whoever asked for the status not long ago counts as looking."""
    async with house(tmp_path, qr_quiet=SHORT, qr_watched=600) as home:
        home.driver.servers.lives = (2 * SHORT, 60)
        home.audience.asked()
        await home.code()
        await home.until(lambda status: status.code and status.code.text.startswith("2@ref2"))
        home.driver.phone.now("spend")
        await home.until(Phase.RENEWING)
        await home.until(Phase.WAITING_FOR_SCAN)


async def test_codes_end_at_last_whoever_looks(tmp_path):
    """After the longest time they end in the midst of a code's life."""
    async with house(tmp_path, qr_max=SHORT) as home:
        home.audience.join("a viewer")
        await home.code()
        status = await home.until(Phase.STOPPED)

        assert Reason.QR_EXPIRED is status.reason


async def test_a_viewer_brings_the_code_back(tmp_path):
    """Where codes had ended for want of viewers, one who comes starts the link."""
    async with house(tmp_path, qr_max=SHORT) as home:
        await home.code()
        await home.until(Phase.STOPPED)
        await commands(home).viewer_came("a viewer")
        await home.until(Phase.WAITING_FOR_SCAN)


async def test_a_viewer_does_not_undo_a_stop(tmp_path):
    """What an operator stopped stays stopped, whoever comes to look."""
    async with house(tmp_path) as home:
        await home.code()
        await home.send(StopRequested())
        await home.until(Phase.STOPPED)
        await commands(home).viewer_came("a viewer")

        assert Phase.STOPPED is home.status.phase


async def test_the_scan_ends_the_watch(tmp_path):
    """A link is not stopped because its codes were shown long before."""
    async with house(tmp_path, qr_max=20 * SHORT) as home:
        await home.link()
        await asyncio.wait({*home.supervisor._works}, timeout=PATIENCE)
        await home.settle()

        assert Phase.LINKED is home.status.phase


async def test_a_stop_is_remembered_until_the_next_start(tmp_path):
    """The operator's last word outlives the daemon; that codes ended by themselves is nobody's word."""
    seen = []
    async with house(tmp_path, qr_max=SHORT) as home:
        await home.code()
        await home.until(Phase.STOPPED)
        seen.append(Intent(tmp_path / "stopped").wanted())
        await home.send(StopRequested())
        await home.until(lambda status: status.phase is Phase.STOPPED and status.reason is Reason.STOPPED)
        seen.append(Intent(tmp_path / "stopped").wanted())
        await home.send(StartRequested())
        await home.until(Phase.LOADING)
        seen.append(Intent(tmp_path / "stopped").wanted())

    assert [True, False, True] == seen


async def test_a_stop_while_codes_end(tmp_path):
    """A stop that is said while the browser is being closed for another reason is remembered, too."""
    async with house(tmp_path, qr_max=20 * SHORT, shutdown=600) as home:
        await home.code()
        home.driver.never.add("stop")
        closed = home.driver.calls.count("stop")
        await home.driver.until_called("stop", closed + 1)
        closing = home.status
        await home.send(StopRequested())
        home.driver.release()
        status = await home.until(Phase.STOPPED)

        assert Reason.QR_EXPIRED is closing.reason
        assert Reason.STOPPED is status.reason
        assert not home.intent.wanted()


async def test_each_code_has_its_own_time(tmp_path):
    """A code that follows another is withdrawn at its own end, not at the other's."""
    async with house(tmp_path, qr_grace=SHORT) as home:
        home.driver.servers.lives = (600, SHORT)
        await home.code()
        await home.until_at_work(Phase.WAITING_FOR_SCAN)
        first = home.status.code
        home.session.subscribe(
            lambda change: home.driver.phone.now("hang") if change.after.code != first else None
        )
        home.driver.phone.now("next_ref")
        status = await home.until(Phase.CONNECTING)

        assert status.code is None
