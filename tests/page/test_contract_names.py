"""What every driver keeps to about the names wad relies upon: the same tests on the fake and on a real Chromium."""

import pytest
from driver_harness import on_both, opened

from wad.core.errors import BrowserError
from wad.core.events import QrIssued, Ready
from wad.core.page_names import NEEDS, Use

# What messages need runs only once an account is linked.
MESSAGES = {
    Use.SENDING,
    Use.RECIPIENTS,
    Use.RECEIVING,
    Use.MISSED,
    Use.MARKS,
    Use.ADDRESSES,
    Use.GROUPS,
    Use.EXTRAS,
    Use.FILES_OUT,
    Use.FILES_IN,
    Use.POLLS,
    Use.LISTS,
}
# What a new build may take away, and what that hits. A need with another name that will do is not hit.
DRIFTS = {
    "a module": (["WAWebAltDeviceLinkingApi"], {Use.PAIRING}),
    "a function": (["WAWebSocketModel.Socket.logout"], {Use.LOGOUT}),
    "an event's attribute": (["WAWebStreamModel.Stream.displayInfo"], {Use.CHANGES}),
    "an emitter": (["WAWebBackendEventBus.BackendEventBus.on"], {Use.STORAGE}),
    "one of two": (["WAWebAdvSignatureApi", "WAWebCmd.Cmd"], set()),
    "both of two": (
        ["WAWebCmd.Cmd.on", "WAWebBackendEventBus"],
        {Use.ANNOUNCEMENTS, Use.STORAGE},
    ),
}


def uses(needs):
    """Give what needs are for."""
    return {need.use for need in needs}


@on_both
async def test_a_page_as_wad_knows_it(kind):
    """Nothing is missing with a code, nor when linked; the build and the kind of page are told."""
    async with opened(kind) as world:
        await world.start()
        await world.told.next(QrIssued)
        before = await world.driver.check_names()
        await world.act("scan")
        await world.told.next(Ready)
        after = await world.driver.check_names()

    assert frozenset() == before.missing == after.missing
    assert (False, True) == (before.linked, after.linked)
    assert before.version == after.version
    assert before.version.startswith("2.3000.")
    assert uses(before.unseen) <= {Use.PAIRING, Use.NAME, Use.PROGRESS, *MESSAGES}


@on_both
@pytest.mark.parametrize("drift", DRIFTS)
async def test_what_a_build_takes_away(kind, drift):
    """What is no longer where it was is missing, at once and after a reload, and nothing else is."""
    names, hit = DRIFTS[drift]
    async with opened(kind) as world:
        await world.start()
        await world.told.next(QrIssued)
        for name in names:
            await world.act("rename", name=name)
        at_once = await world.driver.check_names()
        await world.driver.stop()
        world.told.forget()
        await world.start()
        await world.told.next(QrIssued)
        afterwards = await world.driver.check_names()

    assert hit == uses(at_once.missing)
    assert at_once.missing == afterwards.missing


@on_both
async def test_a_link_lasts_through_drift(kind):
    """A look does not disturb the page: a code is still shown, scanned, and the account linked."""
    async with opened(kind) as world:
        await world.start()
        await world.told.next(QrIssued)
        await world.driver.check_names()
        snapshot = await world.driver.snapshot()
        world.told.forget()
        await world.act("scan")
        ready = await world.told.next(Ready)

    assert isinstance(snapshot, QrIssued)
    assert "15551234567" == ready.account.number


@on_both
async def test_without_a_browser(kind):
    """Where there is no page there is nothing to look at."""
    async with opened(kind) as world:
        with pytest.raises(BrowserError):
            await world.driver.check_names()


async def test_no_module_is_run():
    """What has not run is left so, and whether its members are there is not told."""
    late = "require('__debug').modulesMap.WAWebAltDeviceLinkingApi.factoryFinished"
    async with opened("chromium") as world:
        await world.start()
        await world.told.next(QrIssued)
        seen = await world.driver.check_names()
        ran = await world.evaluate(late)
        await world.driver.pair("15557654321")
        seen_then = await world.driver.check_names()

    pairing = {need for need in NEEDS if need.use is Use.PAIRING}
    assert ran is False
    assert pairing <= seen.unseen
    assert not pairing & (seen_then.unseen | seen_then.missing)
