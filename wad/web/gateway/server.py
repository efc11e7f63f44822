"""Socket.IO: clients are told the present when they come, and every change from then on.

* `handler` judges requests, `websocket`, `connections` and `pings` watch over what they lead to, `viewer`
  tells one client, `messages` and `event_names` say what; here they are joined to python-socketio.
* Only this module imports python-socketio. It must run with every release from 5.18 on.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

import engineio
import socketio
import structlog
from engineio.async_socket import AsyncSocket
from socketio.exceptions import ConnectionRefusedError as RefusedError
from tornado.httputil import HTTPServerRequest

from wad.core.deadlines import Deadlines
from wad.link.commands import Commands
from wad.link.session import Change
from wad.messages.service import Messages
from wad.reports.presenter import Presenter
from wad.web.body import LIMIT
from wad.web.gateway.broadcast import Broadcast, Recipient
from wad.web.gateway.connections import Connection, Connections, Encoded
from wad.web.gateway.handler import SocketHandler, SocketRoute
from wad.web.gateway.message_events import IN_FLIGHT, Follower, after_of, sent
from wad.web.gateway.messages import messages
from wad.web.gateway.packets import Packets, framed
from wad.web.gateway.pings import measured
from wad.web.gateway.viewer import Told, Viewer
from wad.web.guard import Guard
from wad.web.routes import Protection, Route

log = structlog.get_logger(__name__)

# A dead client is noticed within their sum; nginx drops what is silent for 60 s.
_PING_INTERVAL = 25
_PING_TIMEOUT = 20
# Under this key the environment that python-socketio hands around holds our own record of the connection.
_OURS = "wad.connection"
# The only packets of Socket.IO's that mean anything to us: enter the namespace, leave it, an event.
_ENTER, _LEAVE, _EVENT = "0", "1", "2"
# What the close frame of a websocket says, which has room for 123 bytes.
_REVOKED = "this token is no longer the right one"
_UNAUTHORIZED = "this needs a token: connect with auth: {token: …}"


class _Reports(logging.Handler):
    """Takes python-socketio's log: its lines hold what was sent, and any client can provoke them."""

    def emit(self, record: logging.LogRecord) -> None:
        """Keep of an error only its class."""
        if record.exc_info and record.exc_info[0]:
            log.debug("socketio_error", error=record.exc_info[0].__name__)


def _quiet_logger() -> logging.Logger:
    logger = logging.getLogger("wad.web.gateway.socketio")
    # Not INFO, at which codes are logged, whatever level the root logger has.
    logger.setLevel(logging.WARNING)
    logger.propagate = False
    logger.handlers[:] = [_Reports()]
    return logger


