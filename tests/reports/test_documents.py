"""The documents frontends rely upon: keys, order, types, sentences; and what they must never show."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from wad.core.reasons import REASONS, Reason, State
from wad.core.status import STATE_OF, Account, Blockage, Code, PairingCode, Phase, Status
from wad.link.driver import BrowserInfo
from wad.reports.documents import (
    Daemon,
    account_document,
    account_info,
    health_document,
    live_code,
    live_pairing,
    redacted,
    start_document,
    status_document,
    timestamp,
)
from wad.reports.failed_documents import failed, failed_account, failed_health, failed_status

NOON = datetime(2026, 11, 23, 12, 0, 0, 123456, tzinfo=UTC)
DAEMON = Daemon("i-1", "0.1.0", NOON - timedelta(seconds=90), sandbox=False)
CODE = Code("2@secret", NOON + timedelta(seconds=60))
ACCOUNT = Account("15551234567", "Ada", "android", NOON)
WAITING = Status(Phase.WAITING_FOR_SCAN, code=CODE, seq=17, since=NOON)
PAIRING = PairingCode("ABCD1234", NOON + timedelta(seconds=180))
ENTERING = Status(Phase.WAITING_FOR_ENTRY, pairing=PAIRING, seq=18, since=NOON)
LINKED = Status(Phase.LINKED, account=ACCOUNT, seq=20, since=NOON)
KEYS = [
    *("success", "status", "isReady", "hasQr", "qrCode", "currentState", "message", "accountInfo"),
    *("phase", "reason", "since", "seq", "instance", "qrExpiresAt", "pairingCode", "progress", "sandbox"),
]


def document(status, code=None, picture=None):
    """Render a status document."""
    return status_document(status, DAEMON, code, picture)


def test_status_keys():
    """The keys stand in the contract's order; what was added stands behind them."""
    assert list(document(WAITING, CODE, "data:"))[: len(KEYS)] == KEYS


def test_code_shown():
    """While a code is live the document holds its picture and its end."""
    shown = document(WAITING, CODE, "data:image/png;base64,AAAA")

    assert json.loads(json.dumps(shown)) == {
        "success": True,
        "status": "qr",
        "isReady": False,
        "hasQr": True,
        "qrCode": "data:image/png;base64,AAAA",
        "currentState": "qr",
        "message": "QR code available, waiting for scan",
        "accountInfo": None,
        "phase": "waiting_for_scan",
        "reason": None,
        "since": "2026-11-23T12:00:00.123Z",
        "seq": 17,
        "instance": "i-1",
        "qrExpiresAt": "2026-11-23T12:01:00.123Z",
        "pairingCode": None,
        "progress": None,
        "sandbox": False,
        "action": None,
        "pairingCodeExpiresAt": None,
    }


def test_pairing_code_shown():
    """A live code to type is told as it is, with its end; there is no QR code beside it, and nobody is told to scan."""
    shown = status_document(ENTERING, DAEMON, None, None, PAIRING)

    assert {
        "status": "qr",
        "hasQr": False,
        "qrCode": None,
        "qrExpiresAt": None,
        "pairingCode": "ABCD1234",
        "pairingCodeExpiresAt": "2026-11-23T12:03:00.123Z",
        "phase": "waiting_for_entry",
        "message": "WhatsApp client not ready: the pairing code waits to be entered on the phone",
    }.items() <= shown.items()


@pytest.mark.parametrize("blank", [redacted, failed])
def test_pairing_code_blanked(blank):
    """Who may not see codes, or is told of a failure, gets no code to type either."""
    shown = blank(status_document(ENTERING, DAEMON, None, None, PAIRING))

    assert shown["pairingCode"] is None
    assert "ABCD1234" not in json.dumps(shown)


@pytest.mark.parametrize(("seconds", "live"), [(179.9, True), (180, False), (181, False)])
def test_live_pairing(seconds, live):
    """A code to type is live before its end, not at it."""
    assert live == (live_pairing(ENTERING, NOON + timedelta(seconds=seconds)) is not None)


