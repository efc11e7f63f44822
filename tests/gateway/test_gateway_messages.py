"""Which messages a change has: a table of cases, fed to the pure function."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from wad.core.events import ProfileCleared, ResetRequested, Steady
from wad.core.reasons import Reason
from wad.core.status import Account, Code, PairingCode, Phase, Status
from wad.link.session import Change
from wad.reports.documents import Daemon
from wad.web.gateway.event_names import FORGOTTEN
from wad.web.gateway.messages import messages, present

NOW = datetime(2026, 11, 23, 5, 10, 0, 123000, tzinfo=UTC)
WHEN = "2026-11-23T05:10:00.123Z"
DAEMON = Daemon("instance-1", "0.1.0", NOW)
CODE = Code("2@one", NOW + timedelta(seconds=60))
OTHER = Code("2@two", NOW + timedelta(seconds=80))
ACCOUNT = Account("15551234567", "Ann", "android", NOW)

IDLE = Status(since=NOW)
STARTING = replace(IDLE, phase=Phase.STARTING)
CONNECTING = replace(IDLE, phase=Phase.CONNECTING)
STOPPED = replace(IDLE, phase=Phase.STOPPED, reason=Reason.STOPPED)
STOPPING = replace(STOPPED, phase=Phase.STOPPING)
RESETTING = replace(IDLE, phase=Phase.RESETTING)
QR = replace(IDLE, phase=Phase.WAITING_FOR_SCAN, code=CODE)
PAIRING = replace(IDLE, phase=Phase.PAIRING)
TYPED = PairingCode("ABCD1234", NOW + timedelta(seconds=180))
ENTERING = replace(IDLE, phase=Phase.WAITING_FOR_ENTRY, pairing=TYPED)
NEXT_QR = replace(QR, code=OTHER)
CONFIRMING = replace(IDLE, phase=Phase.CONFIRMING)
SYNCING = replace(IDLE, phase=Phase.SYNCING, progress=10)
FURTHER = replace(SYNCING, progress=20)
LINKED = replace(IDLE, phase=Phase.LINKED, account=ACCOUNT)
RENAMED = replace(LINKED, account=replace(ACCOUNT, name="Anna"))
AWAY = replace(LINKED, phase=Phase.RECONNECTING, reason=Reason.NETWORK_UNREACHABLE)
CRASHED = replace(IDLE, phase=Phase.RECOVERING, reason=Reason.BROWSER_CRASHED, attempts=1)
AGAIN = replace(CRASHED, attempts=2)
RESTARTING = replace(CRASHED, phase=Phase.RESTARTING)
FORGETTING = replace(IDLE, phase=Phase.FORGETTING, reason=Reason.LOGGED_OUT)
BANNED = replace(IDLE, phase=Phase.HELD_UP, reason=Reason.TEMPORARILY_BANNED, attempts=1)
BLOCKED = replace(BANNED, reason=Reason.HOSTS_BLOCKED)

# Before, after, and the old names it is told under, each with its argument where that is not always the same.
CASES = {
    "starts": (IDLE, STARTING, []),
    "phase": (STARTING, CONNECTING, []),
    "first code": (CONNECTING, QR, ["connection-state", "qr"]),
    "next code": (QR, NEXT_QR, ["qr"]),
    "code withdrawn": (QR, CONNECTING, ["connection-state"]),
    "pairing": (QR, PAIRING, ["connection-state"]),
    "pairing code": (PAIRING, ENTERING, ["connection-state"]),
    "pairing refused": (PAIRING, replace(CONNECTING, reason=Reason.PAIRING_REFUSED), ["connection-state"]),
    "back at the code": (ENTERING, QR, ["connection-state", "qr"]),
    "entered": (ENTERING, SYNCING, ["connection-state"]),
    "scanned": (QR, CONFIRMING, ["connection-state"]),
    "sure of it": (CONFIRMING, SYNCING, ["connection-state"]),
    "scanned at once": (QR, SYNCING, ["connection-state"]),
    "progress": (SYNCING, FURTHER, []),
    "ready": (SYNCING, LINKED, ["connection-state", "account-connected", "ready"]),
    "renamed": (LINKED, RENAMED, ["account-connected"]),
    "out of step": (LINKED, SYNCING, ["connection-state"]),
    "lost": (LINKED, AWAY, ["connection-state", "disconnected", "account-disconnected"]),
    "mended": (AWAY, LINKED, ["connection-state", "account-connected", "ready"]),
    "not mended": (AWAY, CRASHED, ["connection-state"]),
    "crash": (LINKED, CRASHED, ["connection-state", "disconnected", "account-disconnected"]),
    "crash before the scan": (QR, CRASHED, ["connection-state", "disconnected"]),
    "crash again": (RESTARTING, AGAIN, ["connection-state"]),
    "restart": (CRASHED, RESTARTING, []),
    "stopped": (LINKED, STOPPING, ["connection-state", "disconnected", "account-disconnected"]),
    "stopped, unlinked": (QR, STOPPING, ["connection-state"]),
    "reset": (LINKED, RESETTING, ["connection-state", "disconnected", "account-disconnected"]),
    "new code at once": (LINKED, QR, ["connection-state", "qr", "disconnected", "account-disconnected"]),
    "logged out": (LINKED, FORGETTING, ["connection-state", "disconnected", "account-disconnected"]),
    "logged out while away": (AWAY, FORGETTING, ["connection-state"]),
    "session refused": (CONNECTING, FORGETTING, ["connection-state", "disconnected", "auth_failure"]),
    "scan refused": (
        SYNCING,
        FORGETTING,
        ["connection-state", "disconnected", "account-disconnected", "auth_failure"],
    ),
    "banned": (LINKED, BANNED, ["connection-state", "disconnected", "account-disconnected"]),
    "banned at once": (CONNECTING, BANNED, ["connection-state", "auth_failure"]),
    "hosts blocked": (CONNECTING, BLOCKED, ["connection-state"]),
    "no longer blocked": (BLOCKED, CRASHED, ["connection-state", "disconnected"]),
}


def told(before, after, event=None):
    """Give the messages, by name."""
    return {each.event: each for each in messages(Change(before, after, event or Steady()), DAEMON, NOW)}


@pytest.mark.parametrize(("before", "after", "old"), CASES.values(), ids=CASES)
def test_names(before, after, old):
    """Each change is told as a state, then as a code if that is new, then under the old names, in this order."""
    new = ["wa:state", "wa:qr"] if "qr" in old else ["wa:state"]
    new += ["wa:pairing-code"] if after is ENTERING else []

    assert new + old == list(told(before, after))


def test_state():
    """The state's argument holds the state, its reason, the time of telling, and no picture."""
    argument = told(LINKED, AWAY)["wa:state"].argument

    assert ("disconnected", "network_unreachable", WHEN) == tuple(argument.values())[:3]
    assert "qrCode" not in argument


