"""Linking by a code to type: how the page comes to one, who may enter it, and how it ends."""

import asyncio
import contextlib
import re

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
    opened,
    scan,
)
from sandbox_chromium import DEADLINE, EvaluationError

from wad.sandbox import PhoneRefusedError

NEW_CODE = "document.querySelector('#standin-qr button')"
REF = "require('WAWebConnModel').Conn.ref"
# The page says why it has no code, as an object.
WHY = ".catch(({ name, type }) => ({ name, ...type }))"


def drawn(directory, **options):
    """Open the page that draws the letters; test_sandbox_unseen.py has the other one."""
    return opened(directory, link_code="screen", **options)


async def test_links(io_loop, tmp_path):
    """The page makes eight letters, shows them instead of the other code, and is linked as their number."""
    async with drawn(tmp_path) as (sandbox, browser):
        code = await code_of(browser)
        letters = await browser.evaluate(LETTERS)
        written = await browser.evaluate("document.querySelector('[data-link-code]').textContent")
        other, state = await browser.evaluate(SHOWN), await browser.evaluate(STATE)
        done = await sandbox.phone.enter_code(name="Ada", platform="iphone")
        await browser.until(MODE, "MAIN")
        name = await browser.evaluate("require('WAWebConnModel').Conn.pushname")
        left = await browser.evaluate(LETTERS)

    assert re.fullmatch(r"[1-9A-HJ-NP-TV-Z]{8}", code)
    assert letters.split(",") == list(code)
    assert written == f"{code[:4]}-{code[4:]}"
    assert (other, state) == (None, "UNPAIRED")
    assert done == {"device": f"{NUMBER}:1@c.us"}
    assert (name, left) == ("Ada", None)


async def test_links_by_a_reload(io_loop, tmp_path):
    """A page that loads itself anew to pair does so after a code to type, too."""
    async with drawn(tmp_path, pairing="reload") as (sandbox, browser):
        await code_of(browser)
        await sandbox.phone.enter_code()
        await browser.until(MODE, "MAIN")
        number = await browser.evaluate("require('WAWebUserPrefsMeUser').getMaybeMePnUser().user")

    assert number == NUMBER


