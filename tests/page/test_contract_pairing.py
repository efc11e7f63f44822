"""What every driver of the page keeps to about codes to type: the same tests on the fake and on a real Chromium."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from driver_harness import opened

from wad.core.errors import BrowserError, PageError
from wad.core.events import Authenticated, PairingCodeIssued, QrIssued, QrSpent, Ready

NUMBER = "15557654321"
# The real page draws nothing of a code that was asked for by its modules alone: it goes on showing a dead one.
WORLDS = {
    "fake": ("fake", {}),
    "unseen": ("chromium", {"link_code": "unseen"}),
    "screen": ("chromium", {"link_code": "screen"}),
}
on_each = pytest.mark.parametrize(("kind", "variants"), WORLDS.values(), ids=WORLDS)


@on_each
async def test_a_code_is_given_and_entered(kind, variants):
    """The code is given, told, and read again; the phone of that number links by it."""
    async with opened(kind, **variants) as world:
        await world.start()
        await world.told.next(QrIssued)
        pairing = await world.driver.pair(NUMBER)
        told = await world.told.next(PairingCodeIssued)
        snapshot = await world.driver.snapshot()
        now = datetime.now(UTC)
        world.told.forget()
        await world.act("enter_code", code=pairing.text)
        await world.told.next(Authenticated)
        ready = await world.told.next(Ready)

    assert 8 == len(pairing.text)
    assert [pairing.text] * 2 == [told.pairing.text, snapshot.pairing.text]
    assert timedelta() < pairing.expires_at - now <= timedelta(seconds=180)
    assert abs(pairing.expires_at - snapshot.pairing.expires_at) < timedelta(seconds=2)
    assert NUMBER == ready.account.number


@on_each
async def test_back_to_the_code_to_scan(kind, variants):
    """Asked for QR codes the page shows one, which can be scanned; the other code is told no more."""
    async with opened(kind, **variants) as world:
        await world.start()
        await world.told.next(QrIssued)
        await world.driver.pair(NUMBER)
        await world.told.next(PairingCodeIssued)
        await world.driver.refresh_qr()
        issued = await world.told.next(QrIssued)
        snapshot = await world.driver.snapshot()
        await world.shown()
        await world.act("scan")
        await world.told.next(Ready)

    assert isinstance(snapshot, QrIssued)
    assert issued.code.text
    assert PairingCodeIssued is not world.told.kinds[-1]


@on_each
async def test_no_code_to_scan_is_told_beside_it(kind, variants):
    """While a code to type is shown the page tells of no other."""
    async with opened(kind, **variants) as world:
        await world.start()
        await world.told.next(QrIssued)
        await world.driver.pair(NUMBER)
        await world.told.next(PairingCodeIssued)
        before = len(world.told.events)
        snapshots = [await world.driver.snapshot() for _ in range(3)]

    assert [PairingCodeIssued] * 3 == [type(snapshot) for snapshot in snapshots]
    assert QrIssued not in world.told.kinds[before:]


@on_each
async def test_at_its_end(kind, variants):
    """A code whose time is over is told as one that is used up, and another may be asked for."""
    async with opened(kind, **variants, pairing_life=0.3) as world:
        await world.start()
        await world.told.next(QrIssued)
        first = await world.driver.pair(NUMBER)
        await world.told.next(QrSpent)
        snapshot = await world.driver.snapshot()
        second = await world.driver.pair(NUMBER)
        await world.told.next(PairingCodeIssued)

    assert QrSpent() == snapshot
    assert first.text != second.text


@on_each
async def test_refused(kind, variants):
    """Where WhatsApp gives none that is an error, and QR codes can be had again."""
    async with opened(kind, **variants) as world:
        await world.start()
        await world.told.next(QrIssued)
        await world.act("refuse_pairing")
        with pytest.raises(PageError):
            await world.driver.pair(NUMBER)
        refused = await world.driver.snapshot()
        world.told.forget()
        await world.driver.refresh_qr()
        await world.told.next(QrIssued)
        await world.act("allow_pairing")
        pairing = await world.driver.pair(NUMBER)

    assert QrSpent() == refused
    assert pairing.text


@on_each
async def test_another_number(kind, variants):
    """The last number asked for has the code; the one before is worth nothing any more."""
    async with opened(kind, **variants) as world:
        await world.start()
        await world.told.next(QrIssued)
        first = await world.driver.pair("15550000000")
        second = await world.driver.pair(NUMBER)
        with pytest.raises(Exception, match="Couldn't link device"):
            await world.act("enter_code", code=first.text)
        await world.act("enter_code", code=second.text)
        ready = await world.told.next(Ready)

    assert NUMBER == ready.account.number


@on_each
async def test_overtaken_by_the_code_to_scan(kind, variants):
    """QR codes asked for while a code is on its way win, whichever comes first from the servers."""
    async with opened(kind, **variants) as world:
        await world.start()
        await world.told.next(QrIssued)
        asking = asyncio.create_task(world.driver.pair(NUMBER))
        await asyncio.sleep(0)
        await world.driver.refresh_qr()
        await asyncio.wait([asking])
        await world.driver.refresh_qr()
        await world.told.next(QrIssued)
        snapshot = await world.driver.snapshot()

    assert asking.exception() is None or isinstance(asking.exception(), PageError)
    assert not isinstance(snapshot, PairingCodeIssued)


@on_each
async def test_without_a_browser(kind, variants):
    """Where there is no page there is no code."""
    async with opened(kind, **variants) as world:
        with pytest.raises(BrowserError):
            await world.driver.pair(NUMBER)
