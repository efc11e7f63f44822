"""The picture of `wadctl top`: what stands on it, and that it has room on every terminal."""

import itertools
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from control_harness import MESSAGES

from wad.core.reasons import REASONS, Reason, State
from wad.core.status import Account, Blockage, Code, PairingCode, Phase, Status
from wad.ctl.socket_path import Place
from wad.ctl.top.columns import measure
from wad.ctl.top.lines import Size, span
from wad.ctl.top.samples import Sample, Samples
from wad.ctl.top.view import Known, draw
from wad.reports.documents import Daemon, status_document, timestamp

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
WHO = Daemon("i-1", "0.1.0", NOW, sandbox=True)
CODE = Code("2@a-secret", NOW + timedelta(seconds=42))
PAIRING = PairingCode("ABCD1234", NOW + timedelta(seconds=170))
ANN = Account("15551234567", "Ann \x1b[2J 张伟 é", "android", NOW)
BLOCKAGE = Blockage("net::ERR_CONNECTION_RESET", "https://web.whatsapp.com/")
WIDE = Size(200, 60)
SIZES = [Size(*each) for each in itertools.product((0, 1, 5, 20, 60, 100, 200), (1, 2, 5, 20, 60))]


def status(phase=Phase.LINKED, reason=None, **facts):
    """Give the document of a status, as a watcher hears it."""
    present = Status(phase, reason, account=ANN, seq=7, since=NOW - timedelta(minutes=5), **facts)
    code = CODE if phase is Phase.WAITING_FOR_SCAN else None
    pairing = PAIRING if phase is Phase.WAITING_FOR_ENTRY else None
    document = status_document(present, WHO, code, None, pairing)
    del document["qrCode"]
    return json.loads(json.dumps(document))


def transitions(number=3, reason=None):
    """Give a history that ends a minute ago."""
    return [
        {
            "seq": index,
            "at": timestamp(NOW - timedelta(minutes=number - index)),
            "from": "idle",
            "to": "disconnected",
            "phase": "waiting_for_entry",
            "reason": reason,
        }
        for index in range(number)
    ]


def vitals(**parts):
    """Give vitals in which these are otherwise."""
    part = {"pid": 7, "version": "156.0.1.2", "uptime": 5000.0, "memoryKind": "pss"}
    part |= {"memoryBytes": 200 * 2**20, "cpuSeconds": 61.52}
    told = {
        "success": True,
        "instance": "i-1",
        "daemon": part | {"tasks": 1},
        "browser": part | {"running": True, "restarts": 1, "processes": 9},
        "viewers": 2,
        "heartbeats": {"answered": 40, "missed": 2},
        "attempts": 0,
        **MESSAGES,
    }
    return {name: told[name] | parts[name] if name in parts else told[name] for name in told}


def text(known, size=WIDE):
    """Draw, and give the lines as one text."""
    return "\n".join(line.text for line in draw(known, size, NOW))


def known(**parts):
    """Give something of everything, but for these."""
    samples = [Sample(2e8, None), Sample(1e8, 50.0), Sample(None, 3.0)]
    whole = {"status": status(), "history": transitions(), "vitals": vitals()}
    return Known(
        Place(Path("/run/wad/control.sock")), **{**whole, "browser": samples, "daemon": samples, **parts}
    )


@pytest.mark.parametrize("phase", Phase)
def test_everything_has_room(phase):
    """Whatever is told, on no terminal is a line too wide, or are there too many."""
    for reason in [None, *Reason]:
        blockage = BLOCKAGE if reason is Reason.HOSTS_BLOCKED else None
        present = status(phase, reason, blockage=blockage, progress=40)
        told = known(status=present, history=transitions(100, reason))
        for size in SIZES:
            lines = draw(told, size, NOW)

            assert max(measure(line.text) for line in lines) <= size.columns
            assert len(lines) <= size.rows


@pytest.mark.parametrize("silent", [False, True])
@pytest.mark.parametrize("phase", Phase)
def test_the_state_is_always_there(phase, silent):
    """However small the terminal is, the state stands on it."""
    for reason, columns in itertools.product([None, *Reason], range(20, 201, 20)):
        present = status(phase, reason)
        shown = text(known(status=present, silent=silent, live=True), Size(columns, 5)).splitlines()

        assert [line for line in shown if line.startswith(present["currentState"])]


@pytest.mark.parametrize("phase", Phase)
def test_a_reason_is_told(phase):
    """Its name, its sentence and what to do are there; without one, none is."""
    for reason in [None, *Reason]:
        shown = text(known(status=status(phase, reason), history=()))
        said = [reason, REASONS[reason].sentence, REASONS[reason].action] if reason else []

        assert [] == [each for each in said if each and each not in shown]
        assert (reason is not None) == ("  reason: " in shown)


@pytest.mark.parametrize("phase", Phase)
def test_no_code(phase):
    """A code is announced and counted down, never shown."""
    shown = text(known(status=status(phase)))
    left = {Phase.WAITING_FOR_SCAN: "the code: 42 s", Phase.WAITING_FOR_ENTRY: "the code: 2 min"}.get(phase)

    assert not [secret for secret in ("2@a", "ABCD", "1234\n") if secret in shown]
    assert ("time left" in shown) == (left is not None)
    assert left is None or left in shown


def test_the_dead_code():
    """A code whose time is over has no time left, not less."""
    over = draw(known(status=status(Phase.WAITING_FOR_SCAN)), WIDE, NOW + timedelta(minutes=5))

    assert "  time left for the code: 0 s" in [line.text for line in over]


