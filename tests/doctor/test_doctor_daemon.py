"""The control socket and what is behind it: each end a caller can meet."""

import json
import os
import socket
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from doctor_harness import STATUS, as_nobody, make_case, make_machine, on_unix, put, the

from wad.core.reasons import REASONS, Reason, State
from wad.doctor import client
from wad.doctor.case import Told, WouldStartError, examine
from wad.doctor.daemon import check_daemon, check_link, check_socket


def bound(path):
    """Leave a socket nobody listens on."""
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))
    path.chmod(0o660)
    return path


def test_no_socket(folder):
    """Where there is no socket it says how one comes to be."""
    found = the(check_socket(make_case(folder)))

    assert ("fail", f"{folder}/control.sock: No such file or directory") == (found.verdict, found.said)
    assert "Start it by hand" in found.action


def test_socket(folder):
    """A socket the caller may use is told with its mode and owners."""
    case = make_case(folder)
    bound(case.socket)
    found = the(check_socket(case))

    assert "ok" == found.verdict
    assert ", 0660 " in found.said


def test_no_permission(folder):
    """Whoever may not open the socket is told the group to join; nothing need be broken."""
    case = make_case(folder)
    bound(case.socket).chmod(0o600 if os.geteuid() == 0 else 0)
    with as_nobody():
        found = the(check_socket(case))

    assert ("fail", True) == (found.verdict, found.denied)
    assert "sudo adduser" in found.action


def test_closed_folder(folder):
    """A folder that is closed is no missing socket."""
    case = make_case(folder)
    bound(case.socket)
    folder.chmod(0o700 if os.geteuid() == 0 else 0)
    with as_nobody():
        found = the(check_socket(case))
    folder.chmod(0o755)

    assert ("fail", True) == (found.verdict, found.denied)


def test_open_to_all(folder):
    """A socket everybody may use is warned of."""
    case = make_case(folder)
    bound(case.socket).chmod(0o666)
    found = the(check_socket(case))

    assert ("warn", f"chmod 0660 {case.socket}") == (found.verdict, found.action)


def test_no_socket_file(folder):
    """Something else at the path is named as such."""
    case = make_case(folder)
    put(case.socket)

    assert f"{case.socket} is no socket" == the(check_socket(case)).said


def told_by(folder, reply):
    """Examine a wad that answers like this."""
    path = folder / "control.sock"
    with on_unix(path, reply):
        return examine(path, make_machine(folder))


def version_of(version, status):
    """Give the replies of a daemon of this version."""
    answers = {"status": status, "version": {"success": True, "version": version}}
    return lambda verb: json.dumps(answers[verb.strip()]).encode() + b"\n"


def test_answers(folder):
    """A daemon that answers is told with its version, and that it is a sandbox."""
    case = told_by(folder, version_of("0.1.0", STATUS | {"sandbox": True}))
    found = the(check_daemon(case))

    assert ("ok", "wad 0.1.0 answers, sandbox") == (found.verdict, found.said)


def test_other_version(folder):
    """A daemon that was not restarted after an upgrade is warned of."""
    found = the(check_daemon(told_by(folder, version_of("0.0.9", STATUS))))

    assert ("warn", "wad 0.0.9 runs, and 0.1.0 is installed") == (found.verdict, found.said)


@pytest.mark.parametrize("answer", [b"HTTP/1.1 400 Bad Request\r\n", b"[]\n", b"\xff\n", b""])
def test_no_wad(folder, answer):
    """Something else at the socket is told from wad."""
    found = the(check_daemon(told_by(folder, lambda _: answer)))

    assert ("fail", "what answers there is no wad") == (found.verdict, found.said)


def test_hung(folder, monkeypatch):
    """A daemon that takes the question and does not answer is told from one that is gone."""
    monkeypatch.setattr(client, "ANSWER", 0.2)
    path = folder / "control.sock"
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(path))
        listening.listen()
        found = the(check_daemon(examine(path, make_machine(folder))))

    assert "fail" == found.verdict
    assert "does not answer" in found.said
    assert "SIGUSR1" in found.action


