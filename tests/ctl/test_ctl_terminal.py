"""What a person meets at the terminal: help, the link in one screen, questions, and what to do next."""

import pytest
from control_harness import run_ctl
from ctl_terminal import on_terminal

from wad.core.events import Blocked
from wad.core.reasons import Reason, State
from wad.ctl import overview, remedies, socket_path
from wad.ctl.commands import TASKS
from wad.ctl.exit_codes import CtlError, NoPermissionError, NotRunningError
from wad.ctl.socket_path import Place


@pytest.mark.parametrize("words", ["help", "--help"])
async def test_help(io_loop, words):
    """All commands are told, without a daemon."""
    ended = await run_ctl(words)

    assert (0, "") == (ended.code, ended.err)
    assert [] == [name for name in TASKS if f"    {name} " not in ended.out]


async def test_help_of_a_command(io_loop):
    """A command's own help is the same by either way."""
    asked, given = await run_ctl("help", "reset"), await run_ctl("reset", "--help")

    assert 0 == asked.code
    assert given.out == asked.out
    assert "--yes" in asked.out


async def test_bare(io_loop, harness):
    """Without a command the link and what to do next are told, in less than a screen."""
    harness.show_code()
    ended = await harness.ctl()

    assert 0 == ended.code
    assert ended.out.startswith("qr: a code waits for the phone until ")
    assert f"  wadctl --socket {harness.path} qr --watch  draw the code" in ended.out
    assert len(ended.out.splitlines()) < 20


async def test_bare_without_a_daemon(io_loop, folder):
    """Without a daemon it ends as status does."""
    assert 3 == (await run_ctl("--socket", str(folder / "none.sock"))).code


async def test_bare_as_json(io_loop, harness):
    """For a program it is the status."""
    assert (await harness.ctl("status", "--json")).out == (await harness.ctl("--json")).out


@pytest.mark.parametrize("state", State)
def test_next(state):
    """Each state has commands that go with it, and all of them are told what they do."""
    document = {"currentState": state, "phase": "linked", "isReady": False, "hasQr": False}
    document |= {"pairingCode": None, "message": "x: y", "since": "2026-11-23T05:10:00Z"}

    assert overview.lines(document, "wadctl")[-1].startswith("  wadctl help ")
    assert len(overview.lines(document, "wadctl")) > 3


@pytest.mark.parametrize("verb", ["reset", "logout"])
@pytest.mark.parametrize(
    ("answer", "done"), [(b"y\n", True), (b"yes\n", True), (b"n\n", False), (b"\n", False)]
)
async def test_asked_before_a_session_is_forgotten(io_loop, harness, verb, answer, done):
    """On a terminal a person is asked, and whatever is no yes does nothing."""
    seen, code = await on_terminal(harness, verb, keys=answer)

    assert f"new code then. ({harness.path}) [y/N]" in seen
    assert (code == 0, "nothing was done" in seen) == (done, not done)
    assert done == bool(harness.inbox.commands)


async def test_end_of_input_is_no_yes(io_loop, harness):
    """Ctrl-D is no consent."""
    _, code = await on_terminal(harness, "reset", keys=b"\x04")

    assert (1, []) == (code, harness.inbox.commands)


@pytest.mark.parametrize("words", [["reset", "--yes"], ["logout", "--yes"], ["stop"], ["reset", "--json"]])
async def test_not_asked(io_loop, harness, words):
    """Whoever has said yes already is not asked, nor is who loses nothing, nor a program."""
    seen, ended = await on_terminal(harness, *words)

    assert 0 == ended
    assert "[y/N]" not in seen


async def test_no_terminal_is_not_asked(io_loop, harness):
    """A script, which nobody sits before, is obeyed."""
    ended = await harness.ctl("reset")

    assert (0, "") == (ended.code, ended.err)


def test_service_that_is_down(folder, monkeypatch):
    """Where an installed service is down, the command that starts it is named, of this very account."""
    (folder / "systemd/system").mkdir(parents=True)
    for unit in ("wad.service", "wad@.service"):
        (folder / unit).touch()

    def unit_of(path):
        return socket_path.unit_of(path, folder, [folder])

    monkeypatch.setattr(remedies, "unit_of", unit_of)
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    told = [
        remedies.remedy(Place(folder / name / "control.sock", call), NotRunningError("no"), 7)
        for name, call in [("wad", "wadctl"), ("wad-the-shop", "wadctl --instance the-shop")]
    ]

    assert [
        f"Start it: sudo systemctl start {unit}; why it is down says: sudo {call} doctor"
        for unit, call in [("wad", "wadctl"), ("wad@the-shop", "wadctl --instance the-shop")]
    ] == told
    assert unit_of(folder / "else" / "control.sock") is None
    assert unit_of(folder / "wad" / "other.sock") is None


def test_exit_4_has_a_remedy(folder):
    """Whoever may not ask, and whoever cannot be told how it is, learns what to do."""
    place = Place(folder / "control.sock", "wadctl --instance shop")

    assert "sudo wadctl --instance shop;" in remedies.remedy(place, NoPermissionError("no"), 4)
    assert "wadctl --instance shop doctor" in remedies.remedy(place, CtlError("late"), 4)
    assert remedies.remedy(place, CtlError("refused"), 1) is None


@pytest.mark.parametrize("words", [["reload"], ["reload", "--wait"]])
async def test_reload_without_a_change(io_loop, harness, words):
    """A reload that had nothing to do says so; one that had says what."""
    harness.reloader.facts = {"applied": [], "restartNeeded": []}
    nothing = await harness.ctl(*words)
    harness.reloader.facts = {"applied": ["log.level"], "restartNeeded": []}
    something = await harness.ctl(*words)

    assert (
        "The configuration is reloaded\nNothing has changed: what was read is what is in force.\n"
        == nothing.out
    )
    assert 'The configuration is reloaded\napplied: ["log.level"]\n' == something.out


async def test_blocked(io_loop, harness):
    """A link that waits for a person leads to the doctor."""
    harness.show_code()
    harness.apply(Blocked(Reason.HOSTS_BLOCKED))
    ended = await harness.ctl()

    assert "doctor" in ended.out
