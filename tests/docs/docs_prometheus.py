"""What the tests of the metrics' documents share: promtool, and everything wad tells Prometheus."""

import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from wad.core.deadlines import Deadlines
from wad.core.events import Failed
from wad.core.page_names import Use
from wad.core.reasons import Reason
from wad.link.audience import Audience
from wad.link.commands import Commands
from wad.link.driver import BrowserInfo
from wad.link.session import Session
from wad.media.fetching import Fetcher
from wad.media.files import MediaFiles
from wad.messages.desk import Desk
from wad.messages.journal import Journal
from wad.messages.service import Messages
from wad.messages.settings import MessageSettings
from wad.reports.message_metrics import Deliveries, MessageMetrics
from wad.reports.metrics import Metrics
from wad.store.database import Database

ROOT = Path(__file__).parents[2]
RULES = ROOT / "etc/prometheus/wad.rules.yml"


def promtool(*arguments):
    """Run Prometheus' own checker, and give what it says; it must be content."""
    found = shutil.which("promtool", path=Path(sys.executable).parent) or shutil.which("promtool")
    if found is None:
        pytest.skip("promtool is missing: it is in Debian's package prometheus")
    done = subprocess.run([found, *arguments], capture_output=True, text=True, check=False, timeout=60)
    assert 0 == done.returncode, done.stdout + done.stderr
    return done.stdout


class Inbox:
    """Applies commands at once."""

    browser = BrowserInfo()

    def __init__(self, session):
        self.session = session

    async def submit(self, command):
        return self.session.apply(command)


def _of_messages(session):
    """Give the metrics of messages, of a house that never opened its file."""
    database = Database(Path("nowhere"))
    desk = Desk(database, Journal(database, 1), NoPage(), session, Deadlines(), MessageSettings())
    deliveries = Deliveries(lambda: {"orders": 3}, lambda: [0.2])
    files = MediaFiles(Path("nowhere"), most=1, quota=1, patience=1)
    messages = Messages(desk, Path("nowhere"), files, Fetcher(files, private=False, patience=1))
    return MessageMetrics(messages, deliveries)


class NoPage:
    """A page that is never asked."""


async def all_families():
    """Give every metric, after one of each thing that is counted by a label."""
    session = Session()
    commands = Commands(session, Inbox(session), Audience(lambda: 0.0, 60), sandbox=True)
    missing = Counter(dict.fromkeys(Use, 0))
    metrics = Metrics(commands, Counter, lambda: missing, lambda: 0, further=_of_messages(session))
    session.subscribe(metrics.changed)
    await commands.start()
    session.apply(Failed(Reason.BROWSER_CRASHED))
    return [*metrics.collect()]
