"""pyppeteer's Connection over Chromium's debugging pipe, and one call with a deadline.

Rules of this file:

* pyppeteer resolves the calls of a dead connection to ``None``, or never. Here each call ends: with its
  answer, at once with a `ConnectionLostError` when the pipe closes, or by its caller's own deadline.
* A call whose caller has gone away is forgotten; its late answer hurts nobody.
* Payloads are never logged: they hold codes and keys.

Sessions are pyppeteer's: messages of a page travel inside ``Target.sendMessageToTarget`` and
``Target.receivedMessageFromTarget`` of the connection, those of its workers once more inside.
"""

import asyncio
import json
import logging
import re
from collections.abc import Callable
from typing import Any, Final, NamedTuple, TypeAlias

import structlog
from pyee import EventEmitter
from pyppeteer.connection import CDPSession, Connection
from pyppeteer.errors import NetworkError, PyppeteerError

from wad.browser.meter import Meter
from wad.browser.pipe import Pipe
from wad.core.errors import BrowserError, BrowserHungError

_log = structlog.get_logger()

# At DEBUG pyppeteer logs every message. Whoever turns DEBUG on for all loggers must not get codes and keys.
logging.getLogger("pyppeteer").setLevel(logging.WARNING)

Message: TypeAlias = dict[str, Any]

# What comes unasked. A page that loads, or takes a long history in, makes thousands of events, and some MB of
# them; one in its senses makes a few in a second. wad takes in 10,000 in a second, on a busy machine 1,000.
_EVENTS_AT_ONCE: Final = 10_000
_EVENTS_PER_SECOND: Final = 500
_BYTES_AT_ONCE: Final = 128 << 20
_BYTES_PER_SECOND: Final = 8 << 20

# Of a single one. The longest in a page's senses are requests for a picture that is in its own address.
_MOST_BYTES: Final = 16 << 20

# How Chromium begins each answer to a call, and no event.
_ANSWER: Final = b'{"id":'
# The same for a session's answer, which comes in an event. In what a page says quotes are escaped once more.
_ANSWER_INSIDE: Final = re.compile(rb'"message": ?"\{\\"id\\":')


class ConnectionLostError(BrowserError, NetworkError):  # type: ignore[misc] # pyppeteer is untyped
    """The pipe or the session is closed; a NetworkError too, since pyppeteer's own code expects that one."""


class _Call(NamedTuple):
    """A call under way, and when it began, by the loop's clock."""

    method: str
    answer: asyncio.Future[Any]
    begun: float


class _Calls:
    """The calls under way on one connection or session."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._last_id = 0
        self._waiting: dict[int, _Call] = {}

    @property
    def longest(self) -> float:
        """For how many seconds the oldest call under way has waited; 0 where there is none."""
        now = self._loop.time()
        return now - min((each.begun for each in self._waiting.values()), default=now)

    def begin(self, method: str) -> tuple[int, asyncio.Future[Any]]:
        """Return a new call's id and the future of its answer."""
        self._last_id += 1
        call_id = self._last_id
        future: asyncio.Future[Any] = self._loop.create_future()
        self._waiting[call_id] = _Call(method, future, self._loop.time())
        future.add_done_callback(lambda done: self._end(call_id, done))
        return call_id, future

    def _end(self, call_id: int, done: asyncio.Future[Any]) -> None:
        """Forget a call that is over, also one whose caller gave up.

        Its error counts as seen: pyppeteer sends many commands whose answers it never looks at.
        """
        self._waiting.pop(call_id, None)
        if not done.cancelled():
            done.exception()

    def answered(self, message: Message) -> None:
        """Resolve the call that `message` answers; an answer nobody waits for is dropped."""
        call = self._waiting.pop(message["id"], None)
        if call is None or call.answer.done():
            return
        if error := message.get("error"):
            text = " ".join(str(error[key]) for key in ("message", "data") if key in error)
            call.answer.set_exception(NetworkError(f"Protocol error ({call.method}): {text}"))
        else:
            call.answer.set_result(message.get("result"))

    def fail_all(self, reason: str) -> None:
        """Fail each call under way."""
        for each in [*self._waiting.values()]:
            _fail(each.answer, each.method, reason)
        self._waiting.clear()


def _fail(future: asyncio.Future[Any], method: str, reason: str) -> None:
    if not future.done():
        # "Target closed" is what pyppeteer's own code looks for in the text.
        future.set_exception(ConnectionLostError(f"Protocol error {method}: Target closed. ({reason})"))


