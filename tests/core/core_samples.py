"""Values the core's tests share: one sample of every event, and statuses as rich as their phase allows."""

from datetime import UTC, datetime, timedelta

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
from wad.reasons import Reason
from wad.status import Account, Blockage, Code, Phase, Status

NOW = datetime(2026, 11, 23, 5, 10, tzinfo=UTC)
LATER = NOW + timedelta(seconds=5)

CODE = Code("2@sample", NOW + timedelta(minutes=1))
ACCOUNT = Account("15551234567", name="Ann", platform="android")
BLOCKAGE = Blockage("net::ERR_CONNECTION_RESET", "https://web.whatsapp.com/")

SAMPLES: dict[type[Event], Event] = {
    type(event): event
    for event in (
        StartRequested(),
        StopRequested(),
        ResetRequested(),
        LogoutRequested(),
        BrowserStarted(),
        BrowserClosed(),
        ProfileCleared(),
        ProfileStuck(Reason.STORAGE_FULL),
        RetryDue(),
        QrLapsed(),
        QrExpired(),
        Steady(),
        PageLoaded(),
        QrIssued(Code("2@another", NOW + timedelta(minutes=2))),
        QrWithdrawn(),
        QrSpent(),
        Authenticated(40),
        Ready(ACCOUNT),
        ConnectionLost(),
        LoggedOut(),
        Failed(Reason.BROWSER_CRASHED),
        Blocked(Reason.HOSTS_BLOCKED, BLOCKAGE),
    )
}

_FAILED = {"reason": Reason.BROWSER_CRASHED, "attempts": 2}
_BLOCKED = {"reason": Reason.HOSTS_BLOCKED, "blockage": BLOCKAGE, "attempts": 2}
_KNOWN = {
    Phase.STOPPED: {"reason": Reason.QR_EXPIRED},
    Phase.STOPPING: {"reason": Reason.QR_EXPIRED},
    Phase.CONNECTING: {"codes_since": NOW},
    Phase.RENEWING: {"codes_since": NOW, "attempts": 1},
    Phase.WAITING_FOR_SCAN: {"code": CODE, "codes_since": NOW},
    Phase.SYNCING: {"progress": 20},
    Phase.LINKED: {"account": Account(ACCOUNT.number, connected_at=NOW)},
    Phase.RECONNECTING: {
        "account": Account(ACCOUNT.number, connected_at=NOW),
        "reason": Reason.NETWORK_UNREACHABLE,
    },
    Phase.FORGETTING: {"reason": Reason.LOGGED_OUT},
    Phase.RECOVERING: _FAILED,
    Phase.RESTARTING: _FAILED,
    Phase.HELD_UP: _BLOCKED,
    Phase.PROBING: _BLOCKED,
    Phase.RESET_PENDING: {"reason": Reason.PROFILE_LOCKED, "attempts": 1},
}


def status_in(phase: Phase) -> Status:
    """Give a status in `phase` that knows whatever may be known there."""
    return Status(phase, seq=7, since=NOW, **_KNOWN.get(phase, {}))
