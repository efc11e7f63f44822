"""The real driver on the variants of the page that were seen in some build or on some machine."""

import asyncio
import json
from contextlib import suppress

import pytest
from driver_harness import on_each_browser, opened

from wad.core.errors import BrowserError
from wad.core.events import (
    Authenticated,
    Blocked,
    BrowserStarted,
    ConnectionLost,
    Failed,
    LoggedOut,
    QrIssued,
    QrWithdrawn,
    Ready,
    Scanned,
)
from wad.core.reasons import Reason


@on_each_browser
async def test_on_each_browser(kind):
    """With each browser Debian has: a code, the scan, the session found again; nothing of it is left."""
    async with opened(kind) as world:
        await world.start()
        ready = await world.link()
        await world.driver.stop()
        await world.start()
        again = await world.told.next(Ready)
        hints = json.loads(await world.evaluate("JSON.stringify(navigator.userAgentData.brands)"))
        agent = await world.evaluate("navigator.userAgent")
        await world.driver.stop()

        assert [] == await world.left()

    assert ready == again
    assert "Headless" not in agent + str(hints)
    assert hints != []


@pytest.mark.parametrize(
    "variant",
    [
        {"pairing": "reload", "qr_form": "prefix", "debug": "never", "modules": "slow", "language": "ru"},
        {"pairing": "inplace", "qr_form": "suffix", "debug": "late", "csp": False, "language": "de"},
    ],
    ids=["reload, prefix, slow", "inplace, suffix, late"],
)
async def test_builds(variant):
    """Whatever form a build gives the code, and however it pairs, the whole text is told and the link found."""
    async with opened("chromium", **variant) as world:
        await world.start()
        issued = await world.told.next(QrIssued)
        shown = await world.shown("live")
        world.told.forget()
        await world.act("scan")
        await world.told.next(Authenticated)
        ready = await world.told.next(Ready)

    assert issued.code.text == shown
    assert ("https://wa.me/" in shown, shown.endswith("/r/ld")) == (
        variant["qr_form"] == "prefix",
        variant["qr_form"] == "suffix",
    )
    assert "15551234567" == ready.account.number
    assert LoggedOut not in world.told.kinds


# A build whose DOM carries no code any more: what the page would write there is lost.
WITHOUT_DATA_REF = """(() => {
  const write = Element.prototype.setAttribute;
  Element.prototype.setAttribute = function (name, value) {
    if (name !== 'data-ref') write.call(this, name, value);
  };
  document.querySelector('[data-ref]').removeAttribute('data-ref');
})()"""


async def test_a_build_without_the_code_in_its_dom():
    """The code is put together from its parts then, and follows the ref and the secret."""
    async with opened("chromium", clock=2.0) as world:
        await world.start()
        first = await world.told.next(QrIssued)
        await world.evaluate(WITHOUT_DATA_REF)
        rebuilt = await world.told.next(QrIssued)
        codes = []
        for verb in ("next_ref", "new_adv_secret"):
            await world.act(verb)
            codes.append(await told_as_it_lives(world))

    assert first.code.text == rebuilt.code.text
    assert codes[0] != codes[1]


async def told_as_it_lives(world):
    """Wait until a code that was told is the page's live one, and give it; codes also change by themselves."""
    texts = set()
    while True:
        texts.add((await world.told.next(QrIssued)).code.text)
        live = await world.shown("live")
        if live in texts:
            return live


async def test_a_new_secret_under_the_same_ref():
    """A code that changes without its ref is told, and its time is not begun anew."""
    async with opened("chromium", clock=2.0) as world:
        await world.start()
        first = await world.told.next(QrIssued)
        await world.act("new_adv_secret")
        second = await world.told.next(QrIssued)
        while await world.shown() != second.code.text:  # noqa: ASYNC110 - the phone hears of it a little later
            await asyncio.sleep(0.02)

    assert first.code.text != second.code.text
    assert first.code.text.split(",")[0] == second.code.text.split(",")[0]
    assert abs((second.code.expires_at - first.code.expires_at).total_seconds()) < 1


async def test_a_page_that_reloads():
    """A page that loads itself anew shows another code; one with unsaved work asks nobody in vain."""
    async with opened("chromium") as world:
        await world.start()
        first = await world.told.next(QrIssued)
        await world.act("pending_work")
        await world.act("reload")
        world.told.forget()
        second = await world.told.next(QrIssued)
        while second.code.text.split(",")[3] == first.code.text.split(",")[3]:
            second = await world.told.next(QrIssued)

    assert LoggedOut not in world.told.kinds


@pytest.mark.parametrize(
    ("address", "reason"),
    [("about:blank", Reason.PAGE_CRASHED), ("http://127.0.0.1:9/", Reason.NETWORK_UNREACHABLE)],
)
async def test_a_page_that_leaves(address, reason):
    """Another document in the page's place says nothing of a link; that it is there is told."""
    async with opened("chromium") as world:
        await world.start()
        await world.told.next(QrIssued)
        with suppress(BrowserError):
            await world.evaluate(f"location.href = {json.dumps(address)}")
        told = await world.told.next(Failed)

    assert reason is told.reason


async def test_a_scan_is_believed_once_the_page_is_sure():
    """The code is withdrawn with the scan, and the account told when the page has made sure of it."""
    async with opened("chromium") as world:
        await world.start()
        await world.told.next(QrIssued)
        await world.shown()
        world.told.forget()
        before = len(world.told.events)
        await world.act("scan")
        await world.told.next(Ready)

    kinds = world.told.kinds[before:]
    assert kinds.index(Scanned) < kinds.index(Authenticated)
    assert QrWithdrawn not in kinds


