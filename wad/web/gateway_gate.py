"""The HTTP side of Socket.IO: what is let through to Engine.IO, by polling or by websocket.

Rules of this file:

* Host and Origin are judged before Engine.IO sees a request, whatever its method; Engine.IO's own judgement
  is off, as it either lets everybody in or knows nothing of our configuration.
* Whatever Engine.IO would answer with an error of its own, or take badly, is refused here before: by then a
  websocket has no status code any more.
* Clients have nothing to tell: a few short packets of text are let through, others end the connection.
"""

import asyncio
from typing import Any
from urllib.parse import parse_qs

import structlog
from tornado.websocket import WebSocketHandler

from wad.web.body import LIMIT
from wad.web.door import Door
from wad.web.errors import Refusal, bad_request, unavailable
from wad.web.gateway_connections import Connection, Connections
from wad.web.guard import Guard
from wad.web.routes import Route

log = structlog.get_logger(__name__)

# The types of Engine.IO's packets which a client may send: close, pong, message.
_WORDS = ("1", "3", "4")
# And by which a websocket takes over from polling.
_PROBE = "2probe"
_UPGRADE = "5"
# As many as Engine.IO reads in one request.
_MOST_IN_BODY = 16
_SEPARATOR = "\x1e"
_POLICY = 1008


class SocketRoute(Route):
    """Socket.IO's route: the only one with two methods."""

    @property
    def methods(self) -> tuple[str, ...]:
        """All the methods that are answered."""
        return ("GET", "POST", "OPTIONS")


