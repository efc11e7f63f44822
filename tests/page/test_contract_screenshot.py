"""What every driver keeps to about pictures of its page: the same tests on the fake and on a real Chromium."""

import pytest
from driver_harness import REAL, on_both, opened

from wad.core.errors import AccountShownError, BrowserError
from wad.core.events import QrIssued

PNG = b"\x89PNG\r\n\x1a\n"


@on_both
async def test_a_picture(kind):
    """The page that shows a code can be looked at; without a browser there is nothing to see."""
    async with opened(kind) as world:
        with pytest.raises(BrowserError):
            await world.driver.screenshot()
        await world.start()
        await world.told.next(QrIssued)
        picture = await world.driver.screenshot()

    assert picture.startswith(PNG)


@on_both
async def test_a_linked_accounts_page(kind):
    """Of a linked account a picture is given only to whoever says that this is wanted."""
    async with opened(kind) as world:
        await world.start()
        await world.link()
        with pytest.raises(AccountShownError):
            await world.driver.screenshot()
        picture = await world.driver.screenshot(linked=True)

    assert picture.startswith(PNG)


SIGNS = {
    "its list of chats": "localStorage.removeItem('last-wid-md')",
    "its storage": "document.querySelector('#side').remove()",
}


@pytest.mark.parametrize("kind", REAL[:1])
@pytest.mark.parametrize("sign", ["its list of chats", "its storage"])
async def test_a_page_that_changed(kind, sign):
    """One sign of an account is enough, whatever else of the page is not where it was."""
    async with opened(kind) as world:
        await world.start()
        await world.link()
        await world.act("rename", name="WAWebUserPrefsMultiDevice")
        await world.evaluate(f"void ({SIGNS[sign]})")
        with pytest.raises(AccountShownError):
            await world.driver.screenshot()
