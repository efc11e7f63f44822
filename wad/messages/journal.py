"""The event log as its followers see it: written through here, read from memory where that is enough.

Rules of this file:

* A follower asks for what is behind its own number, and is never sent anything: a slow one delays nobody.
* What is kept in memory is the newest part without a gap; whoever wants older events reads the file.
* Whoever writes events wakes the followers, even where it is cancelled while it waits for the disk.
"""

import asyncio
from collections import deque
from collections.abc import Collection
from contextlib import suppress
from typing import Final, TypeVar

import structlog

from wad.core.errors import StoreError
from wad.store import event_log
from wad.store.database import Database, Transaction
from wad.store.event_log import LoggedEvent

log = structlog.get_logger(__name__)

T = TypeVar("T")

# Events in memory for those who follow closely, of a text 2 KB each. Who is further behind reads the disk.
TAIL: Final = 500
# At most so many in one answer: a megabyte of them.
PAGE: Final = 1000


class Journal:
    """The events of an account. `within` is how long, in seconds, the disk may take for a transaction."""

    def __init__(self, database: Database, within: float) -> None:
        self._database = database
        self._within = within
        self._tail: deque[LoggedEvent] = deque(maxlen=TAIL)
        self._newest = 0
        self._news = asyncio.Event()
        self._looking: asyncio.Task[None] | None = None
        self._again = False

    @property
    def newest(self) -> int:
        """The number of the last event that followers can see; 0 where there was never one."""
        return self._newest

    async def open(self) -> None:
        """Learn how far the log goes. Raises StoreError, TimeoutError."""
        _, self._newest = await self._database.run(event_log.span, self._within)

    async def write(self, work: Transaction[T]) -> T:
        """Carry out a transaction that may append events, and wake the followers.

        What it appends is read in the same transaction: another one would have to wait for its turn.
        Raises as `Database.run`.
        """
        before = self._newest
        try:
            result, appended = await self._database.run(
                lambda connection: (work(connection), event_log.after(connection, before, PAGE)),
                self._within,
            )
        except BaseException:
            # Nobody knows what became of it, or of those that were carried out along with it.
            self._look()
            raise
        self._take_in(appended)
        if len(appended) == PAGE:
            self._look()
        return result

    async def span(self) -> tuple[int | None, int]:
        """Give the oldest number that is kept (None: none is) and the newest. Raises as `Database.run`."""
        return await self._database.run(event_log.span, self._within)

    async def read(self, after: int, limit: int, kinds: Collection[str] = ()) -> list[LoggedEvent]:
        """Give up to `limit` events behind that number, in order; of these types, where some are named.

        Raises as `Database.run`.
        """
        limit = min(limit, PAGE)
        if after >= self._newest:
            return []
        if self._tail and after >= self._tail[0].seq - 1:
            return self._from_memory(after, limit, kinds)
        return await self._database.run(
            lambda connection: event_log.after(connection, after, limit, kinds), self._within
        )

    def _from_memory(self, after: int, limit: int, kinds: Collection[str]) -> list[LoggedEvent]:
        # Numbers have no gaps here, so the first one behind `after` has a known place.
        begin = after + 1 - self._tail[0].seq
        found: list[LoggedEvent] = []
        for place in range(begin, len(self._tail)):
            event = self._tail[place]
            if not kinds or event.type in kinds:
                found.append(event)
                if len(found) == limit:
                    break
        return found

    async def wait(self, after: int, within: float) -> bool:
        """Return True once there is an event behind that number, False after `within` seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                while self._newest <= after:
                    await self._news.wait()
        return self._newest > after

    async def close(self) -> None:
        """End what reads for the followers."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.wait({self._looking})

    def _look(self) -> None:
        """Have what is new read; once more where something may have come while it was read."""
        self._again = True
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._extend(), name="wad-journal")

    async def _extend(self) -> None:
        try:
            while self._again:
                self._again = False
                await self._extend_once()
        except (StoreError, TimeoutError) as error:
            # Nothing is lost: the next look begins where this one did.
            log.warning("events_not_read", error=type(error).__name__)

    async def _extend_once(self) -> None:
        before = self._newest
        found = await self._database.run(
            lambda connection: event_log.after(connection, before, PAGE), self._within
        )
        self._again = self._again or len(found) == PAGE
        self._take_in(found)

    def _take_in(self, found: list[LoggedEvent]) -> None:
        """Let the followers have events that are on the disk; some of them may have come another way."""
        new = [event for event in found if event.seq > self._newest]
        if not new:
            return
        if new[0].seq != (self._tail[-1].seq if self._tail else self._newest) + 1:
            self._tail.clear()
        self._tail.extend(new)
        self._newest = new[-1].seq
        self._news.set()
        self._news = asyncio.Event()

    def forget(self) -> None:
        """Drop what is in memory; its events were deleted from the file."""
        self._tail.clear()
