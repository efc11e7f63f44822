"""The machine: which event leads from which phase to which. Pure; the only place where states change.

Rules of this file:

* Everything that decides about a phase is in `TRANSITIONS`; whoever needs another path adds a row here.
* What is known in a phase is in `FACTS`: a fact that is not listed for a phase is forgotten on entering it.
  That is why a code exists exactly while the state is ``qr``.
* An event without a row changes nothing and raises: the supervisor then looks at the page and reconciles.

Theory of operation. A phase is a node; a state is what people are told about it (`wad.status.STATE_OF`).
Commands lead out of every phase, so no phase can be stuck: stop, reset and logout never need the page's
consent. Page events are levels, so most phases that have a page accept all of them; a phase that accepts
one it is already in stays. Failures lead to RECOVERING (wad helps itself) or HELD_UP (a person must), and
back through RESTARTING or PROBING, in which the state, and the reason, stay what they were until the page
has something better to tell.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any, get_args

from wad.errors import IllegalEventError
from wad.events import (
    Authenticated,
    Blocked,
    BrowserClosed,
    BrowserStarted,
    ConnectionLost,
    Event,
    Failed,
    LoggedOut,
    LogoutRequested,
    PageLoaded,
    ProfileCleared,
    ProfileStuck,
    QrExpired,
    QrIssued,
    QrLapsed,
    QrSpent,
    QrWithdrawn,
    Ready,
    ResetRequested,
    RetryDue,
    StartRequested,
    Steady,
    StopRequested,
)
from wad.status import Account, Code, Phase, Status

EVENT_TYPES: tuple[type[Event], ...] = get_args(Event)

Row = dict[type[Event], Phase]

# Operators may leave any phase, whatever the browser does.
_COMMANDS: Row = {
    StopRequested: Phase.STOPPING,
    ResetRequested: Phase.RESETTING,
    LogoutRequested: Phase.LOGGING_OUT,
}
# Whatever has a browser, or is getting one, can lose it.
_TROUBLE: Row = {Failed: Phase.RECOVERING, Blocked: Phase.HELD_UP}
# What a page can turn out to be, wherever we thought we were.
_PAGE: Row = {
    QrIssued: Phase.WAITING_FOR_SCAN,
    QrSpent: Phase.RENEWING,
    Authenticated: Phase.SYNCING,
    Ready: Phase.LINKED,
    ConnectionLost: Phase.RECONNECTING,
    LoggedOut: Phase.FORGETTING,
}


def _in_page(phase: Phase) -> Row:
    """Give the rows shared by the phases with a page: start, load and withdrawal lead nowhere new."""
    return {
        StartRequested: phase,
        PageLoaded: phase,
        QrWithdrawn: phase,
        **_COMMANDS,
        **_TROUBLE,
        **_PAGE,
    }


TRANSITIONS: dict[Phase, Row] = {
    Phase.STOPPED: {
        StartRequested: Phase.STARTING,
        StopRequested: Phase.STOPPING,  # nothing to close, but the operator's word to remember
        ResetRequested: Phase.RESETTING,
        LogoutRequested: Phase.LOGGING_OUT,
    },
    Phase.STARTING: {
        StartRequested: Phase.STARTING,
        BrowserStarted: Phase.LOADING,
        **_COMMANDS,
        **_TROUBLE,
    },
    Phase.LOADING: {**_in_page(Phase.LOADING), PageLoaded: Phase.CONNECTING, QrWithdrawn: Phase.CONNECTING},
    Phase.CONNECTING: _in_page(Phase.CONNECTING),
    Phase.WAITING_FOR_SCAN: {
        **_in_page(Phase.WAITING_FOR_SCAN),
        PageLoaded: Phase.CONNECTING,  # a new document: the old code died with the old one
        QrWithdrawn: Phase.CONNECTING,
        QrLapsed: Phase.CONNECTING,
        QrExpired: Phase.STOPPING,
        Steady: Phase.WAITING_FOR_SCAN,
    },
    Phase.RENEWING: {
        **_in_page(Phase.RENEWING),
        QrExpired: Phase.STOPPING,
        Steady: Phase.RENEWING,
    },
    Phase.SYNCING: {**_in_page(Phase.SYNCING), Steady: Phase.SYNCING},
    Phase.LINKED: {
        **_in_page(Phase.LINKED),
        # Not registered and no code yet: the page has thrown the session away and is coming up again.
        QrWithdrawn: Phase.CONNECTING,
        Steady: Phase.LINKED,
    },
    Phase.RECONNECTING: _in_page(Phase.RECONNECTING),
    # From here on there is no page to believe, or it is being left: what it said last no longer counts.
    Phase.RECOVERING: {
        StartRequested: Phase.RESTARTING,
        RetryDue: Phase.RESTARTING,
        **_COMMANDS,
    },
    Phase.HELD_UP: {
        StartRequested: Phase.PROBING,
        RetryDue: Phase.PROBING,
        **_COMMANDS,
    },
    Phase.RESTARTING: {**_in_page(Phase.RESTARTING), BrowserStarted: Phase.RESTARTING},
    Phase.PROBING: {**_in_page(Phase.PROBING), BrowserStarted: Phase.PROBING},
    Phase.RESET_PENDING: {
        StartRequested: Phase.RESETTING,
        RetryDue: Phase.RESETTING,
        **_COMMANDS,
    },
    Phase.FORGETTING: {
        StartRequested: Phase.FORGETTING,
        ProfileCleared: Phase.RESTARTING,
        ProfileStuck: Phase.RESET_PENDING,
        **_COMMANDS,
    },
    Phase.STOPPING: {
        StartRequested: Phase.STARTING,
        BrowserClosed: Phase.STOPPED,
        ProfileCleared: Phase.STOPPING,  # a reset that stop overtook finishes all the same
        **_COMMANDS,
    },
    Phase.RESETTING: {
        StartRequested: Phase.RESETTING,
        ProfileCleared: Phase.STARTING,
        ProfileStuck: Phase.RESET_PENDING,
        **_COMMANDS,
        LogoutRequested: Phase.RESETTING,
    },
    Phase.LOGGING_OUT: {
        StartRequested: Phase.LOGGING_OUT,
        LoggedOut: Phase.LOGGING_OUT,
        ProfileCleared: Phase.STARTING,
        ProfileStuck: Phase.RESET_PENDING,
        **_COMMANDS,
    },
}

_REASON = frozenset({"reason"})
_WHY = frozenset({"reason", "blockage"})

FACTS: dict[Phase, frozenset[str]] = {
    Phase.STOPPED: _REASON,
    Phase.STARTING: frozenset(),
    Phase.LOADING: frozenset(),
    Phase.CONNECTING: frozenset({"codes_since"}),
    Phase.RENEWING: frozenset({"codes_since"}),
    Phase.STOPPING: _REASON,
    Phase.RESETTING: frozenset(),
    Phase.LOGGING_OUT: frozenset(),
    Phase.WAITING_FOR_SCAN: frozenset({"code", "codes_since"}),
    Phase.SYNCING: frozenset({"progress"}),
    Phase.LINKED: frozenset({"account"}),
    Phase.RECONNECTING: frozenset({"reason", "account"}),
    Phase.RECOVERING: _WHY,
    Phase.FORGETTING: _REASON,
    Phase.RESTARTING: _WHY,
    Phase.HELD_UP: _WHY,
    Phase.RESET_PENDING: _REASON,
    Phase.PROBING: _WHY,
}
_FACT_NAMES = ("reason", "code", "account", "progress", "blockage", "codes_since")


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
        known["blockage"] = getattr(event, "blockage", None)  # it explains the reason it came with
    if isinstance(event, QrIssued) and known["codes_since"] is None:
        known["codes_since"] = now
    return known


def _settled(old: Any, new: Any, now: datetime) -> Any:
    """Keep the times of a thing that is merely seen again; stamp an account that is new."""
    if isinstance(old, Code) and isinstance(new, Code) and old.text == new.text:
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