async def test_a_forged_scan_links_nothing():
    """An account that the page takes, finds forged and forgets is told as none; another code follows."""
    async with opened("chromium") as world:
        await world.start()
        first = await world.told.next(QrIssued)
        await world.shown()
        await world.act("forge")
        await world.told.next(Scanned)
        second = await world.told.next(QrIssued)

    assert first.code.text != second.code.text
    assert {Authenticated, Ready, LoggedOut}.isdisjoint(world.told.kinds)


async def test_no_history():
    """A link that ends because the phone sends no chats has its own reason."""
    async with opened("chromium", clock=60.0) as world:
        await world.act("fail_sync")
        await world.start()
        await world.told.next(QrIssued)
        await world.act("scan")
        told = await world.told.next(LoggedOut)
        await world.told.next(LoggedOut)
        snapshot = await world.driver.snapshot()

    assert LoggedOut(Reason.HISTORY_SYNC_TIMEOUT) == told
    assert told == snapshot


async def test_a_link_that_another_takes():
    """A stream that is cut for good, on a connection that stands, is no readiness: somebody else has the session."""
    async with opened("chromium") as world:
        await world.start()
        await world.link()
        await world.act("stream_conflict")
        told = await world.told.next(Failed)
        snapshot = await world.driver.snapshot()

    assert Failed(Reason.REPLACED) == told == snapshot


async def test_network_lost_at_the_code():
    """The state says so, and once the network is back there is a code without another document."""
    async with opened("chromium") as world:
        await world.start()
        await world.told.next(QrIssued)
        await world.act("offline")
        await world.told.next(ConnectionLost)
        await world.act("online")
        await world.told.next(QrIssued)

    assert 1 == world.told.kinds.count(BrowserStarted)


async def test_hosts_that_are_blocked():
    """A filter that blocks the page's scripts is told with what it blocked, without the query."""
    async with opened("chromium") as world:
        await world.act("block_hosts")
        await world.start()
        told = await world.told.next(Blocked)

    assert Reason.HOSTS_BLOCKED is told.reason
    assert "ERR_BLOCKED_BY_RESPONSE" in told.blockage.cause
    assert told.blockage.url.endswith(".js")


@pytest.mark.parametrize("trouble", ["offline", "firewall"])
async def test_nobody_is_reached(trouble):
    """A page whose servers do not answer is told, and the driver can be started again."""
    async with opened("chromium") as world:
        if trouble == "offline":
            await world.act("offline")
        else:
            await world.act("block_hosts", how="firewall")
        await world.start()
        told = await world.told.next(Failed)
        snapshot = await world.driver.snapshot()
        await world.act("recover")
        await world.start()
        await world.told.next(QrIssued)

    assert Failed(Reason.NETWORK_UNREACHABLE) == told
    assert snapshot is None


async def test_an_answer_that_is_long():
    """What was asked for may be longer than anything that comes unasked: the page is not taken for a mad one."""
    async with opened("chromium") as world:
        await world.start()
        await world.told.next(QrIssued)
        text = await world.evaluate("'x'.repeat(20 * 2 ** 20)")
        await world.act("next_ref")
        await world.told.next(QrIssued)

    assert 20 << 20 == len(text)
    assert Failed not in world.told.kinds


async def test_models_that_never_come():
    """A page without its models tells nothing; its description has structure, and no secret."""
    async with opened("chromium", modules="never") as world:
        await world.start()
        await world.until_true("document.querySelector('progress')?.value > 0")
        snapshot = await world.driver.snapshot()
        diagnosis = await world.driver.diagnose()

    assert [BrowserStarted] == world.told.kinds
    assert snapshot is None
    assert diagnosis.details["splash"]
    assert diagnosis.details["hasRequire"]
    assert set(diagnosis.details["modules"].values()) <= {None, False}


async def test_models_that_have_moved():
    """A page that is there while its models are not where they were has changed: the description says so."""
    async with opened("chromium") as world:
        await world.act("unregister_models")
        await world.start()
        await world.until_true("document.querySelector('#standin-qr') !== null")
        await world.until_true("window.require && !('WAWebSocketModel' in require('__debug').modulesMap)")
        diagnosis = await world.driver.diagnose()

    assert Reason.PAGE_CHANGED is diagnosis.reason


async def test_a_diagnosis_holds_no_code():
    """Where a code is shown the description tells that, and not the code."""
    async with opened("chromium") as world:
        await world.start()
        issued = await world.told.next(QrIssued)
        await world.evaluate(f"console.log('what it says', {json.dumps(issued.code.text)})")
        diagnosis = await world.driver.diagnose()

    text = json.dumps(diagnosis.details)

    assert diagnosis.reason is None
    assert "[data-ref]" in text
    assert diagnosis.details["console"][-1].startswith("log: what it says ")
    assert [] == [part for part in issued.code.text.split(",") if len(part) > 8 and part in text]


async def test_a_ref_that_is_late():
    """While the ref is undefined no code is told, and never one that begins with undefined."""
    async with opened("chromium") as world:
        await world.start()
        await world.told.next(QrIssued)
        await world.act("no_ref", seconds=10.0)
        world.told.forget()
        hidden = await world.driver.snapshot()
        await world.told.next(QrIssued)

    assert hidden is None


async def test_stop_while_the_page_loads():
    """A stop right after the start cuts the opening of the page off, and leaves nothing that complains."""
    complaints = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: complaints.append(context))
    async with opened("chromium") as world:
        await world.start()
        await world.driver.stop(gracefully=False)

        assert [BrowserStarted] == world.told.kinds
        assert [] == await world.left()
    loop.set_exception_handler(None)

    assert [] == complaints
