"""What every driver keeps to when something goes wrong: on the fake and on a real Chromium."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from driver_harness import World, on_both, opened

from wad.core.errors import BrowserError, BrowserHungError
from wad.core.events import Authenticated, Blocked, ConnectionLost, Failed, LoggedOut, QrIssued
from wad.core.reasons import Reason
from wad.link.driver import BrowserInfo


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


async def read_for_ever(driver):
    """Read the page again and again: the phone's word takes a moment to reach it."""
    while True:
        await driver.snapshot()


@on_both
async def test_the_page_hangs(kind):
    """A page that answers nothing is told from one that is gone, and can be killed all the same."""
    async with opened(kind, evaluate=3.0) as world:
        await world.start()
        await world.told.next(QrIssued)
        await world.act("hang", seconds=600.0)
        with pytest.raises(BrowserHungError):
            await read_for_ever(world.driver)
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


async def told_reason(world: World):
    """Give the next event with a reason of its own, and not merely for want of a connection."""
    while True:
        event = await world.told.next(object)
        if hasattr(event, "reason") and not isinstance(event, ConnectionLost):
            return event


async def reason_after(world: World, verb: str) -> Reason:
    """Let the phone do something, and give the reason the driver tells; its snapshot must say the same.

    What it does to a page that is just being loaded anew is lost with that page: then it does it again.
    """
    while True:
        world.told.forget()
        await world.act(verb, **({"forced": True} if verb == "update" else {}))
        with suppress(TimeoutError):
            async with asyncio.timeout(3):
                event = await told_reason(world)
                break

    assert moment_aside(event) == moment_aside(await world.driver.snapshot())
    return event.reason


def moment_aside(event):
    """Leave out when a block ends: each look reckons it anew, to the millisecond."""
    return replace(event, until=None) if isinstance(event, Blocked) else event


async def test_a_ban_has_an_end():
    """When the ban ends is told with it, as WhatsApp says it."""
    async with opened("chromium") as world:
        await world.start()
        await world.told.next(QrIssued)
        before = datetime.now(UTC)
        await world.act("ban", seconds=7200)
        event = await told_reason(world)

    assert Reason.TEMPORARILY_BANNED is event.reason
    assert timedelta(seconds=7200) - timedelta(seconds=1) < event.until - before < timedelta(seconds=7230)


GOODBYES = {
    "history_sync_timeout": Reason.HISTORY_SYNC_TIMEOUT,
    "syncd_failure": Reason.SYNC_FAILED,
    "account_locked": Reason.ACCOUNT_LOCKED,
    "primary_identity_key_change": Reason.IDENTITY_CHANGED,
    "client_fatal_error": Reason.LOGGED_OUT,
}


@pytest.mark.parametrize("events", ["cmd", "bus"])
@pytest.mark.parametrize(("said", "reason"), GOODBYES.items(), ids=GOODBYES)
async def test_a_page_that_logs_itself_out_has_a_reason(said, reason, events):
    """Why the page ends its link is told, though only the call that begins it has the word for it."""
    async with opened("chromium", events=events) as world:
        await world.start()
        await world.link()
        if said == "primary_identity_key_change":
            await world.act("change_identity")
        else:
            await world.act("page_logout", reason=said)
        told = await world.told.next(LoggedOut)
        kinds = world.told.kinds

    assert reason is told.reason
    assert Authenticated is not kinds[kinds.index(LoggedOut) - 1]
