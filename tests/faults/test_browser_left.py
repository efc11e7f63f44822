"""Browsers that hold the profile: one a killed daemon left behind, and somebody else's."""

import os
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager

from daemon_harness import HASTY, Daemon
from daemon_processes import browsers_of, processes_of


def freeze(daemon):
    """Let every process of the browser stand still; give their numbers."""
    assert daemon.process is not None
    pids = [pid for pid in processes_of(daemon.state) if pid != daemon.process.pid]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    return pids


@contextmanager
def somebody_on(profile):
    """Have another living process use the profile, as a browser started by hand would."""
    program = ["-c", "import time; time.sleep(600)", f"--user-data-dir={profile}", "-"]
    other = subprocess.Popen([sys.executable, *program])
    profile.mkdir(parents=True, exist_ok=True)
    (profile / "SingletonLock").symlink_to(f"{socket.gethostname()}-{other.pid}")
    try:
        yield other
    finally:
        other.kill()
        other.wait()


async def test_a_stopped_browser_of_a_killed_daemon_is_ended(linked_state):
    """Nothing of it is left, and the next daemon is linked without anybody's help."""
    async with Daemon(linked_state, env=HASTY) as daemon:
        await daemon.wait(currentState="ready")
        left = freeze(daemon)
        await daemon.stop(signal.SIGKILL)
        await daemon.start()
        status = await daemon.settled()
        living = [pid for pid in left if pid in processes_of(daemon.state)]
        browsers = browsers_of(daemon.state)

    assert "ready" == status["currentState"]
    assert len(left) > 3
    assert [] == living
    assert 1 == len(browsers)


async def test_it_is_ended_though_the_link_was_stopped(folder):
    """A daemon that does not start a browser ends the one that is left all the same."""
    async with Daemon(folder / "state", env=HASTY) as daemon:
        await daemon.new_code()
        freeze(daemon)
        await daemon.post("/api/whatsapp/stop")
        await daemon.stop(signal.SIGKILL)
        await daemon.start()
        browsers = browsers_of(daemon.state)

    assert [] == browsers


async def test_a_lock_that_goes_away_is_noticed(folder):
    """Somebody else's browser is left alone; once it is gone the link comes about without anybody's asking."""
    async with Daemon(folder / "state", "--sandbox", "--no-autostart", env=HASTY) as daemon:
        with somebody_on(daemon.folder / "profile") as other:
            await daemon.post("/api/whatsapp/start")
            status = await daemon.wait(currentState="blocked")
            alive = other.poll() is None
        await daemon.new_code()

    assert "profile_locked" == status["reason"]
    assert alive


async def test_a_reset_is_done_once_the_lock_is_gone(folder):
    """A reset that was refused for that reason is done as soon as it can be."""
    async with Daemon(folder / "state", "--sandbox", "--no-autostart", env=HASTY) as daemon:
        profile = daemon.folder / "profile"
        with somebody_on(profile):
            (profile / "mark-of-the-test").touch()
            await daemon.post("/api/whatsapp/reset")
            status = await daemon.wait(phase="reset_pending")
        await daemon.new_code()
        kept = (profile / "mark-of-the-test").exists()

    assert "profile_locked" == status["reason"]
    assert not kept
