"""One webhook's delivery: the next event, an attempt, and what follows from it.

Rules of this file:

* One at a time and in order: the cursor moves when the receiver has said that it has the event, or when the
  event was given up.
* All that matters is written down before it is acted upon: a daemon that is killed goes on where it was.
* Followers of other webhooks are never waited for.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus
from typing import Any, Final, Protocol

import structlog

from wad.core.errors import StoreError
from wad.messages.desk import Bell, Desk
from wad.messages.documents import Document, event_document
from wad.store import cursors, webhooks
from wad.store.event_log import LoggedEvent
from wad.store.webhooks import DeadLetter, Standing
from wad.waha.events import About
from wad.webhooks.forms import headers_of, letters
from wad.webhooks.post import Outcome
from wad.webhooks.schedule import left, pause
from wad.webhooks.settings import Webhook

log = structlog.get_logger(__name__)

_AT_ONCE: Final = 50
# Without news: what is due later is looked at then, and a ring comes for all else.
_LONG: Final = 3600.0
_RETRY: Final = 2.0


class Post(Protocol):
    """What brings a body to the receiver."""

    async def post(self, body: bytes, headers: dict[str, str]) -> Outcome:
        """Bring it once; never raises but where it is cancelled."""

    def close(self) -> None:
        """End what is on its way."""


def cursor_of(name: str) -> str:
    """Give the cursor's name in the store."""
    return f"webhook:{name}"


