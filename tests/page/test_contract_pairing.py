"""What every driver of the page keeps to about codes to type: the same tests on the fake and on a real Chromium."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from driver_harness import opened

from wad.core.errors import BrowserError, BrowserHungError, DocumentReplacedError, PageError, PairingError
from wad.core.events import Authenticated, PairingCodeIssued, PairingFailed, QrIssued, QrSpent, Ready
from wad.core.reasons import Reason

NUMBER = "15557654321"
# The real page draws nothing of a code that was asked for by its modules alone: it goes on showing a dead one.
WORLDS = {
    "fake": ("fake", {}),
    "unseen": ("chromium", {"link_code": "unseen"}),
    "screen": ("chromium", {"link_code": "screen"}),
}
on_each_page = pytest.mark.parametrize("variants", [{"link_code": "unseen"}, {"link_code": "screen"}])
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


REFUSALS = {
    400: Reason.PAIRING_REFUSED,
    403: Reason.PAIRING_NOT_ALLOWED,
    429: Reason.PAIRING_RATE_LIMITED,
    452: Reason.PAIRING_NOT_ALLOWED,
    500: Reason.PAIRING_FAILED,
    599: Reason.PAIRING_FAILED,
}


@on_each
async def test_why_it_was_refused(kind, variants):
    """What WhatsApp's servers answer decides the reason."""
    async with opened(kind, **variants) as world:
        await world.start()
        await world.told.next(QrIssued)
        actual = {}
        for code in REFUSALS:
            await world.act("refuse_pairing", code=code)
            with pytest.raises(PairingError) as refused:
                await world.driver.pair(NUMBER)
            actual[code] = refused.value.reason

    assert actual == REFUSALS


@on_each
async def test_entered(kind, variants):
    """A code that was typed is told as entered, also where it was a wrong one; the right one still links."""
    async with opened(kind, **variants) as world:
        await world.start()
        await world.told.next(QrIssued)
        pairing = await world.driver.pair(NUMBER)
        before = await world.told.next(PairingCodeIssued)
        with pytest.raises(Exception, match="the code is wrong"):
            await world.act("enter_code", number=NUMBER, code="WRNG2345")
        entered = await world.told.next(PairingCodeIssued)
        await world.act("enter_code", code=pairing.text)
        await world.told.next(Ready)

    assert (False, True) == (before.pairing.entered, entered.pairing.entered)
    assert entered.pairing.expires_at > before.pairing.expires_at


@on_each_page
async def test_came_to_nothing(variants):
    """A page that gives a code up after too many wrong ones tells so, and shows codes to scan again."""
    async with opened("chromium", **variants) as world:
        await world.start()
        await world.told.next(QrIssued)
        await world.driver.pair(NUMBER)
        for _ in range(4):
            with pytest.raises(Exception, match="Couldn't link device"):
                await world.act("enter_code", number=NUMBER, code="WRNG2345")
        await world.told.next(PairingFailed)
        snapshot = await world.driver.snapshot()
        world.told.forget()
        await world.driver.refresh_qr()
        await world.told.next(QrIssued)

    assert PairingFailed() == snapshot


@on_each_page
async def test_unanswered(variants):
    """An unanswered request is forgotten with its document: its late answer spoils no later one."""
    async with opened("chromium", **variants, pairing_code=0.5) as world:
        await world.start()
        await world.told.next(QrIssued)
        await world.act("stall_pairing")
        with pytest.raises(BrowserHungError):
            await world.driver.pair("15550000000")
        world.told.forget()
        with pytest.raises(DocumentReplacedError):
            await world.driver.pair(NUMBER)
        await world.told.next(QrIssued)
        await world.act("allow_pairing")
        pairing = await world.driver.pair(NUMBER)
        await world.act("late_answers")
        await world.act("enter_code", code=pairing.text)
        ready = await world.told.next(Ready)

    assert NUMBER == ready.account.number


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

    assert asking.exception() is None or isinstance(asking.exception(), PageError | DocumentReplacedError)
    assert not isinstance(snapshot, PairingCodeIssued)


@on_each
async def test_without_a_browser(kind, variants):
    """Where there is no page there is no code."""
    async with opened(kind, **variants) as world:
        with pytest.raises(BrowserError):
            await world.driver.pair(NUMBER)
