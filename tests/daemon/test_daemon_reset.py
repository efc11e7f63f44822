"""A reset in every phase there is: it is answered at once and leads to a code of a new session.

The table `ROADS` says how each phase comes about; a phase without a road fails a test of its own.
"""

import pytest
from daemon_inside import Inside, inside
from test_daemon_browser import HANGING, standin

from wad.events import ResetRequested
from wad.sandbox import SandboxOptions
from wad.status import Phase


async def start(house: Inside) -> None:
    """Ask for the link."""
    await house.post("/api/whatsapp/start")


async def show_code(house: Inside) -> None:
    """Have a code shown."""
    await start(house)
    await house.until_code()


async def scan(house: Inside) -> None:
    """Have the code scanned, by a phone that sends only half of the chats."""
    await show_code(house)
    await house.press("stall_sync")
    await house.press("scan")


async def link(house: Inside) -> None:
    """Have it scanned, and linked."""
    await show_code(house)
    await house.press("scan")
    await house.until_phase(Phase.LINKED)


async def spend(house: Inside) -> None:
    """Use all codes up."""
    await show_code(house)
    await house.press("spend")


async def lapse(house: Inside) -> None:
    """Have the page connect; one that was past this phase when it first spoke is given no further code."""
    await start(house)
    if (await house.until_phase(Phase.CONNECTING, Phase.WAITING_FOR_SCAN)).phase is Phase.WAITING_FOR_SCAN:
        await house.press("no_ref", seconds=600.0)


async def pair(house: Inside) -> None:
    """Ask for a code to type on the phone."""
    await show_code(house)
    await house.fetch("POST", "/api/whatsapp/pair", {"phone": "+1 555 765-43-21"})


async def crash(house: Inside) -> None:
    """Have the page crash."""
    await show_code(house)
    await house.press("crash")


async def ban(house: Inside) -> None:
    """Have the account banned."""
    await show_code(house)
    await house.press("ban")


async def probe(house: Inside) -> None:
    """Have it banned, and look again by hand."""
    await ban(house)
    await house.until_phase(Phase.HELD_UP)
    await start(house)


async def lose_network(house: Inside) -> None:
    """Cut the linked page off."""
    await link(house)
    await house.press("offline")


async def unlink(house: Inside) -> None:
    """Have the link ended by the phone."""
    await link(house)
    await house.press("logout")


async def stop(house: Inside) -> None:
    """Stop while a code is shown."""
    await show_code(house)
    await house.post("/api/whatsapp/stop")


async def reset(house: Inside) -> None:
    """Reset while a code is shown."""
    await show_code(house)
    await house.post("/api/whatsapp/reset")


async def log_out(house: Inside) -> None:
    """Log out of a page that says good-bye for ever."""
    await link(house)
    await house.post("/api/whatsapp/logout")


async def forge(house: Inside) -> None:
    """Let the page take an account that it will not keep."""
    await show_code(house)
    await house.press("forge")


async def be_refused(house: Inside) -> None:
    """Reset while another process uses the profile."""
    house.lend_profile()
    await house.post("/api/whatsapp/reset")


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
    async with inside(folder, options=SandboxOptions(clock=20, logout="hangs")) as house:
        mark = house.mark_profile()

        async def ask():
            if phase in FLEETING:
                house.freeze_browser()
            house.take_back_profile()
            return await house.post("/api/whatsapp/reset")

        asked = house.when(phase, ask)
        await ROADS[phase](house)
        answer = await asked
        before = len(house.changes)
        await house.press("recover")
        await house.session.wait_for(lambda _: not mark.exists(), 20)
        text = await house.until_code()
        status = await house.status()

    met = {change.before.phase for change in house.changes if isinstance(change.event, ResetRequested)}
    old = {change.after.code.text for change in house.changes[:before] if change.after.code}

    assert (True, True) == (answer["success"], answer["requiresNewAuth"])
    # A second reset changes nothing, so that only the first one is seen.
    assert (Phase.WAITING_FOR_SCAN if phase is Phase.RESETTING else phase) in met
    assert text not in old
    assert ("qr", True, None) == (status["currentState"], status["hasQr"], status["reason"])


async def test_a_reset_needs_no_page_that_answers(folder):
    """A linked page that is busy for ever is replaced all the same."""
    async with inside(folder) as house:
        mark = house.mark_profile()
        await link(house)
        await house.press("hang", seconds=300)
        answer = await house.post("/api/whatsapp/reset")
        await house.until_code()

    assert answer["requiresNewAuth"]
    assert not mark.exists()


async def test_a_reset_needs_no_browser_that_answers(folder):
    """With one that hangs at its start, the profile is a new one and the reason is told as before."""
    settings = {"WAD_BROWSER_EXECUTABLE": standin(folder, HANGING), "WAD_LINK_BROWSER_START": "1"}
    async with inside(folder, env=settings) as house:
        mark = house.mark_profile()
        await start(house)
        await house.until_phase(Phase.STARTING)
        answer = await house.post("/api/whatsapp/reset")
        status = await house.wait(reason="browser_hung")

    assert answer["requiresNewAuth"]
    assert "disconnected" == status["currentState"]
    assert not mark.exists()


async def test_a_reset_needs_no_browser_at_all(folder):
    """With none the profile is a new one too, and the status tells what to install."""
    async with inside(folder, env={"WAD_BROWSER_EXECUTABLE": "/nonexistent"}) as house:
        mark = house.mark_profile()
        await start(house)
        await house.wait(reason="browser_missing")
        answer = await house.post("/api/whatsapp/reset")
        await house.session.wait_for(lambda _: not mark.exists(), 20)
        status = await house.wait(phase="held_up")

    assert answer["requiresNewAuth"]
    assert ("blocked", "browser_missing") == (status["currentState"], status["reason"])


async def test_a_reset_needs_no_page_that_loads(folder):
    """A page whose models never come is loaded again on a new profile."""
    async with inside(folder, options=SandboxOptions(modules="never")) as house:
        mark = house.mark_profile()
        await start(house)
        await house.until_phase(Phase.LOADING)
        answer = await house.post("/api/whatsapp/reset")
        status = await house.wait(phase="loading")

    assert answer["requiresNewAuth"]
    assert "idle" == status["currentState"]
    assert not mark.exists()


async def test_a_reset_mends_a_profile_that_is_no_folder(folder):
    """Whatever lies in the profile's place is put aside."""
    async with inside(folder) as house:
        house.profile.parent.mkdir(parents=True, exist_ok=True)
        house.profile.write_text("no folder")
        await start(house)
        await house.until_phase(Phase.RECOVERING, Phase.HELD_UP)
        await house.post("/api/whatsapp/reset")
        await house.until_code()

    assert house.profile.is_dir()


async def test_a_reset_robs_nobody_of_the_profile(folder):
    """A profile that another living browser uses is kept, and the status says so."""
    async with inside(folder) as house:
        mark = house.mark_profile()
        lock = house.lend_profile()
        answer = await house.post("/api/whatsapp/reset")
        status = await house.wait(currentState="blocked")
        kept = lock.is_symlink() and mark.exists()
        alive = house.take_back_profile()

    assert answer["requiresNewAuth"]
    assert "profile_locked" == status["reason"]
    assert (True, True) == (kept, alive)
