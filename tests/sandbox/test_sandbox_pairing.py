"""Linking by a code to type: how the page comes to one, who may enter it, and how it ends."""

import re

import pytest
from sandbox_browser import MODE, REGISTERED, SHOWN, STATE, EvaluationError, opened, scan

from wad.sandbox import PhoneRefusedError

API = "require('WAWebAltDeviceLinkingApi')"
PREPARE = f"({API}.setPairingType('ALT_DEVICE_LINKING'), {API}.initializeAltDeviceLinking())"
LETTERS = "document.querySelector('[data-link-code]')?.dataset.linkCode"
BUTTON = "document.querySelector('#standin-qr button')"
NUMBER = "4915112345678"


def asking(phone: str = NUMBER) -> str:
    """Give the expression that goes the whole way to a code."""
    return f"{PREPARE}.then(() => {API}.startAltLinkingFlow({phone!r}, true))"


async def code_of(browser, phone: str = NUMBER) -> str:
    """Wait for a code to scan, then have one to type made."""
    await browser.until(SHOWN)
    return await browser.evaluate(asking(phone))


async def test_links(io_loop, tmp_path):
    """The page makes eight letters, shows them instead of the other code, and is linked as their number."""
    async with opened(tmp_path) as (sandbox, browser):
        code = await code_of(browser)
        letters = await browser.until(LETTERS)
        dead, state = await browser.evaluate(SHOWN), await browser.evaluate(STATE)
        done = await sandbox.phone.enter_code(name="Ada", platform="iphone")
        await browser.until(MODE, "MAIN")
        left = await browser.evaluate(LETTERS)

    assert re.fullmatch(r"[1-9A-HJ-NP-TV-Z]{8}", code)
    assert letters.split(",") == list(code)
    assert (dead, state) == (None, "UNPAIRED")
    assert done == {"device": f"{NUMBER}:1@c.us"}
    assert left is None


@pytest.mark.parametrize("typed", ["as it is", "with a dash", "in small letters"])
async def test_how_people_type(io_loop, tmp_path, typed):
    """A dash, a space or small letters make it no other code."""
    async with opened(tmp_path) as (sandbox, browser):
        code = await code_of(browser)
        forms = {
            "as it is": code,
            "with a dash": f"{code[:4]}-{code[4:]}",
            "in small letters": f"{code[:4]} {code[4:]}".lower(),
        }
        await sandbox.phone.enter_code(code=forms[typed], number=NUMBER)
        await browser.until(REGISTERED)


async def test_who_may_not(io_loop, tmp_path):
    """Another code, another number, no network, a code that was replaced: the phone says no, and the page waits on."""
    async with opened(tmp_path) as (sandbox, browser):
        first = await code_of(browser, "15550000000")
        second = await browser.evaluate(asking())
        for arguments, sentence in (
            ({"code": "WRONGCDE"}, "unknown or has expired"),
            ({"code": first}, "unknown or has expired"),
            ({"number": "15550000000"}, "another number"),
        ):
            with pytest.raises(PhoneRefusedError, match=sentence):
                await sandbox.phone.enter_code(**arguments)
        await sandbox.phone.offline()
        with pytest.raises(PhoneRefusedError, match="no network"):
            await sandbox.phone.enter_code(code=second)
        registered = await browser.evaluate(REGISTERED)

    assert registered is False


async def test_no_code_on_the_screen(io_loop, tmp_path):
    """While the page shows a code to scan there is none to type."""
    async with opened(tmp_path) as (sandbox, browser):
        await browser.until(SHOWN)
        with pytest.raises(PhoneRefusedError, match="no page shows a code to type"):
            await sandbox.phone.enter_code()


async def test_old_code_to_scan_is_dead(io_loop, tmp_path):
    """A picture of the code that was shown before is worth nothing."""
    async with opened(tmp_path) as (sandbox, browser):
        await browser.until(SHOWN)
        picture = await browser.evaluate(SHOWN)
        await code_of_present(browser)
        with pytest.raises(PhoneRefusedError):
            await sandbox.phone.scan(code=picture)


async def code_of_present(browser) -> str:
    """Have a code to type made, without waiting for the other one."""
    return await browser.evaluate(asking())