class Gate(Door, WebSocketHandler):
    """Judges, then hands over to the handler of Engine.IO's, which is mixed in behind this class."""

    def initialize(self, route: Route, guard: Guard, connections: Connections) -> None:
        """Need the connections."""
        self.admit(route, guard)
        self.gone = asyncio.Event()
        self._connections = connections
        self._posted = bytearray()
        self._polled: str | None = None
        self._carried: Connection | None = None
        self._writing: set[asyncio.Future[None]] = set()
        self._query = parse_qs(self.request.query)

    # Every request.

    def method_refusal(self) -> Refusal | None:
        """Refuse another site's page, and a foreign host, even if it only reads."""
        return self.guard.refusal(self.request, strict=True) or super().method_refusal()

    def check_origin(self, origin: str) -> bool:  # noqa: ARG002 - judged with the rest of the request
        """Judge a websocket's origin; a second time, should Tornado ever ask on another way."""
        return self.guard.refusal(self.request, strict=True) is None

    def data_received(self, chunk: bytes) -> None:
        """Keep the body for Engine.IO, which reads it where it is when it is not streamed."""
        super().data_received(chunk)
        if not self.body.too_long:
            self._posted += chunk

    def on_finish(self) -> None:
        """Log the request, unless it is a client's POST: it changes nothing, and there are many."""
        if self.request.method != "POST":
            super().on_finish()

    async def answer(self) -> None:
        """Hand a sensible request over."""
        refusal = self._nonsense()
        if refusal is not None:
            raise refusal
        if self.request.method == "POST":
            await self._take_post()
        elif self.wants_websocket:
            await super(Door, self).get()
        else:
            await self._poll()

    @property
    def wants_websocket(self) -> bool:
        """Whether the client asks for a websocket."""
        return self.request.headers.get("Upgrade", "").lower() == "websocket"

    def _argument(self, name: str) -> str | None:
        """Give an argument as Engine.IO reads it: the first one of the name."""
        return next(iter(self._query.get(name, ())), None)

    def _nonsense(self) -> Refusal | None:
        sid = self._argument("sid")
        if "j" in self._query:
            # A script element of any page could read it, and some browsers do not say whose page it is.
            return bad_request("jsonp_refused", "JSONP is not served: use polling or websocket")
        if self.wants_websocket is not (self._argument("transport") == "websocket"):
            return bad_request("invalid_transport", "a websocket needs its Upgrade header, and only it")
        if sid is not None:
            known = self._connections.get(sid) is not None
            return None if known else bad_request("unknown_session", "there is no such session: connect anew")
        return self._no_newcomer()

    def _no_newcomer(self) -> Refusal | None:
        if self.request.method != "GET" or self._argument("EIO") != "4":
            return bad_request("invalid_handshake", "connect with a client of Socket.IO 3 or later (EIO=4)")
        if self._connections.full:
            return unavailable("too_many_connections", "there is no place for another connection now")
        return None

    # Polling.

    async def _poll(self) -> None:
        self._polled = self._argument("sid")
        try:
            await super(Door, self).get()
        finally:
            self._polled = None

    def on_connection_close(self) -> None:
        """End the session of a client that went away while it polled: it will not come back to it."""
        if self._polled is not None:
            self._connections.hang_up(self._polled)
        super().on_connection_close()

    async def _take_post(self) -> None:
        sid = self._argument("sid") or ""
        connection = self._connections.get(sid)
        packets = bytes(self._posted).decode(errors="replace").split(_SEPARATOR)
        sensible = len(packets) <= _MOST_IN_BODY and all(each[:1] in _WORDS for each in packets)
        if connection is None or not (sensible and connection.may_say(len(packets))):
            self._connections.hang_up(sid)
            raise bad_request("invalid_packets", "these packets are none a client should send, or too many")
        self.request.body = bytes(self._posted)
        await super(Door, self).post()  # type: ignore[misc]  # as mixed in, it is a coroutine

    # Websockets.

    @property
    def max_message_size(self) -> int:
        """Longer messages end the connection."""
        return LIMIT

    def get_compression_options(self) -> dict[str, Any] | None:
        """Do not compress: a compressor costs each connection more memory than all else of it."""
        return None

    async def open(self, *_: str) -> None:
        """Let Engine.IO have the websocket, in a task of our own."""
        self._connections.add(self)
        self._connections.engine.start_background_task(self._serve)

    def carry(self, connection: Connection) -> None:
        """Be the transport of `connection` from now on."""
        self._carried = connection
        connection.websocket = self

    async def on_message(self, message: str | bytes) -> None:
        """Pass on what a client may say."""
        if not self._may_say(message):
            self._cut()
            return
        passed = super().on_message(message)
        if passed is not None:
            await passed

    def on_close(self) -> None:
        """Tell whoever waits for the end."""
        self._connections.remove(self)
        self.gone.set()
        super().on_close()

    def write_message(
        self,
        message: str | bytes | dict[str, Any],
        binary: bool = False,  # noqa: FBT001, FBT002 - Tornado's signature
    ) -> asyncio.Future[None]:
        """Remember what has not left yet: Engine.IO does not wait for it."""
        writing = super().write_message(message, binary)
        self._writing.add(writing)
        writing.add_done_callback(self._written)
        return writing

    async def flushed(self) -> None:
        """Wait until all that was written has left the process, or never will."""
        if self._writing:
            await asyncio.wait(self._writing)

    def hang_up(self, code: int) -> None:
        """Close the websocket; one whose client does not read would have to be waited for, and is cut off."""
        if self._writing:
            self._cut()
        else:
            self.close(code)

    def _cut(self) -> None:
        """End the websocket without a word: whoever floods us would be read for as long as it is awaited."""
        if self.ws_connection is not None and self.ws_connection.stream is not None:
            self.ws_connection.stream.close()

    def _written(self, writing: asyncio.Future[None]) -> None:
        self._writing.discard(writing)
        if not writing.cancelled():
            writing.exception()  # a client that went away is no error: asked for, it is not logged

    async def _serve(self) -> None:
        timer = asyncio.get_running_loop().call_later(self._connections.within, self._check_upgrade)
        try:
            await self._connections.engine.handle_request(self)
        except Exception as exc:  # noqa: BLE001 - whatever a client's packet did; the connection is over
            log.debug("websocket_failed", error=type(exc).__name__)
        finally:
            timer.cancel()
            self._settle()
            self.hang_up(_POLICY)

    def _settle(self) -> None:
        """Leave nothing behind: neither a session without a transport, nor one stuck in an upgrade."""
        if self._carried is not None:
            self._connections.hang_up(self._carried.sid)
        else:
            self._connections.upgrade_failed(self._argument("sid"))

    def _check_upgrade(self) -> None:
        """Close a websocket that carries no session by now."""
        if self._carried is None:
            self.hang_up(_POLICY)

    def _may_say(self, message: str | bytes) -> bool:
        connection = self._carried or self._connections.get(self._argument("sid"))
        if connection is None or not isinstance(message, str) or not connection.may_say(1):
            return False
        if self._carried is not None:
            return message[:1] in _WORDS
        return message == _PROBE or (message == _UPGRADE and self._take_over(connection))

    def _take_over(self, connection: Connection) -> bool:
        """Carry a session that was polled till now, unless another websocket was faster."""
        if connection.websocket is not None:
            return False
        self.carry(connection)
        return True