def test_history():
    """The newest is first, and each says for how long it was so."""
    lines = text(known(history=transitions(3, "network_unreachable"))).splitlines()
    first = lines.index("history")
    told = [line.split()[1:] for line in lines[first + 1 : first + 4]]
    row = ["60", "s", "disconnected", "waiting", "for", "entry,", "network_unreachable"]

    assert [row] * 3 == told
    assert sorted(lines[first + 1 : first + 4], reverse=True) == lines[first + 1 : first + 4]
    assert "" == lines[first + 4]


def test_days():
    """Where the history begins on another day, all its lines have the date."""
    days = [NOW - timedelta(days=ago) for ago in (2, 1, 0)]
    told = [each | {"at": timestamp(at)} for each, at in zip(transitions(), days, strict=True)]
    lines = [line for line in text(known(history=told)).splitlines() if "disconnected" in line]

    assert [f"  {at.astimezone():%m-%d %H:%M:%S}  " for at in reversed(days)] == [each[:18] for each in lines]
    assert ["    0 s  disc", "   24 h  disc", "   24 h  disc"] == [each[18:31] for each in lines]


@pytest.mark.parametrize("rows", range(1, 40))
def test_short_terminals(rows):
    """The history gives way first, then what wad takes, from below; how the link is stays."""
    told = vitals() | {"webhooks": []}
    size = Size(200, rows)
    bare = [line.text for line in draw(known(vitals=told, history=()), WIDE, NOW)]
    shown = [line.text for line in draw(known(vitals=told, history=transitions(30)), size, NOW)]
    listed = [line for line in shown if "disconnected" in line]

    assert 13 == len(bare)
    assert max(0, rows - 15) == len(listed)
    assert bare[:5][:rows] == shown[:5]
    assert bare[6:][: max(0, rows - 6)] == shown[6 + (len(listed) + 2 if listed else 0) :]


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (
            {"away": "wad is not running (x)", "status": None, "vitals": None},
            ["wad is not running (x)", "look"],
        ),
        ({"status": None, "vitals": None, "history": ()}, ["wad has not answered yet"]),
        ({"silent": True}, ["wad does not answer", "linked as"]),
        ({"vitals": None}, ["linked as", "history"]),
        ({"vitals": vitals(browser={"running": False})}, ["browser  not running, 1 death"]),
        ({"vitals": vitals(browser={"memoryKind": "rss"})}, ["200 MiB (rss)"]),
        ({"vitals": vitals() | {"attempts": 3}}, ["last steady: 3"]),
        (
            {},
            [
                "browser  156.0.1.2, up 83 min, 1 death, 9 processes, pid 7",
                "wad      156.0.1.2, up 83 min, 2 viewers, 42 heartbeats, 2 missed, 1 task, pid 7",
                "cpu        3.0 %",
            ],
        ),
        ({"browser": (), "daemon": ()}, ["cpu       61.5 s"]),
    ],
)
def test_words(parts, words):
    """What is known is told; what is not leaves no gap."""
    shown = text(known(**parts))

    assert words == [word for word in words if word in shown]
    assert "None" not in shown


def test_nothing_known_of_the_kernel():
    """Where the kernel told nothing there are dashes."""
    nothing = {"uptime": None, "memoryBytes": None, "memoryKind": None, "cpuSeconds": None}
    blind = vitals(daemon=nothing, browser=nothing | {"processes": None})
    shown = text(known(vitals=blind, browser=[Sample(None, None)], daemon=()))

    assert "up -, 1 death, - processes, pid 7" in shown
    assert 2 == shown.count("memory         -")
    assert 2 == shown.count("cpu            -")


def test_colours():
    """The link is painted as its state is elsewhere; of what is wrong with wad itself it is said in red."""
    of = {
        state: draw(known(status=status(phase)), WIDE, NOW)[2].paint
        for phase, state in ((Phase.LINKED, State.READY), (Phase.STOPPED, State.IDLE))
    }

    assert {State.READY: "1;32", State.IDLE: "1"} == of
    assert "31" == draw(known(away="gone", status=None), WIDE, NOW)[2].paint


@pytest.mark.parametrize("live", [False, True])
def test_the_way_out(live):
    """Where somebody may leave, it is said how."""
    assert live == ("q leaves" in text(known(live=live)).splitlines()[0])


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (None, "-"),
        (0, "0 s"),
        (119.9, "119 s"),
        (120, "2 min"),
        (7199, "119 min"),
        (7200, "2 h"),
        (172799, "47 h"),
        (172800, "2 d"),
        (8640000, "100 d"),
    ],
)
def test_span(seconds, shown):
    """A span is told in the unit that says enough."""
    assert shown == span(seconds)


def test_samples():
    """The processor's share is of one process between two readings; another one begins anew."""
    samples = Samples("browser")
    readings = [
        (10.0, 7, 1.0),
        (12.0, 7, 2.0),
        (12.0, 7, 2.0),
        (14.0, 7, None),
        (16.0, 7, 5.0),
        (18.0, 8, 9.0),
    ]
    for at, pid, spent in [*readings, (20.0, 8, 8.0)]:
        samples.take(vitals(browser={"pid": pid, "cpuSeconds": spent, "memoryBytes": 5}), at)

    assert [None, 50.0, None, None, None, None, 0.0] == [each.cpu for each in samples.kept]
    assert {5} == {each.memory for each in samples.kept}
