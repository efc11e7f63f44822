"""What can go wrong, each once: how the page shows it, and how it ends."""

import asyncio

import pytest
from sandbox_browser import (
    BUTTON,
    LOADED,
    MODE,
    SHOWN,
    STATE,
    link,
    opened,
)
from sandbox_phone import shown

NAMES = ("account_temporarily_banned", "service_unavailable_503")
HEAR = f"""window === window.top && (async () => {{
  while (!({LOADED})) await new Promise((done) => setTimeout(done, 1));
  window.heard = [];
  const {{ BackendEventBus }} = require('WAWebBackendEventBus');
  const {{ Cmd }} = require('WAWebCmd');
  for (const name of ['storage_initialization_error', ...{list(NAMES)}])
    BackendEventBus.on(name, () => window.heard.push(name));
  for (const name of {list(NAMES)})
    Cmd.on(`${{name}}_from_bridge`, (value) => {{ if (value?.banned !== false) window.heard.push(`${{name}}_from_bridge`); }});
}})()"""
ON_THE_BRIDGE = tuple(f"{name}_from_bridge" for name in NAMES)
NEEDS_UPDATE = "require('WAWebStreamModel').Stream.needsUpdate"


async def test_offline_before_a_scan(io_loop, tmp_path):
    """Without a network the dead code lies under a button, faded, also when the servers can be reached again."""
    async with opened(tmp_path, clock=2.0) as (sandbox, browser):
        before = await shown(sandbox)
        await sandbox.phone.offline()
        await browser.until(f"{BUTTON} !== null")

        assert await browser.evaluate(f"[{STATE}, {MODE}, {SHOWN}]") == ["OPENING", "QR", before]
        assert (
            await browser.evaluate("getComputedStyle(document.querySelector('[data-ref] canvas')).opacity")
            == "0.04"
        )
        await sandbox.phone.online()
        await browser.until(STATE, "PAIRING")
        assert await browser.evaluate(f"{BUTTON} !== null") is True


async def test_reload_when_offline(io_loop, tmp_path):
    """While offline a reload finds no server; the port stays ours, so the page is back afterwards."""
    async with opened(tmp_path) as (sandbox, browser):
        await link(sandbox, browser)
        await sandbox.phone.offline()

        assert (await browser.goto(sandbox.url))["errorText"] == "net::ERR_CONNECTION_REFUSED"
        await sandbox.phone.online()
        await browser.goto(sandbox.url)
        await browser.until(MODE, "MAIN")


@pytest.mark.parametrize(
    "trouble",
    [("ban", "unban", 0), ("service_unavailable", "service_restored", 1)],
    ids=["ban", "503"],
)
@pytest.mark.parametrize(
    ("linked", "events"),
    [(False, "cmd"), (True, "cmd"), (True, "bus")],
    ids=["unlinked", "linked", "older build"],
)
async def test_turned_away(io_loop, tmp_path, trouble, linked, events):
    """The servers turn the page away: it announces that once, and shows neither code nor chats until it may in."""
    fault, end, index = trouble
    event = (ON_THE_BRIDGE if events == "cmd" else NAMES)[index]
    async with opened(tmp_path, before=HEAR, events=events) as (sandbox, browser):
        if linked:
            await link(sandbox, browser)
        await browser.until(SHOWN if not linked else MODE)
        await sandbox.phone.command(fault, {})
        await browser.until(f"window.heard.includes('{event}')")

        assert set(await browser.evaluate("window.heard")) == {event}
        assert await browser.evaluate(f"[{SHOWN}, document.getElementById('side')]") == [None, None]
        await sandbox.phone.command(end, {})
        await browser.until("document.getElementById('side') !== null" if linked else SHOWN)


@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("terms", "TOS_BLOCK"),
        ("deprecated", "DEPRECATED_VERSION"),
        ("proxy_block", "PROXYBLOCK"),
        ("conflict", "CONFLICT"),
    ],
)
async def test_screens_named_by_a_state(io_loop, tmp_path, command, name):
    """The state has the screen's name, after a reload too, until everything is well again."""
    async with opened(tmp_path) as (sandbox, browser):
        await browser.until(SHOWN)
        await sandbox.phone.command(command, {})
        await browser.until(STATE, name)
        await browser.call("Page.reload")
        await browser.until(STATE, name)
        await sandbox.phone.recover()

        await browser.until(STATE, "UNPAIRED")
        assert await browser.until(MODE) == "QR"


async def test_update(io_loop, tmp_path):
    """An update is asked for beside a working page, or forced upon one that is not let in."""
    async with opened(tmp_path) as (sandbox, browser):
        await link(sandbox, browser)
        await sandbox.phone.update()
        assert await browser.evaluate(f"[{STATE}, {MODE}, {NEEDS_UPDATE}]") == ["CONNECTED", "MAIN", True]
        await sandbox.phone.update(forced=True)
        await browser.until(f"{STATE} !== 'CONNECTED' && document.getElementById('side') === null")
        await sandbox.phone.recover()

        await browser.until(f"document.getElementById('side') !== null && !{NEEDS_UPDATE}")


