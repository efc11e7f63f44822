"""What follows when the machine's clock is set.

Rules of this file:

* A clock that is set makes nothing late and nothing early: all waiting is measured by one that is never set.
* What is written down is in seconds since 1970, for it outlives the daemon. So the moments of all that waits
  are moved with the machine's clock.
* A suspended machine is no clock that was set: the time that it slept has passed.
"""

import asyncio
import secrets
import sqlite3
from typing import Final

import structlog

from wad.core.errors import StoreError
from wad.messages.changes import LOCK
from wad.messages.desk import Desk
from wad.store import cursors, outbox, people, webhooks

log = structlog.get_logger(__name__)


# The last setting that was written down.
_SETTING: Final = "clock_setting"


class ClockKeeper:
    """Runs until it is cancelled: looks whether the clock was set, and moves what waits."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        # What is being written down: a number of its own, and by how many seconds the clock was set.
        self._setting: tuple[int, float] | None = None

    async def run(self) -> None:
        """Look again and again."""
        while True:
            await asyncio.sleep(self._desk.deadlines.clock_look)
            try:
                await self.once()
            except (StoreError, TimeoutError) as error:
                log.warning("clock_waits", error=type(error).__name__)

    async def once(self) -> None:
        """Look now. Raises as `Database.run`; then the next look goes on with it."""
        clock = self._desk.clock
        if self._setting is None:
            seconds = clock.set_by()
            if not seconds:
                return
            self._setting = secrets.randbits(62), seconds
            # Whoever looks meanwhile finds everything due too late, for a moment, and never too early.
            clock.follow(min(seconds, 0.0))
        number, seconds = self._setting
        await self._desk.read(lambda connection: move(connection, number, seconds))
        clock.follow(max(seconds, 0.0))
        self._setting = None
        log.warning("clock_was_set", seconds=round(seconds, 1))


def move(connection: sqlite3.Connection, number: int, seconds: float) -> None:
    """Move the moments of all that waits, in one transaction; once, however often it is tried.

    A disk that did not answer in time may have written it after all.
    """
    if cursors.read(connection, _SETTING) == number:
        return
    cursors.set_back(connection, _SETTING, number)
    outbox.move(connection, seconds)
    webhooks.move(connection, seconds)
    people.move(connection, seconds)
    locked = cursors.read(connection, LOCK)
    if locked is not None:
        cursors.set_back(connection, LOCK, int(locked + seconds))
