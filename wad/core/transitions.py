"""The tables of the machine: which event leads from which phase to which, and what is known in each phase.

Rules of this file:

* Everything that decides about a phase is in `TRANSITIONS`; whoever needs another path adds a row here.
* What is known in a phase is in `FACTS`: a fact that is not listed for a phase is forgotten on entering it.
  That is why a code exists exactly while the state is ``qr``.
* No code here runs after the import: `wad.core.machine` reads the tables, `script/diagram` draws them.

Theory of operation. A phase is a node; a state is what people are told about it (`wad.core.status.STATE_OF`).
Commands lead out of every phase, so no phase can be stuck: stop, reset and logout never need the page's
consent. Page events are levels, so most phases that have a page accept all of them; a phase that accepts
one it is already in stays. Failures lead to RECOVERING (wad helps itself) or HELD_UP (a person must), and
back through RESTARTING or PROBING, in which the state, and the reason, stay what they were until the page
has something better to tell.
"""

from typing import get_args

from wad.core.events import (
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
    PairingCancelled,
    PairingCodeIssued,
    PairingDue,
    PairingFailed,
    PairingGranted,
    PairingLapsed,
    PairingRefused,
    PairRequested,
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
    Scanned,
    StartRequested,
    Steady,
    StopRequested,
)
from wad.core.status import Phase

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
    PairingFailed: Phase.RENEWING,
    PairingCodeIssued: Phase.WAITING_FOR_ENTRY,
    Scanned: Phase.CONFIRMING,
    Authenticated: Phase.SYNCING,
    Ready: Phase.LINKED,
    ConnectionLost: Phase.RECONNECTING,
    LoggedOut: Phase.FORGETTING,
}


def _wishes(here: Phase, leads_to: Phase) -> Row:
    """Give the rows of the wish to link, by whichever code; to go back to the QR changes nothing here."""
    return {StartRequested: leads_to, PairRequested: leads_to, PairingCancelled: here}


def _in_page(phase: Phase) -> Row:
    """Give the rows shared by the phases with a page: start, load and withdrawal lead nowhere new."""
    return {
        **_wishes(phase, phase),
        PageLoaded: phase,
        QrWithdrawn: phase,
        **_COMMANDS,
        **_TROUBLE,
        **_PAGE,
    }


