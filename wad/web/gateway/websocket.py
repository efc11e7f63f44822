"""A client's websocket: what may come in by it, what has not gone out yet, and its end.

Rules of this file:

* Engine.IO does not wait for what it writes; whoever sends waits for `Websocket.flushed`, so that a client
  which does not read is sent nothing more.
* A websocket never outlives its use: one that does not take its session over in time is closed, and whatever
  ends Engine.IO's part of it ends the rest.
"""

import asyncio
from typing import Any

import structlog
from tornado.websocket import WebSocketHandler

from wad.web.body import LIMIT
from wad.web.connections.stream import Allowance, ClientStream
from wad.web.gateway.connections import POLICY, Connection, Connections

log = structlog.get_logger(__name__)

# The types of Engine.IO's packets which a client may send: close, pong, message.
WORDS = ("1", "3", "4")
# And by which a websocket takes over from polling.
_PROBE = "2probe"
_UPGRADE = "5"
# For what is counted nowhere else: frames that are no message yet. Clients send some hundred bytes a minute;
# one that is allowed to say something may say sixteen times the longest message.
_ALLOWANCE = Allowance(at_once=16 * LIMIT, each_second=1024)


class Websocket(WebSocketHandler):
    """The websocket's half of a handler; Engine.IO's own handler is mixed in behind it."""

    def connect_to(self, connections: Connections, session: str | None) -> None:
        """Take what every websocket has: `session` is the id of the one it would take over, if any."""
        self.connections = connections
        self.session = session
        self.gone = asyncio.Event()
        self._carried: Connection | None = None
        self._writing: set[asyncio.Future[None]] = set()

    @property
    def max_message_size(self) -> int:
        """Longer messages end the connection."""
        return LIMIT

    def get_compression_options(self) -> dict[str, Any] | None:
        """Do not compress: a compressor costs each connection more memory than all else of it."""
        return None

    async def open(self, *_: str) -> None:
        """Let Engine.IO have the websocket, in a task of our own."""
        self.connections.add(self)
        if isinstance(stream := getattr(self.ws_connection, "stream", None), ClientStream):
            stream.allow(_ALLOWANCE)
        self.connections.engine.start_background_task(self._serve)

    def carry(self, connection: Connection) -> None:
        """Be the transport of `connection` from now on."""
        self._carried = connection
        connection.websocket = self

    def on_ping(self, data: bytes) -> None:  # noqa: ARG002 - Tornado's signature
        """Count a ping like a message; Tornado has answered it."""
        self._count_control_frame()

    def on_pong(self, data: bytes) -> None:  # noqa: ARG002 - Tornado's signature
        """Count a pong like a message: we never ask for one."""
        self._count_control_frame()

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
        self.connections.remove(self)
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

    def write_frames(self, frames: bytes) -> bool:
        """Write whole frames, at once; False where the websocket ends, or the last ones have not left yet."""
        connection = self.ws_connection
        if self._writing or connection is None or connection.is_closing() or connection.stream is None:
            return False
        writing = connection.stream.write(frames)
        # The usual case: all of it is the kernel's already.
        if not writing.done():
            self._writing.add(writing)
            writing.add_done_callback(self._written)
        return True

    async def flushed(self) -> None:
        """Wait until all that was written has left the process, or never will."""
        if self._writing:
            await asyncio.wait(self._writing)

    def hang_up(self, code: int, reason: str | None = None) -> None:
        """Close the websocket; one whose client does not read would have to be waited for, and is cut off."""
        if self._writing:
            self._cut()
        else:
            self.close(code, reason)

    def _cut(self) -> None:
        """End the websocket without a word: whoever floods us would be read for as long as it is awaited."""
        if self.ws_connection is not None and self.ws_connection.stream is not None:
            self.ws_connection.stream.close()

    def _written(self, writing: asyncio.Future[None]) -> None:
        self._writing.discard(writing)
        if not writing.cancelled():
            writing.exception()  # a client that went away is no error: asked for, it is not logged

    async def _serve(self) -> None:
        timer = asyncio.get_running_loop().call_later(self.connections.within, self._check_upgrade)
        try:
            await self.connections.engine.handle_request(self)
        except Exception as exc:  # noqa: BLE001 - whatever a client's packet did; the connection is over
            log.debug("websocket_failed", error=type(exc).__name__)
        finally:
            timer.cancel()
            self._settle()
            self.hang_up(POLICY)

    def _settle(self) -> None:
        """Leave nothing behind: neither a session without a transport, nor one stuck in an upgrade."""
        if self._carried is not None:
            self.connections.hang_up(self._carried.sid)
        else:
            self.connections.upgrade_failed(self.session)

    def _check_upgrade(self) -> None:
        """Close a websocket that carries no session by now."""
        if self._carried is None:
            self.hang_up(POLICY)

    def _count_control_frame(self) -> None:
        connection = self._carried or self.connections.get(self.session)
        if connection is None or not connection.may_say(1):
            self._cut()

    def _may_say(self, message: str | bytes) -> bool:
        connection = self._carried or self.connections.get(self.session)
        if connection is None or not isinstance(message, str) or not connection.may_say(1):
            return False
        if self._carried is not None:
            return message[:1] in WORDS
        return message == _PROBE or (message == _UPGRADE and self._take_over(connection))

    def _take_over(self, connection: Connection) -> bool:
        """Carry a session that was polled till now, unless another websocket was faster."""
        if connection.websocket is not None:
            return False
        self.carry(connection)
        return True
