"""The page before a scan: its modules, its code, and the life of that code."""

import pytest
import segno
from sandbox_browser import (
    BUTTON,
    LOADED,
    MODE,
    SHOWN,
    STATE,
    opened,
    running,
)
from sandbox_chromium import EvaluationError, chromium
from sandbox_phone import shown

# Records what happens to the models from the moment they are there, before the first code.
WATCH = f"""window === window.top && (async () => {{
  while (!({LOADED})) await new Promise((done) => setTimeout(done, 1));
  window.seen = [];
  const {{ Socket }} = require('WAWebSocketModel');
  const {{ Conn }} = require('WAWebConnModel');
  Socket.on('change:state', (model, state) => seen.push(['state', state, model === Socket]));
  Conn.on('change:ref', (model, ref) => seen.push(['ref', ref, model.refTTL]));
}})()"""


async def test_modules(io_loop, tmp_path):
    """An unknown module throws the loader's own sentence; a known one says that it has run."""
    async with opened(tmp_path) as (_, browser):
        await browser.until(LOADED)

        assert await browser.evaluate("require('__debug').modulesMap.WAWebConnModel.factoryFinished") is True
        with pytest.raises(EvaluationError, match='Requiring unknown module "WAWebNope"'):
            await browser.evaluate("require('WAWebNope')")


async def test_modules_that_have_not_run(io_loop, tmp_path):
    """A module may be defined and not have run, until somebody requires it; with that it has."""
    ran = "require('__debug').modulesMap.WAWebAltDeviceLinkingApi.factoryFinished"
    async with opened(tmp_path) as (_, browser):
        await browser.until(SHOWN)
        before = await browser.evaluate(ran)
        kind = await browser.evaluate("typeof require('WAWebAltDeviceLinkingApi').startAltLinkingFlow")
        after = await browser.evaluate(ran)
        await browser.until(STATE, "UNPAIRED")

    assert (before, kind, after) == (False, "function", True)


async def test_require_gives_the_default(io_loop, tmp_path):
    """Of a module with a default export `require` gives that one, and `importNamespace` all there is."""
    async with opened(tmp_path) as (_, browser):
        await browser.until(LOADED)
        online = await browser.evaluate("require('WAWebNetworkStatus').online")
        whole = await browser.evaluate("Object.keys(importNamespace('WAWebNetworkStatus'))")

    assert (online, whole) == (True, ["default"])


async def test_modules_come_in_waves(io_loop, tmp_path):
    """There is a splash with its bar, and no module system, before the first wave; then the splash goes."""
    async with opened(tmp_path, clock=2.0) as (_, browser):
        await browser.until("document.querySelector('#wa_web_initial_startup progress') !== null")

        assert await browser.evaluate("typeof require") == "undefined"
        await browser.until(STATE, "UNPAIRED")
        assert await browser.evaluate("document.getElementById('wa_web_initial_startup')") is None


async def test_models_never_come(io_loop, tmp_path):
    """With modules="never" the loader is there, the models are not, and the splash stays."""
    async with opened(tmp_path, modules="never", clock=100.0) as (_, browser):
        await browser.until(
            "typeof require === 'function' && 'WAWebUserPrefsMeUser' in require('__debug').modulesMap"
        )

        assert await browser.evaluate("'WAWebSocketModel' in require('__debug').modulesMap") is False
        assert await browser.evaluate("document.querySelector('#wa_web_initial_startup') !== null") is True


@pytest.mark.parametrize(("debug", "there"), [("early", True), ("never", False)])
async def test_debug(io_loop, tmp_path, debug, there):
    """`window.Debug` is no sign of readiness: it may never come. The build is told elsewhere too."""
    async with opened(tmp_path, debug=debug) as (_, browser):
        await browser.until(STATE, "UNPAIRED")

        assert await browser.evaluate("window.Debug?.VERSION !== undefined") is there
        assert (await browser.evaluate("require('WAWebBuildConstants').VERSION_STR")).startswith("2.3000.")


async def test_debug_late(io_loop, tmp_path):
    """`window.Debug` may come when the first code is long there."""
    async with opened(tmp_path, debug="late") as (_, browser):
        await browser.until(SHOWN)

        assert await browser.evaluate("window.Debug?.VERSION") is None
        assert await browser.until("window.Debug?.VERSION") == await browser.evaluate(
            "require('WAWebBuildConstants').VERSION_STR"
        )


async def test_gone_members_are_gone(io_loop, tmp_path):
    """What peers still call and the page no longer has is missing here as well."""
    async with opened(tmp_path) as (_, browser):
        await browser.until(LOADED)

        assert await browser.evaluate("require('WAWebCmd').Cmd.refreshQR") is None
        assert await browser.evaluate("require('WAWebSocketModel').Socket.poke") is None
        assert await browser.evaluate("require('WAWebConnModel').Conn.battery") is None


