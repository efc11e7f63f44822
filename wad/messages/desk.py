"""What the parts of this room share: the file, the page, the link, and the clocks."""

import asyncio
from dataclasses import field
from typing import TypeVar

from wad.core.deadlines import Deadlines
from wad.core.status import Phase
from wad.core.values import dataclass
from wad.link.session import Session
from wad.messages.clock import Clock
from wad.messages.journal import Journal
from wad.messages.page import MessagePage
from wad.messages.settings import MessageSettings
from wad.messages.tally import Tally
from wad.store.database import Database, Transaction

T = TypeVar("T")


@dataclass(slots=True)
class Desk:
    """Handed to each part. `clock` is for what outlives the daemon; all else is measured by the loop's own.

    `linked`: there is a session, and the messages' file knows it; `wiped` is how often an account's messages
    were deleted from it since the daemon began. The account's keeper alone sets both.
    """

    database: Database
    journal: Journal
    page: MessagePage
    session: Session
    deadlines: Deadlines
    settings: MessageSettings
    clock: Clock = field(default_factory=Clock)
    tally: Tally = field(default_factory=Tally)
    linked: bool = False
    wiped: int = 0

    def now(self) -> float:
        """Give the time, in seconds since 1970."""
        return self.clock()

    @property
    def ready(self) -> bool:
        """Whether the page can be asked."""
        return self.linked and self.session.status.phase is Phase.LINKED

    @property
    def own(self) -> str | None:
        """The account's own address, None while it is not known."""
        account = self.session.status.account
        return account.wid if account is not None else None

    async def read(self, work: Transaction[T]) -> T:
        """Carry out a transaction that appends no event. Raises as `Database.run`."""
        return await self.database.run(work, self.deadlines.save)


class Bell:
    """Wakes one task; rings that come while it works wake it once more."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Wake the task, now or as soon as it waits."""
        self._rung.set()

    async def wait(self, within: float) -> None:
        """Return when it rang since the last time, or after `within` seconds."""
        try:
            async with asyncio.timeout(within):
                await self._rung.wait()
        except TimeoutError:
            pass
        self._rung.clear()
