"""From the scan to "linked and in step", the session after a restart, and the end of a link."""

import asyncio

import pytest
from sandbox_browser import (
    LOADED,
    MODE,
    REGISTERED,
    SHOWN,
    STATE,
    link,
    opened,
    running,
    scan,
)
from sandbox_chromium import chromium
from sandbox_phone import in_mode, shown

from wad.sandbox import PhoneRefusedError

# Each change of the models that tell of a link, as [state, mode, registered, synced]; one change tells several models.
WATCH = f"""window === window.top && (async () => {{
  while (!({LOADED})) await new Promise((done) => setTimeout(done, 1));
  const {{ Socket }} = require('WAWebSocketModel');
  const {{ Stream }} = require('WAWebStreamModel');
  window.seen = [];
  const note = () => {{
    const now = [Socket.state, Stream.mode, {REGISTERED}, Socket.hasSynced];
    if (String(now) !== String(window.seen.at(-1))) window.seen.push(now);
  }};
  Socket.on('change:state change:hasSynced', note);
  Stream.on('change:mode', note);
}})()"""
STORED = "JSON.stringify(localStorage.getItem('last-wid-md'))"


async def test_sequence_of_a_link(io_loop, tmp_path):
    """Registered first, state and mode unchanged; then OPENING and SYNCING, CONNECTED, and synced and MAIN."""
    async with opened(tmp_path, before=WATCH) as (sandbox, browser):
        await link(sandbox, browser)
        seen = await browser.evaluate("window.seen")
        linked = seen[seen.index(["UNPAIRED", "QR", False, False]) + 1 :]

        assert linked == [
            ["OPENING", "SYNCING", True, False],
            ["PAIRING", "SYNCING", True, False],
            ["CONNECTED", "SYNCING", True, False],
            ["CONNECTED", "MAIN", True, True],
        ]


@pytest.mark.parametrize(("pairing", "kept"), [("inplace", 1), ("reload", None)])
async def test_both_ways_of_pairing(io_loop, tmp_path, pairing, kept):
    """A page may keep its document through the pairing or load itself anew; either ends with the chats."""
    async with opened(tmp_path, pairing=pairing) as (sandbox, browser):
        await browser.until(SHOWN)
        await browser.evaluate("window.mark = 1")
        await link(sandbox, browser)

        assert await browser.evaluate("window.mark") == kept
        assert await browser.evaluate(
            "[...document.querySelectorAll('#side, #pane-side')].map((e) => e.id)"
        ) == ["side", "pane-side"]
        assert await browser.evaluate(SHOWN) is None


async def test_account(io_loop, tmp_path):
    """The page knows whose device it is, and keeps it in its storage with the quotes around it."""
    async with opened(tmp_path) as (sandbox, browser):
        await link(sandbox, browser, number="4915112345678", name="Ada", platform="iphone")
        account = await browser.evaluate("""(() => {
          const { getMaybeMePnUser, getMaybeMeLidUser } = require('WAWebUserPrefsMeUser');
          const { pushname, platform } = require('WAWebConnModel').Conn;
          return [getMaybeMePnUser()._serialized, getMaybeMeLidUser().server, pushname, platform];
        })()""")

        assert account == ["4915112345678@c.us", "lid", "Ada", "iphone"]
        assert await browser.evaluate("localStorage.getItem('last-wid-md')") == '"4915112345678:1@c.us"'
        names = await browser.evaluate(
            "indexedDB.databases().then((all) => all.map((each) => each.name).sort())"
        )
        assert names == [
            "model-storage",
            "signal-storage",
            "status-storage",
            "wawc",
            "wawc_db_enc",
            "worker-storage",
        ]


async def test_session_survives_both_restarts(io_loop, tmp_path):
    """Browser and sandbox restarted, the address is the same and the device still linked, without a code."""
    async with opened(tmp_path, kept=True) as (sandbox, browser):
        await link(sandbox, browser)
        address = sandbox.url

    async with opened(tmp_path, kept=True, before=WATCH) as (sandbox, browser):
        assert sandbox.url == address
        await browser.until(MODE, "MAIN")
        assert {each[2] for each in await browser.evaluate("window.seen")} == {True}


