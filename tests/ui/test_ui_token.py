"""The page where a token is configured: what is shown without it, and where it is kept."""

import pytest
from frontend_harness import TOKEN
from ui_harness import open_harness

from wad.core.events import StopRequested

CODE = "[data-part=code] img"
FIELD = "#token-value"
STORES = "[Object.values(sessionStorage), Object.values(localStorage), document.cookie]"
PLACES = "[location.href, document.referrer, ...performance.getEntries().map((each) => each.name)]"


async def unlock(tab, token):
    await tab.until_shown(FIELD)
    await tab.click(FIELD)
    await tab.value(f"document.querySelector('{FIELD}').select()")
    await tab.type(token)
    await tab.click("[data-action=unlock]")


async def test_without_it_no_code_is_shown(browser):
    """Who has no token sees the state, is asked for the token, and finds no button that would be refused."""
    async with open_harness(token=TOKEN) as locked, browser.tab() as tab:
        locked.show_code()
        await tab.open(locked.url)
        await tab.until_shown(FIELD)
        page = await tab.value("document.documentElement.outerHTML")
        buttons = [await tab.shown(f"[data-action={name}]") for name in ("start", "stop", "reset", "logout")]

    assert "data:image/" not in page
    assert [False] * 4 == buttons


async def test_the_right_one_opens(browser):
    """A wrong token is refused beside its field; the right one shows the code, and commands are taken."""
    async with open_harness(token=TOKEN) as locked, browser.tab() as tab:
        locked.show_code()
        await tab.open(locked.url)
        await unlock(tab, "wrong")
        await tab.until("document.querySelector('#token-error').innerText", "the refusal")
        still_locked = not await tab.shown(CODE)
        await unlock(tab, TOKEN)
        await tab.until_shown(CODE)
        await tab.until("document.body.dataset.link === 'live'", "the live link")
        await tab.click("[data-action=stop]")
        await tab.until("document.body.dataset.scene === 'idle'", "the stop")

    assert still_locked
    assert [StopRequested()] == locked.inbox.commands


async def test_it_is_kept_for_this_tab_alone(browser):
    """It outlives a reload, and is in no address, no cookie and no store that lasts; forgotten, it is gone."""
    async with open_harness(token=TOKEN) as locked, browser.tab() as tab:
        locked.show_code()
        await tab.open(locked.url)
        await unlock(tab, TOKEN)
        await tab.until_shown(CODE)
        await tab.open(locked.url)
        await tab.until_shown(CODE)
        await tab.live()
        kept, lasting, cookie = await tab.value(STORES)
        places = await tab.value(PLACES)
        await tab.click("[data-action=forget-token]")
        await tab.until_shown(FIELD)
        after, _, _ = await tab.value(STORES)
        page = await tab.value("document.documentElement.outerHTML")

    assert [TOKEN] == [each for each in kept if TOKEN in each]
    assert ([], "") == ([each for each in lasting if TOKEN in each], cookie)
    assert [] == [address for address in [*places, *tab.asked] if TOKEN in address]
    assert [] == [each for each in after if TOKEN in each]
    assert "data:image/" not in page


async def test_another_tab_does_not_have_it(browser):
    """What one visitor has unlocked is locked for the next."""
    async with open_harness(token=TOKEN) as locked, browser.tab() as one:
        locked.show_code()
        await one.open(locked.url)
        await unlock(one, TOKEN)
        await one.until_shown(CODE)
        async with browser.tab() as other:
            await other.open(locked.url)
            await other.until_shown(FIELD)

            assert not await other.shown(CODE)


@pytest.mark.parametrize("restarted", [True, False], ids=["by a restart", "by a reload"])
async def test_one_that_is_changed_is_asked_for_anew(browser, restarted):
    """After the token was changed on the server, the page asks for the new one instead of showing an old code."""
    async with open_harness(token=TOKEN) as locked, browser.tab() as tab:
        locked.show_code()
        await tab.open(locked.url)
        await unlock(tab, TOKEN)
        await tab.until_shown(CODE)
        await tab.live()
        if restarted:
            await locked.close()
        locked.guard.adopt(locked.config, "another-token-of-length")
        if restarted:
            locked.open()
        await tab.until_shown(FIELD)
        await tab.until_gone(CODE)
        await unlock(tab, "another-token-of-length")
        await tab.until_shown(CODE)
