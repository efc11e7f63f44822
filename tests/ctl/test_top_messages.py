"""What `wadctl top` tells of messages: what waits and how webhooks stand, on any terminal."""

import itertools

import pytest
from test_top_view import NOW, SIZES, WIDE, known, text, vitals

from wad.ctl.top.columns import measure
from wad.ctl.top.lines import Size
from wad.ctl.top.messages import draw_messages
from wad.ctl.top.view import draw
from wad.reports.documents import timestamp


def hook(name="a", state="active", **facts):
    """Give a webhook's standing."""
    nothing = {"backlog": 0, "failedAttempts": 0, "lastStatus": None, "lastError": None, "deadLetters": 0}
    return {"name": name, "state": state, **nothing, **facts}


def drawn(outbox=None, hooks=(), size=WIDE):
    """Draw what is told of messages; give the lines as one text."""
    outbox = {"depth": 0, "oldestSeconds": None, "lastFailure": None} | (outbox or {})
    told = vitals() | {"outbox": outbox, "webhooks": list(hooks)}
    return [line.text for line in draw_messages(told, size, NOW)]


FAILED = {"code": "rejected", "at": timestamp(NOW)}


@pytest.mark.parametrize(
    ("outbox", "line"),
    [
        ({}, "outbox   0 waiting"),
        ({"depth": 7, "oldestSeconds": 300.4}, "outbox   7 waiting, the oldest for 5 min"),
        ({"lastFailure": FAILED}, "outbox   0 waiting, last failure 0 s ago (rejected)"),
        # wad's clock may be ahead of the terminal's
        (
            {"lastFailure": {"code": "expired", "at": "2100-01-01T00:00:00.000Z"}},
            "outbox   0 waiting, last failure 0 s ago (expired)",
        ),
    ],
)
def test_outbox(outbox, line):
    """How many wait, for how long the oldest has, and why the last one failed."""
    assert [line] == drawn(outbox)


def test_webhooks():
    """Each is told by its name; those that want somebody stand first, and what is wrong is said."""
    hooks = [
        hook("quiet"),
        hook("busy", backlog=4, lastStatus=200),
        hook("late", "retrying", backlog=9, lastStatus=503),
        hook("deaf", "retrying", backlog=9, lastStatus=500, lastError="timeout", deadLetters=2),
        hook("gone", "disabled", lastStatus=410, lastError="gone"),
        hook("lost", deadLetters=1),
    ]

    assert [
        "webhooks 6, 22 behind, 3 given up",
        "  gone   disabled  0 behind, last attempt: gone",
        "  deaf   retrying  9 behind, 2 given up, last attempt: timeout",
        "  lost   active    0 behind, 1 given up",
        "  late   retrying  9 behind, last attempt: 503",
        "  busy   active    4 behind",
        "  quiet  active    0 behind",
    ] == drawn(hooks=hooks)[1:]


def test_what_is_painted():
    """Red is what no waiting mends: one that is off, one that gave up, and a file that cannot be used."""
    hooks = [hook("a", "disabled"), hook("b", deadLetters=1), hook("c", "retrying"), hook("d")]
    told = vitals() | {"outbox": None, "webhooks": hooks}

    assert ["31", "1", "31", "31", "", ""] == [line.paint for line in draw_messages(told, WIDE, NOW)]


@pytest.mark.parametrize("rows", [5, 24, 60])
def test_many_webhooks(rows):
    """Fifty take a share of the rows; those that want somebody are among the shown, the others counted."""
    hooks = [hook(f"n{number}") for number in range(49)] + [hook("z", "disabled")]
    lines = drawn(hooks=hooks, size=Size(100, rows))[2:]

    assert lines[0].startswith("  z ")
    assert max(1, rows // 6) == len(lines) - 1
    assert f"  and {50 - len(lines) + 1} others" == lines[-1]


def test_everything_has_room():
    """On no terminal is a line too wide or are there too many, and the state stays."""
    names = ["a" * 63, "b", "张伟" * 20, "\x1b[2J"]
    hooks = [
        hook(name, state, backlog=10**6, deadLetters=10**6, lastError="certificate")
        for name, state in itertools.product(names, ["active", "retrying", "disabled"])
    ]
    told = known(vitals=vitals() | {"webhooks": hooks})
    for size in SIZES:
        lines = draw(told, size, NOW)

        assert max(measure(line.text) for line in lines) <= size.columns
        assert len(lines) <= size.rows
        assert "\x1b" not in "".join(line.text for line in lines)
        assert size.rows < 5 or size.columns < 20 or [1 for line in lines if line.text.startswith("ready")]


def test_names_are_told_apart_on_narrow_terminals():
    """A long name leaves room for how the webhook is."""
    lines = drawn(hooks=[hook("orders-of-the-shop-in-town"), hook("b")], size=Size(40, 24))

    assert ["  b              active    0 behind", "  orders-of-th…  active    0 behind"] == sorted(lines[2:])


@pytest.mark.parametrize("told", [None, {}, {"outbox": None}])
def test_an_older_wad(told):
    """One that tells nothing, or less, leaves no gap."""
    lines = draw_messages(told, WIDE, NOW)

    assert len(told or {}) == len(lines)
    assert "webhooks" not in text(known(vitals=vitals() | {"webhooks": []}))
