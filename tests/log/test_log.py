"""The log: its form, its lines for transitions, and what never gets into it."""

import io
import json
import logging
import re
from datetime import UTC, datetime, timedelta

import pytest
import structlog

from wad.core.events import (
    Authenticated,
    BrowserStarted,
    Failed,
    PageLoaded,
    QrIssued,
    QrWithdrawn,
    Ready,
    StartRequested,
    trouble,
)
from wad.core.reasons import Reason
from wad.core.status import Account, Code
from wad.link.session import Session
from wad.log.changes import log_change
from wad.log.setup import configure

SECRET = "2@secretsecret"
END = datetime(2026, 11, 23, 5, 10, tzinfo=UTC)


pytestmark = pytest.mark.usefixtures("restored_log")


class Terminal(io.StringIO):
    """A stream that calls itself a terminal."""

    def isatty(self):
        return True


def written(stream):
    """Give the lines as a reader's grep sees them: without time and level."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", stream.getvalue())
    return [re.sub(r"^\S+ \[\w+ *\] ", "", line) for line in plain.splitlines()]


def session_to(stream, form="console", level="info"):
    """Give a session whose changes are logged to `stream`."""
    configure(form, level, stream)
    session = Session()
    session.subscribe(log_change)
    return session


WAY = [
    StartRequested(),
    BrowserStarted(),
    PageLoaded(),
    QrIssued(Code(SECRET, END)),
    QrIssued(Code(SECRET + "2", END + timedelta(seconds=20))),
    Authenticated(),
    Authenticated(40),
    Ready(Account("15551234567", "Ann")),
    Failed(Reason.BROWSER_CRASHED),
]


def test_the_lines_of_a_whole_link():
    """Each transition and each milestone is one line, in the words the old server's readers grep for."""
    stream = io.StringIO()
    session = session_to(stream)
    for event in WAY:
        session.apply(event)

    expected = [
        "[WA] state=idle -> qr",
        "[WA] event=qr",
        "[WA] event=qr",
        "[WA] state=qr -> authenticated",
        "[WA] event=authenticated",
        "[WA] state=authenticated -> ready",
        "[WA] event=ready",
        "[WA] state=ready -> disconnected",
    ]
    actual = written(stream)

    assert len(expected) == len(actual)
    assert [] == [pair for pair in zip(expected, actual, strict=True) if not pair[1].startswith(pair[0])]


ERRORS = [
    (Reason.BROWSER_MISSING, "Chromium not found"),
    (Reason.PROFILE_LOCKED, "Session locked"),
    (Reason.STORAGE_FULL, "Permission denied"),
    (Reason.BROWSER_CRASHED, "Error initializing WhatsApp client"),
]


@pytest.mark.parametrize(("reason", "words"), ERRORS)
def test_the_old_servers_errors(reason, words):
    """A start that fails is told once in the old server's words."""
    stream = io.StringIO()
    session = session_to(stream)
    for event in (StartRequested(), trouble(reason)):
        session.apply(event)
    found = [line for line in written(stream) if line.startswith("[WA] Error initializing WhatsApp client")]

    assert 1 == len(found)
    assert words in found[0]


def test_a_lost_link_is_no_failed_start():
    """What ends a link that was up is no error of its start."""
    stream = io.StringIO()
    session = session_to(stream)
    for event in WAY:
        session.apply(event)

    assert "initializing" not in stream.getvalue()


@pytest.mark.parametrize("form", ["console", "json"])
def test_no_code_is_written(form):
    """No line of any level holds a code, nor a traceback through what holds one."""
    stream = io.StringIO()
    session = session_to(stream, form, "debug")
    for event in WAY:
        session.apply(event)
    log = structlog.get_logger("test")
    code = Code(SECRET, END)
    log.info("a_code", code=code, event_told=QrIssued(code))
    try:
        raise_with(code)
    except RuntimeError:
        log.exception("failed")

    assert "a defect" in stream.getvalue()
    assert SECRET not in stream.getvalue()


def raise_with(code):
    """Fail with a code among the variables."""
    text = code.text
    raise RuntimeError(f"a defect of {len(text)}")


