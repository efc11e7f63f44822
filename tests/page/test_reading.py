"""What the page says, and what it means."""

import json
import math
from datetime import UTC, datetime, timedelta

import pytest

from wad.core.errors import PageError
from wad.core.events import (
    Authenticated,
    Blocked,
    ConnectionLost,
    Failed,
    LoggedOut,
    PageLoaded,
    QrIssued,
    QrSpent,
    QrWithdrawn,
    Ready,
)
from wad.core.reasons import Reason
from wad.core.status import Account, Code
from wad.page.reading import MAX_CODE, MAX_REMAINING, Reading

NOW = datetime(2026, 11, 23, 5, 10, tzinfo=UTC)
CODE = "2@abc+/=,noise,identity,secret,1"
ACCOUNT = {"number": "15551234567", "name": "Ann", "platform": "android"}

# What `read.js` gives of a page that is loaded, not linked, and connecting.
CONNECTING = {
    "born": 1000.5,
    "serial": 1,
    "loaded": True,
    "registered": False,
    "socket": "OPENING",
    "mode": "QR",
    "synced": False,
    "needsUpdate": False,
    "code": None,
    "remaining": None,
    "account": None,
    "progress": None,
    "refused": False,
    "told": None,
}
SHOWING = {**CONNECTING, "socket": "UNPAIRED", "code": CODE, "remaining": 20_000}
SYNCING = {**CONNECTING, "registered": True, "socket": "CONNECTED", "mode": "SYNCING", "account": ACCOUNT}
LINKED = {**SYNCING, "synced": True, "mode": "MAIN"}
READY = Ready(Account("15551234567", "Ann", "android"))
ISSUED = QrIssued(Code(CODE, NOW + timedelta(seconds=20)))


def meaning(raw, *, was_registered=False):
    """Give the event for what the page said at NOW."""
    return Reading.parse(raw).meaning(was_registered=was_registered, now=NOW)


