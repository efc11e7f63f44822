"""What is kept and for how long: old events and finished messages go, a piece at a time."""

import asyncio
import sqlite3
from collections.abc import Callable
from typing import Final

import structlog

from wad.core.errors import StoreError
from wad.messages.desk import Desk
from wad.messages.media import Media
from wad.store import event_log, outbox

log = structlog.get_logger(__name__)

# Often enough for a busy account to stay near its bounds.
_EVERY: Final = 60.0
# Whoever has not read for so much longer than all others loses events, and is told so.
_HARD: Final = 2


class Retention:
    """Runs until it is cancelled. `read_to` gives how far the slowest webhook has read, if there is one."""

    def __init__(self, desk: Desk, media: Media) -> None:
        self._desk = desk
        self._media = media
        self.read_to: Callable[[], int | None] = lambda: None

    async def run(self) -> None:
        """Delete what is beyond its bounds, again and again."""
        while True:
            try:
                await self.once()
            except (StoreError, TimeoutError) as error:
                log.warning("retention_waits", error=type(error).__name__)
            await asyncio.sleep(_EVERY)

    async def once(self) -> None:
        """Delete now. Raises as `Database.run`."""
        keeping, read_to = self._desk.settings.keeping, self.read_to()
        # A clock that is set to the next year, and back again, must not cost the events.
        now = self._desk.clock.cautious()

        def work(connection: sqlite3.Connection) -> None:
            event_log.forget(connection, keeping, now, read_to)
            if read_to is not None:
                _enforce(connection, keeping, now, read_to)
            outbox.forget(connection, now - keeping.age)

        await self._desk.journal.write(work)
        await self._media.trim()


def _enforce(connection: sqlite3.Connection, keeping: event_log.Keeping, now: float, read_to: int) -> None:
    """Delete even what a webhook has not got, where that is twice as much as is kept; an event says so."""
    hard = event_log.Keeping(keeping.age * _HARD, keeping.events * _HARD, keeping.size * _HARD)
    oldest, _ = event_log.span(connection)
    if event_log.forget(connection, hard, now) and oldest is not None:
        left, newest = event_log.span(connection)
        lost = {"from": max(oldest, read_to + 1), "to": (left or newest + 1) - 1}
        if lost["to"] >= lost["from"]:
            event_log.append(connection, "events.lost", lost, now)
