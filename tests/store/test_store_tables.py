"""What is written to the tables of messages, and read from them."""

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wad.core.errors import IdempotencyError, OutboxFullError
from wad.core.failures import Failure
from wad.core.sending import Progress, Sending
from wad.store import addresses, cursors, event_log, outbox
from wad.store.event_log import Keeping
from wad.store.outbox import Draft
from wad.store.schema import migrate

NOW = 1_790_000_000.0
MANY = 1000


def draft(text="hello", ref=None, to="15551234567@c.us"):
    """Give a draft."""
    return Draft(to, {"text": text}, NOW + 60, ref)


def test_an_accepted_message_is_found_again(connection):
    """By its reference and by WhatsApp's key, as it was given."""
    row, new = outbox.accept(connection, draft("hello", "r1"), NOW, MANY)

    assert new
    assert row == outbox.by_reference(connection, "r1") == outbox.by_key(connection, row.key)
    assert (Progress.QUEUED, {"text": "hello"}) == (row.sending.progress, row.content)
    assert row.key.startswith("3EB0")
    assert len(row.key) == 22


def test_the_same_again_is_the_same_message(connection):
    """A repeated request gives the message that there is; another content under its name is a mistake."""
    first, _ = outbox.accept(connection, draft("hello", "r1"), NOW, MANY)
    again, new = outbox.accept(connection, draft("hello", "r1"), NOW + 5, MANY)

    assert (first, False) == (again, new)
    with pytest.raises(IdempotencyError):
        outbox.accept(connection, draft("bye", "r1"), NOW, MANY)
    with pytest.raises(IdempotencyError):
        outbox.accept(connection, draft("hello", "r1", "15557654321@c.us"), NOW, MANY)


def test_without_a_reference_each_is_its_own(connection):
    """Two messages that say the same are two."""
    rows = [outbox.accept(connection, draft(), NOW, MANY)[0] for _ in range(2)]

    assert rows[0].key != rows[1].key
    assert [row.position for row in rows] == [row.position for row in outbox.waiting(connection, "queued")]


def test_a_full_outbox(connection):
    """Beyond its bound nothing is taken, but what was taken is found; what has left makes place."""
    first, _ = outbox.accept(connection, draft(ref="r1"), NOW, 1)
    with pytest.raises(OutboxFullError):
        outbox.accept(connection, draft("more"), NOW, 1)
    again, _ = outbox.accept(connection, draft(ref="r1"), NOW, 1)
    outbox.record(connection, first.position, Sending(Progress.SENT, 1, tries=1), 1.0)
    outbox.accept(connection, draft("more"), NOW, 1)

    assert first == again
    assert (1, NOW) == outbox.depth(connection)


@pytest.mark.parametrize(
    "sending",
    [
        Sending(Progress.SENDING, tries=2),
        Sending(Progress.PLAYED, 4, tries=1),
        Sending(Progress.FAILED, 0, Failure.REACHOUT_LOCKED, 463, 1),
        Sending(Progress.CANCELLED),
    ],
)
def test_states_are_kept(connection, sending):
    """Whatever the step gave is read back."""
    row, _ = outbox.accept(connection, draft(), NOW, MANY)
    outbox.record(connection, row.position, sending, 1.0)

    assert sending == outbox.by_key(connection, row.key).sending


def test_texts_are_in_no_representation(connection):
    """Neither a draft nor a row shows what it says, or to whom, where it is printed."""
    row, _ = outbox.accept(connection, draft("a private text"), NOW, MANY)

    assert "private" not in f"{draft('a private text')!r}{row!r}"
    assert "1555" not in f"{draft()!r}{row!r}"


def test_numbers_of_events_have_no_holes(connection):
    """What was told before takes no number; what is undone gives its number back."""
    numbers = [event_log.append(connection, "message", {"n": n}, NOW, f"m{n % 3}") for n in range(6)]
    connection.execute("SAVEPOINT job")
    event_log.append(connection, "message", {}, NOW)
    connection.execute("ROLLBACK TO job")
    connection.execute("RELEASE job")
    last = event_log.append(connection, "message", {}, NOW)

    assert [1, 2, 3, None, None, None] == numbers
    assert last == 4