@pytest.mark.parametrize("typed", ["as it is", "with a dash", "in small letters"])
async def test_how_people_type(io_loop, tmp_path, typed):
    """A dash, a space or small letters make it no other code."""
    async with drawn(tmp_path) as (sandbox, browser):
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
    async with drawn(tmp_path) as (sandbox, browser):
        first = await code_of(browser, "15550000000")
        second = await browser.evaluate(asking())
        for arguments, sentence in (
            ({"code": "WRONGCDE"}, "the code is wrong"),
            ({"code": first}, "InvalidRefError"),
            ({"number": "15559999999"}, "another number"),
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
    async with drawn(tmp_path) as (sandbox, browser):
        await browser.until(SHOWN)
        with pytest.raises(PhoneRefusedError, match="no page shows a code to type"):
            await sandbox.phone.enter_code()


async def test_screen_of_a_trouble(io_loop, tmp_path):
    """Under another screen the phone sees no code to type; it is there again when that has gone."""
    async with drawn(tmp_path) as (sandbox, browser):
        code = await code_of(browser)
        await sandbox.phone.ban()
        await browser.until(f"!{LETTERS}")
        with pytest.raises(PhoneRefusedError, match="no page shows a code to type"):
            await sandbox.phone.enter_code()
        await sandbox.phone.unban()
        again = await browser.until(LETTERS)

    assert again.split(",") == list(code)


async def test_old_code_to_scan_is_dead(io_loop, tmp_path):
    """A picture of the code that was shown before is worth nothing: the secret it was made with is gone."""
    async with drawn(tmp_path) as (sandbox, browser):
        picture = await browser.until(SHOWN)
        await browser.evaluate(asking())
        secret = await browser.evaluate("require('WAWebUserPrefsMultiDevice').getADVSecretKey()")
        with pytest.raises(EvaluationError, match="secretKey"):
            await browser.evaluate("require('WAWebAdvSignatureApi').getADVSecretKey()")
        with pytest.raises(PhoneRefusedError):
            await sandbox.phone.scan(code=picture)

    assert secret is None


async def test_expires(io_loop, tmp_path):
    """After 180 s of the sandbox's clock the letters are gone and a button is there, which makes new ones."""
    async with drawn(tmp_path, clock=5.0) as (sandbox, browser):
        await browser.until(SHOWN)
        # What is timed from now on takes next to no time: the code, not the batch it follows.
        await sandbox.phone.clock(factor=2000.0)
        code = await browser.evaluate(asking())
        await browser.until(f"{NEW_CODE} !== null")
        gone, state = await browser.evaluate(LETTERS), await browser.evaluate(STATE)
        with pytest.raises(PhoneRefusedError, match="OldCodeError"):
            await sandbox.phone.enter_code(code=code)
        await sandbox.phone.clock(factor=5.0)
        await browser.evaluate(f"{NEW_CODE}.click()")
        again = await browser.until(LETTERS)
        done = await sandbox.phone.enter_code()

    assert (gone, state) == (None, "UNPAIRED")
    assert again.split(",") != list(code)
    assert done["device"].startswith(NUMBER)


async def test_expired_and_refused(io_loop, tmp_path):
    """The button leads back to itself as long as the servers give no new code."""
    async with drawn(tmp_path, clock=5.0) as (sandbox, browser):
        await browser.until(SHOWN)
        await sandbox.phone.clock(factor=2000.0)
        await browser.evaluate(asking())
        await browser.until(f"{NEW_CODE} !== null")
        await sandbox.phone.refuse_pairing()
        await browser.evaluate(f"{NEW_CODE}.click()")
        await browser.until(f"{NEW_CODE} !== null")
        await sandbox.phone.allow_pairing()
        await sandbox.phone.clock(factor=5.0)
        await browser.evaluate(f"{NEW_CODE}.click()")
        letters = await browser.until(LETTERS)

    assert len(letters.split(",")) == 8


async def test_refs_rest(io_loop, tmp_path):
    """Under a code to type no ref follows the last one, and the phone's hand does not turn them either."""
    async with drawn(tmp_path, clock=30.0) as (sandbox, browser):
        await browser.until(SHOWN)
        # From now on everything takes long but what is timed already, which is the ref's end.
        await sandbox.phone.clock(factor=1.0)
        await browser.evaluate(asking())
        before = await browser.evaluate(REF)
        # A timer that is set later for as long fires later.
        await browser.evaluate(
            "new Promise((done) => setTimeout(done, require('WAWebConnModel').Conn.refTTL))"
        )
        await sandbox.phone.next_ref()
        await sandbox.phone.spend()
        after, state = await browser.evaluate(REF), await browser.evaluate(STATE)
        await sandbox.phone.enter_code()

    assert (after, state) == (before, "UNPAIRED")


async def test_back_to_the_code_to_scan(io_loop, tmp_path):
    """The letters go at once, a new batch comes, and the page knows the code to type no more."""
    async with drawn(tmp_path) as (sandbox, browser):
        code = await code_of(browser)
        before = await browser.evaluate(REF)
        await browser.evaluate(f"{PAIRING}.initializeQRLinking()")
        letters = await browser.evaluate(LETTERS)
        await browser.until(SHOWN)
        after = await browser.evaluate(REF)
        with pytest.raises(PhoneRefusedError, match="the page refused it"):
            await sandbox.phone.enter_code(code=code)
        await scan(sandbox)
        await browser.until(MODE, "MAIN")

    assert letters is None
    assert before != after


async def test_reload(io_loop, tmp_path):
    """A page that loads itself anew begins with a code to scan, and the code to type is dead."""
    async with drawn(tmp_path) as (sandbox, browser):
        code = await code_of(browser)
        await sandbox.phone.reload()
        await browser.until(SHOWN)
        letters = await browser.evaluate(LETTERS)
        with pytest.raises(PhoneRefusedError, match="the page refused it"):
            await sandbox.phone.enter_code(code=code)

    assert letters is None


async def test_lost_connection(io_loop, tmp_path):
    """The code outlives a lost socket: the page shows it all the time, and it can be entered at once afterwards."""
    async with drawn(tmp_path) as (sandbox, browser):
        code = await code_of(browser)
        await sandbox.phone.offline()
        await browser.until(STATE, "OPENING")
        letters = await browser.evaluate(LETTERS)
        await sandbox.phone.online()
        await browser.until(STATE, "PAIRING")
        await entered(sandbox, code)
        await browser.until(MODE, "MAIN")

    assert letters.split(",") == list(code)


async def entered(sandbox, code):
    """Type the code as soon as its page is connected, which the phone hears of a little later than we do."""
    async with asyncio.timeout(DEADLINE):
        while True:
            with contextlib.suppress(PhoneRefusedError):
                return await sandbox.phone.enter_code(code=code)
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("phone", ["123456", "1234567890123456", "+4915112345678", "abcdefgh", ""])
async def test_no_number(io_loop, tmp_path, phone):
    """What is no number in digits is refused by the servers; a right one may follow at once."""
    bad = {"name": "IQErrorBadRequest", "value": {"text": "bad-request", "code": 400}}
    async with drawn(tmp_path) as (_, browser):
        await browser.until(SHOWN)
        why = await browser.evaluate(asking(phone) + WHY)
        code = await browser.evaluate(f"{PAIRING}.startAltLinkingFlow('{NUMBER}', true)")

    assert why == bad
    assert len(code) == 8


REFUSALS = {
    400: ("IQErrorBadRequest", "bad-request"),
    403: ("IQErrorForbidden", "forbidden"),
    429: ("IQErrorRateOverlimit", "rate-overlimit"),
    452: ("IQErrorFeatureNotAvailable", "feature-not-available"),
    500: ("IQErrorInternalServerError", "internal-server-error"),
}


async def test_refused(io_loop, tmp_path):
    """Servers that give none say why in one of five ways, which the page keeps apart, until they give one again."""
    told = {}
    async with drawn(tmp_path) as (sandbox, browser):
        await browser.until(SHOWN)
        for code in REFUSALS:
            await sandbox.phone.refuse_pairing(code=code)
            told[code] = await browser.evaluate(asking() + ".catch(({ name, type }) => [name, type])")
        await sandbox.phone.refuse_pairing(code=418)
        unknown = await browser.evaluate(asking() + ".catch((error) => error.name)")
        await sandbox.phone.allow_pairing()
        code = await browser.evaluate(asking())

    assert told == {
        code: ["CompanionHelloError", {"name": name, "value": {"text": text, "code": code}}]
        for code, (name, text) in REFUSALS.items()
    }
    assert (unknown, len(code)) == ("SmaxParsingFailure", 8)


async def test_answers_are_not_mixed_up(io_loop, tmp_path):
    """Of two that are asked for in one breath each has its own answer."""
    async with drawn(tmp_path) as (sandbox, browser):
        await browser.until(SHOWN)
        start = f"{PAIRING}.startAltLinkingFlow"
        told = await browser.evaluate(
            f"{PAIRING}.initializeAltDeviceLinking().then(() => Promise.allSettled([{start}('1'), {start}('{NUMBER}')]))"
        )
        await sandbox.phone.enter_code(code=told[1]["value"])

    assert [each["status"] for each in told] == ["rejected", "fulfilled"]


@pytest.mark.parametrize(
    "order",
    [
        f"{PAIRING}.startAltLinkingFlow('{NUMBER}', true)",
        f"({PAIRING}.setPairingType('ALT_DEVICE_LINKING'), {PAIRING}.startAltLinkingFlow('{NUMBER}', true))",
        f"{asking()}.then(() => {PAIRING}.startAltLinkingFlow('{NUMBER}', true))",
        f"{asking()}.then({PAIRING}.initializeQRLinking).then(() => {PAIRING}.startAltLinkingFlow('{NUMBER}'))",
    ],
    ids=["not initialised", "only the type", "twice", "after going back"],
)
async def test_wrong_order(io_loop, tmp_path, order):
    """Each code wants an initialisation of its own before it."""
    async with drawn(tmp_path) as (_, browser):
        await browser.until(SHOWN)
        with pytest.raises(EvaluationError, match="stage"):
            await browser.evaluate(order)


async def test_the_type_need_not_be_set(io_loop, tmp_path):
    """The initialisations write it, whoever set it before."""
    async with drawn(tmp_path) as (_, browser):
        await browser.until(SHOWN)
        types = await browser.evaluate(f"""(async () => {{
          const api = {PAIRING};
          const before = api.getPairingType();
          await api.initializeAltDeviceLinking();
          const between = api.getPairingType();
          await api.startAltLinkingFlow('{NUMBER}', false);
          await api.initializeQRLinking();
          return [before, between, api.getPairingType()];
        }})()""")

    assert types == ["QR_CODE", "ALT_DEVICE_LINKING", "QR_CODE"]