TRANSITIONS: dict[Phase, Row] = {
    Phase.STOPPED: {
        **_wishes(Phase.STOPPED, Phase.STARTING),
        StopRequested: Phase.STOPPING,  # nothing to close, but the operator's word to remember
        ResetRequested: Phase.RESETTING,
        LogoutRequested: Phase.LOGGING_OUT,
    },
    Phase.STARTING: {
        **_wishes(Phase.STARTING, Phase.STARTING),
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
        PairRequested: Phase.PAIRING,
        PairingDue: Phase.PAIRING,
        Steady: Phase.WAITING_FOR_SCAN,
    },
    Phase.PAIRING: {
        **_in_page(Phase.PAIRING),
        PageLoaded: Phase.CONNECTING,  # a new document, which knows nothing of the number: asked again there
        # What the page shows meanwhile is what it showed before; the end is told by whoever asked.
        QrIssued: Phase.PAIRING,
        QrSpent: Phase.PAIRING,
        PairingFailed: Phase.PAIRING,
        PairingCodeIssued: Phase.PAIRING,
        PairingGranted: Phase.WAITING_FOR_ENTRY,
        PairingRefused: Phase.RENEWING,
        PairingCancelled: Phase.RENEWING,
        Steady: Phase.PAIRING,
    },
    Phase.WAITING_FOR_ENTRY: {
        **_in_page(Phase.WAITING_FOR_ENTRY),
        PageLoaded: Phase.CONNECTING,  # a new document: the old code died with the old one
        QrWithdrawn: Phase.CONNECTING,
        PairRequested: Phase.PAIRING,
        PairingCancelled: Phase.RENEWING,
        PairingLapsed: Phase.RENEWING,
        Steady: Phase.WAITING_FOR_ENTRY,
    },
    Phase.RENEWING: {
        **_in_page(Phase.RENEWING),
        PairingCodeIssued: Phase.RENEWING,  # given up already; the page does not know yet
        QrExpired: Phase.STOPPING,
        Steady: Phase.RENEWING,
    },
    Phase.CONFIRMING: {
        **_in_page(Phase.CONFIRMING),
        # A new document, or none of an account any more: it was not the phone.
        PageLoaded: Phase.CONNECTING,
        QrWithdrawn: Phase.CONNECTING,
        Steady: Phase.CONFIRMING,
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
        **_wishes(Phase.RECOVERING, Phase.RESTARTING),
        RetryDue: Phase.RESTARTING,
        **_COMMANDS,
    },
    Phase.HELD_UP: {
        **_wishes(Phase.HELD_UP, Phase.PROBING),
        RetryDue: Phase.PROBING,
        **_COMMANDS,
    },
    Phase.RESTARTING: {**_in_page(Phase.RESTARTING), BrowserStarted: Phase.RESTARTING},
    Phase.PROBING: {**_in_page(Phase.PROBING), BrowserStarted: Phase.PROBING},
    Phase.RESET_PENDING: {
        **_wishes(Phase.RESET_PENDING, Phase.RESETTING),
        RetryDue: Phase.RESETTING,
        **_COMMANDS,
    },
    Phase.FORGETTING: {
        **_wishes(Phase.FORGETTING, Phase.FORGETTING),
        ProfileCleared: Phase.RESTARTING,
        ProfileStuck: Phase.RESET_PENDING,
        **_COMMANDS,
    },
    Phase.STOPPING: {
        **_wishes(Phase.STOPPING, Phase.STARTING),
        BrowserClosed: Phase.STOPPED,
        ProfileCleared: Phase.STOPPING,  # a reset that stop overtook finishes all the same
        **_COMMANDS,
    },
    Phase.RESETTING: {
        **_wishes(Phase.RESETTING, Phase.RESETTING),
        ProfileCleared: Phase.STARTING,
        ProfileStuck: Phase.RESET_PENDING,
        **_COMMANDS,
        LogoutRequested: Phase.RESETTING,
    },
    Phase.LOGGING_OUT: {
        **_wishes(Phase.LOGGING_OUT, Phase.LOGGING_OUT),
        LoggedOut: Phase.LOGGING_OUT,
        ProfileCleared: Phase.STARTING,
        ProfileStuck: Phase.RESET_PENDING,
        **_COMMANDS,
    },
}

_REASON = frozenset({"reason"})

_WHY = frozenset({"reason", "blockage"})

# A number waits for its code through whatever leads to a page, but not behind one that is blocked: hours
# later nobody expects it any more.
_PHONE = frozenset({"phone"})

# Where a QR code is shown, or on the way. Of the reasons only those of `qr` are known here: why there is no
# pairing code.
TO_CODES = frozenset({Phase.CONNECTING, Phase.RENEWING, Phase.WAITING_FOR_SCAN})

FACTS: dict[Phase, frozenset[str]] = {
    Phase.STOPPED: _REASON,
    Phase.STARTING: _PHONE,
    Phase.LOADING: _PHONE,
    Phase.CONNECTING: _PHONE | {"reason", "codes_since"},
    Phase.RENEWING: _PHONE | {"reason", "codes_since"},
    Phase.STOPPING: _REASON,
    Phase.RESETTING: _PHONE,
    Phase.LOGGING_OUT: _PHONE,
    Phase.WAITING_FOR_SCAN: _PHONE | {"reason", "code", "codes_since"},
    Phase.PAIRING: _PHONE,
    Phase.WAITING_FOR_ENTRY: frozenset({"pairing"}),
    Phase.CONFIRMING: _PHONE | {"codes_since"},
    Phase.SYNCING: frozenset({"progress"}),
    Phase.LINKED: frozenset({"account"}),
    Phase.RECONNECTING: _PHONE | {"reason", "account"},
    Phase.RECOVERING: _PHONE | _WHY,
    Phase.FORGETTING: _PHONE | _REASON,
    Phase.RESTARTING: _PHONE | _WHY,
    Phase.HELD_UP: _WHY | {"until"},
    Phase.RESET_PENDING: _REASON,
    Phase.PROBING: _PHONE | _WHY | {"until"},
}
