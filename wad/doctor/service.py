"""systemd's view: how the unit does, and the last failure in its journal."""

import json
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from wad.core.reasons import REASONS, Reason
from wad.doctor.case import Case
from wad.doctor.finding import Finding, fail, ok, skipped, span, times, warn
from wad.doctor.machine import NETWORK, call
from wad.doctor.units import Unit

_EX_CONFIG: Final = "78"
_LINES: Final = "300"
_BY_HAND: Final = "wad is not run by systemd here"
# Priorities of syslog(3): 4 is a warning.
_WARNING: Final = 4


def check_unit(case: Case) -> Iterator[Finding]:
    """Ask systemd how the service does."""
    unit = case.unit
    if unit is None or not unit.booted:
        yield skipped(_BY_HAND)
    elif not unit.facts:
        yield skipped("systemctl does not answer", "See: systemctl status.")
    else:
        yield _judge(unit, unit.facts)


def _judge(unit: Unit, facts: dict[str, str]) -> Finding:
    name, state = unit.name, facts.get("ActiveState", "unknown")
    again = f"systemctl reset-failed {_with_sockets(name)} && systemctl start {name}"
    if facts.get("LoadState") == "not-found":
        return fail(f"there is no {name}", "Install the package wad.")
    if facts.get("Result") == "start-limit-hit":
        return fail(
            f"{name} failed too often and is not started any more", f"See journalctl -u {name}; {again}"
        )
    if facts.get("ExecMainStatus") == _EX_CONFIG and state != "active":
        return fail(f"{name} ended: its configuration is wrong (78)", f"Mend it; {again}")
    if state == "failed":
        return fail(f"{name} failed ({facts.get('Result')})", f"See journalctl -u {name}; {again}")
    if state == "inactive":
        return fail(f"{name} is stopped", f"systemctl start {name}")
    return _running(unit, facts)


def _with_sockets(name: str) -> str:
    """Name a service and the sockets that start it, which fail with it: of this account, and of no other."""
    first, at, rest = name.removesuffix(".service").partition("@")
    return f"{name} {first}{at}{rest}.socket {first}-http{at}{rest}.socket"


def _running(unit: Unit, facts: dict[str, str]) -> Finding:
    restarts = int(facts.get("NRestarts") or 0)
    said = f"{unit.name} is {facts.get('ActiveState')}: {facts.get('StatusText') or 'no status yet'}"
    if restarts:
        return warn(
            f"{said}; systemd restarted it {times(restarts)}", f"See journalctl -u {unit.name} -p err."
        )
    return ok(said)


def check_journal(case: Case) -> Iterator[Finding]:
    """Find the last failure in the journal: its event and reason, which are wad's own words, and no more."""
    unit, program = case.unit, case.machine.which("journalctl")
    if unit is None or not unit.booted or program is None:
        yield skipped(_BY_HAND)
        return
    argv = [program, "-u", unit.name, "-b", "-n", _LINES, "-o", "json", "--no-pager"]
    try:
        ended = call(argv, case.machine.env, NETWORK)
    except OSError as exc:
        yield skipped(f"journalctl: {exc.strerror or exc}")
        return
    entries = list(_entries(ended.out))
    if not entries:
        yield skipped("you see no entry of wad's", "Be root, or in the group adm or systemd-journal.")
    else:
        status = case.told.status
        yield _last(unit, entries, over=status is not None and status.get("reason") is None)


def _entries(text: str) -> Iterator[dict[str, Any]]:
    for line in text.splitlines():
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if isinstance(entry, dict):
            yield entry


def _last(unit: Unit, entries: list[dict[str, Any]], *, over: bool) -> Finding:
    """Tell of the last failure; `over`: nothing is the matter any more."""
    look = f"journalctl -u {unit.name} -b"
    for entry in reversed(entries):
        reason = _reason(entry.get("WAD_REASON"))
        if reason is not None:
            said = f"last reason{_age(entry)}: {reason}, {REASONS[reason].sentence}"
            return warn(said, f"{'It is over' if over else REASONS[reason].action} ({look})")
        if str(entry.get("PRIORITY", "6")) <= str(_WARNING):
            return warn(f"last trouble{_age(entry)}: {_event(entry)}", f"See {look} -p warning.")
    return ok(f"no failure in the last {len(entries)} entries of this boot")


def _age(entry: dict[str, Any]) -> str:
    """Say how long ago an entry was written (systemd.journal-fields(7): microseconds)."""
    at = str(entry.get("__REALTIME_TIMESTAMP", ""))
    return f" {span(timedelta(seconds=time.time() - int(at) / 1e6))} ago" if at.isdecimal() else ""


def _reason(slug: object) -> Reason | None:
    try:
        found = Reason(str(slug))
    except ValueError:
        return None
    return None if found is Reason.STOPPED else found


def _event(entry: dict[str, Any]) -> str:
    """Give the name of an event of wad's; what others wrote to its journal is not quoted."""
    event = str(entry.get("WAD_EVENT", ""))
    return event if event.replace("_", "").isalpha() and event.isascii() else "an entry that is not wad's own"