def test_dead_socket(folder):
    """A socket of a daemon that died is told from one that is not there; both are not running."""
    machine = make_machine(folder)
    missing = the(check_daemon(examine(folder / "none.sock", machine)))
    dead = the(check_daemon(examine(bound(folder / "dead.sock"), machine)))

    assert ("fail", "wad is not running") == (missing.verdict, missing.said)
    assert ("fail", "wad is not running: the socket is there, and nobody listens") == (
        dead.verdict,
        dead.said,
    )


def test_not_asked(folder):
    """A daemon that asking would start is not running; one that may not be asked is unknown."""
    stopped = the(check_daemon(make_case(folder, told=Told(error=WouldStartError()))))
    denied = the(check_daemon(make_case(folder, told=Told(error=PermissionError()))))

    assert ("fail", "skipped") == (stopped.verdict, denied.verdict)


def link(folder, age=0.0, **status):
    """Check a link that has been like this for so many seconds."""
    since = (datetime.now(UTC) - timedelta(seconds=age)).isoformat()
    return the(check_link(make_case(folder, told=Told({**STATUS, "since": since, **status}, "0.1.0"))))


@pytest.mark.parametrize("reason", Reason)
def test_reason(folder, reason):
    """Every reason is told with its sentence and the action of the one table; a blocked link is a failure."""
    row = REASONS[reason]
    found = link(folder, currentState=row.state, phase="held_up", reason=reason)

    assert ("fail" if row.state is State.BLOCKED else "warn") == found.verdict
    assert f"({reason}): {row.sentence}" in found.said
    assert row.action == found.action


LINKS = [
    ("ready", "linked", 9e4, "ok", "ready for 1 d"),
    ("qr", "waiting_for_scan", 5, "warn", "qr for"),
    ("authenticated", "syncing", 5, "ok", "authenticated (syncing) for"),
    ("authenticated", "syncing", 700, "warn", "authenticated (syncing) for 11 min"),
    ("idle", "starting", 1, "ok", "idle (starting) for"),
    ("idle", "stopped", 7300, "warn", "idle (stopped) for 2 h"),
]


@pytest.mark.parametrize("row", LINKS)
def test_state(folder, row):
    """Without a reason the state speaks, with how long it has lasted."""
    state, phase, age, verdict, said = row
    found = link(folder, age, currentState=state, phase=phase)

    assert verdict == found.verdict
    assert found.said.startswith(said)


def test_code_to_type(folder):
    """A code that waits to be typed is told as one, with the way back to the other."""
    found = link(folder, currentState="qr", phase="waiting_for_entry")

    assert "warn" == found.verdict
    assert "a code waits to be entered on the phone" in found.said
    assert "wadctl pair --cancel" in found.action


@pytest.mark.parametrize("row", [row for row in LINKS if row[3] == "warn"])
def test_hints_for_an_account(folder, row):
    """What is to be said to wadctl names the account: without it the first one's code would be shown."""
    state, phase, age, *_ = row
    since = (datetime.now(UTC) - timedelta(seconds=age)).isoformat()
    told = Told({**STATUS, "since": since, "currentState": state, "phase": phase}, "0.1.0")
    found = the(check_link(replace(make_case(folder, told=told), call="wadctl --instance second")))

    assert "wadctl --instance second " in found.action


def test_long_disconnected(folder):
    """What wad has not mended by itself for ten minutes is a failure; a refused address is named."""
    found = link(folder, 601, currentState="disconnected", phase="recovering", reason="network_unreachable")
    blocked = link(
        folder, currentState="blocked", phase="held_up", reason="hosts_blocked", blockedUrl="https://web/x"
    )

    assert "fail" == found.verdict
    assert "refused: https://web/x" in blocked.said


def test_silent(folder):
    """Without an answer nothing is said of the link."""
    assert "skipped" == the(check_link(make_case(folder, told=Told(error=FileNotFoundError())))).verdict
