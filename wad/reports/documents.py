"""What the outside is told of the link: a status turned into the documents that frontends rely upon.

Rules of this file:

* Pure: the present, the daemon's identity and a code's picture are given in.
* Names, types and order of the keys are pinned; new keys are added at the end.
* A code is mentioned only if the caller says that it is live, and shown only as the picture given in.
* Whatever `redacted` does not blank may be seen by anybody who can reach the daemon.
"""

from datetime import UTC, datetime
from typing import Any

from wad.core.reasons import LINKED_STATES, REASONS, Reason, State
from wad.core.status import Account, Code, PairingCode, Phase, Status
from wad.core.values import dataclass
from wad.link.driver import BrowserInfo

Document = dict[str, Any]

# A start that has led to one of these is told as "initializing": the frontend shows a spinner and asks again.
# A machine too busy to have begun still shows STOPPED.
_INITIALIZING = frozenset({Phase.STOPPED, Phase.STARTING, Phase.LOADING, Phase.CONNECTING})
# What only a caller with the token may see.
_SECRETS = ("qrCode", "pairingCode", "accountInfo", "account")

NOT_READY = "WhatsApp client not ready"
DEGRADED = "Some services are not available (check whatsapp.ready)"
_TO_ENTER = f"{NOT_READY}: the pairing code waits to be entered on the phone"
_ENTERED = f"{NOT_READY}: the pairing code was entered on the phone, waiting for WhatsApp"
_SCANNED = f"{NOT_READY}: a phone has taken the code, waiting for WhatsApp"
_MESSAGES = {
    State.READY: "WhatsApp client is ready",
    State.QR: "QR code available, waiting for scan",
    State.AUTHENTICATED: "Authenticated, waiting for ready",
}


@dataclass(frozen=True, slots=True)
class Daemon:
    """Which daemon answers. `instance` is made anew at each start, so that viewers notice a restart."""

    instance: str
    version: str
    started: datetime
    sandbox: bool = False