def test_code_over():
    """A picture is shown only of a live code, and without one nobody is told to scan."""
    shown = document(WAITING, None, "data:old")

    assert (
        shown["hasQr"],
        shown["qrCode"],
        shown["qrExpiresAt"],
        shown["message"],
    ) == (False, None, None, "WhatsApp client not ready")


@pytest.mark.parametrize(("seconds", "live"), [(59.9, True), (60, False), (61, False)])
def test_live_code(seconds, live):
    """A code is live before its end, not at it."""
    assert live == (live_code(WAITING, NOON + timedelta(seconds=seconds)) is not None)


@pytest.mark.parametrize("phase", Phase)
def test_every_phase(phase):
    """Every phase has a document that is JSON, with a boolean where the contract wants one."""
    shown = json.loads(json.dumps(document(Status(phase, since=NOON))))

    assert (STATE_OF[phase], STATE_OF[phase], phase) == (
        shown["status"],
        shown["currentState"],
        shown["phase"],
    )
    assert shown["isReady"] is (phase is Phase.LINKED)
    assert shown["hasQr"] is False


@pytest.mark.parametrize("reason", Reason)
def test_every_reason(reason):
    """Every reason is told with its sentence and with what to do."""
    phase = {State.IDLE: Phase.STOPPED, State.BLOCKED: Phase.HELD_UP}.get(
        REASONS[reason].state, Phase.RECOVERING
    )

    shown = document(Status(phase, reason, since=NOON))

    assert f"WhatsApp client not ready: {REASONS[reason].sentence}" == shown["message"]
    assert (reason.value, REASONS[reason].action) == (shown["reason"], shown["action"])


def test_blockage():
    """While hosts are blocked the document names what was refused; otherwise the keys are not there."""
    blockage = Blockage("ERR_CONNECTION_REFUSED", "https://web.whatsapp.com/")
    blocked = document(Status(Phase.HELD_UP, Reason.HOSTS_BLOCKED, blockage=blockage, since=NOON))

    assert (
        blocked["blockedReason"],
        blocked["blockedUrl"],
    ) == ("ERR_CONNECTION_REFUSED", "https://web.whatsapp.com/")
    assert "blockedReason" not in document(WAITING)


def test_end_of_a_ban():
    """While the account is banned the document says until when, or that nobody knows."""
    banned = Status(Phase.HELD_UP, Reason.TEMPORARILY_BANNED, since=NOON)

    assert document(replace(banned, until=NOON))["blockedUntil"] == timestamp(NOON)
    assert document(banned)["blockedUntil"] is None
    assert "blockedUntil" not in document(WAITING)


def test_code_that_was_entered():
    """Once the code was entered on the phone nobody is told to enter it."""
    status = Status(Phase.WAITING_FOR_ENTRY, pairing=PairingCode("ABCD2345", NOON), since=NOON)
    entered = replace(status, pairing=replace(status.pairing, entered=True))

    assert document(status)["message"].endswith("waits to be entered on the phone")
    assert document(entered)["message"].endswith("was entered on the phone, waiting for WhatsApp")


def test_messages():
    """Ready and authenticated have their own sentences."""
    assert document(LINKED)["message"] == "WhatsApp client is ready"
    assert document(Status(Phase.SYNCING, since=NOON))["message"] == "Authenticated, waiting for ready"


def test_account():
    """A linked account is described in the old server's words."""
    assert account_info(LINKED) == {
        "phoneNumber": "15551234567@c.us",
        "name": "Ada",
        "platform": "android",
        "profilePicUrl": None,
        "isReady": True,
        "connectedAt": "2026-11-23T12:00:00.123Z",
    }


def test_account_only_when_ready():
    """An account that is known while the page reconnects is not told as linked."""
    assert account_info(replace(LINKED, phase=Phase.RECONNECTING)) is None
    assert account_document(WAITING) == {"success": True, "account": None, "hasActiveAccount": False}
    assert account_document(LINKED)["hasActiveAccount"] is True


