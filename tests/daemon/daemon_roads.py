"""How each phase of the link comes about, with the daemon in the test's own process and the stand-in's phone."""

from collections.abc import Awaitable, Callable

from daemon_in_process import Inside

from wad.core.status import Phase


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


ROADS: dict[Phase, Callable[[Inside], Awaitable[None]]] = {
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
