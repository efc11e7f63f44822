"""Engine.IO's connections, whether or not they have entered the namespace: their deadlines and their ends.

Rules of this file:

* Whoever has not entered the namespace in time, or has left it, is hung up.
* A connection is ended at once and on our side alone: nobody who does not read can hold up its own end.
* What a websocket is sent is written at once and as one, past Engine.IO's queue, whose tasks take several
  times as long with a thousand clients; but never before what waits in that queue.
* Nobody is told that the server disconnects: a client believes that and does not come back, whereas one whose
  transport breaks tries again by itself.
"""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any, Protocol

from wad.core.values import dataclass

# Each takes an open file, of which a process usually has 1024, and the rest of the daemon some dozens.
MOST = 900
# And as many of them may be one address': an office of five hundred, or an attacker, leaves room for others.
MOST_OF_ONE = MOST * 3 // 4
# A client has little to say: it enters, and answers a ping twice a minute.
_WORDS = 100
_WORDS_PER_SECOND = 1.0
# What a websocket's close frame says.
_GOING_AWAY = 1001
POLICY = 1008


class Engine(Protocol):
    """What is needed of the Engine.IO server."""

    sockets: dict[str, Any]
    ping_timeout: float

    def start_background_task(self, target: Callable[[], Coroutine[Any, Any, Any]]) -> asyncio.Task[Any]:
        """Run `target` in a task that is ended with the server."""

    async def handle_request(self, handler: object) -> object:
        """Answer a request, or serve a websocket to its end."""

    async def send_packet(self, sid: str, packet: Any) -> None:
        """Put a packet into the queue of a connection, if there is such a one."""

    async def hang_up(self, sid: str) -> None:
        """End a connection of Engine.IO's, and whatever waits for it."""


