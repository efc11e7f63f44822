"""A reset in every phase there is: it is answered at once and leads to a code of a new session.

The table `ROADS` says how each phase comes about; a phase without a road fails a test of its own.
"""

import pytest
from daemon_in_process import Inside, inside
from test_daemon_browser import HANGING, standin

from wad.core.events import ResetRequested
from wad.core.status import Phase
from wad.sandbox import SandboxOptions


async def start(harness: Inside) -> None:
    """Ask for the link."""
    await harness.post("/api/whatsapp/start")


async def show_code(harness: Inside) -> None:
    """Have a code shown."""
    await start(harness)
    await harness.until_code()


async def scan(harness: Inside) -> None:
    """Have the code scanned, by a phone that sends only half of the chats."""
    await show_code(harness)
    await harness.press("stall_sync")
    await harness.press("scan")


async def link(harness: Inside) -> None:
    """Have it scanned, and linked."""
    await show_code(harness)
    await harness.press("scan")
    await harness.until_phase(Phase.LINKED)


async def spend(harness: Inside) -> None:
    """Use all codes up."""
    await show_code(harness)
    await harness.press("spend")


async def lapse(harness: Inside) -> None:
    """Have the page connect; one that was past this phase when it first spoke is given no further code."""
    await start(harness)
    if (await harness.until_phase(Phase.CONNECTING, Phase.WAITING_FOR_SCAN)).phase is Phase.WAITING_FOR_SCAN:
        await harness.press("no_ref", seconds=600.0)


async def pair(harness: Inside) -> None:
    """Ask for a code to type on the phone."""
    await show_code(harness)
    await harness.fetch("POST", "/api/whatsapp/pair", {"phone": "+1 555 765-43-21"})


async def crash(harness: Inside) -> None:
    """Have the page crash."""
    await show_code(harness)
    await harness.press("crash")


async def ban(harness: Inside) -> None:
    """Have the account banned."""
    await show_code(harness)
    await harness.press("ban")


async def probe(harness: Inside) -> None:
    """Have it banned, and look again by hand."""
    await ban(harness)
    await harness.until_phase(Phase.HELD_UP)
    await start(harness)


async def lose_network(harness: Inside) -> None:
    """Cut the linked page off."""
    await link(harness)
    await harness.press("offline")


async def unlink(harness: Inside) -> None:
    """Have the link ended by the phone."""
    await link(harness)
    await harness.press("logout")


async def stop(harness: Inside) -> None:
    """Stop while a code is shown."""
    await show_code(harness)
    await harness.post("/api/whatsapp/stop")


async def reset(harness: Inside) -> None:
    """Reset while a code is shown."""
    await show_code(harness)
    await harness.post("/api/whatsapp/reset")


async def log_out(harness: Inside) -> None:
    """Log out of a page that says good-bye for ever."""
    await link(harness)
    await harness.post("/api/whatsapp/logout")


async def forge(harness: Inside) -> None:
    """Let the page take an account that it will not keep."""
    await show_code(harness)
    await harness.press("forge")


async def be_refused(harness: Inside) -> None:
    """Reset while another process uses the profile."""
    harness.lend_profile()
    await harness.post("/api/whatsapp/reset")


ROADS = {
    Phase.STOPPED: stop,
    Phase.STARTING: start,
    Phase.LOADING: start,
    Phase.CONNECTING: lapse,
    Phase.WAITING_FOR_SCAN: start,
    Phase.PAIRING: pair,
    Phase.WAITING_FOR_ENTRY: pair,
    Phase.RENEWING: spend,
    Phase.CONFIRMING: forge,
    Phase.SYNCING: scan,
    Phase.LINKED: link,
    Phase.RECONNECTING: lose_network,
    Phase.RECOVERING: crash,
    Phase.RESTARTING: crash,
    Phase.FORGETTING: unlink,
    Phase.HELD_UP: ban,
    Phase.RESET_PENDING: be_refused,
    Phase.PROBING: probe,
    Phase.STOPPING: stop,
    Phase.RESETTING: reset,
    Phase.LOGGING_OUT: log_out,
}
# The page would leave these by itself within milliseconds; frozen, it also shows that it is not needed.
FLEETING = frozenset({Phase.LOADING, Phase.CONNECTING, Phase.RENEWING, Phase.PAIRING})


def test_every_phase_has_a_road():
    """Whoever adds a phase says here how a reset in it is tried."""
    assert set(Phase) == set(ROADS)


@pytest.mark.parametrize("phase", Phase)
async def test_a_reset_leads_to_a_new_code_from(folder, phase):
    """The answer comes at once, says that a scan is needed, and a code of a fresh profile follows."""
    async with inside(folder, options=SandboxOptions(clock=20, logout="hangs")) as harness:
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
    async with inside(folder, options=SandboxOptions(modules="never")) as harness:
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
