"""How the daemon ends: on request, because it may not start, or killed."""

import asyncio
import signal
import subprocess
import sys

import pytest
from daemon_harness import Daemon, environment
from daemon_processes import processes_of

BOTH = pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda number: number.name)


def run(argv, env):
    """Run a daemon that has to end by itself."""
    return subprocess.run(argv, env=environment(env), capture_output=True, check=False, text=True, timeout=20)


async def ends_cleanly(daemon, number):
    """Send the signal; the daemon must end as it was asked to, and nothing of it may be left."""
    code = await daemon.stop(number)
    left = await daemon.gone()
    return code, left, daemon.events()[-1]


@BOTH
async def test_a_signal_while_the_browser_starts_ends_all(folder, number):
    """Whoever ends the daemon at its start gets exit code 0, and no browser is left over."""
    async with Daemon(folder / "state") as daemon:
        await daemon.wait_line("[WA] Creating and initializing new WhatsApp client...")
        ended = await ends_cleanly(daemon, number)
        states = await daemon.states()

    assert (0, [], "wad_stopped") == ended
    assert [] == states


@BOTH
async def test_a_signal_while_a_code_is_shown_ends_all(folder, number):
    """The same while a code waits for the phone."""
    async with Daemon(folder / "state") as daemon:
        await daemon.new_code()
        ended = await ends_cleanly(daemon, number)

    assert (0, [], "wad_stopped") == ended


@BOTH
async def test_a_signal_while_linked_ends_all_and_keeps_the_session(linked_state, number):
    """The same while linked; the next start is ready without a scan."""
    async with Daemon(linked_state) as daemon:
        await daemon.wait(currentState="ready")
        ended = await ends_cleanly(daemon, number)
        await daemon.start()
        again = await daemon.wait(currentState="ready")

    assert (0, [], "wad_stopped") == ended
    assert again["isReady"]


async def test_a_signal_while_the_page_hangs_ends_all(linked_state):
    """A page that is busy for ever does not keep the browser, or the daemon, from ending."""
    async with Daemon(linked_state) as daemon:
        await daemon.wait(currentState="ready")
        await daemon.phone("hang", seconds=300)
        ended = await ends_cleanly(daemon, signal.SIGTERM)

    assert (0, [], "wad_stopped") == ended


async def test_a_killed_daemon_leaves_no_browser_and_starts_as_ever(linked_state):
    """Its browser ends by itself, and the next start is the ordinary one: ready without a scan."""
    async with Daemon(linked_state) as daemon:
        await daemon.wait(currentState="ready")
        code = await daemon.stop(signal.SIGKILL)
        left = await daemon.gone()
        await daemon.start()
        status = await daemon.wait(currentState="ready")
        states = await daemon.states()

    assert (-signal.SIGKILL, []) == (code, left)
    assert status["isReady"]
    assert ["idle -> authenticated", "authenticated -> ready"] == states


async def test_a_daemon_killed_while_it_forgets_starts_as_ever(linked_state):
    """A reset that was cut off, be it before it began on disk, leaves nothing a start could stumble over."""
    async with Daemon(linked_state) as daemon:
        await daemon.wait(currentState="ready")
        await daemon.post("/api/whatsapp/reset")
        await daemon.stop(signal.SIGKILL)
        await daemon.gone()
        await daemon.start()
        status = await daemon.settled()

    assert status["currentState"] in {"qr", "ready"}


async def test_a_second_daemon_on_the_same_folder_gives_up(folder):
    """It exits 1 with a line that names the holder; the first one does not notice."""
    state = folder / "state"
    async with Daemon(state, env={"WAD_SANDBOX_CLOCK": "1"}) as first:
        before = await first.new_code()
        argv = [
            sys.executable,
            "-m",
            "wad",
            "--sandbox",
            "--state-dir",
            str(state),
            "--listen",
            "127.0.0.1:0",
        ]
        second = await asyncio.to_thread(run, argv, {})
        after = await first.status()
        assert first.process is not None
        holder = first.process.pid

    *_, line = second.stderr.splitlines()

    assert 1 == second.returncode
    assert "already_running" in line
    assert f"in use by process {holder}" in line
    assert "Traceback" not in second.stderr
    assert before == after


async def test_a_taken_port_is_named(folder):
    """A daemon that cannot listen exits 1 with a line that names the address, and leaves nothing."""
    async with Daemon(folder / "first", "--sandbox", "--no-autostart") as first:
        second = Daemon(folder / "second")
        second.port = first.port
        second.launch()
        code = await second.ended()
        left = processes_of(second.state)
        line = second.lines()[-1]
        second.close()

    assert (1, []) == (code, left)
    assert "cannot_listen" == line["code"]
    assert f"127.0.0.1:{first.port}" in line["error"]
    assert "Traceback" not in second.text()


async def test_a_taken_port_of_the_sandbox_is_told(folder):
    """A stand-in that cannot be served where it was asked for ends the daemon with a line, too."""
    async with Daemon(folder / "first", "--sandbox", "--no-autostart") as first:
        second = Daemon(folder / "second", env={"WAD_SANDBOX_PORT": str(first.port)})
        second.launch()
        code = await second.ended()
        line = second.lines()[-1]
        second.close()

    assert 1 == code
    assert ("cannot_listen", True) == (line["code"], "the sandbox cannot be served" in line["error"])
    assert "Traceback" not in second.text()


WRONG = {
    "unknown key": ("[http]\nlisen = []\n", {}, ["[http] lisen", "did you mean listen?"]),
    "unknown section": ("[htp]\n", {}, ["[htp]", "did you mean http?"]),
    "no TOML": ("[http\n", {}, ["line 1"]),
    "wrong value": ("[link]\nready = -1\n", {}, ["[link] ready = -1"]),
    "wrong kind": ("[http]\ninsecure = 1\n", {}, ["[http] insecure = 1"]),
    "unknown variable": ("", {"WAD_HTTP_ALOWED_ORIGINS": "x"}, ["WAD_HTTP_ALOWED_ORIGINS", "did you mean"]),
    "wrong variable": ("", {"WAD_LINK_READY": "soon"}, ["WAD_LINK_READY", "soon"]),
    "unsafe": ("", {"WAD_HTTP_LISTEN": "0.0.0.0:4000"}, ["[http] listen = 0.0.0.0:4000"]),
}


@pytest.mark.parametrize(("text", "env", "named"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_configuration_is_named_in_one_line(tmp_path, text, env, named):
    """The daemon exits 78, which a unit does not restart on, and its one line names the place at fault."""
    file = tmp_path / "wad.toml"
    file.write_text(text)
    argv = [sys.executable, "-m", "wad", "--config", str(file), "--state-dir", str(tmp_path / "state")]
    ended = run(argv, env)

    assert 78 == ended.returncode
    assert 1 == len(ended.stderr.splitlines())
    assert [] == [word for word in named if word not in ended.stderr]
    assert not (tmp_path / "state").exists()
