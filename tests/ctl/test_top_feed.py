"""What `wadctl top` hears: on a socket of the test's own, by a clock that stands until it is moved."""

import json
import select
import socket

import pytest

from wad.ctl.exit_codes import NotRunningError
from wad.ctl.top.feed import PATIENCE, RETRY, Feed

VITALS = {
    part: {"pid": 7, "memoryBytes": 5, "memoryKind": "pss", "cpuSeconds": 1.0}
    for part in ("daemon", "browser")
}


class Wad:
    """What listens where wad does, and says what the test wants."""

    def __init__(self, path):
        self.path = path
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(path))
        self.listener.listen()
        self.connection = self.file = None

    def accept(self):
        """Take the connection that waits."""
        self.connection, _ = self.listener.accept()
        # A question that does not come is a failure, no wait for ever.
        self.connection.settimeout(20)
        # Unbuffered: what was read ahead could not be told from what was never sent.
        self.file = self.connection.makefile("rb", buffering=0)

    def asked(self, number):
        """Give the next questions."""
        lines = [json.loads(self.file.readline()) for _ in range(number)]
        assert {"2.0"} == {line["jsonrpc"] for line in lines}
        assert all(line["id"] == line["method"] for line in lines)
        return [line["method"] for line in lines]

    def idle(self):
        """Tell whether nothing more was asked."""
        return not select.select([self.connection], [], [], 0)[0]

    def say(self, *lines):
        """Write lines."""
        self.connection.sendall(b"".join(json.dumps(line).encode() + b"\n" for line in lines))

    def leave(self):
        """Go away, and leave the socket behind."""
        for each in (self.file, self.connection, self.listener):
            if each is not None:
                each.close()


def answer(verb, result):
    """Give an answer."""
    return {"jsonrpc": "2.0", "id": verb, "result": result}


def event(phase, reason=None, seq=1):
    """Give a change."""
    return {"jsonrpc": "2.0", "method": "status", "params": {"phase": phase, "reason": reason, "seq": seq}}


def story(*phases):
    """Give the answer to the question for the history."""
    return answer("history", {"transitions": [{"phase": phase} for phase in phases]})


class Clock:
    """A clock that stands."""

    def __init__(self):
        self.present = 100.0

    def __call__(self):
        return self.present


@pytest.fixture
def clock():
    """Give the feed's clock."""
    return Clock()


@pytest.fixture
def wad(folder):
    """Give what listens."""
    listening = Wad(folder / "c.sock")
    yield listening
    listening.leave()


@pytest.fixture
def feed(wad, clock):
    """Give a feed that has asked its first questions."""
    made = Feed(wad.path, 2.0, clock)
    made.open()
    wad.accept()
    assert ["watch", "history", "vitals"] == wad.asked(3)
    yield made
    made.close()


def told(wad, feed, *lines):
    """Let the feed hear these lines."""
    wad.say(*lines)
    feed.hear()


def test_answers_and_changes_in_any_order(wad, feed):
    """Each line goes where it belongs."""
    told(wad, feed, answer("vitals", VITALS), event("linked", seq=2), story("linked"))

    assert ("linked", 2) == (feed.status["phase"], feed.status["seq"])
    assert [{"phase": "linked"}] == feed.history
    assert VITALS == feed.vitals
    assert [5] == [each.memory for each in feed.browser.kept]


def test_a_line_in_pieces(wad, feed):
    """A line that has not come whole is waited for."""
    line = json.dumps(event("linked")).encode() + b"\n"
    wad.connection.sendall(line[:20])
    feed.hear()
    before = feed.status
    wad.connection.sendall(line[20:] + line[:5])
    feed.hear()

    assert (None, "linked") == (before, feed.status["phase"])


def test_the_history_follows(wad, feed):
    """After a change of phase or reason it is asked for again, and after no other."""
    told(wad, feed, answer("watch", event("linked")["params"]), story("linked"))
    told(wad, feed, event("linked", seq=2))
    told(wad, feed, event("recovering", "network_unreachable", seq=3))
    first = wad.asked(1)
    told(wad, feed, story("linked", "recovering"), event("recovering", "browser_hung", seq=4))

    assert ["history"] == first == wad.asked(1)
    assert 2 == len(feed.history)


def test_a_history_of_before(wad, feed):
    """A change while the history is on its way: one that is of the time before is not the last word."""
    told(wad, feed, answer("watch", event("linked")["params"]), event("recovering"), event("linked"))
    told(wad, feed, story("linked"))
    again = wad.asked(1)
    told(wad, feed, story("linked", "recovering", "linked"))
    told(wad, feed, event("linked", seq=9))

    assert ["history"] == again
    assert wad.idle()


def test_vitals_again_and_again(wad, feed, clock):
    """They are asked for at their interval, and not before the last question was answered."""
    told(wad, feed, answer("vitals", VITALS))
    for _ in range(3):
        clock.present += 2
        feed.tick()
    feed.tick()
    first, once = wad.asked(1), wad.idle()
    told(wad, feed, answer("vitals", VITALS))
    clock.present += 2
    feed.tick()

    assert once
    assert ["vitals"] == first == wad.asked(1)
    assert clock.present + 2 == feed.wake_at


def test_silence(wad, feed, clock):
    """A wad that does not answer is called silent after a while, until it answers."""
    quiet = [feed.silent]
    clock.present += PATIENCE + 0.1
    quiet.append(feed.silent)
    told(wad, feed, answer("vitals", VITALS), story(), answer("watch", event("linked")["params"]))

    assert [False, True, False] == [*quiet, feed.silent]


def test_an_older_wad(wad, feed):
    """One that does not know all verbs is shown without what it does not tell."""
    unknown = {"error": {"code": -32601, "message": "there is no such verb"}}
    told(wad, feed, unknown | {"id": "history"}, unknown | {"id": "vitals"}, event("linked"))

    assert (None, None, None, "linked") == (feed.history, feed.vitals, feed.away, feed.status["phase"])


def test_away_and_back(wad, feed, clock):
    """When wad has left nothing is known any more; it is looked for until it is there."""
    told(wad, feed, answer("vitals", VITALS), event("linked"))
    wad.leave()
    feed.hear()
    away = (feed.status, feed.vitals, list(feed.browser.kept), feed.fileno(), feed.wake_at)
    clock.present += RETRY
    feed.tick()
    gone = feed.away
    wad.path.unlink()
    back = Wad(wad.path)
    feed.tick()
    early = feed.fileno()
    clock.present += RETRY
    feed.tick()
    back.accept()

    assert (None, None, [], None, clock.present - RETRY) == away
    assert "wad is not running" in gone
    assert (None, None) == (early, feed.away)
    assert ["watch", "history", "vitals"] == back.asked(3)
    back.leave()


def test_turned_away(wad, feed, clock):
    """One that has no place for us says so, and is asked again later."""
    told(wad, feed, {"success": False, "error": "too many connections", "code": "too_many_connections"})

    assert ("too many connections", None, clock.present + RETRY) == (feed.away, feed.fileno(), feed.wake_at)


def test_not_there_to_begin_with(folder, clock):
    """Whoever opens it is told that there is no wad."""
    with pytest.raises(NotRunningError):
        Feed(folder / "none.sock", 2.0, clock).open()
