"""A code to type of which the page itself shows nothing, as where its modules alone were called."""

import pytest
from sandbox_browser import LETTERS, MODE, PAIRING, SHOWN, STATE, asking, code_of, opened, scan

from wad.sandbox import PhoneRefusedError


async def test_dead_code_stays(io_loop, tmp_path):
    """The code to scan stays where it was, dead, also when the next ref has come; the one to type links."""
    async with opened(tmp_path, link_code="unseen") as (sandbox, browser):
        before = await browser.until(SHOWN)
        code = await browser.evaluate(asking())
        await sandbox.phone.next_ref()
        after, letters = await browser.evaluate(SHOWN), await browser.evaluate(LETTERS)
        with pytest.raises(PhoneRefusedError):
            await sandbox.phone.scan(code=before)
        await sandbox.phone.enter_code(code=code)
        await browser.until(MODE, "MAIN")

    assert (after, letters) == (before, None)


async def test_refs_go_on(io_loop, tmp_path):
    """The refs are spent under the code to type, which is live all the same; no code to scan is left."""
    async with opened(tmp_path, link_code="unseen") as (sandbox, browser):
        code = await code_of(browser)
        await sandbox.phone.spend()
        state, shown = await browser.evaluate(STATE), await browser.evaluate(SHOWN)
        seen = (await sandbox.phone.state())["pages"][0]["linkCode"]
        await sandbox.phone.enter_code()
        await browser.until(MODE, "MAIN")

    assert (state, shown) == ("UNPAIRED_IDLE", None)
    assert seen == code


async def test_next_code_though_the_refs_are_spent(io_loop, tmp_path):
    """Spent refs keep nobody from asking for another code to type."""
    async with opened(tmp_path, link_code="unseen") as (sandbox, browser):
        await code_of(browser)
        await sandbox.phone.spend()
        again = await browser.evaluate(asking())
        done = await sandbox.phone.enter_code(code=again)

    assert "device" in done


async def test_back_to_a_dead_code(io_loop, tmp_path):
    """Gone back, the page shows the old secret until the next ref comes."""
    async with opened(tmp_path, link_code="unseen") as (sandbox, browser):
        before = await browser.until(SHOWN)
        await browser.evaluate(asking())
        await browser.evaluate(f"{PAIRING}.initializeQRLinking()")
        stale = await browser.evaluate(SHOWN)
        await sandbox.phone.next_ref()
        fresh = await browser.evaluate(SHOWN)
        await scan(sandbox)
        await browser.until(MODE, "MAIN")

    assert stale == before
    assert fresh != before


async def test_new_batch(io_loop, tmp_path):
    """A new batch has a secret again: both codes are live then, and the one to scan links."""
    async with opened(tmp_path, link_code="unseen") as (sandbox, browser):
        before = await browser.until(SHOWN)
        code = await browser.evaluate(asking())
        await browser.evaluate("require('WAWebLaunchSocketUtils').refreshQR()")
        await browser.until(f"{SHOWN} && {SHOWN} !== {before!r}")
        seen = (await sandbox.phone.state())["pages"][0]["linkCode"]
        await scan(sandbox)
        await browser.until(MODE, "MAIN")

    assert seen == code
