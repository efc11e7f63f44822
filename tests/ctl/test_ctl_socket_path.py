"""Where wadctl looks for the socket, what it imports, and how it looks on a terminal."""

import json
import os
import shlex
import socket
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest
from control_harness import run, run_ctl
from ctl_terminal import on_terminal

from wad.config import load
from wad.ctl import socket_path
from wad.ctl.exit_codes import UsageError


def dead_socket_at(path):
    """Put a socket at a path that nobody listens on any more."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))
    return path


@pytest.fixture
def socket_at():
    """Give what puts a socket at a path, on which somebody listens until the test is over."""
    with ExitStack() as open_:

        def listen(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            made = open_.enter_context(socket.socket(socket.AF_UNIX))
            made.bind(str(path))
            made.listen()
            return path

        yield listen


def install(folder, *units):
    """Have systemd run, and know these units; give the folder of units."""
    (folder / "run/systemd/system").mkdir(parents=True)
    (folder / "units").mkdir()
    for unit in units:
        (folder / "units" / unit).touch()
    return [folder / "units"]


def test_service(folder, socket_at):
    """The service's socket, if it is there."""
    service = socket_at(folder / "run/wad/control.sock")
    socket_at(folder / "xdg/wad/control.sock")

    assert service == socket_path.default({"XDG_RUNTIME_DIR": str(folder / "xdg")}, folder / "run")


def test_own(folder, socket_at):
    """Without the service, that of a wad run by hand."""
    own = socket_at(folder / "xdg/wad/control.sock")

    assert own == socket_path.default({"XDG_RUNTIME_DIR": str(folder / "xdg")}, folder / "run")


def test_own_without_runtime_directory(folder, socket_at):
    """Where there is no XDG_RUNTIME_DIR, that in the state directory."""
    own = socket_at(folder / ".local/state/wad/run/control.sock")

    assert own == socket_path.default({"HOME": str(folder)}, folder / "run")


@pytest.mark.parametrize(
    "env",
    [
        {"WAD_CONTROL_SOCKET": "/else/where.sock"},
        {"WAD_STATE_DIRECTORY": "/else"},
        {"RUNTIME_DIRECTORY": "/run/wad-second"},
        {"STATE_DIRECTORY": "/var/lib/wad/second"},
    ],
)
def test_meant(folder, env, socket_at):
    """Whoever says which wad is meant gets that one's, as that one's configuration has it."""
    socket_at(folder / "run/wad/control.sock")

    assert load({}, env).control.socket == socket_path.default(env, folder / "run")


def test_broken_configuration(folder, socket_at):
    """A wrong setting does not keep anybody from asking."""
    env = {"HOME": str(folder), "WAD_HTTP_LISEN": "x"}
    own = socket_at(folder / ".local/state/wad/run/control.sock")

    assert own == socket_path.default(env, folder / "run")


def test_neither(folder, monkeypatch):
    """With neither there, root means the service and everybody else their own."""
    env = {"HOME": str(folder)}
    found = []
    for uid in (0, 1000):
        monkeypatch.setattr(os, "geteuid", lambda uid=uid: uid)
        found.append(socket_path.default(env, folder / "run", ()))

    assert [folder / "run/wad/control.sock", folder / ".local/state/wad/run/control.sock"] == found


@pytest.mark.parametrize("uid", [0, 1000])
def test_installed_service_before_a_dead_socket(folder, monkeypatch, uid):
    """Where the installed service failed, an earlier run's socket in one's home is not what is asked about."""
    monkeypatch.setattr(os, "geteuid", lambda: uid)
    units = install(folder, "wad.service")
    dead_socket_at(folder / ".local/state/wad/run/control.sock")

    asked = socket_path.default({"HOME": str(folder)}, folder / "run", units)

    assert folder / "run/wad/control.sock" == asked


def test_own_before_an_installed_service(folder, socket_at):
    """A wad run by hand is asked for as long as it runs, though the service is installed and failed."""
    units = install(folder, "wad.service")
    own = socket_at(folder / ".local/state/wad/run/control.sock")

    assert own == socket_path.default({"HOME": str(folder)}, folder / "run", units)


def test_dead_socket_without_a_service(folder, monkeypatch):
    """Where no service is installed, the socket of the wad that was run by hand tells most."""
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    own = dead_socket_at(folder / ".local/state/wad/run/control.sock")

    assert own == socket_path.default({"HOME": str(folder)}, folder / "run", install(folder))


def test_instance():
    """An instance's name leads to its own directory, and to no other."""
    assert Path("/run/wad-shop/control.sock") == socket_path.of_instance("shop")
    for name in ("", "..", "a/b", "-x", "a b"):
        with pytest.raises(UsageError):
            socket_path.of_instance(name)


def test_hints_lead_to_the_same_wad():
    """Whatever is hinted at is said to the wad that was asked, and not to the first account's."""
    calls = [socket_path.place(*named, {}).call for named in (("/a b/c", None), (None, "second"))]

    assert ["wadctl --socket '/a b/c'", "wadctl --instance second"] == calls


async def test_hint_of_the_status(io_loop, harness):
    """Where a code waits, the hint shows that very code."""
    harness.show_code()
    ended = await harness.ctl("status")
    hint = ended.out.partition("what to do: Show the code with: ")[2].partition("\n")[0]
    shown = await run(sys.executable, "-m", "wad.ctl", *shlex.split(hint)[1:])

    assert f"wadctl --socket {harness.path} qr" == hint
    assert shown.out.startswith("█")


async def test_environment(io_loop, harness):
    """The program finds what the environment says."""
    ended = await run_ctl("version", WAD_CONTROL_SOCKET=str(harness.path))

    assert (0, "wadctl 0.1.0\nwad 0.1.0, sandbox\n") == (ended.code, ended.out)


SLOW = ("tornado", "pyppeteer", "segno", "structlog", "socketio", "asyncio", "wad.config")


async def test_imports(io_loop, harness):
    """It starts fast: nothing of what the daemon needs is imported, not even to wait."""
    script = f"""
import json, sys
from wad.ctl import main
code = main(["--socket", {str(harness.path)!r}, "status"])
slow = [name for name in {SLOW!r} if name in sys.modules]
print(json.dumps([code, slow]))
"""
    ended = await run(sys.executable, "-c", script)

    assert [0, []] == json.loads(ended.out.splitlines()[-1])


async def test_colours(io_loop, harness):
    """States are coloured on a terminal, unless NO_COLOR asks for none, and nowhere else."""
    harness.link()
    plain = await harness.ctl("status")
    coloured, _ = await on_terminal(harness, "status")
    asked, _ = await on_terminal(harness, "status", NO_COLOR="1")

    first = plain.out.splitlines()[0]
    assert "ready: linked as +15551234567 (Sandbox Phone, android)" == first
    assert f"\x1b[32m{first}\x1b[0m" == coloured.splitlines()[0]
    assert first == asked.splitlines()[0]


async def test_code_on_terminal(io_loop, harness):
    """A code is white on black whatever the terminal's colours are."""
    harness.show_code()
    seen, code = await on_terminal(harness, "qr")

    assert seen.startswith("\x1b[97;40m█")
    assert 0 == code


async def test_progress(io_loop, harness):
    """While it waits, a terminal shows how far it has come; the line is gone in the end."""
    harness.obey()

    seen, code = await on_terminal(harness, "start", "--wait")

    assert "\r\x1b[Kstarting …" in seen
    assert "\r\x1b[K\x1b[33mqr: a code waits" in seen
    assert 0 == code
