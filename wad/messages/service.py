"""Messages as the front ends ask for them: one object, made by the composition root.

Rules of this file:

* What is accepted is on the disk before anybody is told so.
* A front end gets documents and raises what it is told: which code is which HTTP status is in
  `wad.messages.operations`.
"""

import asyncio
import sqlite3
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import structlog

from wad.core.errors import (
    NoSuchMessageError,
    NotLinkedError,
    NotReadyError,
    ReachoutLockedError,
    RecipientError,
    StoreError,
    TooLateError,
)
from wad.core.message import PERSON_LID, PERSON_PN, key_of
from wad.core.recipient import recipient
from wad.core.sending import OPEN, Progress, Withdrawn
from wad.link.session import Change
from wad.media.fetching import Fetcher
from wad.media.files import MediaFiles
from wad.messages import drafts
from wad.messages.account import AccountKeeper
from wad.messages.changes import LOCK
from wad.messages.clock_keeper import ClockKeeper
from wad.messages.desk import Desk
from wad.messages.documents import Document, event_document, row_document
from wad.messages.inbox import Inbox
from wad.messages.media import Media
from wad.messages.outbox import Outbox
from wad.messages.people import People
from wad.messages.retention import Retention
from wad.store import addresses, cursors, event_log, outbox, people
from wad.store import media as files
from wad.store.outbox import Draft, Row

log = structlog.get_logger(__name__)

# Rows of the outbox that are listed at once.
LISTED: Final = 200


