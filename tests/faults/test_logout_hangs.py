"""A log-out that comes to no end: it is bounded, the session is gone all the same, and a code follows."""

import signal

import pytest
from daemon_client import until
from daemon_harness import HASTY, SMALL_BROWSER, Daemon
from daemon_in_process import inside
from free_ports import free_port

from wad.core.status import Phase
from wad.sandbox import SandboxOptions

SETTINGS = {**HASTY, **SMALL_BROWSER, "WAD_LINK_LOGOUT": "2"}


def marked(state):
    """Tell whether the marked profile, wherever it was put, is still on the disk."""
    return [*state.rglob("mark-of-the-test")]


@pytest.mark.parametrize("how", ["WhatsApp never answers", "the page stands still"])
async def test_a_logout_that_hangs(folder, how):
    """WhatsApp is waited for as long as its deadline; then the session is deleted, and another code is shown."""
    options = SandboxOptions(clock=20, port=free_port(), logout="hangs")
    async with inside(folder, options=options, env=SETTINGS) as harness:
        harness.mark_profile()
        await harness.post("/api/whatsapp/start")
        old = await harness.until_code()
        await harness.press("scan")
        await harness.until_phase(Phase.LINKED)
        if how == "the page stands still":
            await harness.press("hang", seconds=300)
        answer = await harness.post("/api/whatsapp/logout")
        meanwhile = await harness.status()
        kept = marked(harness.state)
        text = await harness.until_code()
        await until(lambda: not marked(harness.state), "the end of the old session")
        devices = (await harness.press("state"))["devices"]

    assert (True, True) == (answer["success"], answer["requiresNewAuth"])
    assert ("idle", "logging_out", None) == (
        meanwhile["currentState"],
        meanwhile["phase"],
        meanwhile["reason"],
    )
    assert kept
    assert text != old
    # Nobody has told the phone: there the device stands until somebody removes it.
    assert 1 == len(devices)


async def test_killed_in_a_logout_that_hangs(linked_state):
    """The session was condemned before the page was asked: the next start has a profile of its own, and a code."""
    async with Daemon(linked_state, env={**HASTY, **SMALL_BROWSER}) as daemon:
        await daemon.wait(currentState="ready")
        (daemon.folder / "profile" / "mark-of-the-test").touch()
        await daemon.phone("offline")
        await daemon.post("/api/whatsapp/logout")
        await daemon.wait(phase="logging_out")
        condemned = (daemon.folder / "condemned").exists()
        await daemon.stop(signal.SIGKILL)
        await daemon.gone()
        kept = marked(daemon.folder)
        await daemon.start()
        await daemon.new_code()
        await until(lambda: not marked(daemon.folder), "the end of the old session")
        states = await daemon.states()

    assert condemned
    assert kept
    assert ["idle -> qr"] == states