async def test_models_tell_of_changes(io_loop, tmp_path):
    """`on`, `once` and `off` work with (model, value), and only a real change is told."""
    async with opened(tmp_path) as (_, browser):
        await browser.until(LOADED)
        heard = await browser.evaluate("""(() => {
          const { Conn } = require('WAWebConnModel');
          const heard = [];
          const on = (model, value) => heard.push(['on', model === Conn, value]);
          Conn.on('change:pushname', on);
          Conn.once('change:pushname', (model, value) => heard.push(['once', model === Conn, value]));
          Conn.set({ pushname: 'a' });
          Conn.set({ pushname: 'a' });
          Conn.pushname = 'b';
          Conn.off('change:pushname', on);
          Conn.set({ pushname: 'c' });
          return [heard, Conn.serialize().pushname];
        })()""")

        assert heard == [[["on", True, "a"], ["once", True, "a"], ["on", True, "b"]], "c"]


async def test_code_in_the_dom(io_loop, tmp_path):
    """The node has a span, a div with an svg, and a canvas; its text is five fields out of the models."""
    async with opened(tmp_path, clock=1.0, qr_form="plain") as (_, browser):
        drawn = await browser.until(SHOWN)
        parts = await browser.evaluate(
            "[...document.querySelector('div[data-ref]').children].map((e) => e.localName)"
        )
        canvas = "document.querySelector('[data-ref] canvas')"
        fields = await browser.evaluate("""(async () => {
          const { encodeB64 } = require('WABase64');
          const noise = await require('WAWebUserPrefsInfoStore').waNoiseInfo.get();
          const info = await require('WAWebSignalStoreApi').waSignalStore.getRegistrationInfo();
          return [require('WAWebConnModel').Conn.ref, encodeB64(noise.staticKeyPair.pubKey),
            encodeB64(info.identityKeyPair.pubKey), await require('WAWebAdvSignatureApi').getADVSecretKey(),
            require('WAWebCompanionRegClientUtils').DEVICE_PLATFORM];
        })()""")

        assert parts == ["span", "div", "canvas"]
        assert await browser.evaluate(f"[{canvas}.width, {canvas}.height, {canvas}.role]") == [
            228,
            228,
            "img",
        ]
        assert ",".join(fields) == drawn


@pytest.mark.parametrize(
    ("form", "start", "end"),
    [
        ("plain", "2@", ",1"),
        ("prefix", "https://wa.me/settings/linked_devices#2@", ",1"),
        ("suffix", "2@", ",1,https://faq.whatsapp.com/r/ld"),
    ],
)
async def test_forms_of_a_code(io_loop, tmp_path, form, start, end):
    """Each form a build may use is shown, and can be scanned."""
    async with opened(tmp_path, qr_form=form) as (sandbox, browser):
        drawn = await browser.until(SHOWN)
        code = await shown(sandbox)

        assert (drawn.startswith(start), drawn.endswith(end)) == (True, True)
        assert (await sandbox.phone.scan(code=code))["device"] == "15551234567:1@c.us"


async def test_code_of_todays_builds(io_loop, tmp_path):
    """Unless another form is wanted, a code is as long as the real one and begins and ends as it does."""
    async with opened(tmp_path) as (_, browser):
        drawn = await browser.until(SHOWN)

    assert (len(drawn), drawn.endswith(",1")) == (323, True)
    assert drawn.startswith("https://wa.me/settings/linked_devices#2@")


async def test_picture_is_the_code(io_loop, tmp_path):
    """The canvas shows the picture of exactly the node's text."""
    async with opened(tmp_path, clock=1.0) as (_, browser):
        text = await browser.until(SHOWN)
        rows = [
            "".join("1" if dark else "0" for dark in row)
            for row in segno.make(text, micro=False, error="l", boost_error=False).matrix
        ]
        drawn = f"""(() => {{
          const context = document.querySelector('[data-ref] canvas').getContext('2d');
          const size = {len(rows)};
          const dark = (x, y) => context.getImageData((x + 0.5) * 228 / size, (y + 0.5) * 228 / size, 1, 1).data;
          const bit = ([red, , , alpha]) => (alpha && red < 128 ? '1' : '0');
          return Array.from({{ length: size }}, (_, y) => Array.from({{ length: size }}, (_, x) => bit(dark(x, y))).join(''));
        }})()"""

        assert await browser.until(drawn, rows) == rows


