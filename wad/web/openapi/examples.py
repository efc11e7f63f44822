"""What answers look like: made by the very functions that make them, from statuses that could be."""

from datetime import UTC, datetime, timedelta
from typing import Any

from wad.core.events import QrIssued
from wad.core.reasons import Reason
from wad.core.status import Account, Blockage, Code, PairingCode, Phase, Status
from wad.link.driver import BrowserInfo
from wad.link.session import Change
from wad.reports.documents import (
    Daemon,
    account_document,
    health_document,
    logout_document,
    pair_cancel_document,
    pair_document,
    redacted,
    reset_document,
    start_document,
    status_document,
    stop_document,
)
from wad.reports.history import History

_MORNING = datetime(2026, 11, 23, 5, 10, 0, 123000, tzinfo=UTC)
_DAEMON = Daemon("5f3c0a9e1d2b4c6f", "0.1.0", _MORNING - timedelta(hours=3))
_BROWSER = BrowserInfo(running=True, version="Chromium 156")
# A PNG's beginning; the whole of one has some thousand characters.
_PICTURE = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUg=="

_CODE = Code("2@example", _MORNING + timedelta(minutes=1))
_PAIRING = PairingCode("ABCD1234", _MORNING + timedelta(minutes=3))
_ACCOUNT = Account("15551234567", "Ada", "android", _MORNING)

_IDLE = Status(reason=Reason.STOPPED, seq=3, since=_MORNING)
_STARTING = Status(Phase.STARTING, seq=4, since=_MORNING)
_QR = Status(Phase.WAITING_FOR_SCAN, code=_CODE, seq=17, since=_MORNING)
_ENTRY = Status(Phase.WAITING_FOR_ENTRY, pairing=_PAIRING, seq=19, since=_MORNING)
_SYNCING = Status(Phase.SYNCING, account=_ACCOUNT, progress=40, seq=20, since=_MORNING)
_LINKED = Status(Phase.LINKED, account=_ACCOUNT, seq=21, since=_MORNING)
_BLOCKED = Status(
    Phase.HELD_UP,
    Reason.HOSTS_BLOCKED,
    blockage=Blockage("ERR_CONNECTION_REFUSED", "https://web.whatsapp.com/"),
    attempts=2,
    seq=23,
    since=_MORNING,
)


def _status(status: Status) -> dict[str, Any]:
    return status_document(status, _DAEMON, status.code, _PICTURE, status.pairing)


def _health(status: Status) -> dict[str, Any]:
    return health_document(status, _DAEMON, _BROWSER, 1, _MORNING)


def _history() -> dict[str, Any]:
    history = History()
    history.note(Change(_STARTING, _QR, QrIssued(_CODE)), _MORNING)
    return history.document(_DAEMON.instance)


# By the name of the answer, and then by their own.
EXAMPLES: dict[str, dict[str, Any]] = {
    "Status": {
        "code": _status(_QR),
        "codeToType": _status(_ENTRY),
        "loading": _status(_SYNCING),
        "linked": _status(_LINKED),
        "blocked": _status(_BLOCKED),
        "stopped": _status(_IDLE),
        "withoutToken": redacted(_status(_LINKED)),
    },
    "Health": {
        "linked": _health(_LINKED),
        "blocked": _health(_BLOCKED),
        "withoutToken": redacted(_health(_LINKED)),
    },
    "Account": {
        "linked": account_document(_LINKED),
        "nobody": account_document(_QR),
        "withoutToken": redacted(account_document(_LINKED)),
    },
    "History": {"code": _history()},
    "Started": {"idle": start_document(_STARTING, None), "code": start_document(_QR, _CODE)},
    "Stopped": {"done": stop_document(_IDLE)},
    "Reset": {"done": reset_document(_STARTING)},
    "LoggedOut": {"done": logout_document(_STARTING)},
    "Pairing": {"done": pair_document(_QR)},
    "PairingCancelled": {"done": pair_cancel_document(_ENTRY)},
    "Alive": {"done": {"success": True, "status": "alive"}},
    "Ready": {"done": {"success": True, "status": "ready"}},
    "Pressed": {"scan": {"success": True, "device": "15551234567:1@c.us"}},
}
