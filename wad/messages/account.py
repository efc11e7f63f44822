"""Whose messages are in the file: those of the session in the profile, and of no other.

Theory of operation. When a session comes about a mark is put into its profile and into the messages' file.
A profile that is set aside takes its mark along, so that at the next start the two differ, whatever was
killed in between, and the messages go, as they do at once where the link tells that the session is forgotten.

Rules of this file: the link's states become events here, in their order; codes and numbers are in none.
"""

import asyncio
import secrets
import sqlite3
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import structlog

from wad.browser import folders
from wad.core.errors import StoreError
from wad.core.events import ProfileCleared
from wad.core.message import FIRST_NEW_ROW
from wad.core.reasons import LINKED_STATES, State
from wad.core.sending import Forgotten, Progress
from wad.link.session import Change
from wad.messages.changes import LOCK, apply
from wad.messages.desk import Bell, Desk
from wad.messages.inbox import ROWS
from wad.messages.media import Media
from wad.store import addresses, cursors, event_log, outbox, people, webhooks
from wad.store import media as files

log = structlog.get_logger(__name__)

_MARK: Final = "session_mark"
# Changes that wait for the disk. One that is full for so many would lose the oldest of them, not the link.
_WAITING: Final = 1000
_LONG: Final = 3600.0


class AccountKeeper:
    """Follows the link. `mark` is the file in the profile, `media` the account's files.

    `begun` is called when a session came about, `forgotten` when its messages were deleted.
    """

    def __init__(
        self,
        desk: Desk,
        mark: Path,
        media: Media,
        *,
        begun: Callable[[], None],
        forgotten: Callable[[], None],
    ) -> None:
        self._desk = desk
        self._mark = mark
        self._begun = begun
        self._forgotten = forgotten
        self._media = media
        self._changes: deque[Change] = deque(maxlen=_WAITING)
        self._bell = Bell()

    async def open(self) -> None:
        """Forget what another session left, or learn that there is one. Raises as `Database.run`."""
        stored = await self._desk.read(lambda connection: cursors.read(connection, _MARK))
        if stored is None:
            return
        if stored == await asyncio.to_thread(_read, self._mark):
            self._desk.linked = True
        else:
            await self._forget()

    def changed(self, change: Change) -> None:
        """Take note of a change of the link; called by the session."""
        self._changes.append(change)
        if isinstance(change.event, ProfileCleared):
            self._desk.linked = False
        self._bell.ring()

    async def run(self) -> None:
        """Write down what changes, until cancelled."""
        while True:
            await self._bell.wait(await self._turn())

    async def _turn(self) -> float:
        while self._changes:
            change = self._changes[0]
            try:
                await self._follow(change)
            except (StoreError, OSError, TimeoutError) as error:
                log.warning("account_waits", error=type(error).__name__)
                return self._desk.deadlines.outbox_retry
            # Unless so many came meanwhile that it was pushed out.
            if self._changes and self._changes[0] is change:
                self._changes.popleft()
        return _LONG

    async def _follow(self, change: Change) -> None:
        if isinstance(change.event, ProfileCleared):
            await self._forget()
        elif change.after.state in LINKED_STATES and not self._desk.linked:
            await self._begin(fresh=change.before.state is State.QR)
        if change.after.state is not change.before.state or change.after.reason is not change.before.reason:
            await self._tell(change)

    async def _tell(self, change: Change) -> None:
        after, now = change.after, self._desk.now()
        data: dict[str, Any] = {
            "state": after.state,
            "phase": after.phase,
            "reason": after.reason,
            "from": change.before.state,
        }
        await self._desk.journal.write(lambda connection: event_log.append(connection, "state", data, now))

    async def _begin(self, *, fresh: bool) -> None:
        """Mark the session's begin; a `fresh` one has everything that is no history for news."""
        mark = secrets.randbits(62) + 1
        await asyncio.to_thread(_write, self._mark, mark)

        def work(connection: sqlite3.Connection) -> None:
            cursors.set_back(connection, _MARK, mark)
            if fresh:
                cursors.set_back(connection, ROWS, FIRST_NEW_ROW - 1)

        await self._desk.read(work)
        self._desk.linked = True
        self._begun()

    async def _forget(self) -> None:
        """Delete the account's messages, unless they are to be kept; what was not sent yet never will be."""
        keep, now = self._desk.settings.keep, self._desk.now()
        failed = await self._desk.journal.write(lambda connection: forget(connection, now, keep=keep))
        self._desk.linked = False
        self._desk.wiped += not keep
        self._forgotten()
        if not keep:
            # Behind the rows: a file without a row is given to nobody, and is swept at the next start.
            await self._media.forget()
        log.info("messages_forgotten", kept=keep, unsent=failed)


def forget(connection: sqlite3.Connection, now: float, *, keep: bool) -> int:
    """End an account's messages, in one transaction; gives how many were not sent."""
    if not keep:
        event_log.wipe(connection)
        webhooks.wipe(connection)
    rows = outbox.waiting(connection, Progress.QUEUED, Progress.SENDING, limit=-1)
    if not keep:
        outbox.blank(connection)
        people.wipe(connection)
        files.wipe(connection)
        addresses.wipe(connection)
    for row in rows:
        apply(connection, row.key, Forgotten(), now)
    for name in (_MARK, ROWS, LOCK):
        cursors.drop(connection, name)
    return len(rows)


def _read(path: Path) -> int | None:
    try:
        return int(path.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None


def _write(path: Path, mark: int) -> None:
    with open(folders.create(path), "w", encoding="ascii") as file:  # noqa: PTH123 - it is a descriptor
        file.write(f"{mark}\n")