class Transport(Protocol):
    """An open websocket."""

    gone: asyncio.Event

    def hang_up(self, code: int, reason: str | None = None) -> None:
        """Close it, at once if the client does not read."""

    async def flushed(self) -> None:
        """Wait until all that was written has left the process."""

    def write_frames(self, frames: bytes) -> bool:
        """Write whole frames; False where the websocket ends, or the last ones have not left yet."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """A packet, as Engine.IO queues it, and as it goes over a websocket."""

    packet: Any
    frame: bytes


class Connection:
    """One connection of Engine.IO's; `websocket` is None while it polls.

    `client` is where it came from, through trusted proxies; `expire` is called after `within` seconds outside
    the namespace.
    """

    def __init__(self, sid: str, client: str, expire: Callable[[], None], within: float) -> None:
        self.sid = sid
        self.client = client
        self.websocket: Transport | None = None
        self.inside = False
        self._expire = expire
        self._within = within
        self._timer: asyncio.TimerHandle | None = None
        self._began = asyncio.get_running_loop().time()
        self._words = 0
        self.leave()

    def enter(self) -> None:
        """Stop the clock: the connection is in the namespace."""
        self.inside = True
        self.stop_clock()

    def leave(self) -> None:
        """Start the clock: the connection is not in the namespace."""
        self.inside = False
        self.stop_clock()
        self._timer = asyncio.get_running_loop().call_later(self._within, self._expire)

    def stop_clock(self) -> None:
        """Let the connection be."""
        if self._timer is not None:
            self._timer.cancel()

    def may_say(self, words: int) -> bool:
        """Count packets from the client; False if it talks more than any real one."""
        self._words += words
        lived = asyncio.get_running_loop().time() - self._began
        return self._words <= _WORDS + lived * _WORDS_PER_SECOND


class Connections:
    """All of them, by Engine.IO's ids; `within` is how long one may be outside the namespace."""

    def __init__(self, engine: Engine, within: float) -> None:
        self.engine = engine
        self.within = within
        self.closing = False
        self._open: dict[str, Connection] = {}
        self._transports: set[Transport] = set()
        self._monitor: asyncio.Task[Any] | None = None

    def __len__(self) -> int:
        return len(self._open)

    def full(self, client: str) -> bool:
        """Tell whether there is no place for another one, or none for another one of that client."""
        if self.closing or len(self._open) >= MOST:
            return True
        return sum(each.client == client for each in self._open.values()) >= MOST_OF_ONE

    def get(self, sid: str | None) -> Connection | None:
        """Give the connection with this id."""
        return self._open.get(sid or "")

    def opened(self, sid: str, client: str) -> Connection:
        """Take a new connection, and start its clock."""
        connection = Connection(sid, client, partial(self.hang_up, sid), self.within)
        self._open[sid] = connection
        if self._monitor is None:
            self._monitor = self.engine.start_background_task(self._watch)
        return connection

    def closed(self, sid: str, reason: str | None = None) -> None:
        """Forget a connection that Engine.IO has closed."""
        connection = self._open.pop(sid, None)
        if connection is not None:
            connection.stop_clock()
            if connection.websocket is not None:
                connection.websocket.hang_up(POLICY, reason)

    def expel(self, sid: str, reason: str) -> None:
        """End a connection that may no longer be there: nothing is taken from it from now on."""
        self.closed(sid, reason)
        self.hang_up(sid)

    def hang_up(self, sid: str) -> None:
        """End a connection, behind the caller's back."""
        self.engine.start_background_task(partial(self.engine.hang_up, sid))

    def upgrade_failed(self, sid: str | None) -> None:
        """Let a session be polled again: Engine.IO would go on waiting for its websocket."""
        socket = self.engine.sockets.get(sid or "")
        if socket is not None and not socket.upgraded:
            socket.upgrading = False

    def add(self, transport: Transport) -> None:
        """Take a websocket, whoever's it is."""
        self._transports.add(transport)

    def remove(self, transport: Transport) -> None:
        """Forget a websocket that is gone."""
        self._transports.discard(transport)

    async def send(self, sid: str, told: Sequence[Encoded]) -> None:
        """Send packets, in order; returns when the client has taken them, or never will."""
        await self.flushed(sid)
        if not self.write(sid, b"".join([each.frame for each in told])):
            for each in told:
                await self.engine.send_packet(sid, each.packet)
            await self.flushed(sid)
        elif (connection := self.get(sid)) is not None and connection.websocket is not None:
            await connection.websocket.flushed()

    def write(self, sid: str, frames: bytes) -> bool:
        """Write frames to a client; False where it polls, has left, or has not taken all that was sent."""
        socket, connection = self.engine.sockets.get(sid), self._open.get(sid)
        if socket is None or connection is None or connection.websocket is None:
            return False
        serves = socket.upgraded and not socket.closed and connection.inside and socket.queue.empty()
        return serves and connection.websocket.write_frames(frames)

    async def flushed(self, sid: str) -> None:
        """Wait until the client has taken what was sent to it."""
        socket = self.engine.sockets.get(sid)
        if socket is not None:
            await socket.queue.join()
        connection = self.get(sid)
        if connection is not None and connection.websocket is not None:
            await connection.websocket.flushed()

    async def close(self) -> None:
        """End all; takes no longer than `within`, whatever the clients do."""
        self.closing = True
        for sid in list(self.engine.sockets):
            await self.engine.hang_up(sid)
        for transport in self._transports:
            transport.hang_up(_GOING_AWAY)
        gone = [asyncio.create_task(transport.gone.wait()) for transport in self._transports]
        if gone:
            _, late = await asyncio.wait(gone, timeout=self.within)
            for waiting in late:
                waiting.cancel()

    async def _watch(self) -> None:
        """Find those who no longer answer. Engine.IO's own watch cannot be ended in its older versions."""
        while True:
            await asyncio.sleep(self.engine.ping_timeout)
            for sid, socket in list(self.engine.sockets.items()):
                if socket.closed or not await socket.check_ping_timeout():
                    await self.engine.hang_up(sid)
