"""docs/log.md: its catalogue is held to the source, and its examples to what is written."""

import io
import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
import structlog
from docs_logcalls import events_in

from wad.core.events import BrowserStarted, PageLoaded, QrIssued, StartRequested
from wad.core.status import Code
from wad.link.session import Session
from wad.log.changes import log_change
from wad.log.journal import encode, entry
from wad.log.setup import configure

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/log.md").read_text(encoding="utf-8")
END = datetime(2026, 11, 23, 9, 18, 14, tzinfo=UTC)


def rows():
    """Give the catalogue's rows: event, level, facts, meaning, what to do."""
    lines = re.findall(r"^\| (`.*) \|$", TEXT.partition("## The events")[2], re.MULTILINE)
    return [re.split(r" ?\| ?", line) for line in lines]


def named(cell):
    """Give the names in a cell of the table."""
    return re.findall(r"`(.+?)`", cell)


@pytest.fixture(scope="module")
def events():
    """Give all events of the source."""
    return events_in(ROOT / "wad")


def test_every_event_is_described_once(events):
    """The catalogue names each event of the source, and none that is gone."""
    actual = [name for row in rows() for name in named(row[0])]

    assert sorted(events) == sorted(actual)


def test_levels_are_right(events):
    """The catalogue tells each event's level, or all of them where there are more."""
    actual = {named(row[0])[0]: set(row[1].split(", ")) for row in rows()}

    assert {name: event.levels for name, event in events.items()} == actual


def test_facts_are_right(events):
    """The catalogue tells each event's facts."""
    actual = {named(row[0])[0]: set(named(row[2])) for row in rows()}

    assert {name: event.facts for name, event in events.items()} == actual


def test_each_event_has_a_meaning_and_an_action():
    """No row leaves open what an event means or what is to be done; actions are sentences."""
    unclear = [
        row[0] for row in rows() if len(row) != 5 or not row[3] or not re.fullmatch(r"[A-Z].*\.", row[4])
    ]

    assert [] == unclear


def test_the_source_is_read_in_full(tmp_path):
    """Each way in which wad logs is found: a level, a local text, a table, a method handed on, facts apart."""
    (tmp_path / "module.py").write_text(
        "TABLE = {1: 'row one', 2: 'row two'}\n"
        "def first(change):\n"
        "    facts = {'known': 1}\n"
        "    line = f'from {change} on'\n"
        "    log.warning(line, more=2, **facts)\n"
        "    write = log.info if change else log.debug\n"
        "    write(TABLE[change])\n"
        "def second():\n"
        "    structlog.get_logger(__name__).exception('broken')\n"
        "    _log.error('raised', exc_info=True)\n"
    )
    actual = {name: (event.levels, event.facts) for name, event in events_in(tmp_path).items()}

    expected = {
        "from … on": ({"warning"}, {"known", "more"}),
        "row one": ({"info", "debug"}, set()),
        "row two": ({"info", "debug"}, set()),
        "broken": ({"error"}, {"exception"}),
        "raised": ({"error"}, {"exception"}),
    }
    assert expected == actual


def test_a_line_that_cannot_be_told_is_an_error(tmp_path):
    """An event made up elsewhere would be missing from the catalogue: it is pointed at."""
    (tmp_path / "module.py").write_text("def first(given):\n    log.info(given)\n")

    with pytest.raises(AssertionError, match=r"module\.py:2"):
        events_in(tmp_path)


# The examples.


def example(form):
    """Give the lines of one form's example."""
    return re.findall(rf"<!-- test: {form} -->\n```\w*\n(.*?)```", TEXT, re.DOTALL)[0].splitlines()


def until_a_code():
    """Log what the examples show."""
    session = Session()
    session.subscribe(log_change)
    structlog.get_logger().info("browser_started", pid=4711, version="156.0")
    for event in (StartRequested(), BrowserStarted(), PageLoaded(), QrIssued(Code("2@x", END))):
        session.apply(event)


def without_time(line):
    """Give a line as words, without the time and what only aligns."""
    return line.split()[1:]


@pytest.mark.usefixtures("restored_log")
def test_the_terminals_example():
    """A terminal shows what the example shows."""
    stream = io.StringIO()
    configure("console", "info", stream)
    until_a_code()
    actual = [without_time(line) for line in stream.getvalue().splitlines()]

    assert [without_time(line) for line in example("console")] == actual


@pytest.mark.usefixtures("restored_log")
def test_the_programs_example():
    """JSON looks as the example does, in the same order of keys."""
    stream = io.StringIO()
    configure("json", "info", stream)
    until_a_code()
    expected, actual = (
        [[*json.loads(line).items()][1:] for line in lines]
        for lines in (example("json"), stream.getvalue().splitlines())
    )

    assert expected == actual


@pytest.mark.usefixtures("restored_log")
def test_the_journals_example():
    """An entry has the fields the example shows."""
    with structlog.testing.capture_logs() as logged:
        until_a_code()
    shown = next(event for event in logged if "state_to" in event)
    level = shown.pop("log_level")  # the capture's own name for it

    assert example("journal") == encode(entry({**shown, "level": level})).decode().splitlines()


def test_fields_one_may_ask_for_exist(events):
    """Each field of a `journalctl` in the text is a fact of some event, and each event asked for is one."""
    asked = re.findall(r"(WAD_\w+)=(\w+)", "\n".join(re.findall(r"`journalctl .*?`", TEXT)))
    fields = {f"WAD_{fact.upper()}" for event in events.values() for fact in event.facts} | {"WAD_EVENT"}

    assert set() == {name for name, _ in asked} - fields
    assert set() == {value for name, value in asked if name == "WAD_EVENT"} - set(events)
