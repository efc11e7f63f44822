"""What every driver of the page keeps to: the same tests on the fake and on a real Chromium."""

import asyncio

import pytest
from worlds import World, on_both, opened

from wad.driver import BrowserInfo
from wad.errors import BrowserError, BrowserHungError
from wad.events import (
    Authenticated,
    BrowserStarted,
    ConnectionLost,
    Failed,
    LoggedOut,
    PageLoaded,
    QrIssued,
    QrSpent,
    QrWithdrawn,
    Ready,
)
from wad.reasons import Reason


@on_both
async def test_a_code_comes_by_itself(kind):
    """The browser is told first, then the page, then the code it shows; the snapshot says the same."""
    async with opened(kind) as world:
        await world.start()
        info = world.driver.info
        issued = await world.told.next(QrIssued)
        shown = (await world.act("state"))["pages"][0]["shown"]
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


@on_both
async def test_the_browser_is_killed(kind):
    """The death of the browser is told; there is none to ask then, and the next one works."""
    async with opened(kind) as world:
        await world.start()
        await world.told.next(QrIssued)
        world.kill()
        told = await world.told.next(Failed)
        info = world.driver.info
        with pytest.raises(BrowserError):
            await world.driver.snapshot()
        await world.start()
        await world.told.next(QrIssued)

    assert Failed(Reason.BROWSER_CRASHED) == told
    assert BrowserInfo() == info


@on_both
async def test_the_page_crashes(kind):
    """The death of the page alone is told as such."""
    async with opened(kind) as world:
        await world.start()
        await world.told.next(QrIssued)
        await world.act("crash")
        told = await world.told.next(Failed)

    assert Failed(Reason.PAGE_CRASHED) == told


@on_both
async def test_the_page_hangs(kind):
    """A page that answers nothing is told from one that is gone, and can be killed all the same."""
    async with opened(kind, evaluate=3.0) as world:
        await world.start()
        await world.told.next(QrIssued)
        await world.act("hang", seconds=600.0)
        with pytest.raises(BrowserHungError):
            await world.driver.snapshot()
        await world.driver.stop(gracefully=False)

        assert [] == await world.left()


TROUBLES = {
    "ban": Reason.TEMPORARILY_BANNED,
    "service_unavailable": Reason.SERVICE_UNAVAILABLE,
    "terms": Reason.TERMS_OF_SERVICE,
    "deprecated": Reason.UPDATE_REQUIRED,
    "proxy_block": Reason.HOSTS_BLOCKED,
    "conflict": Reason.REPLACED,
    "replace": Reason.REPLACED,
    "storage_error": Reason.STORAGE_FULL,
}


@on_both
async def test_each_trouble_has_its_reason(kind):
    """What WhatsApp says instead of letting the page in is told as its reason, and it passes with a reload."""
    async with opened(kind) as world:
        await world.start()
        expected = {**TROUBLES, "update": Reason.UPDATE_REQUIRED}
        actual = {}
        for verb in expected:
            await world.told.next(QrIssued)
            actual[verb] = await reason_after(world, verb)
            world.told.forget()
            await world.act("recover")
            await world.act("reload")

    assert expected == actual


async def reason_after(world: World, verb: str) -> Reason:
    """Let the phone do something, and give the reason the driver tells; its snapshot must say the same."""
    world.told.forget()
    await world.act(verb, **({"forced": True} if verb == "update" else {}))
    event = await world.told.next(object)
    while not hasattr(event, "reason") or isinstance(event, ConnectionLost):
        event = await world.told.next(object)

    assert event == await world.driver.snapshot()
    return event.reason