async def test_expires(io_loop, tmp_path):
    """After 180 s of the sandbox's clock the letters are gone and a button is there, which makes new ones."""
    async with opened(tmp_path, clock=200.0) as (sandbox, browser):
        code = await code_of(browser)
        await browser.until(f"{BUTTON} !== null")
        gone = await browser.evaluate(LETTERS)
        with pytest.raises(PhoneRefusedError, match="expired"):
            await sandbox.phone.enter_code(code=code)
        await sandbox.phone.clock(factor=20)
        await browser.evaluate(f"{BUTTON}.click()")
        again = await browser.until(LETTERS)
        await sandbox.phone.enter_code()
        await browser.until(REGISTERED)

    assert gone is None
    assert again.split(",") != list(code)


async def test_refs_rest(io_loop, tmp_path):
    """Under a code to type the socket stays as it is, longer than any batch lives."""
    async with opened(tmp_path, clock=20.0) as (sandbox, browser):
        code = await code_of(browser)
        await sandbox.phone.clock(factor=2000)
        # 200 s of the page's clock, all of which a batch would have lived.
        await browser.evaluate("window.__standin.clock.wait(200000)")
        state, shown = await browser.evaluate(STATE), await browser.evaluate(SHOWN)
        await sandbox.phone.enter_code(code=code)

    assert (state, shown) == ("UNPAIRED", None)


async def test_back_to_the_code_to_scan(io_loop, tmp_path):
    """The letters go at once, a new code comes, and the one to type is unknown from then on."""
    async with opened(tmp_path) as (sandbox, browser):
        code = await code_of(browser)
        await browser.evaluate(f"{API}.initializeQRLinking()")
        await browser.until(SHOWN)
        letters = await browser.evaluate(LETTERS)
        with pytest.raises(PhoneRefusedError, match="unknown"):
            await sandbox.phone.enter_code(code=code)
        await scan(sandbox)
        await browser.until(MODE, "MAIN")

    assert letters is None


async def test_reload(io_loop, tmp_path):
    """A page that loads itself anew begins with a code to scan."""
    async with opened(tmp_path) as (sandbox, browser):
        await code_of(browser)
        await sandbox.phone.reload()
        await browser.until(SHOWN)
        letters = await browser.evaluate(LETTERS)

    assert letters is None


async def test_lost_connection(io_loop, tmp_path):
    """The code outlives a lost socket: the page shows it all the time, and it can be entered afterwards."""
    async with opened(tmp_path) as (sandbox, browser):
        code = await code_of(browser)
        await sandbox.phone.offline()
        await browser.until(STATE, "OPENING")
        letters = await browser.evaluate(LETTERS)
        await sandbox.phone.online()
        await browser.until(STATE, "UNPAIRED")
        await sandbox.phone.enter_code(code=code)
        await browser.until(MODE, "MAIN")

    assert letters.split(",") == list(code)


@pytest.mark.parametrize("phone", ["123456", "1234567890123456", "+4915112345678", "abcdefgh", ""])
async def test_no_number(io_loop, tmp_path, phone):
    """What is no number in digits is refused by the servers."""
    async with opened(tmp_path) as (_, browser):
        await browser.until(SHOWN)
        with pytest.raises(EvaluationError, match="400"):
            await browser.evaluate(asking(phone))


async def test_refused(io_loop, tmp_path):
    """Servers that were asked too often give none, until they do again."""
    async with opened(tmp_path) as (sandbox, browser):
        await browser.until(SHOWN)
        await sandbox.phone.refuse_pairing()
        with pytest.raises(EvaluationError, match="429"):
            await browser.evaluate(asking())
        await sandbox.phone.allow_pairing()
        code = await browser.evaluate(asking())

    assert len(code) == 8


@pytest.mark.parametrize(
    "call",
    [
        f"{API}.initializeAltDeviceLinking()",
        f"{API}.startAltLinkingFlow('{NUMBER}', true)",
        f"({API}.setPairingType('QR_CODE'), {API}.initializeAltDeviceLinking())",
    ],
)
async def test_wrong_order(io_loop, tmp_path, call):
    """Calls out of their order are rejected."""
    async with opened(tmp_path) as (_, browser):
        await browser.until(SHOWN)
        with pytest.raises(EvaluationError):
            await browser.evaluate(call)


async def test_not_connected(io_loop, tmp_path):
    """Without a network there is no code."""
    async with opened(tmp_path) as (sandbox, browser):
        await browser.until(SHOWN)
        await sandbox.phone.offline()
        await browser.until(STATE, "OPENING")
        with pytest.raises(EvaluationError, match="not connected"):
            await browser.evaluate(asking())
