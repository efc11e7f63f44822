"""The one holder of the status: who is told what, in which order, and who may wait for what."""

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from core_samples import ACCOUNT, CODE, NOW
from structlog.testing import capture_logs

from wad.core.errors import IllegalEventError
from wad.core.events import (
    Authenticated,
    BrowserStarted,
    Event,
    PageLoaded,
    QrIssued,
    Ready,
    StartRequested,
    StopRequested,
)
from wad.core.status import Phase, Status
from wad.link.session import Change, Session, utc_now


def ticking() -> Session:
    """Make a session whose clock goes on by a second with every look at it, beginning at NOW."""
    seconds = count()
    return Session(lambda: NOW + timedelta(seconds=next(seconds)))


def failing(_: Change) -> None:
    """Fail, as a subscriber with a defect would."""
    raise RuntimeError("a subscriber's own trouble")


def in_phase(phase: Phase):
    """Make the condition that the status is in `phase`."""
    return lambda status: status.phase is phase


async def told(session: Session, *events: Event) -> None:
    """Apply `events` all in one turn of the loop, once the others had theirs."""
    await asyncio.sleep(0)
    for event in events:
        session.apply(event)


def test_begins_stopped():
    """A new session is stopped, since its clock's present."""
    assert Status(since=NOW) == ticking().status


def test_stamps_by_its_clock():
    """Changes are stamped by the clock the session was given; the usual one is in UTC."""
    session = ticking()

    assert NOW + timedelta(seconds=1) == session.now()
    assert utc_now().tzinfo is UTC
    assert abs(Session().now() - datetime.now(UTC)) < timedelta(minutes=1)


def test_apply_gives_the_status_after_it():
    """What `apply` gives is the present from then on."""
    session = ticking()
    status = session.apply(StartRequested())

    assert status is session.status
    assert Phase.STARTING is status.phase


def test_change_tells_all():
    """A subscriber gets both statuses and the event between them."""
    session, changes = ticking(), []
    session.subscribe(changes.append)
    before = session.status
    after = session.apply(StartRequested())

    assert [Change(before, after, StartRequested())] == changes


def test_order_of_subscribers():
    """Subscribers are told in the order in which they came, and the status is the new one already."""
    session, calls = ticking(), []
    for name in "abc":
        session.subscribe(lambda change, name=name: calls.append((name, change.after is session.status)))
    session.apply(StartRequested())

    expected = [("a", True), ("b", True), ("c", True)]

    assert expected == calls


def test_nothing_changes_nothing_is_told():
    """An event that changes nothing is no news."""
    session, changes = ticking(), []
    session.apply(StartRequested())
    session.subscribe(changes.append)
    session.apply(StartRequested())

    assert changes == []


def test_illegal_event_is_not_told():
    """An event without a place raises, changes nothing, and nobody is told."""
    session, changes = ticking(), []
    session.subscribe(changes.append)
    before = session.status
    with pytest.raises(IllegalEventError):
        session.apply(PageLoaded())

    assert before is session.status
    assert changes == []


def test_failing_subscriber():
    """One that fails does not keep the next from being told; the log has its name and the traceback."""
    session, changes = ticking(), []
    session.subscribe(failing)
    session.subscribe(changes.append)
    expected = [
        {"event": "subscriber_failed", "subscriber": "failing", "log_level": "error", "exc_info": True}
    ]
    with capture_logs() as logs:
        session.apply(StartRequested())

    assert len(changes) == 1
    assert expected == logs


def test_failing_subscriber_is_told_again():
    """A failure is no reason to be forgotten: it may have been the change, not the subscriber."""
    session = ticking()
    session.subscribe(failing)
    with capture_logs() as logs:
        session.apply(StartRequested())
        session.apply(StopRequested())

    assert len(logs) == 2


def test_unsubscribe():
    """Whoever has unsubscribed is told nothing more; the others are, and a second time does no harm."""
    session, first, second = ticking(), [], []
    unsubscribe = session.subscribe(first.append)
    session.subscribe(second.append)
    session.apply(StartRequested())
    unsubscribe()
    unsubscribe()
    session.apply(StopRequested())

    assert len(first) == 1
    assert len(second) == 2


def test_unsubscribe_while_being_told():
    """Leaving in the midst of a change does not make the next one miss it."""
    session, calls = ticking(), []

    def once(_: Change) -> None:
        calls.append("once")
        leave()

    leave = session.subscribe(once)
    session.subscribe(lambda _: calls.append("next"))
    session.apply(StartRequested())
    session.apply(StopRequested())

    expected = ["once", "next", "next"]

    assert expected == calls


async def test_wait_for_the_present():
    """Where the condition holds already, nobody waits."""
    session = ticking()

    assert session.status is await session.wait_for(in_phase(Phase.STOPPED), within=0)


async def test_wait_for_sees_what_passes_quickly():
    """A status that is gone again in the same turn of the loop was there all the same."""
    session = ticking()
    events = [
        StartRequested(),
        BrowserStarted(),
        PageLoaded(),
        QrIssued(CODE),
        Authenticated(),
        Ready(ACCOUNT),
    ]
    teller = asyncio.create_task(told(session, *events))
    status = await session.wait_for(in_phase(Phase.WAITING_FOR_SCAN), within=5)
    await teller

    assert status.code is CODE
    assert Phase.LINKED is session.status.phase


async def test_wait_for_gives_the_first():
    """Of several statuses that fit, the first one is given."""
    session = ticking()
    teller = asyncio.create_task(told(session, StartRequested(), BrowserStarted()))
    status = await session.wait_for(lambda status: status.seq > 0, within=5)
    await teller

    assert status.seq == 1


async def test_wait_for_has_a_deadline():
    """Whoever waits for what does not come is told so, whatever else happens meanwhile."""
    session = ticking()
    teller = asyncio.create_task(told(session, StartRequested()))
    with pytest.raises(TimeoutError):
        await session.wait_for(in_phase(Phase.LINKED), within=0.01)
    await teller


async def test_wait_for_leaves_nothing_behind():
    """Neither a result, nor a deadline, nor a cancellation leaves a subscriber."""
    session = ticking()
    waiter = asyncio.create_task(session.wait_for(in_phase(Phase.LINKED), within=5))
    await asyncio.sleep(0)
    waiter.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiter
    with pytest.raises(TimeoutError):
        await session.wait_for(in_phase(Phase.LINKED), within=0)
    teller = asyncio.create_task(told(session, StartRequested()))
    await session.wait_for(in_phase(Phase.STARTING), within=5)
    await teller

    assert session._subscribers == {}