async def test_another_session(io_loop, tmp_path):
    """The session in another window: a foreign mutex, no chats, and a reload takes it back."""
    mutex = "localStorage.getItem('whatsapp-mutex')"
    async with opened(tmp_path) as (sandbox, browser):
        await link(sandbox, browser)
        own = await browser.evaluate(mutex)
        await sandbox.phone.replace()

        assert await browser.evaluate(mutex) != own
        assert await browser.evaluate("document.getElementById('side')") is None
        with pytest.raises(Exception, match="there is no conflict"):
            await browser.evaluate("require('WAWebSocketModel').Socket.takeover()")
        await browser.call("Page.reload")
        await browser.until(MODE, "MAIN")


async def test_storage_fails(io_loop, tmp_path):
    """A page that cannot open its storage tells its bus."""
    async with opened(tmp_path, before=HEAR) as (sandbox, browser):
        await browser.until(SHOWN)
        await sandbox.phone.storage_error()

        await browser.until("window.heard.includes('storage_initialization_error')")


async def test_scripts_blocked(io_loop, tmp_path):
    """A filter blocks the page's scripts: the browser names it so, and the splash stays for ever."""
    async with opened(tmp_path) as (sandbox, browser):
        await browser.until(SHOWN)
        await sandbox.phone.block_hosts()
        failed = await browser.event("Network.loadingFailed", type="Script")

        assert failed["errorText"].startswith("net::ERR_BLOCKED_BY_RESPONSE")
        await browser.until("document.getElementById('wa_web_initial_startup') !== null")
        await sandbox.phone.unblock_hosts()
        await browser.goto(sandbox.url)
        await browser.until(SHOWN)


async def test_firewall(io_loop, tmp_path):
    """A firewall lets not even the page through."""
    async with opened(tmp_path) as (sandbox, browser):
        await browser.until(SHOWN)
        await sandbox.phone.block_hosts(how="firewall")

        assert (await browser.goto(sandbox.url))["errorText"] == "net::ERR_EMPTY_RESPONSE"


async def test_models_moved(io_loop, tmp_path):
    """The models are no longer where they were, after a reload either, while the page itself works."""
    gone = "typeof require === 'function' && !('WAWebSocketModel' in require('__debug').modulesMap)"
    async with opened(tmp_path) as (sandbox, browser):
        await browser.until(SHOWN)
        await sandbox.phone.unregister_models()
        assert await browser.evaluate(gone) is True
        await browser.call("Page.reload")
        await browser.until(SHOWN)

        assert await browser.evaluate(gone) is True


async def test_members_moved(io_loop, tmp_path):
    """A member of a model is not where it was, after a reload either; its other members, and the page, work."""
    moved = (
        "(({ Socket }) => ['logout' in Socket, typeof Socket.logout, Socket.state, typeof Socket.on])"
        "(require('WAWebSocketModel'))"
    )
    async with opened(tmp_path) as (sandbox, browser):
        await browser.until(SHOWN)
        await sandbox.phone.rename(name="WAWebSocketModel.Socket.logout")
        at_once = await browser.evaluate(moved)
        await browser.call("Page.reload")
        await browser.until(SHOWN)

        assert at_once == await browser.evaluate(moved)
        assert at_once == [False, "undefined", "UNPAIRED", "function"]


async def ask_for_ever(browser):
    """Ask the page again and again, each time for half a second: the phone's word takes a moment to reach it."""
    while True:
        await asyncio.wait_for(browser.evaluate("1"), 0.5)


async def test_hang(io_loop, tmp_path):
    """While the main thread is blocked nothing is answered; afterwards the page goes on."""
    async with opened(tmp_path) as (sandbox, browser):
        await browser.until(SHOWN)
        await sandbox.phone.hang(seconds=2)
        with pytest.raises(TimeoutError):
            await ask_for_ever(browser)

        assert await browser.evaluate("1") == 1


async def test_crash(io_loop, tmp_path):
    """The renderer dies, and the browser says so."""
    async with opened(tmp_path) as (sandbox, browser):
        await browser.until(SHOWN)
        await sandbox.phone.crash()

        assert await browser.event("Inspector.targetCrashed") == {}


async def test_pending_work(io_loop, tmp_path):
    """A page with pending work asks before it unloads, once somebody has used it."""
    async with opened(tmp_path) as (sandbox, browser):
        await browser.until(SHOWN)
        await sandbox.phone.pending_work()
        await browser.call("Runtime.evaluate", expression="1", userGesture=True)
        for kind in ("mousePressed", "mouseReleased"):
            await browser.call("Input.dispatchMouseEvent", type=kind, x=5, y=5, button="left", clickCount=1)
        reload = asyncio.ensure_future(browser.call("Page.reload"))
        dialog = await browser.event("Page.javascriptDialogOpening")
        await browser.call("Page.handleJavaScriptDialog", accept=True)
        await reload

        assert dialog["type"] == "beforeunload"
        await browser.until(SHOWN)


async def test_clock(io_loop, tmp_path):
    """The clock can be sped up while the page is open: the next ref already lives by it."""
    async with opened(tmp_path, clock=1.0) as (sandbox, browser):
        await browser.until(SHOWN)
        await sandbox.phone.clock(factor=10)
        await sandbox.phone.next_ref()

        assert await browser.evaluate("require('WAWebConnModel').Conn.refTTL") == 2000
