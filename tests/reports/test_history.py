"""The last changes, for people."""

from datetime import UTC, datetime, timedelta

from wad.core.events import (
    Authenticated,
    BrowserStarted,
    Failed,
    PageLoaded,
    QrIssued,
    Ready,
    StartRequested,
)
from wad.core.reasons import Reason
from wad.core.status import Account, Code
from wad.link.session import Session
from wad.reports.history import LENGTH, History

MORNING = datetime(2026, 11, 23, 5, 10, 0, 123000, tzinfo=UTC)


class Clock:
    """A clock that goes on by a second with each look."""

    def __init__(self):
        self.present = MORNING

    def __call__(self):
        self.present += timedelta(seconds=1)
        return self.present


def told(*events):
    """Give what is kept of these events."""
    session, history = Session(Clock()), History()
    session.subscribe(lambda change: history.note(change, MORNING))
    for event in events:
        session.apply(event)
    return history.document("i-1")["transitions"]


def test_what_is_kept():
    """Each change of phase or reason is kept, with the states before and after it, and when it was."""
    start = (StartRequested(), BrowserStarted(), Failed(Reason.BROWSER_CRASHED))

    assert [
        {"seq": 1, "from": "idle", "to": "idle", "phase": "starting", "reason": None},
        {"seq": 2, "from": "idle", "to": "idle", "phase": "loading", "reason": None},
        {"seq": 3, "from": "idle", "to": "disconnected", "phase": "recovering", "reason": "browser_crashed"},
    ] == [{key: value for key, value in each.items() if key != "at"} for each in told(*start)]
    assert {"2026-11-23T05:10:00.123Z"} == {each["at"] for each in told(*start)}


def test_what_is_not():
    """Another code, progress and an account's name are no steps, and no text of the page's is kept."""
    code = Code("2@one", MORNING + timedelta(minutes=1))
    events = [StartRequested(), BrowserStarted(), PageLoaded(), QrIssued(code)]
    further = [QrIssued(Code("2@two", MORNING + timedelta(minutes=2)))]
    linked = [
        Authenticated(1),
        Authenticated(2),
        Ready(Account("15551234567")),
        Ready(Account("15551234567", "Ann")),
    ]

    kept = told(*events, *further, *linked)

    assert ["starting", "loading", "connecting", "waiting_for_scan", "syncing", "linked"] == [
        each["phase"] for each in kept
    ]
    assert not {"2@", "1555", "Ann"} & {part for part in ("2@", "1555", "Ann") if part in str(kept)}


def test_it_does_not_grow():
    """Of more than a hundred the oldest are forgotten."""
    moves = [StartRequested(), BrowserStarted(), Failed(Reason.BROWSER_CRASHED)]
    again = [StartRequested(), Failed(Reason.BROWSER_HUNG)] * LENGTH

    kept = told(*moves, *again)

    assert len(kept) == LENGTH
    assert kept[-1]["reason"] == "browser_hung"
    assert [each["seq"] for each in kept] == sorted(each["seq"] for each in kept)