async def test_sandbox_restarts_under_an_open_page(io_loop, tmp_path):
    """A page that stays open while the sandbox restarts is in step again, and within the phone's reach."""
    async with chromium(tmp_path / "profile") as browser:
        async with running(tmp_path) as sandbox:
            await browser.goto(sandbox.url)
            await link(sandbox, browser)
        await browser.until(STATE, "OPENING")
        async with running(tmp_path) as sandbox:
            await browser.until(STATE, "CONNECTED")
            await in_mode(sandbox, "MAIN")


async def test_logged_out_while_away(io_loop, tmp_path):
    """A device the phone removed while its browser was closed wipes itself at its next start."""
    async with opened(tmp_path, kept=True) as (sandbox, browser):
        await link(sandbox, browser)
    async with running(tmp_path) as sandbox:
        assert await sandbox.phone.logout() == {"removed": 1}

    async with opened(tmp_path, kept=True) as (_, browser):
        await browser.until("location.search.includes('post_logout=1')")
        await browser.until(SHOWN)
        assert await browser.evaluate(STORED) == "null"


@pytest.mark.parametrize(
    ("events", "first"),
    [("cmd", ["starting_logout_from_bridge", None]), ("bus", ["starting_logout", "unknown_companion"])],
)
async def test_phone_logs_out(io_loop, tmp_path, events, first):
    """The phone removes the device: the page says so, wipes itself, reloads and shows a code of new keys."""
    async with opened(tmp_path, events=events) as (sandbox, browser):
        before = await browser.until(SHOWN)
        await link(sandbox, browser)
        await browser.evaluate("""(() => {
          const heard = [];
          const note = (name) => (reason = null) => {
            heard.push([name, reason]);
            sessionStorage.setItem('heard', JSON.stringify(heard));
          };
          const { Cmd } = require('WAWebCmd');
          for (const name of ['starting_logout_from_bridge', 'logout_from_bridge']) Cmd.on(name, note(name));
          require('WAWebBackendEventBus').BackendEventBus.on('starting_logout', note('starting_logout'));
        })()""")
        await sandbox.phone.logout()
        await browser.until("location.search.includes('post_logout=1')")
        after = await browser.until(SHOWN)

        heard = await browser.evaluate("JSON.parse(sessionStorage.getItem('heard'))")
        assert heard == [first, ["logout_from_bridge", None]]
        assert await browser.evaluate(REGISTERED) is False
        assert after.split(",")[1] != before.split(",")[1]


async def test_page_logs_out(io_loop, tmp_path):
    """`Socket.logout()` drops the keys at once, tells the servers, wipes the storage and reloads."""
    async with opened(tmp_path) as (sandbox, browser):
        await link(sandbox, browser)

        assert await browser.evaluate(f"require('WAWebSocketModel').Socket.logout(); {REGISTERED}") is False
        await browser.until("location.search.includes('post_logout=1')")
        await browser.until(SHOWN)
        assert (await sandbox.phone.state())["devices"] == []


@pytest.mark.parametrize("cause", ["variant", "offline"])
async def test_logout_hangs(io_loop, tmp_path, cause):
    """In the variant, and without a network, the page stays at "Logging out", its keys already gone."""
    options = {"logout": "hangs"} if cause == "variant" else {}
    async with opened(tmp_path, clock=100.0, **options) as (sandbox, browser):
        await link(sandbox, browser)
        if cause == "offline":
            await sandbox.phone.offline()
            await browser.until(STATE, "OPENING")
        # 30 s of the sandbox's clock, longer than the page waits for a server that is there.
        over = "Promise.race([require('WAWebSocketModel').Socket.logout().then(() => 'left'), new Promise((done) => setTimeout(done, 300, 'waits'))])"

        assert await browser.evaluate(over) == "waits"
        assert await browser.evaluate(REGISTERED) is False
        assert len((await sandbox.phone.state())["devices"]) == 1


