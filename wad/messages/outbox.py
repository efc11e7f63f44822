"""The outbox's owner: has what was accepted sent, one message at a time, and finds out what came of it.

Rules of this file:

* It decides nothing about a message's state: `wad.core.sending` does, and what it says is written down before
  anything is done (`wad.messages.changes.apply`).
* The page is asked to send only what is written down as `sending`. What then came of it is told by the page's
  queue (`wad.messages.inbox`), or found in the page's store by `reconcile`.
* Of one recipient one message is on its way at a time, so that their order is the order of acceptance.
"""

import asyncio
import math
import sqlite3
from collections.abc import Iterable
from typing import Final

import structlog

from wad.core.errors import (
    BrowserError,
    DuplicateKeyError,
    MessageRefusedError,
    StoreError,
    UploadLostError,
)
from wad.core.failures import Failure
from wad.core.message import Kept, Order, Recipient, whole_id
from wad.core.pacing import Buckets
from wad.core.sending import (
    OPEN,
    Do,
    Duplicate,
    Expired,
    Found,
    Missing,
    News,
    Progress,
    Refused,
    Turn,
    Unanswered,
)
from wad.messages.changes import LOCK, Applied, apply
from wad.messages.desk import Bell, Desk
from wad.messages.documents import chat_document, place_of, poll_of, row_id
from wad.messages.media import Media
from wad.messages.preparing import Preparing
from wad.store import addresses, cursors, outbox, people
from wad.store.outbox import Row

log = structlog.get_logger(__name__)

# Asked of the page's store at once.
_LOOKED_AT: Final = 200


