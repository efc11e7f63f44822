"""A reset in every phase there is: it is answered at once and leads to a code of a new session.

The table in `daemon_roads` says how each phase comes about; a phase without a road fails a test of its own.
"""

import pytest
from daemon_harness import SMALL_BROWSER
from daemon_in_process import inside
from daemon_roads import ROADS, link, start
from test_daemon_browser import HANGING, standin

from wad.core.events import ResetRequested
from wad.core.status import Phase
from wad.sandbox import SandboxOptions

# The page would leave these by itself within milliseconds; frozen, it also shows that it is not needed.
FLEETING = frozenset({Phase.LOADING, Phase.CONNECTING, Phase.RENEWING, Phase.PAIRING})


def test_every_phase_has_a_road():
    """Whoever adds a phase says here how a reset in it is tried."""
    assert set(Phase) == set(ROADS)


@pytest.mark.parametrize("phase", Phase)
async def test_a_reset_leads_to_a_new_code_from(folder, phase):
    """The answer comes at once, says that a scan is needed, and a code of a fresh profile follows."""
    options = SandboxOptions(clock=20, logout="hangs")
    # The small build's first code is there before anybody can ask while the page connects.
    env = {} if phase is Phase.CONNECTING else SMALL_BROWSER
    async with inside(folder, options=options, env=env) as harness:
        mark = harness.mark_profile()

        async def ask():
            if phase in FLEETING:
                harness.freeze_browser()
            harness.take_back_profile()
            return await harness.post("/api/whatsapp/reset")

        asked = harness.when(phase, ask)
        await ROADS[phase](harness)
        answer = await asked
        before = len(harness.changes)
        await harness.press("recover")
        await harness.session.wait_for(lambda _: not mark.exists(), 20)
        text = await harness.until_code()
        status = await harness.status()

    met = {change.before.phase for change in harness.changes if isinstance(change.event, ResetRequested)}
    old = {change.after.code.text for change in harness.changes[:before] if change.after.code}

    assert (True, True) == (answer["success"], answer["requiresNewAuth"])
    # A second reset changes nothing, so that only the first one is seen.
    assert (Phase.WAITING_FOR_SCAN if phase is Phase.RESETTING else phase) in met
    assert text not in old
    assert ("qr", True, None) == (status["currentState"], status["hasQr"], status["reason"])


async def test_a_reset_needs_no_page_that_answers(folder):
    """A linked page that is busy for ever is replaced all the same."""
    async with inside(folder) as harness:
        mark = harness.mark_profile()
        await link(harness)
        await harness.press("hang", seconds=300)
        answer = await harness.post("/api/whatsapp/reset")
        await harness.until_code()

    assert answer["requiresNewAuth"]
    assert not mark.exists()


async def test_a_reset_needs_no_browser_that_answers(folder):
    """With one that hangs at its start, the profile is a new one and the reason is told as before."""
    settings = {"WAD_BROWSER_EXECUTABLE": standin(folder, HANGING), "WAD_LINK_BROWSER_START": "1"}
    async with inside(folder, env=settings) as harness:
        mark = harness.mark_profile()
        await start(harness)
        await harness.until_phase(Phase.STARTING)
        answer = await harness.post("/api/whatsapp/reset")
        status = await harness.wait(reason="browser_hung")

    assert answer["requiresNewAuth"]
    assert "disconnected" == status["currentState"]
    assert not mark.exists()


async def test_a_reset_needs_no_browser_at_all(folder):
    """With none the profile is a new one too, and the status tells what to install."""
    async with inside(folder, env={"WAD_BROWSER_EXECUTABLE": "/nonexistent"}) as harness:
        mark = harness.mark_profile()
        await start(harness)
        await harness.wait(reason="browser_missing")
        answer = await harness.post("/api/whatsapp/reset")
        await harness.session.wait_for(lambda _: not mark.exists(), 20)
        status = await harness.wait(phase="held_up")

    assert answer["requiresNewAuth"]
    assert ("blocked", "browser_missing") == (status["currentState"], status["reason"])


async def test_a_reset_needs_no_page_that_loads(folder):
    """A page whose models never come is loaded again on a new profile."""
    async with inside(folder, options=SandboxOptions(modules="never"), env=SMALL_BROWSER) as harness:
        mark = harness.mark_profile()
        await start(harness)
        await harness.until_phase(Phase.LOADING)
        answer = await harness.post("/api/whatsapp/reset")
        status = await harness.wait(phase="loading")

    assert answer["requiresNewAuth"]
    assert "idle" == status["currentState"]
    assert not mark.exists()


async def test_a_reset_mends_a_profile_that_is_no_folder(folder):
    """Whatever lies in the profile's place is put aside."""
    async with inside(folder) as harness:
        harness.profile.parent.mkdir(parents=True, exist_ok=True)
        harness.profile.write_text("no folder")
        await start(harness)
        await harness.until_phase(Phase.RECOVERING, Phase.HELD_UP)
        await harness.post("/api/whatsapp/reset")
        await harness.until_code()

    assert harness.profile.is_dir()


async def test_a_reset_robs_nobody_of_the_profile(folder):
    """A profile that another living browser uses is kept, and the status says so."""
    async with inside(folder) as harness:
        mark = harness.mark_profile()
        lock = harness.lend_profile()
        answer = await harness.post("/api/whatsapp/reset")
        status = await harness.wait(currentState="blocked")
        kept = lock.is_symlink() and mark.exists()
        alive = harness.take_back_profile()

    assert answer["requiresNewAuth"]
    assert "profile_locked" == status["reason"]
    assert (True, True) == (kept, alive)
