"""Events: what they refuse, and which of them reports a reason."""

from dataclasses import FrozenInstanceError, fields
from typing import get_args

import pytest
from core_samples import BLOCKAGE, SAMPLES

from wad.core.events import (
    Authenticated,
    Blocked,
    Command,
    ConnectionLost,
    Event,
    Failed,
    LoggedOut,
    PageEvent,
    ProfileStuck,
    QrExpired,
    StopRequested,
    trouble,
)
from wad.core.reasons import REASONS, Reason, Retry, State
from wad.core.transitions import FACTS

ALL_REASONS = pytest.mark.parametrize("reason", list(Reason))
ALL_EVENTS = pytest.mark.parametrize("event", SAMPLES.values(), ids=lambda event: type(event).__name__)
ENDS_SESSION = {
    Reason.LOGGED_OUT,
    Reason.HISTORY_SYNC_TIMEOUT,
    Reason.SYNC_FAILED,
    Reason.IDENTITY_CHANGED,
    Reason.ACCOUNT_LOCKED,
}


def test_one_closed_union():
    """Commands and page events are among the events."""
    assert {*get_args(Command), *get_args(PageEvent)} < set(get_args(Event))


@ALL_EVENTS
def test_events_are_frozen(event):
    """A fact does not change."""
    for field in fields(event):
        with pytest.raises(FrozenInstanceError):
            setattr(event, field.name, None)


@ALL_EVENTS
def test_fields_are_facts(event):
    """An event's fields bear the names of facts: there is nothing the machine would not know to place."""
    assert {field.name for field in fields(event)} <= frozenset().union(*FACTS.values())


@pytest.mark.parametrize("progress", [None, 0, 100])
def test_progress(progress):
    """Progress is told in per cent, or not at all."""
    assert progress == Authenticated(progress).progress


@pytest.mark.parametrize("progress", [-1, 101])
def test_progress_out_of_bounds(progress):
    """Less than nothing and more than all is refused."""
    with pytest.raises(ValueError, match="per cent"):
        Authenticated(progress)


@ALL_REASONS
def test_only_some_reasons_end_a_session(reason):
    """A session is thrown away for these two and no other."""
    if reason in ENDS_SESSION:
        assert reason is LoggedOut(reason).reason
    else:
        with pytest.raises(ValueError, match=reason):
            LoggedOut(reason)


@ALL_REASONS
def test_failures_are_what_wad_mends(reason):
    """A failure has a reason of the state disconnected that does not end the session."""
    row = REASONS[reason]
    if row.state is State.DISCONNECTED and row.retry is not Retry.AT_ONCE:
        assert reason is Failed(reason).reason
    else:
        with pytest.raises(ValueError, match=reason):
            Failed(reason)


@ALL_REASONS
def test_blockages_need_a_person(reason):
    """A blockage has a reason of the state blocked."""
    if REASONS[reason].state is State.BLOCKED:
        assert reason is Blocked(reason).reason
    else:
        with pytest.raises(ValueError, match=reason):
            Blocked(reason)


@ALL_REASONS
def test_what_keeps_a_profile(reason):
    """A profile cannot be cleared because somebody uses it, or because the disk refuses."""
    if reason in {Reason.PROFILE_LOCKED, Reason.STORAGE_FULL}:
        assert reason is ProfileStuck(reason).reason
    else:
        with pytest.raises(ValueError, match=reason):
            ProfileStuck(reason)


@ALL_REASONS
def test_trouble(reason):
    """The reason alone decides which event reports it."""
    state = REASONS[reason].state
    if state in {State.IDLE, State.QR}:
        with pytest.raises(ValueError, match=reason):
            trouble(reason)
    elif state is State.BLOCKED:
        assert Blocked(reason, BLOCKAGE) == trouble(reason, BLOCKAGE)
    elif reason in ENDS_SESSION:
        assert LoggedOut(reason) == trouble(reason)
    else:
        assert Failed(reason) == trouble(reason)


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (StopRequested(), Reason.STOPPED),
        (QrExpired(), Reason.QR_EXPIRED),
        (ConnectionLost(), Reason.NETWORK_UNREACHABLE),
        (LoggedOut(), Reason.LOGGED_OUT),
    ],
)
def test_usual_reasons(event, reason):
    """Events with an obvious reason need not be told it."""
    assert reason is event.reason
