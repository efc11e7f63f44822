"""The profile's folder as somebody with bad intentions, or a careless hand, leaves it."""

import stat

from daemon_harness import HASTY, Daemon


def mode(path):
    """Return who may do what."""
    return oct(stat.S_IMODE(path.stat().st_mode))


async def test_a_link_in_the_profiles_place_is_not_followed(folder):
    """What it points to stays as it is; the log says what to do, and doing it helps."""
    precious = folder / "precious" / "tmp" / "file"
    precious.parent.mkdir(parents=True)
    precious.touch()
    async with Daemon(folder / "state", "--sandbox", "--no-autostart", env=HASTY) as daemon:
        (daemon.folder / "profile").symlink_to(folder / "precious")
        await daemon.post("/api/whatsapp/start")
        told = await daemon.wait_line("link_trouble")
        await daemon.post("/api/whatsapp/reset")
        await daemon.new_code()
        linked = (daemon.folder / "profile").is_symlink()

    assert "is a symbolic link" in told["error"]
    assert "reset" in told["error"]
    assert precious.exists()
    assert not linked


async def test_open_folders_are_closed(folder):
    """Whoever could have written there before cannot any more, and the log tells so."""
    state = folder / "state"
    (state / "sandbox").mkdir(parents=True)
    for path in (state, state / "sandbox"):
        path.chmod(0o777)
    async with Daemon(state, "--sandbox", "--no-autostart") as daemon:
        modes = [mode(state), mode(state / "sandbox")]
        await daemon.wait_line("folder_closed", path=str(state))
        told = [line["path"] for line in daemon.lines() if line["event"] == "folder_closed"]

    assert ["0o755", "0o700"] == modes
    assert [str(state / "sandbox"), str(state)] == told


async def test_a_folder_for_everybody_is_not_touched(folder):
    """A directory like /tmp keeps its mode; the log says what is better."""
    folder.chmod(0o1777)
    async with Daemon(folder, "--sandbox", "--no-autostart") as daemon:
        told = await daemon.wait_line("folder_open")

    assert "0o1777" == mode(folder)
    assert str(folder) == told["path"]
    assert "--state-dir" in told["mend"]
