"""What an operator can ask. Every front end calls these, so all of them mean the same.

A command is an intent put into the supervisor's inbox: the answer tells that it was accepted and what the
status is now, and never waits for the browser. Whoever wants to wait uses
`wad.link.session.Session.wait_for`.
"""

from collections import Counter
from typing import Protocol

from wad.core.errors import AlreadyLinkedError
from wad.core.events import (
    Command,
    Failed,
    LogoutRequested,
    PairingCancelled,
    PairRequested,
    ResetRequested,
    StartRequested,
    StopRequested,
)
from wad.core.phone import phone_number
from wad.core.reasons import DEATHS, Reason
from wad.core.status import Phase, Status
from wad.link.audience import Audience
from wad.link.driver import BrowserInfo
from wad.link.session import Change, Session


class Receiver(Protocol):
    """The part of the supervisor that commands need."""

    @property
    def browser(self) -> BrowserInfo:
        """What is known of the browser now."""

    async def submit(self, command: Command) -> Status:
        """Give the status once `command` was applied, within milliseconds.

        On a busy machine the present is given: the command was accepted and will be carried out. Raises
        SubmissionError when the supervisor is stopping, or too many commands wait.
        """


class Commands:
    """The one way in.

    `counts` has how often each command was asked for, `browser_deaths` how often the browser died, or hung
    and was replaced, both since the daemon began. Stops, resets and codes that nobody scanned end a browser,
    too: these are no deaths.
    """

    def __init__(self, session: Session, inbox: Receiver, audience: Audience, *, sandbox: bool) -> None:
        self._session = session
        self._inbox = inbox
        self.counts: Counter[str] = Counter()
        self.browser_deaths = 0
        self.audience = audience
        self.sandbox = sandbox
        session.subscribe(self._count_death)

    def _count_death(self, change: Change) -> None:
        self.browser_deaths += isinstance(change.event, Failed) and change.event.reason in DEATHS

    @property
    def session(self) -> Session:
        """The status and its changes, to read and to wait for."""
        return self._session

    @property
    def browser(self) -> BrowserInfo:
        """What is known of the browser now."""
        return self._inbox.browser

    async def start(self) -> Status:
        """Link; harmless in any phase. Raises SubmissionError, as all below."""
        return await self._submit("start", StartRequested())

    async def stop(self) -> Status:
        """Close the browser and keep the session; remembered until the next start."""
        return await self._submit("stop", StopRequested())

    async def reset(self) -> Status:
        """Forget the session and start afresh; works in every phase."""
        return await self._submit("reset", ResetRequested())

    async def logout(self) -> Status:
        """Tell WhatsApp that this device leaves, then do what reset does."""
        return await self._submit("logout", LogoutRequested())

    async def pair(self, phone: object) -> Status:
        """Have a code made which is typed on the phone of that number; links first where that is needed.

        The code, or why there is none, is told by the status. `phone` is a text as people write numbers.
        Raises PhoneNumberError for anything else, AlreadyLinkedError while an account is linked.
        """
        wanted = PairRequested(phone_number(phone))
        _require_no_link(self._session.status)
        self.audience.asked()
        status = await self._submit("pair", wanted)
        _require_no_link(status)
        return status

    async def cancel_pairing(self) -> Status:
        """Show the QR code again instead of a code to type; harmless in any phase."""
        return await self._submit("pair_cancel", PairingCancelled())

    async def _submit(self, name: str, command: Command) -> Status:
        self.counts[name] += 1
        return await self._inbox.submit(command)

    async def viewer_came(self, viewer: object) -> None:
        """Count a viewer who may see the code; bring the code back if it had expired for want of viewers."""
        self.audience.join(viewer)
        status = self._session.status
        if status.phase in {Phase.STOPPED, Phase.STOPPING} and status.reason is Reason.QR_EXPIRED:
            await self.start()

    def viewer_left(self, viewer: object) -> None:
        """No longer count `viewer`."""
        self.audience.leave(viewer)


def _require_no_link(status: Status) -> None:
    if status.linked:
        raise AlreadyLinkedError("an account is linked already; log out first to link another one")