class Delivery:
    """Runs until it is cancelled. `observed` is told the seconds from an event to its delivery."""

    def __init__(
        self,
        desk: Desk,
        hook: Webhook,
        post: Post,
        observed: Callable[[float], None],
        about: Callable[[], About] = About,
    ) -> None:
        self.hook = hook
        self._about = about
        # Of the event at hand, the letters that were taken: a later one that is not has only itself repeated.
        self._at: object = None
        self._taken: set[str] = set()
        self._desk = desk
        self._post = post
        self._observed = observed
        self._bell = Bell()
        self.standing = Standing()
        self.cursor = 0
        # How many events were given up, and how often messages had been deleted when that was counted.
        self._parked = 0, desk.wiped
        self._after: int | None = None
        self._begun = False

    async def begin(self, after: int | None = None) -> None:
        """Learn where it stands; a new one begins behind `after`, or with what comes.

        Raises as `Database.run`.
        """
        self._after = after
        newest = self._desk.journal.newest

        def work(connection: sqlite3.Connection) -> tuple[int, Standing, int]:
            position = cursors.read(connection, cursor_of(self.hook.name))
            if position is None:
                position = newest if after is None else after
                cursors.set_back(connection, cursor_of(self.hook.name), position)
            name = self.hook.name
            return position, webhooks.standing(connection, name), webhooks.parked(connection, name)

        self.cursor, self.standing, parked = await self._desk.read(work)
        self._count(parked)
        self._begun = True

    @property
    def given_up(self) -> int:
        """How many events were given up and not taken since: known without asking the disk."""
        count, wiped = self._parked
        return count if wiped == self._desk.wiped else 0

    def _count(self, parked: int) -> None:
        self._parked = parked, self._desk.wiped

    def ring(self) -> None:
        """Have it look anew: it was changed, or is to bring something again."""
        self._bell.ring()

    async def run(self) -> None:
        """Deliver, until cancelled."""
        try:
            while True:
                try:
                    if not self._begun:
                        await self.begin(self._after)
                    wait = await self._turn()
                except (StoreError, TimeoutError) as error:
                    log.warning("webhook_waits", webhook=self.hook.name, error=type(error).__name__)
                    wait = _RETRY
                except Exception:
                    log.exception("webhook_broke", webhook=self.hook.name)
                    wait = _RETRY
                if wait > 0:
                    await self._rest(wait)
        finally:
            self._post.close()

    async def _rest(self, seconds: float) -> None:
        """Wait so long, or until it is rung for; where all is delivered, until there is an event."""
        tasks = [asyncio.create_task(self._bell.wait(seconds))]
        if self.standing.disabled is None and self.standing.failed == 0:
            tasks.append(asyncio.create_task(self._news(seconds)))
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)

    async def _news(self, seconds: float) -> None:
        await self._desk.journal.wait(self.cursor, seconds)

    async def _turn(self) -> float:
        """Do what is due; gives after how many seconds more may be, 0 for at once."""
        name = self.hook.name
        self.standing, letter = await self._desk.read(
            lambda connection: (webhooks.standing(connection, name), webhooks.again(connection, name))
        )
        if self.standing.disabled is not None:
            return _LONG
        if letter is not None:
            await self._again(letter)
            return 0.0
        event = await self._next()
        if event is None:
            return _LONG
        if self.standing.seq == event.seq and (wait := left(self.standing.due, self._desk.now())) > 0:
            return wait
        await self._bring(event)
        return 0.0

    async def _next(self) -> LoggedEvent | None:
        """Give the first event that is wanted; the cursor passes those that are not."""
        journal = self._desk.journal
        newest = journal.newest
        found = await journal.read(self.cursor, 1, self.hook.types)
        if found:
            return found[0]
        if newest > self.cursor:
            await self._move(newest)
        return None

    async def _move(
        self, seq: int, standing: Standing | None = None, parked: DeadLetter | None = None
    ) -> None:
        now, name = self._desk.now(), self.hook.name

        def work(connection: sqlite3.Connection) -> int | None:
            cursors.advance(connection, cursor_of(name), seq)
            if standing is not None:
                webhooks.stand(connection, name, standing)
            if parked is None:
                return None
            webhooks.park(connection, name, parked, now)
            return webhooks.parked(connection, name)

        count = await self._desk.read(work)
        if count is not None:
            self._count(count)
        self.cursor = max(self.cursor, seq)
        if standing is not None:
            self.standing = standing

    async def _attempt(self, document: Document) -> Outcome | None:
        """Bring what this receiver is told of an event; None where that is nothing."""
        if self._at != document["id"]:
            self._at, self._taken = document["id"], set()
        outcome = None
        for letter in letters(self.hook, document, self._about()):
            if letter.id in self._taken:
                continue
            headers = headers_of(self.hook, letter, self._desk.now())
            outcome = await self._post.post(letter.body, headers)
            if not outcome.taken:
                break
            self._taken.add(letter.id)
        return outcome

    async def _bring(self, event: LoggedEvent) -> None:
        document = event_document(event)
        outcome = await self._attempt(document)
        now = self._desk.now()
        if outcome is None:
            await self._move(event.seq)
        elif outcome.taken:
            await self._move(event.seq, Standing(status=outcome.status))
            self._observed(max(0.0, now - event.at))
        else:
            await self._missed(event.seq, document, outcome, now)

    async def _missed(self, seq: int, document: Document, outcome: Outcome, now: float) -> None:
        """Write down a failed attempt: when the next one is, or that there will be none."""
        told: dict[str, Any] = {"webhook": self.hook.name, "seq": seq, "status": outcome.status}
        if outcome.status == HTTPStatus.GONE:
            log.warning("webhook_gone", **told)
            await self._stand(replace(self.standing, disabled="gone", status=outcome.status, error=None))
            return
        failed = (self.standing.failed if self.standing.seq == seq else 0) + 1
        wait = pause(failed, outcome.retry_after)
        if wait is not None:
            log.info("webhook_failed", **told, error=outcome.error, failed=failed, again_in=wait)
            await self._stand(Standing(failed, now + wait, None, outcome.status, outcome.error, seq))
            return
        log.warning("webhook_gave_up", **told, error=outcome.error)

        standing = Standing(status=outcome.status, error=outcome.error)
        await self._move(seq, standing, DeadLetter(seq, document))

    async def _stand(self, standing: Standing) -> None:
        await self._desk.read(lambda connection: webhooks.stand(connection, self.hook.name, standing))
        self.standing = standing

    async def _again(self, letter: DeadLetter) -> None:
        """Bring one that was given up; the rest waits for another order where it is not taken."""
        outcome = await self._attempt(dict(letter.event)) or Outcome(HTTPStatus.OK)
        log.info("webhook_replayed", webhook=self.hook.name, seq=letter.seq, status=outcome.status)
        gone = outcome.status == HTTPStatus.GONE

        def work(connection: sqlite3.Connection) -> int:
            webhooks.settle(connection, self.hook.name, letter.seq, taken=outcome.taken)
            if gone:
                standing = webhooks.standing(connection, self.hook.name)
                webhooks.stand(connection, self.hook.name, replace(standing, disabled="gone"))
            return webhooks.parked(connection, self.hook.name)

        self._count(await self._desk.read(work))