class PipeSession(CDPSession):  # type: ignore[misc] # pyppeteer is untyped
    """A session with one target, as pyppeteer's, whose calls end under all circumstances."""

    def __init__(
        self, connection: Any, target_type: str, session_id: str, loop: asyncio.AbstractEventLoop
    ) -> None:
        super().__init__(connection, target_type, session_id, loop)
        self._calls = _Calls(loop)

    def send(self, method: str, params: Message | None = None) -> asyncio.Future[Any]:
        """Send a command; the future fails with ConnectionLostError when the session is, or gets, closed."""
        call_id, future = self._calls.begin(method)
        if self._connection is None:
            _fail(future, method, f"the {self._targetType} is gone")
            return future
        text = json.dumps({"id": call_id, "method": method, "params": params or {}})
        envelope = {"sessionId": self._sessionId, "message": text}
        carrier = self._connection.send("Target.sendMessageToTarget", envelope)
        carrier.add_done_callback(lambda done: self._carried(done, method, future))
        return future

    def leave(self) -> None:
        """Want no more of it; what is under way fails. The target goes on as it was."""
        if self._connection is not None:
            self._connection.send("Target.detachFromTarget", {"sessionId": self._sessionId})

    @staticmethod
    def _carried(done: asyncio.Future[Any], method: str, future: asyncio.Future[Any]) -> None:
        """Fail the call whose envelope was refused: its answer never comes, and pyppeteer would wait."""
        if done.cancelled():
            _fail(future, method, "cancelled")
        elif error := done.exception():
            _fail(future, method, str(error))

    def _on_message(self, msg: str) -> None:
        message = json.loads(msg)
        if "id" in message:
            self._calls.answered(message)
        elif not _to_child(self, message):
            _emit(self, message)

    def _on_closed(self) -> None:
        self._connection = None
        for session in [*self._sessions.values()]:
            session._on_closed()  # noqa: SLF001 # pyppeteer's inner protocol
        self._sessions.clear()
        self._calls.fail_all(f"the {self._targetType} is gone")

    def _createSession(self, targetType: str, sessionId: str) -> "PipeSession":  # noqa: N802, N803 # pyppeteer's
        session = PipeSession(self, targetType, sessionId, self._loop)
        self._sessions[sessionId] = session
        return session


