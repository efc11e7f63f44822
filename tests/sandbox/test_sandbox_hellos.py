"""What the page makes of late answers, and of the phone's hello: one state for all calls, and no more checks than the real one has."""

import pytest
from sandbox_browser import (
    LETTERS,
    MODE,
    NUMBER,
    PAIRING,
    REGISTERED,
    SHOWN,
    STATE,
    asking,
    code_of,
    link,
    opened,
)
from sandbox_chromium import EvaluationError

from wad.sandbox import PhoneRefusedError

# Asks and does not wait: what became of it is in `window.asked`, by number.
ASK = f"""(() => {{
  window.asked ??= [];
  const mine = window.asked.push(null) - 1;
  {asking()}.then((code) => {{ window.asked[mine] = code; }}, (error) => {{ window.asked[mine] = `failed: ${{error.message}}`; }});
}})()"""
START = f"{PAIRING}.startAltLinkingFlow('{NUMBER}', true)"
INITIALISE = f"{PAIRING}.initializeAltDeviceLinking()"
HEAR = """(() => {
  window.heard = [];
  const { WAWebLinkDeviceEvents } = require('WAWebLinkDeviceEvents');
  for (const name of ['primary_hello_received', 'error_alt_linking'])
    WAWebLinkDeviceEvents.on(`link_device_events:${name}`, () => window.heard.push(name));
  require('WAWebUserPrefsMultiDevice').advSecretEventEmitter.on('change', () => window.heard.push('secret'));
})()"""
SECRET = "require('WAWebUserPrefsMultiDevice').getADVSecretKey()"


def unseen(directory, **options):
    """Open the page that shows nothing of a code to type."""
    return opened(directory, link_code="unseen", **options)


async def test_no_timer(io_loop, tmp_path):
    """An old code is one only when the phone's hello comes, and nothing is told of it before."""
    async with unseen(tmp_path) as (sandbox, browser):
        code = await code_of(browser)
        await browser.evaluate(HEAR)
        await sandbox.phone.clock(factor=1e7)
        heard = await browser.evaluate("new Promise((done) => setTimeout(() => done(window.heard), 1))")
        with pytest.raises(PhoneRefusedError, match="OldCodeError"):
            await sandbox.phone.enter_code(code=code)
        after = await browser.evaluate("window.heard")

    assert heard == []
    assert after == ["primary_hello_received", "error_alt_linking"]


async def test_time_runs_before_the_answer(io_loop, tmp_path):
    """A code whose answer took its whole life is old when it is given."""
    async with unseen(tmp_path, clock=200.0) as (sandbox, browser):
        await browser.until(SHOWN)
        await sandbox.phone.stall_pairing()
        await browser.evaluate(ASK)
        # 180 s of the sandbox's clock, and set later than the code's life began.
        await browser.evaluate("new Promise((done) => setTimeout(done, 901))")
        await sandbox.phone.late_answers()
        code = await browser.until("window.asked[0]")
        with pytest.raises(PhoneRefusedError, match="OldCodeError"):
            await sandbox.phone.enter_code(code=code)

    assert len(code) == 8


async def test_late_after_going_back(io_loop, tmp_path):
    """An answer that comes after the page has gone back is written into its state, and the call fulfilled."""
    async with unseen(tmp_path) as (sandbox, browser):
        await browser.until(SHOWN)
        await sandbox.phone.stall_pairing()
        await browser.evaluate(ASK)
        await browser.evaluate(f"{PAIRING}.initializeQRLinking()")
        waits = await browser.evaluate("window.asked[0]")
        await sandbox.phone.late_answers()
        code = await browser.until("window.asked[0]")
        with pytest.raises(EvaluationError, match="the stage is AfterSendCompanionHello"):
            await browser.evaluate(START)
        kind = await browser.evaluate(f"{PAIRING}.getPairingType()")

    assert waits is None
    assert (len(code), kind) == (8, "QR_CODE")


async def test_late_after_the_second(io_loop, tmp_path):
    """The first answer after the second's leaves the old ref, and with that the second code dead, though it looks good."""
    async with unseen(tmp_path) as (sandbox, browser):
        await browser.until(SHOWN)
        await sandbox.phone.stall_pairing()
        await browser.evaluate(ASK)
        await sandbox.phone.allow_pairing()
        second = await browser.evaluate(asking())
        await sandbox.phone.late_answers()
        first = await browser.until("window.asked[0]")
        with pytest.raises(PhoneRefusedError, match="InvalidRefError"):
            await sandbox.phone.enter_code(code=second)

    assert len(first) == len(second) == 8