def test_the_same_code_again():
    """A code that is merely seen again, and a phase in the same state, are no news."""
    stream = io.StringIO()
    session = session_to(stream)
    for event in (*WAY[:4], QrIssued(Code(SECRET, END + timedelta(seconds=1)))):
        session.apply(event)

    assert 2 == len(written(stream))


def test_a_reason_within_a_state():
    """Where only the reason changes that is told."""
    stream = io.StringIO()
    session = session_to(stream)
    for event in (*WAY, StartRequested(), Failed(Reason.BROWSER_HUNG)):
        session.apply(event)

    assert written(stream)[-2].startswith("reason_changed")
    assert "browser_hung" in written(stream)[-1]


def test_phases_only_on_request():
    """A phase within the same state is for those who look for a fault."""
    quiet, loud = io.StringIO(), io.StringIO()
    for stream, level in ((quiet, "info"), (loud, "debug")):
        session = session_to(stream, level=level)
        for event in (*WAY[:4], QrWithdrawn(), *WAY[:1]):
            session.apply(event)

    assert "phase_changed" not in quiet.getvalue()
    assert "phase_changed" in loud.getvalue()


def test_json():
    """Each line is one object whose first keys are the time, the level and the text; facts are keys of it."""
    stream = io.StringIO()
    session = session_to(stream, "json")
    for event in WAY[:4]:
        session.apply(event)
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]

    assert ["timestamp", "level", "event"] == [*lines[0]][:3]
    assert "[WA] state=idle -> qr" == lines[0]["event"]
    assert ("idle", "qr") == (lines[0]["state_from"], lines[0]["state_to"])
    assert END.isoformat() == lines[1]["expires_at"]


@pytest.mark.parametrize(("stream", "people"), [(Terminal(), True), (io.StringIO(), False)])
def test_auto(stream, people):
    """A terminal gets lines for people, everything else gets JSON."""
    configure("auto", "info", stream)
    structlog.get_logger("test").info("something")

    assert people == (not stream.getvalue().startswith("{"))


def test_level():
    """What is below the level is not written."""
    stream = io.StringIO()
    configure("console", "warning", stream)
    structlog.get_logger("test").info("less")
    structlog.get_logger("test").warning("more")

    assert ["more"] == [line.strip() for line in written(stream)]


@pytest.mark.parametrize(
    "error", [BrokenPipeError(), OSError(28, "No space left on device"), ValueError("closed")]
)
def test_a_stream_that_is_gone(error):
    """A dead reader or a full disk costs the line, not the daemon."""

    class Broken(io.StringIO):
        def write(self, _):
            raise error

    configure("json", "debug", Broken())
    structlog.get_logger("test").info("something")
    logging.getLogger("library").warning("something")


def test_a_closed_stream():
    """Nor does a stream that was closed at exit."""
    stream = io.StringIO()
    configure("json", "debug", stream)
    stream.close()
    structlog.get_logger("test").info("something")


def test_libraries():
    """What a library logs comes out in the same form; its small talk, which may hold codes, never."""
    stream = io.StringIO()
    configure("json", "debug", stream)
    library = logging.getLogger("some.library")
    library.info("sent %s", SECRET)
    library.warning("lost %d of %s", 3, "100%")
    try:
        raise KeyError("x")  # noqa: TRY301 - a library's
    except KeyError:
        library.exception("failed")
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]

    assert ["lost 3 of 100%", "failed"] == [line["event"] for line in lines]
    assert ["warning", "error"] == [line["level"] for line in lines]
    assert "KeyError" in lines[1]["exception"]


def test_a_level_of_a_librarys_own():
    """A level that only the library knows is no reason to lose the line."""
    stream = io.StringIO()
    configure("json", "debug", stream)
    logging.getLogger("some.library").log(35, "between")

    assert "between" in stream.getvalue()


def test_a_malformed_record():
    """A library whose record cannot be put together does no harm."""
    stream = io.StringIO()
    configure("json", "debug", stream)
    logging.getLogger("some.library").warning("%d", "not a number")

    assert stream.getvalue() == ""
