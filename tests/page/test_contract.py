"""What every driver of the page keeps to: the same tests on the fake and on a real Chromium."""

import asyncio

import pytest
from driver_harness import on_both, opened

from wad.core.errors import BrowserError
from wad.core.events import (
    Authenticated,
    BrowserStarted,
    ConnectionLost,
    LoggedOut,
    PageLoaded,
    QrIssued,
    QrSpent,
    QrWithdrawn,
    Ready,
)
from wad.core.reasons import Reason
from wad.link.driver import BrowserInfo


@on_both
async def test_a_code_comes_by_itself(kind):
    """The browser is told first, then the page, then the code it shows; the snapshot says the same."""
    async with opened(kind) as world:
        await world.start()
        info = world.driver.info
        issued = await world.told.next(QrIssued)
        shown = await world.shown()
        snapshot = await world.driver.snapshot()

    first, *others = world.told.kinds

    assert info.running
    assert None not in {info.version, info.pid}
    assert BrowserStarted is first
    assert {PageLoaded, QrWithdrawn, QrIssued} >= set(others)
    assert issued.code.text == shown
    assert issued.code.text == snapshot.code.text


@on_both
async def test_codes_follow_each_other_until_the_batch_is_spent(kind):
    """Each code is another one and ends later, none is told after its end, and more come when asked for."""
    async with opened(kind) as world:
        await world.start()
        await world.told.next(QrSpent)
        pairs = zip(world.told.events, world.told.at, strict=True)
        issued = [(event.code, at) for event, at in pairs if isinstance(event, QrIssued)]
        spent = await world.driver.snapshot()
        await world.driver.refresh_qr()
        renewed = await world.told.next(QrIssued)

    codes = [code for code, _ in issued]

    assert len(codes) > 2
    assert len(codes) == len({code.text for code in codes})
    assert sorted(codes, key=lambda code: code.expires_at) == codes
    assert [] == [code for code, at in issued if at >= code.expires_at]
    assert QrSpent() == spent
    assert renewed.code.text not in {code.text for code in codes}
    assert renewed.code.expires_at > codes[-1].expires_at


@on_both
async def test_asking_for_codes_where_there_are_some(kind):
    """To ask for a new batch while a code is live changes nothing."""
    async with opened(kind) as world:
        await world.start()
        await world.told.next(QrIssued)
        world.told.forget()
        await world.driver.refresh_qr()
        snapshot = await world.driver.snapshot()

    assert isinstance(snapshot, QrIssued)
    assert QrSpent not in world.told.kinds


@on_both
async def test_from_the_scan_to_the_logout_on_the_phone(kind):
    """Scanned is told before ready; a new browser finds the session; the phone ends it."""
    async with opened(kind) as world:
        await world.start()
        ready = await world.link()
        before = world.told.kinds
        snapshot = await world.driver.snapshot()
        await world.driver.stop()
        world.told.events.clear()
        world.told.forget()
        await world.start()
        again = await world.told.next(Ready)
        restarted = world.told.kinds
        await world.act("logout")
        ended = await world.told.next(LoggedOut)

    assert [Authenticated, Ready] == [kind for kind in before if kind in (Authenticated, Ready)][-2:]
    assert "15551234567" == ready.account.number
    assert ready == snapshot
    assert ready == again
    assert QrIssued not in restarted
    assert LoggedOut(Reason.LOGGED_OUT) == ended


@on_both
async def test_offline_and_online_again(kind):
    """A page that loses its connection says so, and says when it is back; so does its snapshot."""
    async with opened(kind) as world:
        await world.start()
        ready = await world.link()
        await world.act("offline")
        lost = await world.told.next(ConnectionLost)
        snapshot = await world.driver.snapshot()
        await world.act("online")
        back = await world.told.next(Ready)

    assert lost == snapshot
    assert ready == back


@on_both
async def test_log_out(kind):
    """The servers know of it when it returns, and what follows belongs to no session."""
    async with opened(kind) as world:
        await world.start()
        await world.link()
        await world.driver.log_out()
        devices = (await world.act("state"))["devices"]
        told = await world.told.next(LoggedOut)

    assert [] == devices
    assert LoggedOut() == told


@on_both
async def test_stop_ends_all(kind):
    """After stop no process is left, nothing is told, there is nothing to ask, and stop may be said again."""
    async with opened(kind) as world:
        await world.start()
        await world.told.next(QrIssued)
        stopping = [
            asyncio.create_task(world.driver.stop(gracefully=gently)) for gently in (True, True, False)
        ]
        await asyncio.sleep(0)
        told = [*world.told.events]
        await asyncio.gather(*stopping)
        left = await world.left()
        await world.driver.stop()
        for ask in (
            world.driver.snapshot,
            world.driver.refresh_qr,
            world.driver.log_out,
            world.driver.diagnose,
            world.driver.screenshot,
        ):
            with pytest.raises(BrowserError):
                await ask()
        info = world.driver.info

    assert [] == left
    assert BrowserInfo() == info
    assert told == world.told.events


@on_both
async def test_stop_before_anything(kind):
    """A driver that never started has nothing to stop and nothing to tell."""
    async with opened(kind) as world:
        await world.driver.stop()
        await world.driver.stop(gracefully=False)

        assert BrowserInfo() == world.driver.info
        with pytest.raises(BrowserError):
            await world.driver.snapshot()
    assert [] == world.told.events


@on_both
async def test_stop_during_the_start(kind):
    """A start that is overtaken by a stop ends with an error, tells nothing, and leaves nothing."""
    async with opened(kind) as world:
        starting = asyncio.create_task(world.start())
        await asyncio.sleep(0)
        await world.driver.stop()
        with pytest.raises(BrowserError):
            await starting

        assert [] == await world.left()
    assert [] == world.told.events


@on_both
async def test_cancelled_start(kind):
    """A start that is cancelled leaves nothing once stop has returned."""
    async with opened(kind) as world:
        starting = asyncio.create_task(world.start())
        await asyncio.sleep(0)
        starting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await starting
        await world.driver.stop()

        assert [] == await world.left()
    assert [] == world.told.events


@on_both
async def test_start_anew(kind):
    """A start while a browser runs replaces it; the earlier one tells nothing any more."""
    async with opened(kind) as world:
        await world.start()
        await world.told.next(QrIssued)
        first = world.driver.info.pid
        world.told.events.clear()
        world.told.forget()
        await world.start()
        await world.told.next(QrIssued)
        second = world.driver.info.pid

    assert BrowserStarted is world.told.kinds[0]
    assert first != second