async def test_late_between(io_loop, tmp_path):
    """An answer between the initialisation and the start breaks the second call."""
    async with unseen(tmp_path) as (sandbox, browser):
        await browser.until(SHOWN)
        await sandbox.phone.stall_pairing()
        await browser.evaluate(ASK)
        await sandbox.phone.allow_pairing()
        await browser.evaluate(INITIALISE)
        await sandbox.phone.late_answers()
        await browser.until("window.asked[0]")
        with pytest.raises(EvaluationError, match="the stage is AfterSendCompanionHello"):
            await browser.evaluate(START)


async def test_three_hellos(io_loop, tmp_path):
    """For one code three hellos are answered, each with a new secret; the fourth is one too many, told to the front end."""
    secrets = []
    async with unseen(tmp_path) as (sandbox, browser):
        code = await code_of(browser)
        await browser.evaluate(HEAR)
        for _ in range(3):
            with pytest.raises(PhoneRefusedError, match="the code is wrong"):
                await sandbox.phone.enter_code(code="WRONGCDE")
            secrets.append(await browser.evaluate(SECRET))
        with pytest.raises(PhoneRefusedError, match="MaxPrimaryHelloError"):
            await sandbox.phone.enter_code(code=code)
        heard = await browser.evaluate("window.heard")

    assert len(set(secrets)) == 3
    assert heard == ["primary_hello_received"] * 4 + ["error_alt_linking"]


async def test_wrong_then_right(io_loop, tmp_path):
    """After a wrong code the right one links; no change of the secret was told to anybody."""
    async with unseen(tmp_path) as (sandbox, browser):
        await browser.until(SHOWN)
        await browser.evaluate(HEAR)
        code = await browser.evaluate(asking())
        with pytest.raises(PhoneRefusedError, match="the code is wrong"):
            await sandbox.phone.enter_code(code="WRONGCDE")
        heard = await browser.evaluate("window.heard")
        await sandbox.phone.enter_code(code=code)
        await browser.until(MODE, "MAIN")

    assert heard == ["primary_hello_received"]


async def test_dead_picture_scanned(io_loop, tmp_path):
    """A phone that scans the code drawn before under one to type ends both: the page has no secret to check by."""
    async with unseen(tmp_path) as (sandbox, browser):
        picture = await browser.until(SHOWN)
        await browser.evaluate(asking())
        with pytest.raises(PhoneRefusedError, match="did not accept"):
            await sandbox.phone.scan(code=picture)
        await browser.until("location.search", "?post_logout=1")
        await browser.until(SHOWN)
        registered = await browser.evaluate(REGISTERED)

    assert registered is False


async def test_linked_already(io_loop, tmp_path):
    """A linked page asks like any other; it is the servers that say no."""
    async with unseen(tmp_path) as (sandbox, browser):
        await link(sandbox, browser)
        name = await browser.evaluate(asking() + ".catch((error) => error.type.name)")

    assert name == "IQErrorBadRequest"


@pytest.mark.parametrize("begun", ["before", "after"])
async def test_no_answer(io_loop, tmp_path, begun):
    """Without a socket, or when it is lost, the call is neither fulfilled nor rejected; the next one is."""
    async with unseen(tmp_path) as (sandbox, browser):
        await browser.until(SHOWN)
        await sandbox.phone.stall_pairing()
        if begun == "before":
            await browser.evaluate(ASK)
        await sandbox.phone.refuse_sockets()
        await browser.until(STATE, "OPENING")
        if begun == "after":
            await browser.evaluate(ASK)
        await sandbox.phone.recover()
        await browser.until(STATE, "UNPAIRED")
        code = await browser.evaluate(asking())
        await sandbox.phone.late_answers()
        await sandbox.phone.enter_code(code=code)
        told = await browser.evaluate("window.asked")

    assert told == [None]


async def test_screen_of_another_document(io_loop, tmp_path):
    """A page that was loaded anew holds nothing of the code it made before, and refuses the phone's hello."""
    async with unseen(tmp_path) as (sandbox, browser):
        code = await code_of(browser)
        await browser.call("Page.reload")
        await browser.until(SHOWN)
        await browser.evaluate(HEAR)
        with pytest.raises(PhoneRefusedError, match="the page refused it"):
            await sandbox.phone.enter_code(code=code)
        heard, letters = await browser.evaluate("window.heard"), await browser.evaluate(LETTERS)

    assert heard == ["primary_hello_received", "error_alt_linking"]
    assert letters is None