class PipeConnection(Connection):  # type: ignore[misc] # pyppeteer is untyped
    """The connection with a browser over two fds, which it owns; needs a running loop.

    `reads` and `writes` must not block.
    """

    def __init__(self, reads: int, writes: int) -> None:
        # Not Connection's own: it opens a websocket.
        EventEmitter.__init__(self)
        self._url = "pipe:"
        self._loop = asyncio.get_running_loop()
        self._sessions: dict[str, PipeSession] = {}
        self._closeCallback = None
        self._calls = _Calls(self._loop)
        self._lost = ""
        self._unasked = Meter(_EVENTS_AT_ONCE, _EVENTS_PER_SECOND)
        self._unasked_bytes = Meter(_BYTES_AT_ONCE, _BYTES_PER_SECOND)
        self._on_flood: Callable[[], None] | None = None
        self._pipe = Pipe(reads, writes, self._received, self._ended)

    @property
    def closed(self) -> bool:
        """Whether the pipe is closed: all further calls fail."""
        return self._pipe.closed

    @property
    def silent_for(self) -> float:
        """For how many seconds the browser's own process owes an answer; 0 where it owes none.

        It acknowledges at once what it passes on to a page; how long the page takes does not count.
        """
        return self._calls.longest

    def bound(self, on_flood: Callable[[], None]) -> None:
        """Call `on_flood` once, when more comes unasked than a page in its senses can cause.

        From then on the browser's own answers are read, and nothing else is: no event, no word of a page.
        """
        self._on_flood = on_flood
        self._pipe.bound(_MOST_BYTES, self._is_too_much)

    def asked_for(self, size: int) -> None:
        """Take so many bytes back from what came unasked: they were the answer to a question of wad's.

        A session's answers come inside events, so that they are counted before anybody knows what they are.
        """
        self._unasked_bytes.add(-size)

    def send(self, method: str, params: Message | None = None) -> asyncio.Future[Any]:
        """Send a command; the future fails with ConnectionLostError when the pipe is, or gets, closed."""
        call_id, future = self._calls.begin(method)
        text = json.dumps({"id": call_id, "method": method, "params": params or {}})
        try:
            self._pipe.write(text.encode())
        except BrowserError as exc:
            _fail(future, method, self._lost or str(exc))
        return future

    def lose(self, reason: str) -> None:
        """Close the pipe and fail all calls, those of all sessions too; `reason` is for people."""
        self._pipe.close(reason)

    async def dispose(self) -> None:
        """Close the pipe, under the name pyppeteer knows."""
        self.lose("closed by wad")

    async def createSession(self, targetInfo: Message) -> PipeSession:  # noqa: N802, N803 # pyppeteer's
        """Attach to a target; called by pyppeteer."""
        answer = await self.send("Target.attachToTarget", {"targetId": targetInfo["targetId"]})
        session = PipeSession(self, targetInfo["type"], answer["sessionId"], self._loop)
        self._sessions[answer["sessionId"]] = session
        return session

    def _received(self, raw: bytes) -> None:
        if self._floods(raw):
            return
        try:
            message = json.loads(raw)
            if "id" in message:
                self._calls.answered(message)
            elif not _to_child(self, message):
                _emit(self, message)
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as exc:
            # Nothing after it can be trusted to answer what was asked. The class alone: a text may quote it.
            self.lose(f"the browser broke its protocol: {type(exc).__name__}")

    def _floods(self, raw: bytes) -> bool:
        """Count what comes unasked; where it is too much, say so and read only answers from here on."""
        if self._on_flood is None or raw.startswith(_ANSWER):
            return False
        if self._unasked.add() & self._unasked_bytes.add(len(raw)):
            return False
        self._flooded()
        return True

    def _is_too_much(self, head: bytes) -> bool:
        """Judge a long message by its beginning: what was asked for may be long."""
        if head.startswith(_ANSWER) or _ANSWER_INSIDE.search(head):
            return False
        self._flooded()
        return True

    def _flooded(self) -> None:
        """Say that it is too much, and read only answers from here on."""
        tell, self._on_flood = self._on_flood, None
        self._pipe.want_only(_ANSWER)
        if tell is not None:
            tell()

    def _ended(self, reason: str) -> None:
        self._lost = reason
        self._calls.fail_all(reason)
        for session in [*self._sessions.values()]:
            session._on_closed()  # noqa: SLF001 # pyppeteer's inner protocol
        self._sessions.clear()
        callback, self._closeCallback = self._closeCallback, None
        if callback:
            callback()


def _to_child(parent: Connection | CDPSession, message: Message) -> bool:
    """Hand an event that concerns one session below `parent` to it; return whether it was one.

    pyppeteer's session listens for ``Target.detachFromTarget``, a command, and so never closes its workers.
    """
    method, params = message.get("method"), message.get("params", {})
    sessions: dict[str, PipeSession] = parent._sessions  # noqa: SLF001 # pyppeteer's inner protocol
    if method == "Target.receivedMessageFromTarget":
        if session := sessions.get(params.get("sessionId")):
            session._on_message(params["message"])  # noqa: SLF001 # pyppeteer's inner protocol
        return True
    if method == "Target.detachedFromTarget" and (session := sessions.pop(params.get("sessionId"), None)):
        session._on_closed()  # noqa: SLF001 # pyppeteer's inner protocol
    return False


def _emit(target: EventEmitter, message: Message) -> None:
    """Tell the listeners of an event; one that throws must not end the reading of the pipe."""
    try:
        target.emit(message.get("method", ""), message.get("params", {}))
    except Exception as exc:  # noqa: BLE001 # listeners are anybody's
        _log.error("cdp_listener_failed", event_name=message.get("method"), error=repr(exc))


async def call(
    target: Connection | CDPSession,
    method: str,
    params: Message | None,
    timeout: float,  # noqa: ASYNC109 # the deadline is this function's purpose
) -> Message:
    """Do one CDP call and return its result, within `timeout` seconds.

    Raises BrowserHungError when no answer comes in time, and BrowserError when the browser refuses the call
    or is gone. After a timeout the command may still be carried out.
    """
    try:
        async with asyncio.timeout(timeout):
            result: Message = await target.send(method, params)
    except TimeoutError as exc:
        raise BrowserHungError(f"{method} was not answered within {timeout:g} s") from exc
    except BrowserError:
        raise
    except PyppeteerError as exc:
        raise BrowserError(str(exc)) from exc
    return result
