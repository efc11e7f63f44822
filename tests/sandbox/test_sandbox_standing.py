"""How a linked page stands when something is lost, as it was measured on the real one."""

import pytest
from sandbox_browser import (
    IN_STEP,
    LOADED,
    MODE,
    REGISTERED,
    SHOWN,
    STANDING,
    STATE,
    link,
    opened,
    scan,
)
from sandbox_chromium import EvaluationError
from sandbox_phone import shown

# Each value that these take in any document of the page, kept over reloads.
WATCH = f"""window === window.top && (async () => {{
  while (!({LOADED})) await new Promise((done) => setTimeout(done, 1));
  const {{ Stream }} = require('WAWebStreamModel');
  const keep = (name, value) => {{
    const seen = JSON.parse(sessionStorage.getItem(name) ?? '[]');
    sessionStorage.setItem(name, JSON.stringify([...seen, value]));
  }};
  keep('modes', Stream.mode);
  Stream.on('change:mode', (model, mode) => keep('modes', mode));
  Stream.on('change', () => keep('shown', [Stream.info, Stream.displayInfo]));
  require('WAWebCmd').Cmd.on('account_temporarily_banned_from_bridge', (ban) => keep('bans', ban));
  while (!({REGISTERED})) await new Promise((done) => setTimeout(done, 1));
  keep('accounts', require('WAWebUserPrefsMeUser').getMaybeMePnUser().user);
}})()"""
RECONNECT = "require('WAWebSocketModel').Socket.reconnect()"
SIDE = "document.getElementById('side') !== null"


async def kept(browser, name):
    """Give what WATCH has kept under this name."""
    return await browser.evaluate(f"JSON.parse(sessionStorage.getItem('{name}') ?? '[]')")


async def test_server_away(io_loop, tmp_path):
    """Without servers and network the mode stays; it is the info that says so, until all is in step again."""
    async with opened(tmp_path) as (sandbox, browser):
        await link(sandbox, browser)
        healthy = await browser.until(STANDING, IN_STEP)
        await sandbox.phone.offline()
        await browser.until(STANDING, "OPENING,DISCONNECTED,MAIN,OFFLINE,OFFLINE")
        await sandbox.phone.online()
        await browser.until(STANDING, IN_STEP)

    assert healthy == IN_STEP


async def test_socket_refused(io_loop, tmp_path):
    """With a network and no servers the page shows for 18 s what it showed before, and then that it is opening."""
    async with opened(tmp_path, before=WATCH) as (sandbox, browser):
        await link(sandbox, browser)
        await browser.until(STANDING, IN_STEP)
        await browser.evaluate("sessionStorage.removeItem('shown')")
        await sandbox.phone.refuse_sockets()
        await browser.until(STANDING, "OPENING,DISCONNECTED,MAIN,OPENING,OPENING")
        shown = await kept(browser, "shown")
        await sandbox.phone.accept_sockets()
        await browser.until(STANDING, IN_STEP)

    assert shown == [["OPENING", "NORMAL"], ["OPENING", "OPENING"]]


async def test_replaced(io_loop, tmp_path):
    """Another session cuts the stream and nothing else: no screen, no way back, until the page is reloaded."""
    async with opened(tmp_path) as (sandbox, browser):
        await link(sandbox, browser)
        await sandbox.phone.stream_conflict()
        await browser.until(STANDING, "CONNECTED,DISCONNECTED,MAIN,NORMAL,NORMAL")
        await sandbox.phone.recover()
        with pytest.raises(EvaluationError, match="stopped"):
            await browser.evaluate(RECONNECT)
        with pytest.raises(EvaluationError, match="no conflict"):
            await browser.evaluate("require('WAWebSocketModel').Socket.takeover()")
        standing, side = await browser.evaluate(STANDING), await browser.evaluate(SIDE)
        await browser.call("Page.reload")
        await browser.until(STANDING, IN_STEP)

    assert (standing, side) == ("CONNECTED,DISCONNECTED,MAIN,NORMAL,NORMAL", True)


async def test_banned(io_loop, tmp_path):
    """A ban is announced with all that is known of it, and looks else like a cut stream; each login ends it."""
    async with opened(tmp_path, before=WATCH) as (sandbox, browser):
        await link(sandbox, browser)
        await browser.until(STANDING, IN_STEP)
        await sandbox.phone.ban(seconds=60)
        await browser.until(STANDING, "CONNECTED,DISCONNECTED,MAIN,NORMAL,NORMAL")
        await sandbox.phone.unban()
        await browser.until(STANDING, IN_STEP)
        bans = await kept(browser, "bans")

    assert bans == [
        {"banned": False},
        {"banned": True, "code": 101, "message": None, "url": None, "expire": 60},
        {"banned": False},
    ]


async def test_lost_before_it_synced(io_loop, tmp_path):
    """A linked page that has not synced is the one that is OFFLINE without a network."""
    async with opened(tmp_path) as (sandbox, browser):
        await sandbox.phone.stall_sync()
        await browser.until(SHOWN)
        await scan(sandbox)
        await browser.until(STANDING, "CONNECTED,DISCONNECTED,SYNCING,SYNCING,NORMAL")
        await sandbox.phone.offline()
        await browser.until(STANDING, "OPENING,DISCONNECTED,OFFLINE,OFFLINE,OFFLINE")