MEANINGS = {
    "linked, its stream cut for a moment": ({**LINKED, "up": True, "lost": False}, READY),
    "linked, its stream not there yet": ({**LINKED, "up": False}, Authenticated()),
    "linked, its connection lost": (
        {**LINKED, "socket": "OPENING", "up": False, "lost": True},
        ConnectionLost(),
    ),
    "linked, cut off by another": ({**LINKED, "up": False, "lost": True}, Failed(Reason.REPLACED)),
    "linked, logging out": ({**LINKED, "leaving": True}, None),
    "no network at the code": ({**CONNECTING, "offline": True}, ConnectionLost()),
    "nothing yet": ({**CONNECTING, "loaded": False, "registered": None, "socket": None}, None),
    "models elsewhere, a code": ({**SHOWING, "loaded": False, "registered": None, "socket": None}, ISSUED),
    "models elsewhere, a dead code": ({**CONNECTING, "loaded": False, "withdrawn": True}, QrWithdrawn()),
    "launched, no socket": ({**CONNECTING, "socket": "UNLAUNCHED"}, PageLoaded()),
    "no state": ({**CONNECTING, "socket": None}, PageLoaded()),
    "opening": (CONNECTING, QrWithdrawn()),
    "PAIRING is not scanned": ({**CONNECTING, "socket": "PAIRING"}, QrWithdrawn()),
    "an unknown state": ({**CONNECTING, "socket": "SOMETHING_NEW"}, QrWithdrawn()),
    "a code": (SHOWING, ISSUED),
    "the DOM lags behind": ({**SHOWING, "code": None, "remaining": None}, None),
    "a code without its time": ({**SHOWING, "remaining": None}, None),
    "a code at its end": ({**SHOWING, "remaining": 0}, None),
    "a code after its end": ({**SHOWING, "remaining": -1}, None),
    "an undefined ref": ({**SHOWING, "code": "undefined," + CODE}, None),
    "no code of WhatsApp's": ({**SHOWING, "code": "x" * (MAX_CODE + 1)}, None),
    "a code that is no text": ({**SHOWING, "code": ["2@"]}, None),
    "a code no QR can hold": ({**SHOWING, "code": "2@\ud800"}, None),
    "a code shown while the socket opens": ({**SHOWING, "socket": "OPENING"}, QrWithdrawn()),
    "spent": ({**CONNECTING, "socket": "UNPAIRED_IDLE"}, QrSpent()),
    "spent, the dead code still shown": ({**SHOWING, "socket": "UNPAIRED_IDLE"}, QrSpent()),
    "offline, not linked": ({**CONNECTING, "mode": "OFFLINE"}, ConnectionLost()),
    "offline, spent": ({**CONNECTING, "mode": "OFFLINE", "socket": "UNPAIRED_IDLE"}, ConnectionLost()),
    "syncing": (SYNCING, Authenticated()),
    "syncing, and how far": ({**SYNCING, "progress": 40}, Authenticated(40)),
    "progress beyond all": ({**SYNCING, "progress": 250.7}, Authenticated(100)),
    "progress below nothing": ({**SYNCING, "progress": -3}, Authenticated(0)),
    "progress that is none": ({**SYNCING, "progress": True}, Authenticated()),
    "linked": (LINKED, READY),
    "linked, no name": ({**LINKED, "account": {"number": "15551234567"}}, Ready(Account("15551234567"))),
    "linked, nobody": ({**LINKED, "account": None}, Authenticated()),
    "linked, an odd number": ({**LINKED, "account": {"number": "x"}}, Failed(Reason.INTERNAL_ERROR)),
    "synced, not in the main mode": ({**LINKED, "mode": "SYNCING"}, Authenticated()),
    "the main mode, not synced": ({**LINKED, "synced": False}, Authenticated()),
    "linked, offline": ({**LINKED, "mode": "OFFLINE"}, ConnectionLost()),
    "linked, an update is wanted": ({**LINKED, "needsUpdate": True}, READY),
    "not in step, an update is wanted": ({**SYNCING, "needsUpdate": True}, Blocked(Reason.UPDATE_REQUIRED)),
    "refused": ({**CONNECTING, "loaded": False, "refused": True}, Blocked(Reason.UNSUPPORTED_BROWSER)),
    "banned": ({**LINKED, "told": "ban"}, Blocked(Reason.TEMPORARILY_BANNED)),
    "unavailable": ({**CONNECTING, "told": "unavailable"}, Failed(Reason.SERVICE_UNAVAILABLE)),
    "storage": ({**CONNECTING, "told": "storage"}, Blocked(Reason.STORAGE_FULL)),
    "replaced": ({**LINKED, "told": "replaced"}, Failed(Reason.REPLACED)),
    "an unknown word": ({**LINKED, "told": "something"}, READY),
    "leaving": ({**LINKED, "told": "logout"}, LoggedOut()),
    "leaving for want of history": ({**SYNCING, "told": "history"}, LoggedOut(Reason.HISTORY_SYNC_TIMEOUT)),
    "left long before": ({**SHOWING, "told": "history"}, ISSUED),
    "CONFLICT": ({**LINKED, "socket": "CONFLICT"}, Failed(Reason.REPLACED)),
    "PROXYBLOCK": ({**CONNECTING, "socket": "PROXYBLOCK"}, Blocked(Reason.HOSTS_BLOCKED)),
    "TOS_BLOCK": ({**CONNECTING, "socket": "TOS_BLOCK"}, Blocked(Reason.TERMS_OF_SERVICE)),
    "SMB_TOS_BLOCK": ({**CONNECTING, "socket": "SMB_TOS_BLOCK"}, Blocked(Reason.TERMS_OF_SERVICE)),
    "DEPRECATED_VERSION": ({**CONNECTING, "mode": "DEPRECATED_VERSION"}, Blocked(Reason.UPDATE_REQUIRED)),
}


@pytest.mark.parametrize("name", MEANINGS)
def test_meaning(name):
    """Each state of the page means one event, or nothing yet."""
    raw, expected = MEANINGS[name]

    assert expected == meaning(raw)


