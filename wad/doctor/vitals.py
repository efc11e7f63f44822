"""How messages are, as wad tells it: counts and codes, from its memory, whatever its disk does."""

from collections.abc import Mapping
from typing import Any

from wad.doctor.case import Case
from wad.doctor.client import ask_control
from wad.doctor.finding import Finding, skipped


def told_of(case: Case, key: str) -> tuple[Any, Finding | None]:
    """Give what wad's vitals tell under a key, or why they do not."""
    if case.told.error is not None:
        return None, skipped("wad does not tell")
    try:
        told: Mapping[str, Any] = ask_control(case.socket, "vitals")[0]
    except OSError:
        return None, skipped("wad does not tell")
    if key in told:
        return told[key], None
    return None, skipped("this wad is too old to tell" if told.get("success") else "wad does not tell")