class _Engine(engineio.AsyncServer):  # type: ignore[misc]  # the library has no types
    """Engine.IO's server, with tasks and connections that can be ended."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.tasks: set[asyncio.Task[Any]] = set()
        self._pings: dict[str, asyncio.Task[Any]] = {}
        super().__init__(*args, **kwargs)

    def start_background_task(
        self, target: Callable[..., Any], *args: Any, **kwargs: Any
    ) -> asyncio.Task[Any]:
        """Run in a task that is kept until it ends."""
        task: asyncio.Task[Any] = super().start_background_task(target, *args, **kwargs)
        self.tasks.add(task)
        task.add_done_callback(self._ended)
        # The only task that a connection has by itself: it waits until the next ping is due.
        if isinstance(owner := getattr(target, "__self__", None), AsyncSocket):
            self._pings[owner.sid] = task
            task.add_done_callback(partial(self._pinged, owner.sid))
        return task

    def stop_ping(self, sid: str) -> None:
        """End what waits for a ping that is no longer due: it holds all that belongs to the connection."""
        task = self._pings.get(sid)
        if task is not None and task is not asyncio.current_task():
            task.cancel()

    def _pinged(self, sid: str, task: asyncio.Task[Any]) -> None:
        if self._pings.get(sid) is task:
            del self._pings[sid]

    async def hang_up(self, sid: str) -> None:
        """End a connection: tell our side, and let whoever polls for it go."""
        socket = self.sockets.pop(sid, None)
        if socket is not None:
            await socket.close(wait=False, abort=True)
            self.release(socket)

    def release(self, socket: Any) -> None:
        """Let a client that polls go; Engine.IO would leave it waiting at the end of its session."""
        socket.queue.put_nowait(engineio.packet.Packet(engineio.packet.NOOP))

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self.tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            # Its message could hold what a client sent.
            log.error("gateway_task_failed", error=type(error).__name__)


class _Server(socketio.AsyncServer):  # type: ignore[misc]  # the library has no types
    def _engineio_server_class(self) -> type[_Engine]:
        return _Engine


def _make_server() -> _Server:
    logger = _quiet_logger()
    return _Server(
        async_mode="tornado",
        # Off altogether, which lets everybody in: the handler has judged by then, and writes the headers.
        cors_allowed_origins=[],
        ping_interval=_PING_INTERVAL,
        ping_timeout=_PING_TIMEOUT,
        max_http_buffer_size=LIMIT,
        # Compressing secrets beside what another side chose would tell their bytes by the length.
        http_compression=False,
        cookie=None,
        monitor_clients=False,
        async_handlers=False,
        logger=logger,
        engineio_logger=logger,
    )


class Gateway:
    """Socket.IO for the application; make it after the presenter, whose subscription must come first."""

    def __init__(
        self,
        commands: Commands,
        presenter: Presenter,
        guard: Guard,
        deadlines: Deadlines,
        messages: Messages | None = None,
    ) -> None:
        self._messages = messages
        self._commands = commands
        self._presenter = presenter
        self._guard = guard
        self._server = _make_server()
        self._engine: _Engine = self._server.eio
        self._packets = Packets(self._encoded)
        self.connections = Connections(self._engine, deadlines.socketio_connect)
        self._broadcast = Broadcast(
            presenter,
            frames=self._frames,
            write=self.connections.write,
            run=self._engine.start_background_task,
        )
        self._in_flight: Counter[str] = Counter()
        self._viewers: dict[str, tuple[Viewer, asyncio.Task[Any], Connection]] = {}
        self._server.on("connect", self._connect)
        self._server.on("disconnect", self._disconnect)
        if messages is not None:
            self._server.on("send_message", self._send_message)
        self._listen()
        self._unsubscribe = commands.session.subscribe(self._changed)

    @property
    def route(self) -> Route:
        """The route of `wad.web.app.make_app`'s that leads here; the token is asked for in the namespace."""
        handler = type("SocketHandler", (SocketHandler, socketio.get_tornado_handler(self._server)), {})
        return SocketRoute(
            r"/socket\.io", "GET", handler, Protection.PUBLIC, {"connections": self.connections}
        )

    async def close(self) -> None:
        """End every connection and every task; bounded in time."""
        self._unsubscribe()
        await self.connections.close()
        with suppress(TimeoutError):
            async with asyncio.timeout(self.connections.within):
                # One that ends may have begun another: a packet was still on its way.
                while left := set(self._engine.tasks):
                    for task in left:
                        task.cancel()
                    await asyncio.wait(left)

    # Engine.IO's events, on their way to Socket.IO.

    def _listen(self) -> None:
        """Put ourselves before Socket.IO, which learns of a connection only what we let through."""
        inner = dict(self._engine.handlers)

        async def connect(sid: str, environ: dict[str, Any]) -> Any:
            self._opened(sid, environ)
            return await inner["connect"](sid, environ)

        async def message(sid: str, data: Any) -> None:
            if self._passes(sid, data):
                await inner["message"](sid, data)

        async def disconnect(sid: str, *reason: Any) -> None:
            await inner["disconnect"](sid, *reason)
            self.connections.closed(sid)
            self._engine.stop_ping(sid)
            if sid in self._engine.sockets:
                self._engine.release(self._engine.sockets[sid])

        for name, handler in {"connect": connect, "message": message, "disconnect": disconnect}.items():
            self._engine.on(name, handler)

    def _opened(self, sid: str, environ: dict[str, Any]) -> None:
        handler: SocketHandler = environ["tornado.handler"]
        connection = self.connections.opened(sid, self._guard.caller(handler.request).address)
        environ[_OURS] = connection
        measured(self._engine.sockets[sid])
        if handler.wants_websocket:
            handler.carry(connection)

    def _passes(self, sid: str, data: Any) -> bool:
        """Let in who is outside, and of who is inside what leads out, or has a text sent."""
        connection = self.connections.get(sid)
        if connection is None or not isinstance(data, str):
            return False
        inside = {_LEAVE, _EVENT} if self._messages is not None else {_LEAVE}
        return data[:1] in (inside if connection.inside else {_ENTER})

    # Socket.IO's events. Neither waits for anything: the library would let a disconnect overtake a connect.

    async def _connect(self, sid: str, environ: dict[str, Any], auth: Any = None) -> None:
        connection: Connection = environ[_OURS]
        admitted = partial(self._authorised, environ["tornado.handler"].request, auth)
        if not admitted():
            raise RefusedError(_UNAUTHORIZED, {"code": "unauthorized"})
        connection.enter()
        self._guard.lasting.add(sid, admitted, partial(self._expel, sid))
        viewer = Viewer(self._commands, self._presenter, partial(self._send, sid, connection))
        # It begins when the library has told the client that it is in.
        task = self._engine.start_background_task(self._serve, viewer, connection, after_of(auth))
        self._viewers[sid] = (viewer, task, connection)

    async def _disconnect(self, sid: str, reason: str | None = None) -> None:  # noqa: ARG002 - since 5.12
        if sid in self._viewers:
            _, task, connection = self._viewers.pop(sid)
            self._guard.lasting.remove(sid)
            task.cancel()
            connection.leave()

    def _expel(self, sid: str) -> None:
        """End a client whose token no longer holds. It comes again, and is refused with the reason."""
        _, task, connection = self._viewers[sid]
        task.cancel()
        self.connections.expel(connection.sid, _REVOKED)

    async def _serve(self, viewer: Viewer, connection: Connection, after: int | None) -> None:
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(viewer.run(), name="wad-viewer")
                if self._messages is not None:
                    follower = Follower(self._messages, viewer.send, after)
                    tasks.create_task(follower.run(), name="wad-follower")
        except* Exception as exc:  # noqa: BLE001 - of whatever kind: the client may come again
            # The class alone: a message, or a traceback with its variables, could hold the code.
            log.error("viewer_failed", error=type(exc.exceptions[0]).__name__)  # noqa: TRY400
            self.connections.hang_up(connection.sid)

    async def _send_message(self, sid: str, given: Any = None) -> None:
        """Have a text sent behind the back of what the client says next; how it went is told by an event."""
        _, _, connection = self._viewers[sid]
        if self._in_flight[sid] >= IN_FLIGHT:
            told = {"success": False, "error": "queue_full", "details": "too many at once"}
            await self._send(sid, connection, [("message-sent", told | {"originalData": given})])
            return
        self._engine.start_background_task(self._carry_out, sid, connection, given)

    async def _carry_out(self, sid: str, connection: Connection, given: Any) -> None:
        assert self._messages is not None  # noqa: S101 - nobody hears the event otherwise
        self._in_flight[sid] += 1
        try:
            told = await sent(self._messages, given)
            if sid in self._viewers:
                await self._send(sid, connection, [("message-sent", told)])
        finally:
            self._in_flight[sid] -= 1
            self._in_flight += Counter()  # drops what is 0

    def _authorised(self, request: HTTPServerRequest, auth: Any) -> bool:
        token = auth.get("token") if isinstance(auth, dict) else None
        given = token.encode(errors="replace") if isinstance(token, str) else b""
        return self._guard.right_token(given) or self._guard.authorised(request)

    async def _send(self, sid: str, connection: Connection, told: Told) -> None:
        # Not by the library's own `emit`, which encodes it for each client anew, and starts a task for each.
        if sid in self._viewers:
            encoded = [self._packets.of(event, argument) for event, argument in told]
            await self.connections.send(connection.sid, encoded)
        else:
            await self.connections.flushed(connection.sid)

    def _encoded(self, event: list[Any]) -> Encoded:
        text = self._server.packet_class(socketio.packet.EVENT, data=event, namespace="/").encode()
        packet = engineio.packet.Packet(engineio.packet.MESSAGE, text)
        return Encoded(packet, framed(packet.encode()))

    def _frames(self, told: Told) -> bytes:
        return b"".join([self._packets.of(event, argument).frame for event, argument in told])

    def _changed(self, change: Change) -> None:
        told = messages(change, self._presenter.daemon, self._commands.session.now())
        recipients = (Recipient(each.sid, viewer.mailbox) for viewer, _, each in self._viewers.values())
        self._broadcast.tell(told, recipients)
