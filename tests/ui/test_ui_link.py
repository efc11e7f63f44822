"""The page and its way to wad: by websocket, by polling, through nginx, and with nobody there."""

import asyncio
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "system"))

from nginx_harness import Nginx
from ui_browser import DRAWING, SITE, Visitor
from ui_harness import ACCOUNT, code, open_harness
from ui_judge import problems

from wad.config import load, render_nginx
from wad.core.events import Authenticated, QrIssued, Ready

CODE = "[data-part=code] img"
NO_WEBSOCKET = "globalThis.WebSocket = class { constructor() { throw new Error('refused'); } };"


async def link(tab, name):
    await tab.until(f"document.body.dataset.link === '{name}'", f"the link being {name}")


async def follows(tab, here):
    """Check that what happens is shown: a code, another one, and the account."""
    here.show_code()
    await tab.until_shown(DRAWING)
    old = await tab.value(f"document.querySelector('{CODE}').src")
    here.apply(QrIssued(code(2)))
    await tab.until(f"document.querySelector(`{DRAWING}`).src !== {old!r}", "the next code")
    here.apply(Authenticated(50), Ready(ACCOUNT))
    await tab.until("document.body.dataset.scene === 'account'", "the account")


async def test_by_websocket(here, browser):
    """The page is told of what happens, and asks for no status."""
    async with browser.tab() as tab:
        await tab.open(here.url)
        await tab.live()
        asked = len([url for url in tab.asked if "status" in url])
        await follows(tab, here)
        again = len([url for url in tab.asked if "status" in url])

    assert (asked, []) == (again, tab.complaints)


async def test_without_websockets(here, browser):
    """Where websockets do not get through, Socket.IO's polling does: the page is as quick."""
    async with browser.tab() as tab:
        await tab.send("Page.addScriptToEvaluateOnNewDocument", source=NO_WEBSOCKET)
        await tab.open(here.url)
        await link(tab, "live")
        await follows(tab, here)

    assert [] == [url for url in tab.asked if url.startswith("ws")]


async def test_without_socketio(browser):
    """Where Socket.IO does not get through at all, the page asks for the status, and says so."""
    async with open_harness(with_sockets=False) as here, browser.tab() as tab:
        await tab.open(here.url)
        await link(tab, "polling")
        await follows(tab, here)


async def test_wad_goes_and_comes_back(here, browser):
    """That nobody answers is said, and nobody is told to scan; when wad is back so is the page."""
    here.show_code()
    async with browser.tab() as tab:
        await tab.open(here.url)
        await tab.live()
        await tab.until_shown(CODE)
        await here.close()
        await link(tab, "away")
        await tab.until_gone(CODE)
        said = await tab.text("main")
        here.open()
        await link(tab, "live")
        await follows(tab, here)

    assert "wad does not answer" in said
    assert not [word for word in ("Scan", "Point the camera", "Tap") if word in said]


async def test_away_from_wad_the_heading_is_true(here, browser):
    """Who was linked stays, as what was last known; that he is linked now is not claimed."""
    here.link()
    async with browser.tab() as tab:
        await tab.open(here.url)
        await tab.live()
        await here.close()
        await link(tab, "away")
        said = [await tab.text(f"[data-part={part}]") for part in ("state", "headline", "account-name")]
        stoppable = await tab.value("!document.querySelector('[data-action=stop]').disabled")
        here.open()
        await link(tab, "live")

    assert (["Last known: Linked", "wad does not answer", "Ann"], False) == (said, stoppable)


async def test_a_page_that_was_open_before_wad(browser):
    """A page that is loaded again and again while wad is away is there at once when it is back."""
    async with open_harness() as here, browser.tab() as tab:
        here.link()
        await tab.open(here.url)
        await link(tab, "live")
        for _ in range(2):
            await here.close()
            await link(tab, "away")
            here.open()
            await link(tab, "live")

        assert "account" == await tab.value("document.body.dataset.scene")


@contextmanager
def site(socket):
    """Run the shipped site before the account ``second``, whose socket is put into its folder."""
    with tempfile.TemporaryDirectory(prefix="wn-") as folder:
        prefix = Path(folder)
        prefix.chmod(0o755)
        (prefix / "run-second").mkdir()
        nginx = Nginx(prefix, f"unix:{prefix}/nobody.sock", render_nginx(load({}, {})))
        nginx.start()
        try:
            yield nginx, prefix / "run-second" / socket
        finally:
            nginx.stop()


async def test_below_an_account(browser):
    """Behind nginx, below an account's path, the page works as at the root: every address of it is relative."""
    visitor = Visitor(calm=True)
    with site("http.sock") as (nginx, socket):
        async with open_harness(unix=socket) as here, browser.tab(visitor) as tab:
            await tab.open(f"http://{SITE}:{nginx.port}/accounts/second")
            await tab.live()
            await follows(tab, here)
            await tab.click("[data-action=reset]")
            await tab.click("[data-action=dialog-confirm]")
            await tab.until_shown(CODE)
            address = await tab.value("location.pathname")
            wrong = await problems(tab, visitor, axe=False)

    asked = [url for url in tab.asked if not url.startswith("data:")]
    outside = [url for url in asked if f":{nginx.port}/accounts/second" not in url]
    assert ("/accounts/second/", [], []) == (address, outside, wrong)


async def test_nobody_behind_nginx(browser):
    """With the daemon behind nginx down, the page that is open says so, and comes back with it."""
    with site("http.sock") as (nginx, socket):
        async with open_harness(unix=socket) as here, browser.tab() as tab:
            here.link()
            await tab.open(f"http://{SITE}:{nginx.port}/accounts/second/")
            await tab.live()
            await here.close()
            await link(tab, "away")
            await asyncio.to_thread(socket.unlink, missing_ok=True)
            here.open()
            await link(tab, "live")
            await tab.until("document.body.dataset.scene === 'account'", "the account")
