"""The HTTP side of Socket.IO: what is let through to Engine.IO, by polling or by websocket.

Rules of this file:

* Host and Origin are judged before Engine.IO sees a request, whatever its method; Engine.IO's own judgement
  is off, as it either lets everybody in or knows nothing of our configuration.
* Whatever Engine.IO would answer with an error of its own, or take badly, is refused here before: by then a
  websocket has no status code any more.
* Clients have nothing to tell: a few short packets of text are let through, others end the connection.
"""

from urllib.parse import parse_qs

from wad.web.base_handler import BaseHandler
from wad.web.errors import Refusal, bad_request, unavailable
from wad.web.gateway.connections import Connections
from wad.web.gateway.websocket import WORDS, Websocket
from wad.web.guard import Guard
from wad.web.routes import Route

# As many as Engine.IO reads in one request.
_MOST_IN_BODY = 16
_SEPARATOR = "\x1e"


class SocketRoute(Route):
    """Socket.IO's route: the only one with two methods."""

    @property
    def methods(self) -> tuple[str, ...]:
        """All the methods that are answered."""
        return ("GET", "POST", "OPTIONS")


class SocketHandler(BaseHandler, Websocket):
    """Judges, then hands over to the handler of Engine.IO's, which is mixed in behind this class."""

    def initialize(self, route: Route, guard: Guard, connections: Connections) -> None:
        """Need the connections."""
        self.admit(route, guard)
        self._query = parse_qs(self.request.query)
        self.connect_to(connections, self._argument("sid"))
        self._posted = bytearray()
        self._polled: str | None = None

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
            await super(BaseHandler, self).get()
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
            known = self.connections.get(sid) is not None
            return None if known else bad_request("unknown_session", "there is no such session: connect anew")
        return self._no_newcomer()

    def _no_newcomer(self) -> Refusal | None:
        if self.request.method != "GET" or self._argument("EIO") != "4":
            return bad_request("invalid_handshake", "connect with a client of Socket.IO 3 or later (EIO=4)")
        if self.connections.full(self.guard.caller(self.request).address):
            return unavailable("too_many_connections", "there is no place for another connection now")
        return None

    # Polling.

    async def _poll(self) -> None:
        self._polled = self._argument("sid")
        try:
            await super(BaseHandler, self).get()
        finally:
            self._polled = None

    def on_connection_close(self) -> None:
        """End the session of a client that went away while it polled: it will not come back to it."""
        if self._polled is not None:
            self.connections.hang_up(self._polled)
        super().on_connection_close()

    async def _take_post(self) -> None:
        sid = self._argument("sid") or ""
        connection = self.connections.get(sid)
        packets = bytes(self._posted).decode(errors="replace").split(_SEPARATOR)
        sensible = len(packets) <= _MOST_IN_BODY and all(each[:1] in WORDS for each in packets)
        if connection is None or not (sensible and connection.may_say(len(packets))):
            self.connections.hang_up(sid)
            raise bad_request("invalid_packets", "these packets are none a client should send, or too many")
        self.request.body = bytes(self._posted)
        await super(BaseHandler, self).post()  # type: ignore[misc]  # as mixed in, it is a coroutine