@pytest.mark.parametrize("raw", [CONNECTING, SHOWING, {**CONNECTING, "mode": "OFFLINE"}])
def test_a_session_that_was_there(raw):
    """A page that was registered and no longer is has been logged out, whatever it shows now."""
    assert LoggedOut() == meaning(raw, was_registered=True)
    assert LoggedOut(Reason.HISTORY_SYNC_TIMEOUT) == meaning({**raw, "told": "history"}, was_registered=True)


def test_a_document_that_loads_is_no_logout():
    """Before its models are there a page says nothing about its session."""
    raw = {**CONNECTING, "loaded": False, "registered": None, "socket": None}

    assert meaning(raw, was_registered=True) is None


def test_an_incredible_life():
    """A code is not believed to live longer than any does."""
    issued = meaning({**SHOWING, "remaining": 1e300})

    assert NOW + timedelta(milliseconds=MAX_REMAINING) == issued.code.expires_at


NO_READINGS = {
    "empty": {},
    "no birth": {key: value for key, value in SHOWING.items() if key != "born"},
    "a birth in words": {**SHOWING, "born": "yesterday"},
    "no number": {**SHOWING, "born": math.nan},
    "born at no time": {**SHOWING, "born": math.inf},
    "an endless serial": {**SHOWING, "serial": math.inf},
    "a serial too large": {**SHOWING, "serial": 10**400},
    "a serial of nothing": {**SHOWING, "serial": None},
    "not said whether loaded": {key: value for key, value in SHOWING.items() if key != "loaded"},
    "not said whether registered": {key: value for key, value in SHOWING.items() if key != "registered"},
    "an account that is a text": {**SHOWING, "account": CODE},
    "an account that is a list": {**SHOWING, "account": [CODE]},
    "an endless progress": {**SYNCING, "progress": math.inf, "code": CODE},
    "a progress that is no number": {**SYNCING, "progress": math.nan, "code": CODE},
    "an endless life": {**SHOWING, "remaining": math.inf},
    "a life too large": {**SHOWING, "remaining": 10**400},
    "a code where the birth should be": {**SHOWING, "born": CODE},
    "a code where the serial should be": {**SHOWING, "serial": CODE},
}


@pytest.mark.parametrize("name", NO_READINGS)
def test_malformed(name):
    """What has not the form of a reading is refused, and the refusal quotes nothing of it."""
    with pytest.raises(PageError) as caught:
        Reading.parse(NO_READINGS[name])

    assert CODE not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("field", SHOWING)
@pytest.mark.parametrize("value", [None, True, 7, -1.5, "text", "", [], [1], {}, {"number": 5}])
def test_any_value_in_any_field(field, value):
    """Whatever a field holds, it is refused as a whole or means something; nothing else is raised."""
    try:
        meaning({**LINKED, field: value})
        meaning({**SHOWING, field: value}, was_registered=True)
    except PageError:
        return


def test_it_shows_no_code():
    """A reading that ends up in a log does not tell its code."""
    assert CODE not in repr(Reading.parse(SHOWING))


def test_order():
    """Later documents come after earlier ones, and in one document the serial decides."""
    readings = [(2000.0, 1), (1000.5, 7), (1000.5, 2), (2000.0, 3)]
    orders = [Reading.parse({**CONNECTING, "born": born, "serial": n}).order for born, n in readings]

    assert [(1000.5, 2), (1000.5, 7), (2000.0, 1), (2000.0, 3)] == sorted(orders)


def test_json_of_the_page():
    """What JSON makes of it and back means the same."""
    assert ISSUED == meaning(json.loads(json.dumps(SHOWING)))


def test_a_name_of_any_length():
    """Of a name that is longer than any of WhatsApp's the beginning is told."""
    told = meaning({**LINKED, "account": {**ACCOUNT, "name": "x" * 10_000}})

    assert "x" * 256 == told.account.name
