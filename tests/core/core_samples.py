"""Values the core's tests share: one sample of every event, and statuses as rich as their phase allows."""

from datetime import UTC, datetime, timedelta

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
from wad.core.reasons import Reason
from wad.core.status import Account, Blockage, Code, PairingCode, Phase, Status

NOW = datetime(2026, 11, 23, 5, 10, tzinfo=UTC)
LATER = NOW + timedelta(seconds=5)

CODE = Code("2@sample", NOW + timedelta(minutes=1))
PAIRING = PairingCode("ABCD1234", NOW + timedelta(minutes=3))
PHONE = "15551234567"
ACCOUNT = Account("15551234567", name="Ann", platform="android")
BLOCKAGE = Blockage("net::ERR_CONNECTION_RESET", "https://web.whatsapp.com/")

SAMPLES: dict[type[Event], Event] = {
    type(event): event
    for event in (
        StartRequested(),
        StopRequested(),
        ResetRequested(),
        LogoutRequested(),
        PairRequested("15557654321"),
        PairingCancelled(),
        BrowserStarted(),
        BrowserClosed(),
        ProfileCleared(),
        ProfileStuck(Reason.STORAGE_FULL),
        RetryDue(),
        QrLapsed(),
        QrExpired(),
        PairingDue(),
        PairingGranted(PairingCode("WXYZ6789", NOW + timedelta(minutes=4))),
        PairingRefused(),
        PairingLapsed(),
        Steady(),
        PageLoaded(),
        QrIssued(Code("2@another", NOW + timedelta(minutes=2))),
        QrWithdrawn(),
        QrSpent(),
        PairingCodeIssued(PairingCode("EFGH2345", NOW + timedelta(minutes=4))),
        PairingFailed(),
        Scanned(),
        Authenticated(40),
        Ready(ACCOUNT),
        ConnectionLost(),
        LoggedOut(),
        Failed(Reason.BROWSER_CRASHED),
        Blocked(Reason.HOSTS_BLOCKED, BLOCKAGE),
    )
}

_FAILED = {"reason": Reason.BROWSER_CRASHED, "attempts": 2, "phone": PHONE}
_BLOCKED = {"reason": Reason.HOSTS_BLOCKED, "blockage": BLOCKAGE, "attempts": 2}
_KNOWN = {
    Phase.STOPPED: {"reason": Reason.QR_EXPIRED},
    Phase.STOPPING: {"reason": Reason.QR_EXPIRED},
    Phase.STARTING: {"phone": PHONE},
    Phase.LOADING: {"phone": PHONE},
    Phase.CONNECTING: {"codes_since": NOW, "phone": PHONE, "reason": Reason.PAIRING_REFUSED},
    Phase.RENEWING: {"codes_since": NOW, "attempts": 1, "reason": Reason.PAIRING_REFUSED},
    Phase.WAITING_FOR_SCAN: {"code": CODE, "codes_since": NOW, "reason": Reason.PAIRING_REFUSED},
    Phase.PAIRING: {"phone": PHONE},
    Phase.WAITING_FOR_ENTRY: {"pairing": PAIRING},
    Phase.LOGGING_OUT: {"phone": PHONE},
    Phase.CONFIRMING: {"codes_since": NOW, "phone": PHONE},
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
    Phase.PROBING: {**_BLOCKED, "phone": PHONE},
    Phase.RESET_PENDING: {"reason": Reason.PROFILE_LOCKED, "attempts": 1},
}


def status_in(phase: Phase) -> Status:
    """Give a status in `phase` that knows whatever may be known there."""
    return Status(phase, seq=7, since=NOW, **_KNOWN.get(phase, {}))
