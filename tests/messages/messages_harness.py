"""Messages over a real file, a link that tests lead, and a page in memory."""

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from fake_message_page import FakeMessagePage

from wad.core.deadlines import Deadlines
from wad.core.events import (
    Authenticated,
    BrowserStarted,
    ConnectionLost,
    PageLoaded,
    ProfileCleared,
    QrIssued,
    Ready,
    ResetRequested,
    StartRequested,
)
from wad.core.pacing import Pace
from wad.core.status import Account, Code
from wad.link.session import Session
from wad.media.fetching import Fetcher
from wad.media.files import MediaFiles
from wad.messages.clock import Clock
from wad.messages.desk import Desk
from wad.messages.journal import Journal
from wad.messages.service import Messages
from wad.messages.settings import MessageSettings
from wad.store.database import Database

WITHIN = 30
ACCOUNT = Account("15550009999")
FAR = datetime(2100, 1, 1, tzinfo=UTC)


class House:
    """Everything, and the ways to move it."""

    def __init__(self, messages, page, session):
        self.messages = messages
        self.page = page
        self.session = session
        self.journal = messages.desk.journal

    async def link(self):
        """Scan a code, and become ready."""
        for event in (
            StartRequested(),
            BrowserStarted(),
            PageLoaded(),
            QrIssued(Code("1@a", FAR)),
            Authenticated(),
            Ready(ACCOUNT),
        ):
            self.session.apply(event)
        await self.event("state", lambda data: data["state"] == "ready")

    async def link_again(self):
        """Become ready with a session that was there before."""
        for event in (StartRequested(), BrowserStarted(), PageLoaded(), Authenticated(), Ready(ACCOUNT)):
            self.session.apply(event)
        await self.event("state", lambda data: data["state"] == "ready")

    async def forget(self):
        """Reset, and return once it is written down."""
        told = asyncio.Event()
        keeper, media = self.messages.keeper, self.messages.media
        if self.messages.desk.settings.keep:
            inner = keeper._forgotten
            keeper._forgotten = lambda: (inner(), told.set())
        else:
            wipe = media.forget

            async def forget():
                await wipe()
                told.set()

            media.forget = forget
        self.session.apply(ResetRequested())
        self.session.apply(ProfileCleared())
        async with asyncio.timeout(WITHIN):
            await told.wait()

    def lose(self):
        """Lose the connection."""
        self.session.apply(ConnectionLost())

    def ready(self):
        """Have it back."""
        self.session.apply(Ready(ACCOUNT))

    async def event(self, kind, wanted=lambda _: True, after=0):
        """Give the first event of a type for which `wanted` holds."""
        while True:
            newest = self.journal.newest
            for event in await self.journal.read(after, 1000, {kind}):
                if wanted(event.data):
                    return event
                after = event.seq
            assert await self.journal.wait(newest, WITHIN), f"no such event: {kind}"

    async def events(self, *kinds):
        """Give all events of these types so far, in order."""
        return await self.journal.read(0, 1000, set(kinds))

    async def send(self, text, to="+15551110000", **more):
        """Accept a message; gives its document."""
        document, _ = await self.messages.send({"to": to, "text": text, **more})
        return document


@asynccontextmanager
async def opened(
    folder,
    page=None,
    session=None,
    *,
    now=None,
    clock=None,
    deadlines=None,
    most=1 << 20,
    quota=8 << 20,
    **settings,
):
    """Give messages that run, over the file in `folder`; a second time they are those of before."""
    folder.mkdir(exist_ok=True, parents=True)
    database = Database(folder / "messages.sqlite")
    await database.open(WITHIN)
    page = page or FakeMessagePage()
    session = session or Session()
    settings.setdefault("pace", Pace(0.001, 100))
    deadlines = deadlines or Deadlines(save=WITHIN, outbox_retry=0.01, inbox_poll=WITHIN)
    # A clock that tests lead is never set; `clock` is one of which the test sets the machine's.
    clock = clock or (Clock(now, now) if now is not None else Clock())
    journal = Journal(database, WITHIN)
    desk = Desk(database, journal, page, session, deadlines, MessageSettings(**settings), clock)
    files = MediaFiles(folder / "media", most=most, quota=quota, patience=WITHIN)
    fetcher = Fetcher(files, private=True, patience=WITHIN)
    messages = Messages(desk, folder / "session_mark", files, fetcher)
    await messages.open()
    try:
        yield House(messages, page, session)
    finally:
        await messages.close()
        await database.close(WITHIN)
