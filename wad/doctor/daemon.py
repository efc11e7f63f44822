"""The daemon by its control socket: whether one may ask, whether it answers, and how the link is."""

import grp
import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from wad import __version__
from wad.core.reasons import REASONS, Reason, State
from wad.core.status import Phase
from wad.doctor.case import Case, WouldStartError
from wad.doctor.client import ANSWER, NonsenseError
from wad.doctor.finding import Finding, fail, ok, skipped, span, warn
from wad.doctor.identity import name_of

_EVERYBODY: Final = stat.S_IWOTH
# A fault that wad has not mended by itself for so long wants a person.
_PATIENCE: Final = timedelta(minutes=10)
_LET_IN: Final = "Be root, or in the group {group}: sudo adduser $USER {group}, then log in anew."


def check_socket(case: Case) -> Iterator[Finding]:
    """Look at the control socket's file, and whether the caller may open it."""
    path = case.socket
    try:
        status = path.stat()
    except PermissionError:
        yield fail(f"{path} is in a folder that is closed to you", "Be root, or its owner.", denied=True)
    except OSError as exc:
        yield fail(f"{path}: {exc.strerror}", f"{case.start} Or name wad's own socket: --socket PATH.")
    else:
        yield _judge(case, status)


def _judge(case: Case, status: os.stat_result) -> Finding:
    group, mode = _group(status.st_gid), stat.S_IMODE(status.st_mode)
    said = f"{case.socket}, {mode:04o} {name_of(status.st_uid)}:{group}"
    if not stat.S_ISSOCK(status.st_mode):
        return fail(f"{case.socket} is no socket", f"Remove it, then: {case.how('restart')}.")
    if not os.access(case.socket, os.W_OK, effective_ids=True):
        return fail(f"{said}, not for you", _LET_IN.format(group=group), denied=True)
    if mode & _EVERYBODY:
        return warn(f"{said}: every local user commands wad", f"chmod 0660 {case.socket}")
    return ok(said)


def _group(gid: int) -> str:
    try:
        return grp.getgrgid(gid).gr_name
    except KeyError:
        return str(gid)


def check_daemon(case: Case) -> Iterator[Finding]:
    """Tell whether it answers, and whether it is of this version."""
    told = case.told
    if case.unit is not None and case.unit.facts.get("ActiveState") == "activating":
        log = f"journalctl -u {case.unit.name}"
        yield fail("wad is not running: systemd is starting it", f"Wait a moment; if that recurs, see {log}.")
    elif told.error is not None:
        yield _silent(case, told.error)
    elif told.version != __version__:
        yield warn(f"wad {told.version} runs, and {__version__} is installed", f"{case.how('restart')}")
    else:
        yield ok(f"wad {told.version} answers{', sandbox' if case.sandbox else ''}")


def _silent(case: Case, error: OSError | WouldStartError) -> Finding:
    """Say why there is no answer."""
    restart = f"See its log, then: {case.how('restart')}."
    match error:
        case WouldStartError() | FileNotFoundError() | NotADirectoryError():
            return fail("wad is not running", case.start)
        case ConnectionRefusedError():
            return fail("wad is not running: the socket is there, and nobody listens", case.start)
        case PermissionError():
            return skipped("you may not ask it", "Be root, or in the socket's group.")
        case TimeoutError():
            return fail(f"wad does not answer within {ANSWER:g} s", f"SIGUSR1 logs its tasks. {restart}")
        case NonsenseError():
            return fail("what answers there is no wad", "Name wad's own socket: --socket PATH.")
        case _:
            return fail(f"wad cannot be asked: {error.strerror or 'no reason given'}", restart)


def check_link(case: Case) -> Iterator[Finding]:
    """Tell state, reason, for how long, and what the daemon itself would have a person do."""
    status = case.told.status
    if status is None:
        yield skipped("wad does not tell")
        return
    state, reason = State(status["currentState"]), _reason(status)
    age = datetime.now(UTC) - datetime.fromisoformat(status["since"])
    said = f"{_name(state, status)} for {span(age)}"
    if reason is not None:
        said = f"{said} ({reason}): {REASONS[reason].sentence}"
    if status.get("blockedUrl"):
        said = f"{said}; refused: {status['blockedUrl']}"
    if status.get("blockedUntil"):
        said = f"{said}, until {status['blockedUntil']}"
    if status["phase"] == Phase.WAITING_FOR_ENTRY:
        yield warn(
            f"{said}: a code waits to be entered on the phone",
            f"Enter it under Linked devices, or have the QR code again: {case.wadctl('pair --cancel')}.",
        )
        return
    yield _broken(state, reason, age, said) if reason is not None else _well(case, state, age, said)


def _reason(status: Any) -> Reason | None:
    return Reason(status["reason"]) if status.get("reason") else None


def _name(state: State, status: Any) -> str:
    phase = str(status["phase"]).replace("_", " ")
    return str(state) if phase == state or state in (State.QR, State.READY) else f"{state} ({phase})"


def _broken(state: State, reason: Reason, age: timedelta, said: str) -> Finding:
    broken = state is State.BLOCKED or (state is State.DISCONNECTED and age > _PATIENCE)
    return (fail if broken else warn)(said, REASONS[reason].action)


def _well(case: Case, state: State, age: timedelta, said: str) -> Finding:
    """Judge a link that has no reason not to be where it is."""
    if state is State.QR:
        return warn(f"{said}: a code waits for the phone", f"Scan it: {case.wadctl('qr --watch')}.")
    if state is State.READY or age < _PATIENCE:
        return ok(said)
    if state is State.IDLE:
        return warn(said, f"If nobody stopped it, link: {case.wadctl('start --wait')}.")
    return warn(said, f"Open WhatsApp on the phone; if that does not help: {case.wadctl('reset')}.")
