"""The metrics, read back by Prometheus' own parser."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from wad.core.events import (
    Authenticated,
    BrowserClosed,
    BrowserStarted,
    Failed,
    PageLoaded,
    QrIssued,
    Ready,
    StartRequested,
    StopRequested,
)
from wad.core.page_names import Use
from wad.core.reasons import Reason
from wad.core.status import Account, Code
from wad.link.audience import Audience
from wad.link.commands import Commands
from wad.link.driver import BrowserInfo
from wad.link.session import Session
from wad.reports.metrics import Metrics

SECRET = "2@secretsecretsecret"


class Inbox:
    """Applies commands at once."""

    def __init__(self, session):
        self.session = session
        self.browser = BrowserInfo(running=True, version="1", pid=1)

    async def submit(self, command):
        return self.session.apply(command)


class Clock:
    """Seconds that go on when told."""

    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def linked():
    """Give a session, its commands, the clock and the metrics."""
    session, clock = Session(), Clock()
    commands = Commands(session, Inbox(session), Audience(clock, 60), sandbox=True)
    missing = Counter({**dict.fromkeys(Use, 0), Use.PAIRING: 4})
    metrics = Metrics(commands, lambda: Counter({True: 7, False: 1}), lambda: missing, lambda: 11, clock)
    session.subscribe(metrics.changed)
    return session, commands, clock, metrics


def samples(metrics):
    """Scrape, and give every sample by name and labels."""
    families = text_string_to_metric_families(metrics.render().decode())
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in families
        for sample in family.samples
    }


async def test_a_link_is_counted_and_timed(linked):
    """A start, a code after four seconds, a scan, and ready five seconds later; then a stop."""
    session, commands, clock, metrics = linked
    await commands.start()
    for event in (BrowserStarted(), PageLoaded()):
        session.apply(event)
    clock.now += 4
    session.apply(QrIssued(Code(SECRET, datetime.now(UTC) + timedelta(seconds=20))))
    clock.now += 10
    session.apply(Authenticated())
    clock.now += 5
    session.apply(Ready(Account("15551234567", "Ann")))
    shown = samples(metrics)

    assert shown["wad_state", "ready"] == 1
    assert shown["wad_state", "qr"] == 0
    assert shown["wad_state_seconds_total", "qr"] == 10
    assert shown["wad_transitions_total", "idle", "qr"] == 1
    assert shown["wad_codes_total",] == 1
    assert shown["wad_start_to_code_seconds_sum",] == 4
    assert shown["wad_start_to_code_seconds_bucket", "5.0"] == 1
    assert shown["wad_start_to_code_seconds_bucket", "3.0"] == 0
    assert shown["wad_scan_to_ready_seconds_sum",] == 5
    assert shown["wad_commands_total", "start"] == 1
    assert shown["wad_browser_restarts_total",] == 0
    assert shown["wad_heartbeats_total", "answered"] == 7
    assert shown["wad_heartbeats_total", "missed"] == 1
    assert shown["wad_page_names_missing", "pairing"] == 4
    assert shown["wad_page_names_missing", "logout"] == 0


async def test_failures_are_counted_by_reason(linked):
    """Each failure counts under its reason's slug."""
    session, commands, _, metrics = linked
    await commands.start()
    session.apply(Failed(Reason.BROWSER_CRASHED))
    shown = samples(metrics)

    assert shown["wad_failures_total", "browser_crashed"] == 1
    assert shown["wad_browser_restarts_total",] == 1
    assert shown["wad_attempts",] == 1


async def test_a_code_that_never_came_is_not_timed(linked):
    """A start that was stopped, or found a saved session, says nothing about the time to a code."""
    session, commands, clock, metrics = linked
    await commands.start()
    session.apply(StopRequested())
    session.apply(BrowserClosed())
    clock.now += 50
    session.apply(StartRequested())
    session.apply(BrowserStarted())
    session.apply(Ready(Account("15551234567")))
    clock.now += 50
    session.apply(QrIssued(Code(SECRET, datetime.now(UTC) + timedelta(seconds=20))))

    assert samples(metrics)["wad_start_to_code_seconds_count",] == 0


async def test_no_secret_is_told(linked):
    """Neither a code nor an account's number or name is in the metrics."""
    session, commands, _, metrics = linked
    await commands.start()
    session.apply(BrowserStarted())
    session.apply(QrIssued(Code(SECRET, datetime.now(UTC) + timedelta(seconds=20))))
    session.apply(Ready(Account("15551234567", "Ann")))
    text = metrics.render().decode()

    assert [word for word in (SECRET, "15551234567", "Ann") if word in text] == []