@pytest.mark.parametrize(
    "whole", [document(WAITING, CODE, "data:x"), document(LINKED), account_document(LINKED)]
)
def test_redacted(whole):
    """Without the token every secret is blank, the rest stays, and the caller is told why."""
    seen = redacted(whole)

    assert seen.pop("authRequired") is True
    assert list(whole) == list(seen)
    for key, value in seen.items():
        expected = None if key in ("qrCode", "pairingCode", "accountInfo", "account") else whole[key]
        assert expected == value


def test_redacted_health():
    """The account is blank in the health document too, one level down."""
    whole = health_document(LINKED, DAEMON, BrowserInfo(), 0, NOON)

    seen = redacted(whole)

    assert seen["whatsapp"]["accountInfo"] is None
    assert seen["authRequired"] is True
    assert whole["whatsapp"]["accountInfo"] is not None


def test_failed():
    """An internal failure is told as such, with the last known state, and shows nothing secret."""
    shown = failed(document(WAITING, CODE, "data:x"))

    assert tuple(
        shown[key]
        for key in (
            *("success", "status", "isReady", "hasQr", "qrCode", "currentState"),
            *("accountInfo", "qrExpiresAt"),
        )
    ) == (False, "error", False, False, None, "qr", None, None)


def test_failures_have_the_same_keys():
    """After a failure the same keys are told in the same order, of the same types, and nothing is ready."""
    status, health, account = (
        failed_status(LINKED, DAEMON),
        failed_health(LINKED, DAEMON, NOON),
        failed_account(),
    )

    assert [*document(LINKED), "error"] == list(status)
    assert list(health_document(LINKED, DAEMON, BrowserInfo(), 0, NOON)) == list(health)
    assert list(account_document(LINKED)) == list(account)
    assert (False, "degraded", False) == (status["isReady"], health["status"], health["whatsapp"]["ready"])
    assert "15551234567" not in json.dumps([status, health, account])


def test_health():
    """Health is ok exactly when the link is ready, and tells of the browser as well."""
    browser = BrowserInfo(running=True, version="Chromium 156", pid=7)
    shown = health_document(LINKED, DAEMON, browser, 2, NOON)

    assert {
        "status": "ok",
        "message": "All services operational",
        "timestamp": "2026-11-23T12:00:00.123Z",
        "uptime": 90.0,
        "server": {"ready": True, "version": "0.1.0", "environment": "production"},
        "whatsapp": {
            "ready": True,
            "connected": True,
            "authenticated": True,
            "status": "ready",
            "reason": None,
            "reconnectAttempts": 0,
            "accountInfo": account_info(LINKED),
        },
        "browser": {"running": True, "version": "Chromium 156", "restarts": 2},
        "database": {},
    } == shown


@pytest.mark.parametrize("phase", [phase for phase in Phase if phase is not Phase.LINKED])
def test_degraded(phase):
    """In every other phase health is degraded, in the sentence the old frontend compares with."""
    shown = health_document(Status(phase, since=NOON), DAEMON, BrowserInfo(), 0, NOON)

    assert shown["status"] == "degraded"
    assert shown["message"] == "Some services are not available (check whatsapp.ready)"


@pytest.mark.parametrize(
    ("phase", "told"),
    [
        (Phase.STOPPED, "initializing"),
        (Phase.STARTING, "initializing"),
        (Phase.LOADING, "initializing"),
        (Phase.CONNECTING, "initializing"),
        (Phase.SYNCING, "authenticated"),
        (Phase.LINKED, "ready"),
        (Phase.RESTARTING, "disconnected"),
        (Phase.PROBING, "blocked"),
    ],
)
def test_start(phase, told):
    """Start tells "initializing" while the browser comes up, else the state."""
    shown = start_document(Status(phase, since=NOON), None)

    assert (True, told, STATE_OF[phase], False) == (
        shown["success"],
        shown["status"],
        shown["currentState"],
        shown["hasQr"],
    )


def test_timestamp():
    """Times are told in UTC, with milliseconds and a Z, wherever they come from."""
    moscow = timezone(timedelta(hours=3))

    assert timestamp(datetime(2026, 11, 23, 8, tzinfo=moscow)) == "2026-11-23T05:00:00.000Z"
