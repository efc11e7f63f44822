"""A disk that is full: a stated reason, no crash, and all is well once there is space.

The disk is a small file system in a mount namespace of the daemon's own, which takes no privilege where
users may have namespaces.
"""

import errno
import os
import signal
from contextlib import suppress
from pathlib import Path

from daemon_client import until
from daemon_harness import HASTY, UNRESOLVED, Daemon
from daemon_processes import browsers_of

MEGABYTES = 300
# Mounts it at $0, fills it where $1 says so, and becomes the daemon.
_MOUNT = f"""
mount -t tmpfs -o size={MEGABYTES}m,mode=700 tmpfs "$0" || exit 99
test "$1" = full && cat /dev/zero > "$0/filler" 2> /dev/null
shift
exec "$@"
"""


def on_disk(folder, how, *flags):
    """Return a daemon whose state directory is on a disk of its own, "full" or "empty"."""
    disk = folder / "disk"
    disk.mkdir()
    wrapper = ("unshare", "--map-root-user", "--mount", "sh", "-c", _MOUNT, str(disk), how)
    settings = {**HASTY, "WAD_BROWSER_ARGUMENTS": UNRESOLVED}
    return Daemon(disk / "state", *flags, env=settings, wrapper=wrapper)


def filler(daemon):
    """Return the path, as seen from here, of the file that fills the daemon's disk."""
    assert daemon.process is not None
    return Path(f"/proc/{daemon.process.pid}/root{daemon.state.parent}/filler")


def fill(daemon):
    """Leave no space."""
    with suppress(OSError), filler(daemon).open("wb", buffering=0) as file:
        while True:
            file.write(bytes(1 << 20))
    with filler(daemon).open("ab", buffering=0) as file:
        try:
            file.write(bytes(4096))
        except OSError as error:
            assert error.errno == errno.ENOSPC  # noqa: PT017 - the disk is meant to be full now


async def test_a_disk_that_is_full_at_the_start_is_told(folder):
    """The daemon serves; the status is blocked for that reason; a start after making room gets on."""
    # A real one, which keeps nothing but the profile; its page cannot be found, wherever this runs.
    async with on_disk(folder, "full", "--no-autostart") as daemon, daemon.watched() as watch:
        await daemon.post("/api/whatsapp/start")
        status = await daemon.wait(currentState="blocked")
        filler(daemon).unlink()
        await daemon.post("/api/whatsapp/start")
        after = await daemon.wait(currentState="disconnected")

    assert "storage_full" == status["reason"]
    assert "WhatsApp client not ready: the browser's profile cannot be written" == status["message"]
    assert "Free space, or mend the folder's permissions; wad looks again by itself." == status["action"]
    assert "network_unreachable" == after["reason"]
    assert {200} == watch.codes


async def test_a_disk_that_fills_up_is_told_and_the_session_kept(folder):
    """A browser that has to be replaced on a full disk waits for space; then it is ready without a scan."""
    async with on_disk(folder, "empty") as daemon, daemon.watched() as watch:
        await daemon.link()
        # Closed properly, the browser has written its session.
        await daemon.post("/api/whatsapp/stop")
        await daemon.wait(phase="stopped")
        await daemon.post("/api/whatsapp/start")
        await daemon.wait(currentState="ready")
        fill(daemon)
        for pid in browsers_of(daemon.state):
            os.kill(pid, signal.SIGKILL)
        status = await daemon.wait(currentState="blocked")
        filler(daemon).unlink()
        await daemon.post("/api/whatsapp/start")
        after = await daemon.wait(currentState="ready")

    assert "storage_full" == status["reason"]
    assert after["isReady"]
    assert {200} == watch.codes


async def test_a_reset_is_taken_on_a_full_disk(folder):
    """The session is forgotten all the same; once there is room another reset leads to a code."""
    async with on_disk(folder, "empty") as daemon, daemon.watched() as watch:
        before = await daemon.new_code()
        fill(daemon)
        first = await daemon.post("/api/whatsapp/reset")
        without = await daemon.wait(hasQr=False)
        filler(daemon).unlink()
        second = await daemon.post("/api/whatsapp/reset")
        after = await daemon.new_code(before["qrCode"])

    assert (True, True) == (first["requiresNewAuth"], second["requiresNewAuth"])
    assert without["qrCode"] is None
    assert "qr" == after["currentState"]
    assert {200} == watch.codes


async def test_a_full_disk_refuses_messages_and_keeps_those_it_took(folder):
    """507 with nothing half written; once there is space the same request is taken, and each goes out once."""
    async with on_disk(folder, "empty") as daemon:
        await daemon.link()

        async def send(number):
            body = {"to": "+15550001111", "text": f"number {number}", "clientRef": f"ref-{number}"}
            return await daemon.fetch("POST", "/api/whatsapp/messages", body)

        before = await send(0)
        fill(daemon)
        refused = await send(1)
        filler(daemon).unlink()
        after = await send(1)

        async def arrived():
            out = (await daemon.get("/sandbox/phone/messages")).json["messages"]
            return out if len(out) == 2 else None

        out = await until(arrived, "both messages")

    assert before.code == 202
    assert (refused.code, refused.json["code"]) == (507, "insufficient_storage")
    assert after.code in {200, 202}
    assert [(each["text"], each["times"]) for each in out] == [("number 0", 1), ("number 1", 1)]
