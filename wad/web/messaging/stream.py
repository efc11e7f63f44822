"""Events as Server-Sent Events: each follower reads the log at its own pace.

Rules of this file: nothing is put aside for a follower. What it has not taken is in the log, and one that
reads slowly delays itself alone; one that does not read is closed by the connection's own deadline.
"""

import asyncio
import json
from typing import Final

from tornado.iostream import StreamClosedError

from wad.core.errors import StoreError, WadError
from wad.messages.documents import event_document
from wad.messages.operations import position, types
from wad.messages.service import Messages
from wad.store.event_log import LoggedEvent
from wad.web.base_handler import BaseHandler
from wad.web.errors import Refusal, unavailable
from wad.web.guard import Guard
from wad.web.lasting import RevokedError
from wad.web.messaging.handlers import refusal
from wad.web.routes import Route

# nginx and browsers take what is silent for a minute for dead.
_SILENCE: Final = 15.0
_AT_ONCE: Final = 100
# Each costs a connection; beyond it the answer says so.
FOLLOWERS: Final = 200
_RETRY: Final = b"retry: 3000\n\n"
# A comment, for whoever looks; a client comes again, and is told by 401.
_REVOKED: Final = b": this token is no longer the right one\n\n"


def crowded() -> Refusal:
    """Refuse one more than may follow."""
    return unavailable("too_many_followers", f"{FOLLOWERS} follow the events already", 10)


class Followers:
    """How many follow, and that all of them end with the daemon."""

    def __init__(self) -> None:
        self.tasks: set[asyncio.Task[object]] = set()
        self.closed = False

    def close(self) -> None:
        """End them."""
        self.closed = True
        for task in self.tasks:
            task.cancel()


class StreamHandler(BaseHandler):
    """Events from the number behind that of `Last-Event-ID`, or of `after`, on, without end."""

    def initialize(self, route: Route, guard: Guard, messages: Messages, followers: Followers) -> None:
        """Need the messages, and who follows."""
        self.admit(route, guard)
        self._messages = messages
        self._followers = followers

    async def answer(self) -> None:
        """Follow until the client leaves."""
        try:
            kinds = types(self.get_query_argument("types", ""))
            last = self.request.headers.get("Last-Event-ID") or self.get_query_argument("after", "")
            after = position(last) if last else self._messages.desk.journal.newest
        except WadError as error:
            raise refusal(error) from error
        if len(self._followers.tasks) >= FOLLOWERS:
            raise crowded()
        self.set_header("Content-Type", "text/event-stream; charset=UTF-8")
        self.set_header("X-Accel-Buffering", "no")
        if self.request.method == "HEAD":
            return
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a handler runs in one
        self._followers.tasks.add(task)
        try:
            async with self.guard.lasting.during(lambda: self.authorised):
                await self._follow(after, kinds)
        except StreamClosedError:
            pass
        except RevokedError:
            self.write(_REVOKED)
        except asyncio.CancelledError:
            if not self._followers.closed:
                raise
        finally:
            self._followers.tasks.discard(task)

    async def _follow(self, after: int, kinds: frozenset[str]) -> None:
        journal = self._messages.desk.journal
        self.write(_RETRY)
        await self.flush()
        while True:
            newest = journal.newest
            try:
                found = await journal.read(after, _AT_ONCE, kinds)
            except (StoreError, TimeoutError):
                return  # the client comes again with the last number it has
            if found:
                self.write(b"".join(_frame(event) for event in found))
                after = found[-1].seq
            else:
                after = max(after, newest)
                if not await journal.wait(after, _SILENCE):
                    self.write(b":\n\n")
            await self.flush()


def _frame(event: LoggedEvent) -> bytes:
    data = json.dumps(event_document(event), ensure_ascii=False, separators=(",", ":"))
    return f"id: {event.seq}\nevent: {event.type}\ndata: {data}\n\n".encode()
