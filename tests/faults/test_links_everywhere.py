"""Symbolic links wherever wad writes or deletes: what they lead to stays as it is, and wad goes on."""

import asyncio
import shutil

import pytest
from daemon_harness import Daemon
from daemon_messages import BRISK, event, linked, send
from hostile_client import PATIENCE

# Below the profile's folder; what each one is for wad: a file or a folder of its own.
FILES = (
    "browser",
    "profile/.wad-probe",
    ".wad-probe",
    "profile/wad-session",
    "messages.sqlite-wal",
    "stopped",
)
FOLDERS = ("diagnoses", "profile/home", "profile/tmp", "discarded-0", "condemned", "phone")
# Of these a daemon does not begin a new one: whoever holds the lock would hold another file.
REFUSED = ("lock", "run/control.sock.lock")


@pytest.fixture
def precious(folder):
    """Give a folder of somebody else's, with files whose names wad would take for old ones of its own."""
    made = folder / "precious"
    (made / "tmp").mkdir(parents=True)
    for number in range(20):
        (made / f"{number}.json").write_text(f"precious {number}")
    (made / "tmp/file").write_text("precious")
    return made


def seen(folder):
    """Give all that is in a folder: modes and contents, by name."""
    found = {}
    for path in [folder, *sorted(folder.rglob("*"))]:
        content = path.read_bytes() if path.is_file() else None
        found[str(path.relative_to(folder))] = path.stat().st_mode, content
    return found


def put_link(place, target):
    """Put a link in the place of whatever lies there."""
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    place.unlink(missing_ok=True)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    place.symlink_to(target)


async def test_what_links_lead_to_stays(folder, linked_state, precious):
    """A whole life goes by with them: start, message, page gone mad, reset, and the next start."""
    root = linked_state / "sandbox"
    before = seen(precious)
    for name in FILES:
        if name != "stopped":
            put_link(root / name, precious / "0.json")
    for name in FOLDERS:
        # A session that is condemned is forgotten, and so is a phone that has another one.
        if name not in {"condemned", "phone"}:
            put_link(root / name, precious)
    async with linked(linked_state) as daemon:
        await send(daemon, "hello")
        await event(daemon, "message.own")
        put_link(root / "stopped", precious / "0.json")
        put_link(root / "condemned", precious)
        await daemon.post("/api/whatsapp/reset")
        await daemon.new_code()
        assert 0 == await daemon.stop()
    put_link(root / "phone", precious)
    put_link(root / "condemned", precious)
    async with Daemon(
        linked_state, env={**BRISK, "WAD_LINK_PAGE_LOAD": "8", "WAD_LINK_FIRST_CODE": "2"}
    ) as daemon:
        await daemon.new_code()
        during = seen(precious)
        put_link(root / "diagnoses", precious)
        await daemon.phone("unregister_models")
        await daemon.post("/api/whatsapp/stop")
        await daemon.wait(currentState="idle")
        await daemon.post("/api/whatsapp/start")
        written = await daemon.wait_line("diagnosis_written")
        assert 0 == await daemon.stop()

    assert before == during
    assert str(root / "diagnoses") in written["path"]
    assert before == seen(precious)


@pytest.mark.parametrize("name", REFUSED)
async def test_a_link_for_a_lock_is_refused(folder, precious, name):
    """The daemon ends and says which one; what it leads to is not emptied."""
    state = folder / "state"
    place = state / ("sandbox" if name == "lock" else "") / name
    before = seen(precious)
    put_link(place, precious / "0.json")
    async with asyncio.timeout(PATIENCE):
        daemon = Daemon(state, "--sandbox", "--no-autostart")
        daemon.launch()
        try:
            code = await daemon.ended()
        finally:
            daemon.kill()
            daemon.close()

    assert 1 == code
    assert str(place.parent) in daemon.text()
    assert "symbolic link" in daemon.text()
    assert "Traceback" not in daemon.text()
    assert before == seen(precious)