async def test_not_registered(io_loop, tmp_path):
    """A page that is not registered is in mode QR, whatever happens to it."""
    async with opened(tmp_path, before=WATCH, clock=2.0) as (sandbox, browser):
        for begin, state, end in (
            ("offline", "OPENING", "online"),
            ("refuse_sockets", "OPENING", "accept_sockets"),
            ("service_unavailable", "OPENING", "service_restored"),
            ("terms", "TOS_BLOCK", "recover"),
            ("spend", "UNPAIRED_IDLE", "reload"),
        ):
            await browser.until(SHOWN)
            await sandbox.phone.command(begin, {})
            await browser.until(STATE, state)
            await sandbox.phone.command(end, {})
            await browser.call("Page.reload")
        await browser.until(SHOWN)
        modes = await kept(browser, "modes")

    assert set(modes) == {"QR"}


async def test_network_lost_at_the_code(io_loop, tmp_path):
    """Back from a lost network the page takes no ref and stays in PAIRING, until it has asked whether there is one."""
    secret = "require('WAWebUserPrefsMultiDevice').getADVSecretKey()"
    refresh = "require('WAWebBackendEventBus').BackendEventBus.triggerRefreshQR()"
    online = "require('WAWebNetworkStatus').online"
    async with opened(tmp_path, clock=1.0) as (sandbox, browser):
        await browser.until(SHOWN)
        await sandbox.phone.offline()
        await browser.until(online, expected=False)
        await sandbox.phone.online()
        await browser.until(STATE, "PAIRING")
        before = await browser.evaluate(f"{refresh}; {secret}")
        # With the refs of a batch its secret comes: they are there then, and none was taken.
        await browser.until(f"{secret} !== {before!r}")
        stuck = await browser.evaluate(f"[{STATE}, {online}]")
        asked = await browser.evaluate(
            f"require('WAWebNetworkStatus').checkOnline().then(() => [{STATE}, {online}])"
        )
        await browser.evaluate(refresh)
        await browser.until(STATE, "UNPAIRED")

    assert (stuck, asked) == (["PAIRING", False], ["PAIRING", True])


async def test_network_lost_at_the_code_and_nobody_asks(io_loop, tmp_path):
    """By itself the page notices 67 s after the network came back."""
    async with opened(tmp_path, clock=20.0) as (sandbox, browser):
        before = await browser.until(SHOWN)
        await sandbox.phone.offline()
        await browser.until("require('WAWebNetworkStatus').online", expected=False)
        await sandbox.phone.online()
        await browser.until(STATE, "PAIRING")
        await browser.until(STATE, "UNPAIRED")
        after = await shown(sandbox)

    assert after != before


LOGOUTS = {
    "client_fatal_error": "&logout_reason=0",
    "syncd_failure": "&logout_reason=1",
    "history_sync_timeout": "&logout_reason=2",
    "account_locked": "&logout_reason=3",
    "primary_identity_key_change": "",
}


@pytest.mark.parametrize("reason", LOGOUTS)
async def test_reasons_of_a_logout(io_loop, tmp_path, reason):
    """`Socket.logout` is given the reason by whoever calls it; the next document's address bears few, by number."""
    async with opened(tmp_path) as (sandbox, browser):
        await link(sandbox, browser)
        await browser.evaluate("""(() => {
          const { Socket } = require('WAWebSocketModel');
          const logout = Socket.logout;
          Socket.logout = (reason) => {
            sessionStorage.setItem('why', reason);
            return logout.call(Socket, reason);
          };
        })()""")
        if reason == "primary_identity_key_change":
            await sandbox.phone.change_identity()
        else:
            await sandbox.phone.page_logout(reason=reason)
        await browser.until("location.search", f"?post_logout=1{LOGOUTS[reason]}")
        why = await browser.evaluate("sessionStorage.getItem('why')")
        devices = (await sandbox.phone.state())["devices"]

    assert (why, devices) == (reason, [])


async def test_forged(io_loop, tmp_path):
    """An account that somebody else signed for is taken before it is checked; then the page forgets it silently."""
    async with opened(tmp_path, before=WATCH, clock=2.0) as (sandbox, browser):
        await shown(sandbox)
        await sandbox.phone.forge()
        await browser.until("location.search", "?post_logout=1")
        await browser.until(SHOWN)
        registered, mode = await browser.evaluate(REGISTERED), await browser.evaluate(MODE)
        accounts = await kept(browser, "accounts")
        devices = (await sandbox.phone.state())["devices"]

    assert accounts == ["15550000000"]
    assert (registered, mode, devices) == (False, "QR", [])


@pytest.mark.parametrize(("pushname", "told"), [("there", "Ada"), ("empty", "")])
async def test_name(io_loop, tmp_path, pushname, told):
    """The account's name may be missing where peers look for it, also after a reload; it is known elsewhere."""
    names = (
        "[require('WAWebConnModel').Conn.pushname, require('WAWebUserPrefsMeUser').getMaybeMeDisplayName()]"
    )
    async with opened(tmp_path, pushname=pushname) as (sandbox, browser):
        await link(sandbox, browser, name="Ada")
        first = await browser.evaluate(names)
        await browser.call("Page.reload")
        await browser.until(MODE, "MAIN")
        second = await browser.evaluate(names)

    assert [first, second] == [[told, "Ada"]] * 2
