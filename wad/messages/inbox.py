"""The inbox: writes down what the page tells of messages, and finds what its listeners missed.

Theory of operation. The page numbers what its listeners hear and keeps it until it is acknowledged, which is
done only after the commit: a daemon that dies between the two is told again, and the event log's unique index
drops what it has. A document that goes away takes its queue along, and what came while there was no document
was never in one. So the page's own store, which outlives documents, is scanned after each document's start
and every now and then: from the row that was looked at last, and some rows before, since WhatsApp Web gives
the numbers of deleted rows anew (read in the modules of April 2026).

Rules of this file:

* In a new document the scan comes first and the queue then, or what was missed would come behind what is new.
* Nothing is acknowledged that is not on the disk.
"""

import asyncio
import math
from sqlite3 import Connection
from typing import Final

import structlog

from wad.core.errors import BrowserError, StoreError
from wad.core.message import FIRST_NEW_ROW, Batch, Item, Message
from wad.messages.changes import Taken, take
from wad.messages.desk import Bell, Desk
from wad.messages.media import EAGER, Media
from wad.messages.outbox import Outbox
from wad.store import cursors
from wad.store.media import NOT_BY_ITSELF

log = structlog.get_logger(__name__)

# The cursor's name: the row of the page's store that was looked at last.
ROWS: Final = "page_rows"
OVERLAP: Final = 500
# Rows in one look: of texts a few hundred KiB at the most.
AT_ONCE: Final = 100
_BEYOND_ALL: Final = 2**53 - 1


class Inbox:
    """Runs until it is cancelled; `ring` whenever the page may have something, or the link has changed.

    `outbox` is told of each new document, and woken by acks, which may let a chat's next message go; `media`
    of messages with files.
    """

    def __init__(self, desk: Desk, outbox: Outbox, media: Media) -> None:
        self._desk = desk
        self._outbox = outbox
        self._media = media
        self._bell = Bell()
        self._document = ""
        self._upto = 0
        self._met = 0.0
        self._scanned_at = -math.inf
        self.caught_up = False

    def ring(self) -> None:
        """Have the page's queue looked at."""
        self._bell.ring()

    async def run(self) -> None:
        """Take what comes, until cancelled."""
        while True:
            await self._bell.wait(await self._turn())

    async def _turn(self) -> float:
        """Take what is there; gives after how many seconds to look again, without a ring."""
        deadlines = self._desk.deadlines
        if not self._desk.ready:
            self.caught_up = False
            return deadlines.inbox_poll
        try:
            return 0.0 if await self._take() else deadlines.inbox_poll
        except (BrowserError, StoreError, TimeoutError) as error:
            # What was not acknowledged is told again.
            log.warning("inbox_waits", error=type(error).__name__)
        except Exception:
            log.exception("inbox_failed")
        self.caught_up = False
        return deadlines.outbox_retry

    async def _take(self) -> bool:
        """Take a batch; True where there may be more at once."""
        batch = await self._desk.page.take(self._document, self._upto)
        now = asyncio.get_running_loop().time()
        if batch.document != self._document:
            self._document, self._upto, self._met = batch.document, 0, now
            self._scanned_at = -math.inf
            self.caught_up = False
        if batch.overflowed:
            log.warning("page_queue_overflowed")
            self._scanned_at = -math.inf
        if not await self._is_scanned(batch, now):
            return False
        if batch.items:
            await self._write(batch.items)
        self._upto = batch.upto
        self.caught_up = True
        return bool(batch.items)

    async def _is_scanned(self, batch: Batch, now: float) -> bool:
        """Scan where that is due; False while what waited at WhatsApp is still on its way into the store."""
        first = self._scanned_at == -math.inf
        if not first and now < self._scanned_at + self._desk.deadlines.inbox_rescan:
            return True
        if not batch.settled and now < self._met + self._desk.deadlines.inbox_settle:
            return not first
        await self._scan()
        self._scanned_at = now
        if first:
            self._outbox.reconcile()
        return True

    async def _scan(self) -> None:
        """Write down what is behind the cursor and a little before it."""
        cursor = await self._desk.read(lambda connection: cursors.read(connection, ROWS))
        if cursor is None:
            await self._begin_at_newest()
            return
        after = max(cursor - OVERLAP, FIRST_NEW_ROW - 1)
        rows = await self._desk.page.scan(after, AT_ONCE)
        if rows.newest < cursor:
            # The newest rows were deleted, and their numbers will be given again, or were.
            after = max(rows.newest - OVERLAP, FIRST_NEW_ROW - 1)
            rows = await self._desk.page.scan(after, AT_ONCE)
        found = 0
        while True:
            found += len(rows.items)
            await self._write(rows.items, rows.last)
            if not rows.more:
                break
            rows = await self._desk.page.scan(rows.last, AT_ONCE)
        log.debug("page_store_scanned", items=found)

    async def _begin_at_newest(self) -> None:
        """Take what the account has for old: wad has just come to it."""
        rows = await self._desk.page.scan(_BEYOND_ALL, 1)
        newest = max(rows.newest, FIRST_NEW_ROW - 1)
        await self._desk.read(lambda connection: cursors.set_back(connection, ROWS, newest))

    async def _write(self, items: tuple[Item, ...], row: int | None = None) -> None:
        """Write items down; with a `row`, that the page's store was read so far."""
        own, now = self._desk.own, self._desk.now()
        fetched_at = now if self._desk.settings.media == EAGER else NOT_BY_ITSELF

        def work(connection: Connection) -> Taken:
            taken = take(connection, items, now, own, fetched_at=fetched_at)
            if row is not None:
                cursors.set_back(connection, ROWS, max(row, FIRST_NEW_ROW - 1))
            return taken

        taken = await self._desk.journal.write(work)
        for applied in taken.applied:
            self._desk.tally.count(applied, now)
        self._desk.tally.received += taken.received
        if any(not isinstance(item, Message) for item in items):
            self._outbox.wake()
        if any(isinstance(item, Message) and item.media is not None for item in items):
            self._media.wake()
