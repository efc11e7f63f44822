"""The one way in: each command is one intent, and the answer is the status after it."""

import pytest
from core_samples import NOW

from wad.core.errors import SubmissionError
from wad.core.events import (
    BrowserClosed,
    BrowserStarted,
    Command,
    Failed,
    LogoutRequested,
    PageLoaded,
    QrExpired,
    QrSpent,
    ResetRequested,
    StartRequested,
    StopRequested,
)
from wad.core.reasons import Reason
from wad.core.status import Phase, Status
from wad.link.audience import Audience
from wad.link.commands import Commands
from wad.link.driver import BrowserInfo
from wad.link.session import Session


class DirectInbox:
    """An inbox that applies each command at once, and remembers it."""

    def __init__(self, session: Session) -> None:
        self.browser = BrowserInfo()
        self.closed = False
        self.taken: list[Command] = []
        self._session = session

    async def submit(self, command: Command) -> Status:
        """Apply `command`, unless closed."""
        if self.closed:
            raise SubmissionError("stopping")
        self.taken.append(command)
        return self._session.apply(command)


def at_first() -> tuple[Commands, DirectInbox]:
    """Make commands over a session that was never started."""
    session = Session(lambda: NOW)
    inbox = DirectInbox(session)
    return Commands(session, inbox, Audience(lambda: 0.0, memory=60), sandbox=False), inbox


def after_expiry() -> tuple[Commands, DirectInbox]:
    """Make commands over a session whose codes were shown long enough."""
    commands, inbox = at_first()
    for event in (StartRequested(), BrowserStarted(), PageLoaded(), QrSpent(), QrExpired(), BrowserClosed()):
        commands.session.apply(event)
    return commands, inbox


@pytest.mark.parametrize(
    ("name", "event", "phase"),
    [
        ("start", StartRequested(), Phase.STARTING),
        ("stop", StopRequested(), Phase.STOPPING),
        ("reset", ResetRequested(), Phase.RESETTING),
        ("logout", LogoutRequested(), Phase.LOGGING_OUT),
    ],
)
async def test_each_command_is_one_intent(name, event, phase):
    """A command hands one event to the inbox and gives the status after it."""
    commands, inbox = at_first()
    status = await getattr(commands, name)()

    assert [event] == inbox.taken
    assert phase is status.phase
    assert status is commands.session.status


@pytest.mark.parametrize("name", ["start", "stop", "reset", "logout"])
async def test_refusal_is_passed_on(name):
    """When the inbox takes nothing more, whoever asked is told."""
    commands, inbox = at_first()
    inbox.closed = True

    with pytest.raises(SubmissionError):
        await getattr(commands, name)()


def test_browser_is_the_inbox_s():
    """What is known of the browser comes from the one who has it."""
    commands, inbox = at_first()
    inbox.browser = BrowserInfo(running=True, version="Chromium/156", pid=7)

    assert inbox.browser is commands.browser


@pytest.mark.parametrize(
    ("reason", "deaths"),
    [
        (Reason.BROWSER_CRASHED, 1),
        (Reason.BROWSER_HUNG, 1),
        (Reason.PAGE_CRASHED, 1),
        (Reason.LOAD_TIMEOUT, 0),
        (Reason.NETWORK_UNREACHABLE, 0),
    ],
)
async def test_deaths_of_the_browser(reason, deaths):
    """A browser that died, or hung and was replaced, counts; one that wad ended for another cause does not."""
    commands, _ = at_first()
    await commands.start()
    commands.session.apply(Failed(reason))

    assert deaths == commands.browser_deaths


async def test_what_people_end_is_no_death():
    """Stops, resets, codes that nobody scanned and log-outs end a browser that was well."""
    commands, _ = after_expiry()
    for end in (commands.stop, commands.reset, commands.logout):
        await commands.start()
        await end()

    assert commands.browser_deaths == 0


def test_sandbox_is_known():
    """Front ends learn here whether the page is a stand-in."""
    session = Session(lambda: NOW)
    audience = Audience(lambda: 0.0, memory=60)

    assert Commands(session, DirectInbox(session), audience, sandbox=True).sandbox
    assert not at_first()[0].sandbox


async def test_viewer_brings_an_expired_code_back():
    """Codes that ended for want of viewers come back with the next one, who is counted."""
    commands, inbox = after_expiry()
    await commands.viewer_came("a")

    assert [StartRequested()] == inbox.taken
    assert commands.audience.watching == 1


async def test_viewer_undoes_no_stop():
    """A link that an operator stopped, or never started, stays as it is, whoever looks."""
    never_started, inbox = at_first()
    await never_started.viewer_came("a")
    stopped, other_inbox = after_expiry()
    stopped.session.apply(StopRequested())
    await stopped.viewer_came("a")

    assert [] == inbox.taken == other_inbox.taken


async def test_viewer_of_a_running_link_asks_for_nothing():
    """While wad is at it already, one viewer more changes nothing but the audience."""
    commands, inbox = at_first()
    await commands.start()
    await commands.viewer_came("a")

    assert [StartRequested()] == inbox.taken
    assert commands.audience.looks()


async def test_viewer_left():
    """A viewer who left is no longer counted."""
    commands, _ = at_first()
    await commands.viewer_came("a")
    commands.viewer_left("a")

    assert not commands.audience.looks()


async def test_viewer_counts_even_when_refused():
    """A daemon that is stopping takes no start; the viewer is known all the same, and can leave again."""
    commands, inbox = after_expiry()
    inbox.closed = True
    with pytest.raises(SubmissionError):
        await commands.viewer_came("a")

    assert commands.audience.watching == 1