def test_numbers_are_never_given_twice(connection):
    """Not even when all that had them are deleted."""
    for _ in range(5):
        event_log.append(connection, "state", {}, NOW)
    gone = event_log.forget(connection, Keeping(age=1), NOW + 10)

    assert gone == 5
    assert (None, 5) == event_log.span(connection)
    assert event_log.append(connection, "state", {}, NOW) == 6


def test_events_are_read_in_order(connection):
    """Behind a number, of the wanted types, so many at the most."""
    for number in range(6):
        event_log.append(connection, ("message", "state")[number % 2], {"text": "ü", "n": number}, NOW)
    some = event_log.after(connection, 1, 2)
    states = event_log.after(connection, 0, MANY, ["state"])

    assert [2, 3] == [event.seq for event in some]
    assert [2, 4, 6] == [event.seq for event in states]
    assert {"text": "ü", "n": 1} == some[0].data
    assert "ü" not in repr(some[0])


@given(
    ages=st.lists(st.integers(0, 100), min_size=1, max_size=30),
    age=st.integers(1, 100),
    events=st.integers(0, 30),
    size=st.integers(0, 300),
    read_to=st.one_of(st.none(), st.integers(0, 30)),
)
def test_what_is_kept(ages, age, events, size, read_to):
    """The newest events within all bounds are kept, whole and without holes; none that is still to be read goes."""
    connection = event_log_file()
    moments = sorted(ages)
    for moment in moments:
        event_log.append(connection, "x", {}, NOW + moment)
    now = NOW + 100
    event_log.forget(connection, Keeping(age, events, size), now, read_to)
    kept = [event.seq for event in event_log.after(connection, 0, MANY)]
    connection.close()

    within = [
        seq
        for seq, moment in enumerate(moments, 1)
        if NOW + moment > now - age and len(moments) - seq < events and 2 * (len(moments) - seq + 1) <= size
    ]
    unread = [] if read_to is None else [seq for seq in range(1, len(moments) + 1) if seq > read_to]
    wanted = sorted({*within, *unread})
    assert wanted == kept
    assert kept == list(range(len(moments) - len(kept) + 1, len(moments) + 1))


def event_log_file():
    """Give a new file in memory, with the tables."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    migrate(connection)
    return connection


def test_ids_sort_as_they_were_made():
    """An id begins with its time."""
    ids = [event_log.make_id(NOW + moment) for moment in (0, 0.002, 1, 3600)]

    assert sorted(ids) == ids
    assert {30} == {len(each) for each in ids}
    assert len(set(ids)) == 4


def test_cursors_only_grow(connection):
    """But where somebody sets one back on purpose; the least of a kind is known."""
    for value in (3, 9, 5):
        cursors.advance(connection, "webhook:a", value)
    cursors.advance(connection, "webhook:b", 7)
    cursors.advance(connection, "page", 1)

    assert (9, 7) == (cursors.read(connection, "webhook:a"), cursors.least(connection, "webhook:"))
    cursors.set_back(connection, "webhook:a", 2)
    assert cursors.least(connection, "webhook:") == 2
    cursors.drop(connection, "webhook:a")
    assert (None, 7) == (cursors.read(connection, "webhook:a"), cursors.least(connection, "webhook:"))


def test_pairs_of_number_and_lid(connection):
    """Each is found by the other; the later word counts."""
    addresses.learn(connection, "1@c.us", "11@lid")
    addresses.learn(connection, "2@c.us", "22@lid")
    addresses.learn(connection, "1@c.us", "33@lid")
    addresses.learn(connection, "4@c.us", "22@lid")

    assert ("33@lid", "1@c.us") == (
        addresses.lid_of(connection, "1@c.us"),
        addresses.pn_of(connection, "33@lid"),
    )
    assert ("4@c.us", None) == (addresses.pn_of(connection, "22@lid"), addresses.lid_of(connection, "2@c.us"))
    assert addresses.pn_of(connection, "11@lid") is None