async def test_life_of_a_batch(io_loop, tmp_path):
    """Six refs, the first 60 s and the others 20 s, each before its state; then UNPAIRED_IDLE."""
    async with opened(tmp_path, clock=100.0, before=WATCH) as (_, browser):
        await browser.until("window.seen?.some(([, state]) => state === 'UNPAIRED_IDLE')")
        seen = await browser.evaluate("window.seen")
        refs = [each for each in seen if each[0] == "ref"]
        states = [each[1] for each in seen if each[0] == "state"]

        assert [each[2] for each in refs] == [600, 200, 200, 200, 200, 200]
        assert len({each[1] for each in refs}) == 6
        assert states == ["OPENING", "PAIRING", "UNPAIRED", "UNPAIRED_IDLE"]
        assert seen.index(refs[0]) < seen.index(["state", "UNPAIRED", True])


@pytest.mark.parametrize(
    "way",
    [f"{BUTTON}.click()", "require('WAWebBackendEventBus').BackendEventBus.triggerRefreshQR()"],
    ids=["button", "bus"],
)
async def test_idle_and_back(io_loop, tmp_path, way):
    """At idle the dead code stays under a button; either way leads through OPENING to a new batch and secret."""
    async with opened(tmp_path, clock=2.0) as (sandbox, browser):
        before = await shown(sandbox)
        await sandbox.phone.spend()
        await browser.until(STATE, "UNPAIRED_IDLE")

        assert await browser.evaluate(SHOWN) == before
        assert await browser.evaluate(f"{BUTTON} !== null") is True
        after = await browser.evaluate(f"{way}; [require('WAWebSocketModel').Socket.state, {SHOWN}]")
        assert after == ["OPENING", None]
        fresh = await browser.until(SHOWN)
        assert fresh.split(",")[0] != before.split(",")[0]
        assert fresh.split(",")[3] != before.split(",")[3]


async def test_secret_changes_under_the_same_ref(io_loop, tmp_path):
    """A new ADV secret changes the code, though `Conn.ref` stays."""
    async with opened(tmp_path, clock=1.0) as (sandbox, browser):
        before = await shown(sandbox)
        await sandbox.phone.new_adv_secret()
        after = await browser.evaluate(SHOWN)

        assert after != before
        assert after.split(",")[:3] == before.split(",")[:3]


async def test_ref_is_undefined_for_a_while(io_loop, tmp_path):
    """Without a ref nothing is shown, though the state is UNPAIRED; then the next code comes."""
    async with opened(tmp_path, clock=1.0) as (sandbox, browser):
        before = await shown(sandbox)
        await sandbox.phone.no_ref(seconds=1)

        assert await browser.evaluate(f"[{STATE}, require('WAWebConnModel').Conn.ref, {SHOWN}]") == [
            "UNPAIRED",
            None,
            None,
        ]
        assert await browser.until(SHOWN) != before


async def test_language(io_loop, tmp_path):
    """Texts are localised, the canvas's label too."""
    async with opened(tmp_path, language="ru") as (_, browser):
        label = await browser.until("document.querySelector('[data-ref] canvas')?.getAttribute('aria-label')")

        assert label == "Отсканируйте этот QR-код, чтобы связать устройство!"


async def test_headless_user_agent(io_loop, tmp_path):
    """A browser that says it is headless gets the page for unsupported ones: no modules, no code."""
    agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/140.0.0.0 Safari/537.36"
    async with running(tmp_path) as sandbox, chromium(tmp_path / "profile", agent) as browser:
        await browser.goto(sandbox.url)
        await browser.until("document.readyState", "complete")

        assert (
            await browser.evaluate("document.querySelector('h1').textContent")
            == "WhatsApp works with Google Chrome 100+"
        )
        assert await browser.evaluate("typeof require") == "undefined"


async def test_added_scripts_are_blocked(io_loop, tmp_path):
    """The policy blocks a script element without the nonce."""
    async with opened(tmp_path) as (_, browser):
        await browser.until(MODE, "QR")
        await browser.evaluate(
            "document.head.append(Object.assign(document.createElement('script'), { textContent: 'window.added = 1' }))"
        )

        assert await browser.evaluate("window.added") is None


async def test_frames_navigate(io_loop, tmp_path):
    """Frames inside the page navigate by themselves, again and again, while the page stays."""
    async with opened(tmp_path, clock=50.0) as (_, browser):
        await browser.until(LOADED)
        await browser.evaluate("window.mark = 1")
        for _ in range(4):
            browser.events.clear()
            frame = (await browser.event("Page.frameNavigated"))["frame"]

            assert "parentId" in frame

        assert await browser.evaluate("window.mark") == 1
