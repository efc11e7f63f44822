"""What a check found: one line, and where something is amiss one line of what to do.

Rules of this file: nothing that is said holds a code, a token or a key. Checks therefore quote only what wad
itself words, names of files and hosts, and error numbers, and never a line of somebody's log or answer.
"""

from datetime import timedelta
from enum import StrEnum, unique

from wad.core.values import dataclass


@unique
class Verdict(StrEnum):
    """How a thing is."""

    OK = "ok"
    WARN = "warn"  # it works, or mends itself, but somebody should know
    FAIL = "fail"
    SKIPPED = "skipped"  # it could not be looked at, or there is nothing to look at


@dataclass(frozen=True, slots=True)
class Finding:
    """One line. `denied`: it is the caller who may not, and nothing need be broken."""

    verdict: Verdict
    said: str
    action: str | None = None
    denied: bool = False


def times(count: int) -> str:
    """Say how often."""
    return "once" if count == 1 else f"{count} times"


def span(age: timedelta) -> str:
    """Say how long."""
    seconds = max(int(age.total_seconds()), 0)
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def ok(said: str) -> Finding:
    """Nothing to do."""
    return Finding(Verdict.OK, said)


def warn(said: str, action: str) -> Finding:
    """Something a person should know."""
    return Finding(Verdict.WARN, said, action)


def fail(said: str, action: str, *, denied: bool = False) -> Finding:
    """Something keeps wad, or the caller, from working."""
    return Finding(Verdict.FAIL, said, action, denied)


def skipped(said: str, action: str | None = None) -> Finding:
    """Tell that it was not looked at; `action` says how it could be."""
    return Finding(Verdict.SKIPPED, said, action)
