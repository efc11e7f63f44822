"""The outbox as the doctor tells of it: what waits for long though it could go, and what WhatsApp has against it."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from doctor_harness import STATUS, lines, make_case, on_unix, the

from wad.core.failures import FAILURES, Failure
from wad.doctor.case import Told, WouldStartError
from wad.doctor.outbox import check_outbox

MIN, HOUR = 60, 3600


def checked(folder, outbox, *, ready=True, toml="", locked=None):
    """Check an outbox of which wad tells this."""
    case = make_case(folder, toml, told=Told(STATUS | {"isReady": ready}, "0.1.0"))
    answers = {
        "vitals": {"success": True, "outbox": outbox},
        "limits": {"success": True, "newChats": {"lockedSeconds": locked}},
    }
    case.socket.unlink(missing_ok=True)
    with on_unix(case.socket, lambda verb: json.dumps(answers[verb.strip()]).encode() + b"\n"):
        return list(check_outbox(case))


def waiting(depth=0, oldest=None, failure=None, ago=timedelta(minutes=5)):
    """Give an outbox."""
    at = (datetime.now(UTC) - ago).isoformat()
    told = {"code": failure, "at": at} if failure else None
    return {"depth": depth, "oldestSeconds": oldest, "lastFailure": told}


@pytest.mark.parametrize(
    ("outbox", "ready", "line"),
    [
        (waiting(), True, "ok: 0 waiting"),
        (waiting(), False, "ok: 0 waiting"),
        (waiting(3, 10.0 * MIN), True, "ok: 3 waiting, the oldest for 10 min"),
        (
            waiting(3, 5.0 * HOUR),
            False,
            "ok: 3 waiting, the oldest for 5 h: they go out once the link is ready",
        ),
        (waiting(3, 11.0 * MIN), True, "warn: 3 waiting, the oldest for 11 min, and the link is ready"),
        (waiting(3, 3.0 * HOUR), True, "fail: 3 waiting, the oldest for 3 h, and the link is ready"),
    ],
)
def test_waiting(folder, outbox, ready, line):
    """To wait for long is a fault only while it could go out."""
    assert [line] == lines(checked(folder, outbox, ready=ready))


@pytest.mark.parametrize("oldest", [11 * MIN, 3 * HOUR])
def test_what_to_do_about_a_stuck_one(folder, oldest):
    """Where to look, and the restart."""
    found = the(checked(folder, waiting(3, oldest)))

    assert ["wadctl outbox", "outbox_waits", "restart"] == [
        word for word in ("wadctl outbox", "outbox_waits", "restart") if word in found.action
    ]


def test_the_longest_that_is_well(folder):
    """As long as a full outbox for one chat takes at the configured pace, nothing is broken for sure."""
    pace = "[messages]\noutbox_limit = 2000\nchat_interval = 10\n"
    found = [the(checked(folder, waiting(3, oldest), toml=pace)) for oldest in (20_000.0, 20_001.0)]

    assert ["warn", "fail"] == [each.verdict for each in found]


def test_strangers_wait(folder):
    """While WhatsApp lets nobody write to strangers, what is for them waits, and nothing is stuck."""
    found = the(checked(folder, waiting(3, 20 * HOUR), locked=4 * HOUR))

    assert "warn" == found.verdict
    assert found.said.endswith("WhatsApp lets this account write to no stranger for another 4 h")
    assert FAILURES[Failure.REACHOUT_LOCKED].action == found.action


def test_no_limits(folder):
    """A wad that does not tell of limits is judged without."""
    case = make_case(folder, told=Told(STATUS, "0.1.0"))
    answer = {"success": True, "outbox": waiting(3, 3 * HOUR)}
    with on_unix(case.socket, lambda _: json.dumps(answer).encode() + b"\n"):
        assert "fail" == the(check_outbox(case)).verdict


def test_no_file(folder):
    """Where the file cannot be used nothing is accepted, and no emptiness is told."""
    found = the(checked(folder, None))

    assert ("fail", "wad cannot use the messages' file: nothing is accepted") == (found.verdict, found.said)
    assert "restart" in found.action


@pytest.mark.parametrize("failure", Failure)
def test_failures(folder, failure):
    """One that the next message would meet, too, is told with what to do; others are their messages' own."""
    first, *others = checked(folder, waiting(failure=failure))
    told = {Failure.PAGE_CHANGED, Failure.REACHOUT_LOCKED, Failure.NEW_CHAT_CAP}

    assert "ok" == first.verdict
    assert (failure in told) == bool(others)
    assert [("warn", FAILURES[failure].action)] * len(others) == [
        (each.verdict, each.action) for each in others
    ]
    assert all(f"5 min ago ({failure})" in each.said for each in others)


@pytest.mark.parametrize(
    ("failure", "ago"),
    [("page_changed", timedelta(days=1, minutes=1)), ("a_newer_wads", timedelta(minutes=1))],
)
def test_failures_that_are_not_told(folder, failure, ago):
    """An old one, and one that is not known here."""
    assert ["ok: 0 waiting"] == lines(checked(folder, waiting(failure=failure, ago=ago)))


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"success": True}, "this wad is too old to tell"),
        ({"success": False, "code": "unknown_command"}, "wad does not tell"),
        ({}, "wad does not tell"),
    ],
)
def test_not_told(folder, answer, said):
    """An older wad does not know, and what answers may be none."""
    case = make_case(folder, told=Told(STATUS, "0.1.0"))
    with on_unix(case.socket, lambda _: json.dumps(answer).encode() + b"\n"):
        assert [f"skipped: {said}"] == lines(check_outbox(case))


@pytest.mark.parametrize("error", [WouldStartError(), FileNotFoundError(), None])
def test_not_asked(folder, error):
    """Where wad does not run it is not asked: that would start it; nor is one that has left meanwhile."""
    told = Told(error=error) if error else Told(STATUS, "0.1.0")

    assert ["skipped: wad does not tell"] == lines(check_outbox(make_case(folder, told=told)))