async def test_history_never_comes(io_loop, tmp_path):
    """A device without history logs itself out after 180 s, and says why."""
    async with opened(tmp_path, clock=100.0) as (sandbox, browser):
        await sandbox.phone.fail_sync()
        await browser.until(SHOWN)
        await scan(sandbox)

        await browser.until("location.search", "?post_logout=1&logout_reason=2")


async def test_history_of_a_session_found_again(io_loop, tmp_path):
    """In a document in which nobody paired, history that does not come ends nothing."""
    async with opened(tmp_path, clock=100.0, pairing="reload") as (sandbox, browser):
        await sandbox.phone.fail_sync()
        await browser.until(SHOWN)
        await scan(sandbox)
        await browser.until(f"[{STATE}, {REGISTERED}].join()", "CONNECTED,true")
        # As long as the page would wait, and set later than it would have been.
        await browser.evaluate("new Promise((done) => setTimeout(done, 1800))")

        assert await browser.evaluate(REGISTERED) is True


async def test_chats_stall(io_loop, tmp_path):
    """While the chats stall the page shows how far they came and is not ready; then they go on."""
    async with opened(tmp_path) as (sandbox, browser):
        await sandbox.phone.stall_sync()
        await browser.until(SHOWN)
        await scan(sandbox)
        await browser.until(STATE, "CONNECTED")
        await sandbox.phone.sync_progress(percent=40)

        await browser.until("document.querySelector('#app progress')?.value", 40)
        handler = "require('WAWebOfflineHandler').OfflineMessageHandler"
        assert await browser.evaluate(f"{handler}.getOfflineDeliveryProgress()") == 40
        assert await browser.evaluate(f"[{MODE}, require('WAWebSocketModel').Socket.hasSynced]") == [
            "SYNCING",
            False,
        ]
        await sandbox.phone.resume_sync()
        await browser.until(MODE, "MAIN")


async def test_a_dead_code_is_refused(io_loop, tmp_path):
    """A code that has been followed by another, or lies under the button, links nothing."""
    async with opened(tmp_path, clock=1.0) as (sandbox, browser):
        await browser.until(SHOWN)
        dead = await shown(sandbox)
        await sandbox.phone.next_ref()
        with pytest.raises(PhoneRefusedError, match="has expired"):
            await sandbox.phone.scan(code=dead)
        await sandbox.phone.spend()
        with pytest.raises(PhoneRefusedError, match="no page shows a live code"):
            await sandbox.phone.scan()

        assert (await sandbox.phone.state())["devices"] == []


async def test_a_wrong_secret_is_refused(io_loop, tmp_path):
    """A code with another secret than the page's was not the page's: it refuses the pairing, and wipes itself."""
    async with opened(tmp_path, clock=1.0) as (sandbox, browser):
        await browser.until(SHOWN)
        fields = (await shown(sandbox)).split(",")
        fields[3] = "AAAA"
        with pytest.raises(PhoneRefusedError, match="did not accept"):
            await sandbox.phone.scan(code=",".join(fields))

        await browser.until("location.search", "?post_logout=1")
        await browser.until(REGISTERED, expected=False)
        assert (await sandbox.phone.state())["devices"] == []


async def test_two_scans_link_one_device(io_loop, tmp_path):
    """Of two phones that read the same code at once, one links the device."""
    async with opened(tmp_path, clock=1.0) as (sandbox, browser):
        await browser.until(SHOWN)
        code = await shown(sandbox)
        done = await asyncio.gather(
            *(sandbox.phone.scan(code=code) for _ in range(2)), return_exceptions=True
        )

        assert sorted(type(each).__name__ for each in done) == ["PhoneRefusedError", "dict"]
        assert len((await sandbox.phone.state())["devices"]) == 1


async def test_another_tab_takes_the_session(io_loop, tmp_path):
    """A second tab of the same profile takes the mutex, and the first one steps back."""
    async with running(tmp_path) as sandbox, chromium(tmp_path / "profile") as browser:
        await browser.goto(sandbox.url)
        await link(sandbox, browser)
        await browser.call("Target.createTarget", url=sandbox.url)

        await browser.until(STATE, "UNLAUNCHED")
        assert await browser.evaluate("document.getElementById('side')") is None
