"""The machine: the pure step from one status to the next. The only place where states change.

Rules of this file:

* It decides nothing by itself: where an event leads, and what may be known there, is in
  `wad.core.transitions`.
* An event without a row changes nothing and raises: the supervisor then looks at the page and reconciles.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from wad.core.errors import IllegalEventError
from wad.core.events import (
    Blocked,
    Event,
    Failed,
    LogoutRequested,
    ProfileStuck,
    ResetRequested,
    Steady,
    StopRequested,
)
from wad.core.reasons import REASONS, Reason, State
from wad.core.status import Account, Code, PairingCode, Phase, Status
from wad.core.transitions import FACTS, TO_CODES, TRANSITIONS

_FACT_NAMES = frozenset[str]().union(*FACTS.values())


def next_phase(phase: Phase, event: Event) -> Phase:
    """Look up where `event` leads from `phase`. Raises IllegalEventError where the table has no row."""
    try:
        return TRANSITIONS[phase][type(event)]
    except KeyError:
        raise IllegalEventError(f"{type(event).__name__} has no place in phase {phase}") from None


def step(status: Status, event: Event, now: datetime) -> Status:
    """Give the status after `event`, or `status` itself where nothing changes.

    `now` is the present, with a time zone. Raises IllegalEventError; then nothing has changed.
    """
    phase = next_phase(status.phase, event)
    after = replace(
        status, phase=phase, attempts=_attempts(status, event), **_facts(status, event, phase, now)
    )
    if after == status:
        return status
    since = status.since if after.state is status.state else now
    return replace(after, seq=status.seq + 1, since=since)


def _facts(status: Status, event: Event, phase: Phase, now: datetime) -> dict[str, Any]:
    """Give each fact's value in the phase entered: the event's, else what was known, else nothing."""
    known: dict[str, Any] = dict.fromkeys(_FACT_NAMES)
    for name in FACTS[phase]:
        known[name] = _settled(getattr(status, name), getattr(event, name, getattr(status, name)), now)
    if hasattr(event, "reason"):
        for name in ("blockage", "until"):
            known[name] = getattr(event, name, None)  # they explain the reason they came with
    if phase in TO_CODES:
        known["reason"] = _of_codes(known["reason"])
    if known["code"] is not None and known["codes_since"] is None:
        known["codes_since"] = now
    return known


def _of_codes(reason: Reason | None) -> Reason | None:
    return reason if reason is not None and REASONS[reason].state is State.QR else None


def _settled(old: Any, new: Any, now: datetime) -> Any:
    """Keep the times of a thing that is merely seen again; stamp an account that is new."""
    if isinstance(old, Code | PairingCode) and new == replace(old, expires_at=new.expires_at):
        return old
    if isinstance(new, Account):
        return replace(new, connected_at=(old.connected_at if _same_account(old, new) else None) or now)
    return new


def _same_account(old: Account | None, new: Account) -> bool:
    return old is not None and old.number == new.number


def _attempts(status: Status, event: Event) -> int:
    """Count failures until the link was steady again, or somebody asked for a new beginning."""
    if isinstance(event, Failed | Blocked | ProfileStuck):
        return status.attempts + 1
    if isinstance(event, Steady | ResetRequested | StopRequested | LogoutRequested):
        return 0
    return status.attempts
