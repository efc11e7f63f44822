"""WAHA's events over a websocket: those that come while it is open, and none of before.

Rules of this file:

* Another site's page is refused before the handshake, and so is whoever lacks the key; it may stand in the
  address here alone, as browsers can send no header with a websocket.
* Each follower reads the log at its own pace; one that does not read is closed by the connection's deadline.
  A client has nothing to say.
"""

import asyncio
import json
from http import HTTPStatus
from typing import Any, Final

from tornado.iostream import StreamClosedError
from tornado.websocket import WebSocketClosedError, WebSocketHandler

from wad.core.errors import StoreError
from wad.messages.documents import event_document
from wad.waha.events import ALL, EVENTS, NEVER, About, chosen, told, types_of
from wad.waha.ids import SESSION
from wad.waha.people import me_document
from wad.web.base_handler import BaseHandler
from wad.web.body import LIMIT
from wad.web.connections.stream import Allowance, ClientStream
from wad.web.errors import Refusal
from wad.web.guard import Guard
from wad.web.lasting import RevokedError
from wad.web.messaging.stream import FOLLOWERS, Followers, crowded
from wad.web.routes import Route
from wad.web.waha.asking import House, no_session, wrong
from wad.web.waha.handler import KEY, error_document

_AT_ONCE: Final = 100
_LONG: Final = 3600.0
_IN_ADDRESS: Final = "x-api-key"
# In seconds: nginx takes what is silent for a minute for dead.
_PING: Final = 25
# A client's pongs, and what it says although nobody listens.
_ALLOWANCE: Final = Allowance(at_once=4 * LIMIT, each_second=256)
_POLICY: Final = 1008
_TRY_LATER: Final = 1013


class EventsHandler(BaseHandler, WebSocketHandler):
    """Judges, then tells of events."""

    def initialize(self, route: Route, guard: Guard, house: House, followers: Followers) -> None:
        """Need whom to ask, and who follows."""
        self.admit(route, guard)
        self._house = house
        self._followers = followers
        self._task: asyncio.Task[object] | None = None
        self._names: frozenset[str] = frozenset()

    @property
    def authorised(self) -> bool:
        """Whether the caller has the key."""
        given = self.request.headers.get(KEY) or self.get_query_argument(_IN_ADDRESS, "")
        return self.guard.right_token(given.encode("utf-8", "replace"))

    def demand(self) -> None:
        """Raise unless the caller has the key."""
        if not self.authorised:
            raise Refusal(HTTPStatus.UNAUTHORIZED, "unauthorized", f"this needs a key: {_IN_ADDRESS}=…")

    def told(self, refused: Refusal) -> dict[str, Any]:
        """Give an error's document."""
        return error_document(refused) | {"requestId": self.request_id}

    def method_refusal(self) -> Refusal | None:
        """Refuse another site's page, even if it only reads."""
        return self.guard.refusal(self.request, strict=True) or super().method_refusal()

    def check_origin(self, origin: str) -> bool:  # noqa: ARG002 - judged with the rest of the request
        """Judge a websocket's origin; a second time, should Tornado ever ask on another way."""
        return self.guard.refusal(self.request, strict=True) is None

    @property
    def ping_interval(self) -> float | None:
        """How often a client is asked whether it is there."""
        return _PING

    @property
    def ping_timeout(self) -> float | None:
        """For how long its answer is waited for."""
        return _PING

    @property
    def max_message_size(self) -> int:
        """Longer messages end the connection."""
        return LIMIT

    def get_compression_options(self) -> dict[str, Any] | None:
        """Do not compress: a compressor costs each connection more memory than all else of it."""
        return None

    async def answer(self) -> None:
        """Shake hands with whoever wants to hear of something that happens."""
        if self.get_query_argument("session", ALL) not in {ALL, SESSION}:
            raise no_session()
        listed = [part for each in self.get_query_arguments("events") for part in each.split(",") if part]
        if set(listed) - EVENTS.keys() - NEVER - {ALL}:
            raise wrong(f"events can be {ALL}, {', '.join(EVENTS)}, and others of WAHA's")
        self._names = chosen(listed or [ALL])
        if len(self._followers.tasks) >= FOLLOWERS:
            raise crowded()
        await super(BaseHandler, self).get()

    async def open(self, *_: str) -> None:
        """Begin to tell, in a task that ends with the websocket."""
        if isinstance(stream := getattr(self.ws_connection, "stream", None), ClientStream):
            stream.allow(_ALLOWANCE)
        task: asyncio.Task[object] = asyncio.create_task(self._follow(), name="wad-waha-events")
        self._task = task
        self._followers.tasks.add(task)
        task.add_done_callback(self._followers.tasks.discard)

    def on_message(self, message: str | bytes) -> None:
        """Hear nothing."""

    def on_close(self) -> None:
        """End what tells."""
        if self._task is not None:
            self._task.cancel()

    async def _follow(self) -> None:
        try:
            async with self.guard.lasting.during(lambda: self.authorised):
                await self._tell()
        except RevokedError:
            self.close(_POLICY, "this key is no longer the right one")
        except (WebSocketClosedError, StreamClosedError):
            pass
        except asyncio.CancelledError:
            # The daemon stops, or the client has gone.
            self.close()

    async def _tell(self) -> None:
        journal = self._house.messages.desk.journal
        types, after = types_of(self._names), journal.newest
        while True:
            newest = journal.newest
            try:
                found = await journal.read(after, _AT_ONCE, types) if types else []
            except (StoreError, TimeoutError):
                self.close(_TRY_LATER, "the log cannot be read")
                return
            for event in found:
                for each in told(event_document(event), self._names, self._about()):
                    # Until the client has taken it: no more than one is held for anybody.
                    await self.write_message(json.dumps(each, ensure_ascii=False, separators=(",", ":")))
                after = event.seq
            if not found:
                after = max(after, newest)
                await journal.wait(after, _LONG)

    def _about(self) -> About:
        me = me_document(self._house.status)
        return About(me, self._house.version, self._house.base)