def timestamp(moment: datetime) -> str:
    """Give a time as JavaScript's ``toISOString`` does: UTC, milliseconds, Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def live_code(status: Status, now: datetime) -> Code | None:
    """Give the code that may be shown now; one whose time is over is never shown, withdrawn or not."""
    return status.code if status.code is not None and status.code.expires_at > now else None


def live_pairing(status: Status, now: datetime) -> PairingCode | None:
    """Give the code to type that may be shown now."""
    return status.pairing if status.pairing is not None and status.pairing.expires_at > now else None


def message(status: Status, *, has_qr: bool) -> str:
    """Say in a sentence how the link is."""
    if status.phase is Phase.CONFIRMING:
        return _SCANNED
    if status.pairing is not None:
        return _ENTERED if status.pairing.entered else _TO_ENTER
    if status.state in _MESSAGES and (has_qr or status.state is not State.QR):
        return _MESSAGES[status.state]
    return f"{NOT_READY}: {REASONS[status.reason].sentence}" if status.reason else NOT_READY


def account_info(status: Status) -> Document | None:
    """Describe the linked account; None unless the link is ready."""
    account = status.account
    if account is None or status.state is not State.READY:
        return None
    return {
        "phoneNumber": account.wid,
        "name": account.name,
        "platform": account.platform,
        "profilePicUrl": account.picture,
        "isReady": True,
        "connectedAt": _connected_at(account),
    }


def _connected_at(account: Account) -> str | None:
    return timestamp(account.connected_at) if account.connected_at else None


def status_document(
    status: Status,
    daemon: Daemon,
    code: Code | None,
    picture: str | None,
    pairing: PairingCode | None = None,
) -> Document:
    """Tell the whole status; `code` and `pairing` are the live ones if there are any.

    `picture` is the code's data URL.
    """
    has_qr = code is not None
    return {
        "success": True,
        "status": status.state,
        "isReady": status.state is State.READY,
        "hasQr": has_qr,
        "qrCode": picture if has_qr else None,
        "currentState": status.state,
        "message": message(status, has_qr=has_qr),
        "accountInfo": account_info(status),
        "phase": status.phase,
        "reason": status.reason,
        "since": timestamp(status.since),
        "seq": status.seq,
        "instance": daemon.instance,
        "qrExpiresAt": timestamp(code.expires_at) if code else None,
        "pairingCode": pairing.text if pairing else None,
        "progress": status.progress,
        "sandbox": daemon.sandbox,
        "action": REASONS[status.reason].action if status.reason else None,
        "pairingCodeExpiresAt": timestamp(pairing.expires_at) if pairing else None,
        **_blockage(status),
    }


def _blockage(status: Status) -> Document:
    """Name what was refused, or when a ban ends; the keys are there only while that is the reason."""
    if status.reason is Reason.TEMPORARILY_BANNED:
        return {"blockedUntil": timestamp(status.until) if status.until else None}
    if status.reason is not Reason.HOSTS_BLOCKED:
        return {}
    known = status.blockage
    return {"blockedReason": known.cause if known else None, "blockedUrl": known.url if known else None}


def redacted(document: Document) -> Document:
    """Blank what only a caller with the token may see, and say so."""
    return _blanked(document) | {"authRequired": True}


def _blanked(document: Document) -> Document:
    """Blank the secrets at every level: health holds the account one level down."""
    return {key: None if key in _SECRETS else _below(value) for key, value in document.items()}


def _below(value: Any) -> Any:
    return _blanked(value) if isinstance(value, dict) else value


def health_document(
    status: Status, daemon: Daemon, browser: BrowserInfo, deaths: int, now: datetime
) -> Document:
    """Tell how the daemon and its parts are."""
    ready = status.state is State.READY
    return {
        "status": "ok" if ready else "degraded",
        "message": "All services operational" if ready else DEGRADED,
        "timestamp": timestamp(now),
        "uptime": round((now - daemon.started).total_seconds(), 3),
        "server": {
            "ready": True,
            "version": daemon.version,
            "environment": "sandbox" if daemon.sandbox else "production",
        },
        "whatsapp": _whatsapp(status),
        "browser": {"running": browser.running, "version": browser.version, "restarts": deaths},
        "database": {},
    }


def _whatsapp(status: Status) -> Document:
    return {
        "ready": status.state is State.READY,
        "connected": status.state in LINKED_STATES,
        "authenticated": status.linked,
        "status": status.state,
        "reason": status.reason,
        "reconnectAttempts": status.attempts,
        "accountInfo": account_info(status),
    }


def account_document(status: Status) -> Document:
    """Tell which account is linked."""
    account = account_info(status)
    return {"success": True, "account": account, "hasActiveAccount": account is not None}


def start_document(status: Status, code: Code | None) -> Document:
    """Tell what start has led to so far."""
    starting = status.phase in _INITIALIZING
    has_qr = code is not None
    return {
        "success": True,
        "status": "initializing" if starting else status.state,
        "message": "WhatsApp client is initializing" if starting else message(status, has_qr=has_qr),
        "currentState": status.state,
        "hasQr": has_qr,
        "accountInfo": account_info(status),
    }


def pair_document(status: Status) -> Document:
    """Tell that a code to type was asked for."""
    return _taken(status, "A pairing code is on its way; it appears as pairingCode in the status")


def pair_cancel_document(status: Status) -> Document:
    """Tell that the QR code was asked for again."""
    return _taken(status, "The QR code takes the pairing code's place")


def _taken(status: Status, sentence: str) -> Document:
    return {
        "success": True,
        "message": sentence,
        "status": status.state,
        "currentState": status.state,
    }


def stop_document(status: Status) -> Document:
    """Tell that a stop was taken."""
    return _taken(status, "WhatsApp client is stopped; the session is kept")


def reset_document(status: Status) -> Document:
    """Tell that a reset was taken."""
    return _forgotten(status, "The session is forgotten; a new code is on its way")


def logout_document(status: Status) -> Document:
    """Tell that a log-out was taken."""
    return _forgotten(status, "Logging out; then a new code is on its way")


def _forgotten(status: Status, sentence: str) -> Document:
    return {
        "success": True,
        "message": sentence,
        "requiresNewAuth": True,
        "currentState": status.state,
    }