class Outbox:
    """Runs until it is cancelled; `wake` whenever something was accepted or the link has changed."""

    def __init__(self, desk: Desk, media: Media) -> None:
        self._desk = desk
        self._bell = Bell()
        self._preparing = Preparing(
            desk,
            media,
            refused=lambda key, failure: self.tell(key, Refused(failure)),
            held=self._hold,
            wake=self._bell.ring,
        )
        self._buckets = Buckets(desk.settings.pace)
        # Recipients that wait, whatever the pace, and until when by the loop's clock.
        self._held: dict[str, float] = {}
        self._reconcile = True
        self._looked = -math.inf
        # How many messages waited, and since when the oldest did, in the last turn.
        self.depth: tuple[int, float | None] = (0, None)

    def wake(self) -> None:
        """Have what is due looked for."""
        self._bell.ring()

    def reconcile(self) -> None:
        """Have the page's store asked for all that is on its way: it is another document, or may be."""
        self._reconcile = True
        self._held.clear()
        self._preparing.forget()
        self._bell.ring()

    async def run(self) -> None:
        """Send what is due, until cancelled."""
        try:
            while True:
                await self._bell.wait(await self._turn())
        finally:
            await self._preparing.close()

    async def _turn(self) -> float:
        """Do what can be done now; gives after how many seconds there may be more."""
        try:
            until_end, due = await self._expire()
            if not self._desk.ready:
                return until_end
            if await self._look_where_due():
                due = await self._desk.read(outbox.due)
            return min(until_end, await self._send_due(due))
        except (StoreError, BrowserError, TimeoutError) as error:
            log.warning("outbox_waits", error=type(error).__name__)
        except Exception:
            log.exception("outbox_failed")
        return self._desk.deadlines.outbox_retry

    async def _expire(self) -> tuple[float, list[Row]]:
        """Fail what waited too long; gives in how many seconds the next one is to be, and what is due."""
        overdue, end, self.depth, due = await self._standing()
        if overdue:
            for row in overdue:
                await self.tell(row.key, Expired())
            _, end, self.depth, due = await self._standing()
        most = self._desk.deadlines.outbox_look
        return most if end is None else min(max(end - self._desk.now(), 0.001), most), due

    async def _standing(self) -> tuple[list[Row], float | None, tuple[int, float | None], list[Row]]:
        """Read all that a turn begins with at once: each transaction waits for its own turn."""
        now = self._desk.now()
        return await self._desk.read(
            lambda connection: (
                outbox.overdue(connection, now),
                outbox.earliest_end(connection),
                outbox.depth(connection),
                outbox.due(connection),
            )
        )

    async def tell(self, key: str, news: News) -> Applied | None:
        """Take a piece of news of a message; gives what it led to, None where there is no such message.

        Raises as `Database.run`.
        """
        own, now = self._desk.own, self._desk.now()
        applied = await self._desk.journal.write(lambda connection: apply(connection, key, news, now, own))
        self._desk.tally.count(applied, now)
        if applied is not None and applied.step.after.progress not in OPEN:
            self._preparing.over(key)
        return applied

    async def _send_due(self, due: Iterable[Row]) -> float:
        """Send of what is due what may go now; gives in how many seconds more may."""
        pause = self._desk.deadlines.outbox_look
        for row in due:
            now = asyncio.get_running_loop().time()
            wait = max(self._held.get(row.recipient, now) - now, self._buckets.wait(row.recipient, now))
            if wait > 0:
                pause = min(pause, wait)
                continue
            if not self._desk.ready:
                break
            if not self._preparing.is_ready(row):
                continue
            self._held.pop(row.recipient, None)
            await self._send(row)
            # The chat's next one may follow at once.
            pause = 0.0
        return pause

    async def _send(self, row: Row) -> None:
        try:
            found = await self._desk.page.resolve(row.recipient)
        except MessageRefusedError as error:
            await self.tell(row.key, Refused(failure_named(error)))
            return
        except BrowserError as error:
            log.warning("recipient_not_found_out", error=type(error).__name__)
            self._hold(row.recipient, self._desk.deadlines.outbox_retry)
            return
        begun = await self._begin(row, found)
        if begun is not None:
            self._buckets.spend(row.recipient, asyncio.get_running_loop().time())
            await self._follow(begun)

    async def _begin(self, row: Row, found: Recipient) -> Applied | None:
        """Write down that the message's turn has come; None where it has not, after all."""
        now = self._desk.now()

        def work(connection: sqlite3.Connection) -> Applied | float:
            locked = cursors.read(connection, LOCK) or 0
            cold = not found.warm and not people.is_known(connection, row.recipient)
            if cold and locked > now:
                return locked - now
            if found.warm:
                people.know(connection, row.recipient, found.chat.pn, found.chat.lid)
            if found.chat.pn is not None and found.chat.lid is not None:
                addresses.learn(connection, found.chat.pn, found.chat.lid)
            chat = chat_document(found.chat)
            message_id = whole_id(found.chat.id, row.key, found.participant)
            outbox.address(connection, row.position, message_id, chat)
            applied = apply(connection, row.key, Turn(), now)
            return applied if applied is not None and applied.step.do is Do.ASK else 0.0

        begun = await self._desk.journal.write(work)
        if isinstance(begun, Applied):
            return begun
        self._hold(row.recipient, begun)
        return None

    def _hold(self, recipient: str, seconds: float) -> None:
        self._held[recipient] = asyncio.get_running_loop().time() + seconds

    async def _follow(self, applied: Applied | None) -> None:
        """Do what a step asks for, and what follows from that."""
        while applied is not None and applied.step.do is not Do.NOTHING:
            news = await self._do(applied.row, applied.step.do)
            if news is None:
                return
            row = applied.row
            applied = await self.tell(row.key, news)
            if isinstance(news, Missing):
                # It goes back into its place in the queue; not at once, if the page keeps losing it.
                self._hold(row.recipient, self._desk.deadlines.outbox_retry * row.sending.tries)

    async def _do(self, row: Row, do: Do) -> News | None:
        """Have the page do it; gives what it is known to have led to, None where that is told later."""
        try:
            match do:
                case Do.ASK:
                    return await self._ask(row)
                case Do.SEND_ON:
                    await self._desk.page.send_on(row_id(row))
                case _:
                    kept = (await self._desk.page.look([row_id(row)])).get(row_id(row))
                    if kept is None:
                        return Missing()
                    return None if self._on_its_way(kept) else Found(kept.ack)
        except MessageRefusedError as error:
            return Refused(failure_named(error))
        except BrowserError as error:
            log.warning("message_not_looked_at", do=do.name.lower(), error=type(error).__name__)
        return None

    async def _ask(self, row: Row) -> News | None:
        try:
            message_id = await self._desk.page.send(_order(row))
        except DuplicateKeyError:
            return Duplicate()
        except UploadLostError:
            # Nothing has begun to leave; it goes back into its place, and the file is uploaded once more.
            return Missing()
        except BrowserError as error:
            log.warning("send_unanswered", error=type(error).__name__)
            return Unanswered()
        finally:
            self._preparing.sent(row.key)
        await self._rename(row, message_id)
        return None

    async def _rename(self, row: Row, message_id: str) -> None:
        """Write down the id that the page has for a message: in a group it may name the account otherwise."""
        if message_id != row.message_id and row.chat is not None:
            chat = row.chat
            await self._desk.read(
                lambda connection: outbox.address(connection, row.position, message_id, chat)
            )

    async def _look_where_due(self) -> bool:
        """Ask the page's store for what is on its way: after a new document, and every now and then.

        Tells whether it did: something else may be due then.
        """
        now = asyncio.get_running_loop().time()
        if not self._reconcile and now < self._looked + self._desk.deadlines.outbox_look:
            return False
        rows = await self._desk.read(lambda connection: outbox.waiting(connection, Progress.SENDING))
        for start in range(0, len(rows), _LOOKED_AT):
            await self._look_at(rows[start : start + _LOOKED_AT])
        # Not before: an error has it done again.
        self._reconcile, self._looked = False, now
        return True

    async def _look_at(self, rows: Iterable[Row]) -> None:
        by_id = {row_id(row): row for row in rows}
        kept = await self._desk.page.look(list(by_id))
        for ref, row in by_id.items():
            found = kept.get(ref)
            if found is None:
                await self._follow(await self.tell(row.key, Missing()))
                continue
            await self._rename(row, found.id)
            if not self._on_its_way(found):
                if found.pending is not None and found.ack == 0:
                    log.warning("message_stuck", seconds=round(found.pending))
                await self._follow(await self.tell(row.key, Found(found.ack)))

    def _on_its_way(self, kept: Kept) -> bool:
        """Tell whether the page may still be left to it.

        While its socket lives the page waits without end for WhatsApp's answer; it sends such a message again
        with its next socket alone (measured).
        """
        return kept.ack == 0 and kept.pending is not None and kept.pending < self._desk.deadlines.outbox_stuck


def _order(row: Row) -> Order:
    content = row.content
    return Order(
        row.key,
        str((row.chat or {}).get("id", row.recipient)),
        str(content.get("text", "")),
        reply_to=content.get("replyTo"),
        mentions=tuple(content.get("mentions", ())),
        link_preview=bool(content.get("linkPreview", True)),
        uploaded="media" in content,
        place=place_of(content),
        vcards=tuple(content.get("contacts", ())),
        poll=poll_of(content),
    )


def failure_named(error: MessageRefusedError) -> Failure:
    """Give the failure that the page told; one that the table lacks is a change of the page's."""
    try:
        return Failure(error.failure)
    except ValueError:
        return Failure.PAGE_CHANGED
