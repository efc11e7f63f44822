"""What was answered holds, though the daemon is killed the very moment it has answered."""

import os
import signal

import pytest
from daemon_client import until
from daemon_harness import HASTY, SMALL_BROWSER, Daemon

SETTINGS = {**HASTY, **SMALL_BROWSER}


async def kill(daemon):
    """Kill the daemon, and wait until its browser has followed it."""
    await daemon.stop(signal.SIGKILL)
    await daemon.gone()


def mark(daemon):
    """Put a file into the profile which lies on the disk exactly as long as its session does."""
    path = daemon.folder / "profile" / "mark-of-the-test"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    return path


def marks(daemon):
    """Return where on the disk the file is; folders that vanish meanwhile are passed over."""
    return [folder for folder, _, files in os.walk(daemon.folder) if "mark-of-the-test" in files]


async def test_a_logout_holds(linked_state, turn):
    """With a page that hangs while it says good-bye, the next start has no session all the same."""
    async with Daemon(linked_state, env=SETTINGS) as daemon:
        await daemon.wait(currentState="ready")
        mark(daemon)
        await daemon.phone("hang", seconds=300)
        await daemon.post("/api/whatsapp/logout")
        await kill(daemon)
        await daemon.start()
        status = await daemon.settled()
        await until(lambda: not marks(daemon), "the end of the old session")

    assert "qr" == status["currentState"]


async def test_a_stop_at_the_start_holds(folder, turn):
    """A stop that comes milliseconds after a start is the last word; the next start stays idle."""
    async with Daemon(folder / "state", env=SETTINGS) as daemon:
        await daemon.post("/api/whatsapp/stop")
        await kill(daemon)
        await daemon.start()
        status = await daemon.status()
        events = daemon.events()

    assert ("stopped", "idle") == (status["phase"], status["currentState"])
    assert "[WA] Creating and initializing new WhatsApp client..." not in events


async def test_a_start_after_a_stop_holds(folder, turn):
    """The later one of two commands counts."""
    async with Daemon(folder / "state", env=SETTINGS) as daemon:
        await daemon.post("/api/whatsapp/stop")
        await daemon.post("/api/whatsapp/start")
        await kill(daemon)
        await daemon.start()
        status = await daemon.settled()

    assert "qr" == status["currentState"]


async def test_a_reset_holds(folder, turn):
    """Nothing of the session is left after the next start, even where a stop has followed."""
    async with Daemon(folder / "state", env=SETTINGS) as daemon:
        await daemon.new_code()
        mark(daemon)
        await daemon.post("/api/whatsapp/reset")
        if turn % 2:
            await daemon.post("/api/whatsapp/stop")
        await kill(daemon)
        await daemon.start()
        at_once = (daemon.folder / "profile" / "mark-of-the-test").exists()
        await until(lambda: not marks(daemon), "the end of the old session")
        status = await daemon.status()

    assert not at_once
    assert (status["phase"] == "stopped") == bool(turn % 2)


@pytest.mark.parametrize("kind", ["folder", "dangling link"])
async def test_whatever_says_condemned_says_so(folder, kind):
    """The profile is forgotten once, whatever lies in that file's place, and not again and again."""
    async with Daemon(folder / "state", env=SETTINGS) as daemon:
        await daemon.new_code()
        mark(daemon)
        await daemon.stop()
        condemned = daemon.folder / "condemned"
        if kind == "folder":
            (condemned / "full").mkdir(parents=True)
        else:
            condemned.symlink_to("/nowhere")
        await daemon.start()
        await daemon.new_code()
        await until(lambda: not marks(daemon), "the end of the old session")
        left = condemned.is_symlink() or condemned.exists()

    assert not left