class Messages:
    """The account's messages. `mark` is a file in the browser's profile, which goes with the session.

    `kept` are the files of messages, and `fetcher` what fetches others from the addresses that are given.
    """

    def __init__(self, desk: Desk, mark: Path, kept: MediaFiles, fetcher: Fetcher) -> None:
        self.desk = desk
        self.media = Media(desk, kept, fetcher)
        self.people = People(desk)
        self.outbox = Outbox(desk, self.media)
        self.inbox = Inbox(desk, self.outbox, self.media)
        self.keeper = AccountKeeper(desk, mark, self.media, begun=self._look, forgotten=self._forgotten)
        self.retention = Retention(desk, self.media)
        self.clock_keeper = ClockKeeper(desk)
        self._tasks: set[asyncio.Task[None]] = set()
        self._unsubscribe = desk.session.subscribe(self._changed)

    async def open(self) -> None:
        """Learn what an earlier daemon left, and begin; without a file nothing is accepted, and no more."""
        try:
            await self.desk.journal.open()
            await self.media.open()
            await self.keeper.open()
        except (StoreError, TimeoutError) as error:
            log.error("messages_unavailable", error=type(error).__name__)  # noqa: TRY400 - no fault of the code
        self.desk.page.on_mail(self.inbox.ring)
        works = self.keeper, self.outbox, self.inbox, self.media, self.retention, self.clock_keeper
        for work in works:
            name = f"wad-{type(work).__name__.lower()}"
            self._tasks.add(asyncio.create_task(work.run(), name=name))

    async def close(self) -> None:
        """End all that runs; what is being written is finished by the database's own end."""
        self._unsubscribe()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.desk.journal.close()

    def _changed(self, change: Change) -> None:
        self.keeper.changed(change)
        self._look()

    def _look(self) -> None:
        self.inbox.ring()
        self.outbox.wake()
        self.media.wake()

    def _forgotten(self) -> None:
        self.desk.journal.forget()
        self.outbox.wake()

    # Sending.

    async def send(self, given: Mapping[str, Any]) -> tuple[Document, bool]:
        """Accept a message; gives its document, and whether it is new.

        Raises MessageError, RecipientError, NotLinkedError, IdempotencyError, OutboxFullError, BudgetError,
        as `Media.accepted`, and as `Database.run`.
        """
        draft = drafts.draft(given, self.desk.now(), self.desk.settings.expires_in)
        if not self.desk.linked:
            raise NotLinkedError("no account is linked: link one, then send again")
        if "media" not in draft.content:
            return await self._accepted(draft)
        said = {**draft.content, "media": await self.media.named(draft.content["media"])}
        draft = replace(draft, content=said, said=said)
        # Its file may have gone since: a message that was accepted is not to be refused for that.
        known = await self.desk.read(lambda connection: self._known(connection, draft))
        if known is not None:
            return self._document(known), False
        async with self.media.accepted(said["media"]) as media:
            return await self._accepted(replace(draft, content={**said, "media": media}))

    async def _accepted(self, draft: Draft) -> tuple[Document, bool]:
        now = self.desk.now()
        row, new = await self.desk.read(lambda connection: self._accept(connection, draft, now))
        if new:
            self.desk.tally.accepted += 1
            self.outbox.wake()
        return self._document(row), new

    def _known(self, connection: sqlite3.Connection, draft: Draft) -> Row | None:
        to = _canonical(connection, draft.recipient)
        return outbox.repeated(connection, replace(draft, recipient=to))

    def _accept(self, connection: sqlite3.Connection, draft: Draft, now: float) -> tuple[Row, bool]:
        to = _canonical(connection, draft.recipient)
        row, new = outbox.accept(connection, replace(draft, recipient=to), now, self.desk.settings.outbox)
        if new and not people.is_known(connection, to):
            locked = (cursors.read(connection, LOCK) or 0) - now
            if locked > 0:
                raise ReachoutLockedError(
                    "WhatsApp does not let this account write to strangers for now", locked
                )
            people.reserve(connection, to, now, self.desk.settings.new_chats)
        return row, new

    async def settled(self, document: Document, within: float) -> Document:
        """Wait until a message was sent or failed, at most `within` seconds; gives it as it is then."""
        end = asyncio.get_running_loop().time() + within
        while True:
            # Before it is looked up, or what happens in between would be missed.
            newest = self.desk.journal.newest
            document = await self.message(document["id"])
            left = end - asyncio.get_running_loop().time()
            if document["state"] not in OPEN or left <= 0:
                return document
            await self.desk.journal.wait(newest, left)

    async def message(self, ref: str) -> Document:
        """Give a message by its id or the client's reference. Raises NoSuchMessageError."""

        def work(connection: sqlite3.Connection) -> Row | Document | None:
            row = outbox.by_key(connection, key_of(ref)) or outbox.by_reference(connection, ref)
            if row is not None:
                return row
            found = event_log.find(connection, f"message:{ref}")
            return dict(found.data) if found is not None else None

        found = await self.desk.read(work)
        if found is None:
            raise NoSuchMessageError("wad keeps no message with this id or clientRef")
        return self._document(found) if isinstance(found, Row) else await self._with_file(found)

    async def _with_file(self, document: Document) -> Document:
        """Give a message as it was told, with what has become of its file since."""
        told = document.get("media")
        if told is None or told.get("sha256") is None:
            return document
        row = await self.desk.read(lambda connection: files.find(connection, told["sha256"]))
        return document | {"media": told | {"state": row.state}} if row is not None else document

    async def withdraw(self, ref: str) -> Document:
        """Cancel a message that waits, or take one that was sent back for everyone.

        Raises NoSuchMessageError, TooLateError while it is on its way, NotReadyError, MessageRefusedError.
        """
        known = await self.message(ref)
        if known["state"] == Progress.QUEUED:
            applied = await self.outbox.tell(key_of(known["id"]), Withdrawn())
            if applied is not None and applied.step.after.progress is Progress.CANCELLED:
                # The chat's next one need not wait any more.
                self.outbox.wake()
                return self._document(applied.row)
            known = await self.message(ref)
        if known["state"] in {Progress.FAILED, Progress.CANCELLED}:
            return known
        if known["state"] in OPEN:
            raise TooLateError("the message is on its way: it can be taken back once it was sent")
        _require_own(known)
        self._require_ready()
        await self.desk.page.revoke(known["id"])
        return known | {"revoked": True, "text": None}

    async def edit(self, ref: str, given: Mapping[str, Any]) -> Document:
        """Give a message that was sent another text. Raises as `withdraw`, and MessageError."""
        text = drafts.text(given.get("text"))
        known = await self._sent(ref)
        _require_own(known)
        await self.desk.page.edit(known["id"], text)
        return known | {"text": text, "edited": True}

    async def react(self, ref: str, given: Mapping[str, Any]) -> Document:
        """React to a message of anybody's. Raises as `edit`."""
        text = drafts.reaction(given.get("text"))
        known = await self._sent(ref)
        await self.desk.page.react(known["id"], text)
        return known

    async def _sent(self, ref: str) -> Document:
        known = await self.message(ref)
        if known["state"] in OPEN | {Progress.FAILED, Progress.CANCELLED}:
            raise TooLateError("the message was not sent, so nothing can be done to it")
        self._require_ready()
        return known

    async def seen(self, chat: str) -> None:
        """Mark a chat as read. Raises RecipientError, NotReadyError, MessageRefusedError."""
        to = recipient(chat)
        self._require_ready()
        await self.desk.page.seen(to)

    async def typing(self, chat: str, *, on: bool) -> None:
        """Show that somebody types, or no longer. Raises as `seen`."""
        to = recipient(chat)
        self._require_ready()
        await self.desk.page.typing(to, on=on)

    def _require_ready(self) -> None:
        if not self.desk.linked:
            raise NotLinkedError("no account is linked: link one first")
        if not self.desk.ready:
            raise NotReadyError("the link is not ready: try again when it is")

    # Looking.

    async def waiting(self) -> Document:
        """Give what waits in the outbox: how much, since when, and the first messages."""

        def work(connection: sqlite3.Connection) -> tuple[tuple[int, float | None], list[Row]]:
            rows = outbox.waiting(connection, Progress.QUEUED, Progress.SENDING, limit=LISTED)
            return outbox.depth(connection), rows

        (depth, oldest), rows = await self.desk.read(work)
        age = max(0.0, self.desk.now() - oldest) if oldest is not None else None
        messages = [self._document(row) for row in rows]
        return {
            "depth": depth,
            "oldestSeconds": round(age, 1) if age is not None else None,
            "messages": messages,
        }

    async def limits(self) -> Document:
        """Give what is left of the budgets."""
        now, settings = self.desk.now(), self.desk.settings

        def work(connection: sqlite3.Connection) -> tuple[int, float | None, int, int]:
            locked = cursors.read(connection, LOCK) or 0
            return (*people.spent(connection, now), locked, outbox.depth(connection)[0])

        used, oldest, locked, depth = await self.desk.read(work)
        return {
            "newChats": {
                "perDay": settings.new_chats,
                "left": max(0, settings.new_chats - used),
                "moreInSeconds": round(oldest + 86400 - now) if oldest is not None else None,
                "lockedSeconds": round(locked - now) if locked > now else None,
            },
            "outbox": {"most": settings.outbox, "left": max(0, settings.outbox - depth)},
            "pace": {"secondsBetween": settings.pace.interval, "burst": settings.pace.burst},
        }

    async def events(
        self, after: int, limit: int, kinds: Collection[str] = (), wait: float = 0.0
    ) -> Document:
        """Give events behind a number, waiting up to `wait` seconds for the first."""
        journal = self.desk.journal
        end = asyncio.get_running_loop().time() + wait
        position = after
        while True:
            newest = journal.newest
            found = await journal.read(position, limit, kinds)
            left = end - asyncio.get_running_loop().time()
            if found or left <= 0:
                break
            # None of these types until here, so they are not looked at again.
            position = max(position, newest)
            await journal.wait(position, left)
        oldest, _ = await journal.span()
        # None that came since the look is passed over: who takes this number for known never heard of it.
        newest = max(newest, found[-1].seq if found else 0)
        following = found[-1].seq if found else max(after, min(position, newest))
        return {
            "events": [event_document(event) for event in found],
            "next": following,
            "oldest": oldest,
            "newest": newest,
        }

    def _document(self, row: Row) -> Document:
        return row_document(row, self.desk.own)


def _canonical(connection: sqlite3.Connection, to: str) -> str:
    """Give the one address of a person who has two. Raises RecipientError for a LID given as a number."""
    if to.endswith(PERSON_LID):
        return addresses.pn_of(connection, to) or to
    if to.endswith(PERSON_PN) and addresses.pn_of(connection, to.removesuffix(PERSON_PN) + PERSON_LID):
        raise RecipientError("this is no number but a hidden id of WhatsApp's: write it with @lid behind it")
    return to


def _require_own(known: Document) -> None:
    if not known["fromMe"]:
        raise TooLateError("only messages of the account's own can be changed or taken back")