def test_code():
    """No argument holds a code: the code is named beside it."""
    for name in ("wa:qr", "qr"):
        message = told(QR, NEXT_QR)[name]

        assert (None, OTHER) == (message.argument, message.code)
    assert CODE.text not in repr(messages(Change(CONNECTING, QR, Steady()), DAEMON, NOW))


def test_pairing_code():
    """The code to type is named beside its message, as the other is; in the state it stands with its end."""
    messages_told = told(PAIRING, ENTERING)

    assert (None, TYPED) == (
        messages_told["wa:pairing-code"].argument,
        messages_told["wa:pairing-code"].code,
    )
    assert ("qr", "waiting_for_entry", "ABCD1234", "2026-11-23T05:13:00.123Z") == tuple(
        messages_told["wa:state"].argument[key]
        for key in ("state", "phase", "pairingCode", "pairingCodeExpiresAt")
    )
    assert "wa:pairing-code" not in told(ENTERING, replace(ENTERING, attempts=1))


def test_pairing_code_of_before():
    """Whoever comes while a code waits to be typed is told it."""
    names = [each.event for each in present(ENTERING, DAEMON, NOW)]

    assert ["wa:state", "wa:pairing-code"] == names[:2]


def test_arguments():
    """The old names' arguments are what the old frontend reads."""
    lost = told(LINKED, CRASHED)

    assert "browser_crashed" == lost["disconnected"].argument
    assert {"reason": "browser_crashed"} == lost["account-disconnected"].argument
    assert {
        "state": "disconnected",
        "details": "WhatsApp client not ready: the browser died",
        "isReady": False,
        "reconnectAttempts": 1,
        "timestamp": WHEN,
    } == lost["connection-state"].argument
    assert "15551234567@c.us" == told(SYNCING, LINKED)["account-connected"].argument["phoneNumber"]
    assert told(SYNCING, LINKED)["ready"].argument is None
    assert "temporarily_banned" == told(CONNECTING, BANNED)["auth_failure"].argument


def test_asked_for():
    """An end that somebody asked for with reset or logout has a reason, too."""
    assert "logged_out" == told(LINKED, RESETTING, ResetRequested())["disconnected"].argument


@pytest.mark.parametrize(("before", "after"), [(RESETTING, STARTING), (FORGETTING, RESTARTING)])
def test_reset(before, after):
    """When the session has been forgotten, for whatever cause, that is told once."""
    assert {"message": FORGOTTEN} == told(before, after, ProfileCleared())["account-reset"].argument


PRESENT = {
    "idle": (IDLE, ["connection-state"]),
    "qr": (QR, ["connection-state", "qr"]),
    "authenticated": (SYNCING, ["connection-state"]),
    "ready": (LINKED, ["connection-state", "account-connected", "ready"]),
    "disconnected": (CRASHED, ["connection-state", "disconnected"]),
    "refused": (BANNED, ["connection-state", "auth_failure"]),
}


@pytest.mark.parametrize(("status", "old"), PRESENT.values(), ids=PRESENT)
def test_present(status, old):
    """Somebody who has just come is told what holds, under the new names and the old."""
    new = ["wa:state", "wa:qr"] if status.code else ["wa:state"]

    assert new + old == [each.event for each in present(status, DAEMON, NOW)]
