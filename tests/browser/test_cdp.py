import asyncio
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from pyppeteer.errors import NetworkError
from standins import loop_complaints
from structlog.testing import capture_logs

from wad.browser import cdp as cdp_module
from wad.browser import pipe as pipe_module
from wad.browser.cdp import ConnectionLostError, PipeConnection, PipeSession, call
from wad.core.errors import BrowserError, BrowserHungError


class Peer:
    """The other side of the pipes: what the browser does."""

    def __init__(self, reads: int, writes: int) -> None:
        self.reads, self.writes = reads, writes
        self._buffer = b""

    async def receive(self) -> dict[str, Any]:
        """Return the next message."""
        while b"\0" not in self._buffer:
            self._buffer += await asyncio.to_thread(os.read, self.reads, 1 << 20)
        message, _, self._buffer = self._buffer.partition(b"\0")
        return json.loads(message)

    async def send(self, message: dict[str, Any], piece: int | None = None) -> None:
        """Send a message whole, or in pieces of so many bytes, each of which is read before the next."""
        data = json.dumps(message).encode() + b"\0"
        for start in range(0, len(data), piece or len(data)):
            chunk = data[start : start + (piece or len(data))]
            await asyncio.to_thread(os.write, self.writes, chunk)
            if piece:
                await turns(2)

    async def answer(self, **result: Any) -> dict[str, Any]:
        """Answer the next message and return it."""
        message = await self.receive()
        await self.send({"id": message["id"], "result": result})
        return message

    async def answer_inside(self, session: str, **content: Any) -> dict[str, Any]:
        """Take the next message for `session`, acknowledge its envelope, answer it, and return it."""
        envelope = await self.answer()
        assert session == envelope["params"]["sessionId"]
        message = json.loads(envelope["params"]["message"])
        await self.tell(session, {"id": message["id"], **content})
        return message

    async def tell(self, session: str, message: dict[str, Any]) -> None:
        """Send a message of `session`."""
        params = {"sessionId": session, "message": json.dumps(message)}
        await self.send({"method": "Target.receivedMessageFromTarget", "params": params})

    def close(self) -> None:
        """Go away."""
        for fd in (self.reads, self.writes):
            os.close(fd)
        self.reads = self.writes = -1


@contextmanager
def joined() -> Iterator[tuple[PipeConnection, Peer]]:
    to_browser, from_browser = os.pipe(), os.pipe()
    for fd in (to_browser[1], from_browser[0]):
        os.set_blocking(fd, False)
    connection = PipeConnection(from_browser[0], to_browser[1])
    peer = Peer(to_browser[0], from_browser[1])
    try:
        yield connection, peer
    finally:
        connection.lose("the test is over")
        if peer.reads >= 0:
            peer.close()


async def turns(count: int) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


async def attach(connection: PipeConnection, peer: Peer) -> PipeSession:
    creating = asyncio.ensure_future(connection.createSession({"targetId": "T", "type": "page"}))
    await peer.answer(sessionId="S")
    return await creating


@pytest.mark.parametrize("piece", [None, 1, 7])
async def test_answer_reaches_its_caller(piece):
    """A call gets the result with its id, however the bytes are cut."""
    with joined() as (connection, peer):
        calling = asyncio.ensure_future(call(connection, "A.b", {"c": "ü"}, 5))
        message = await peer.receive()
        await peer.send({"id": message["id"], "result": {"d": "é"}}, piece)

        assert {"id": 1, "method": "A.b", "params": {"c": "ü"}} == message
        assert {"d": "é"} == await calling


async def test_several_messages_in_one_read():
    """Messages that arrive together are handed over in their order, with a turn of the loop between."""
    with joined() as (connection, peer):
        seen: list[str] = []

        def note(params: dict[str, Any]) -> None:
            seen.append(f"event {params['n']}")
            asyncio.get_running_loop().call_soon(seen.append, f"turn {params['n']}")

        connection.on("X", note)
        calling = asyncio.ensure_future(call(connection, "A.b", None, 5))
        await peer.receive()
        events = [{"method": "X", "params": {"n": n}} for n in (1, 2)]
        data = b"".join(json.dumps(m).encode() + b"\0" for m in [*events, {"id": 1, "result": {}}])
        os.write(peer.writes, data)
        await calling

        assert ["event 1", "turn 1", "event 2", "turn 2"] == seen


async def test_megabytes_in_both_directions():
    """A message of some MB passes either way, though a pipe holds 64 KiB."""
    with joined() as (connection, peer):
        text = "x" * 5_000_000
        calling = asyncio.ensure_future(call(connection, "A.b", {"text": text}, 10))
        message = await peer.answer(text=text)

        assert text == message["params"]["text"]
        assert {"text": text} == await calling


async def test_side_that_does_not_read(monkeypatch):
    """What is queued for a browser that does not read is bounded: further calls fail at once."""
    monkeypatch.setattr(pipe_module, "MAX_BACKLOG", 200_000)
    with joined() as (connection, _peer):
        waiting = connection.send("A.b", {"text": "x" * 150_000})
        with pytest.raises(BrowserError, match="does not read"):
            await call(connection, "A.b", {"text": "x" * 150_000}, 5)

        assert not waiting.done()


async def test_message_without_end(monkeypatch):
    """A message that never ends closes the pipe before it fills the memory."""
    monkeypatch.setattr(pipe_module, "MAX_MESSAGE", 1000)
    with joined() as (connection, peer):
        waiting = connection.send("A.b")
        os.write(peer.writes, b"x" * 2000)
        with pytest.raises(ConnectionLostError, match="without an end"):
            await waiting


@pytest.mark.parametrize(
    "garbage",
    [
        b"hello",
        b"7",
        b"[]",
        b"\xff",
        b'{"id": [1]}',
        b"[" * 100_000,
        b'{"method": "Target.receivedMessageFromTarget", "params": {"sessionId": "S"}}',
        b'{"method": "Target.receivedMessageFromTarget", "params": {"sessionId": "S", "message": "x"}}',
    ],
)
async def test_garbage(garbage):
    """What is no message closes the pipe: every call ends, and the text is not repeated."""
    with joined() as (connection, peer), loop_complaints() as complaints:
        session = await attach(connection, peer)
        waiting = [connection.send("A.b"), session.send("A.b")]
        await asyncio.to_thread(os.write, peer.writes, garbage + b"\0")
        results = await asyncio.gather(*waiting, return_exceptions=True)

        assert [ConnectionLostError] * 2 == [type(result) for result in results]
        assert "broke its protocol" in str(results[0])
        assert "hello" not in str(results[0])
    assert [] == complaints


async def test_refusal_is_a_browser_error():
    """A call that the browser refuses raises what it said, not pyppeteer's error."""
    with joined() as (connection, peer):
        calling = asyncio.ensure_future(call(connection, "A.b", None, 5))
        message = await peer.receive()
        await peer.send({"id": message["id"], "error": {"message": "no such thing", "data": "b"}})
        with pytest.raises(BrowserError, match=r"Protocol error \(A\.b\): no such thing b") as caught:
            await calling

        assert isinstance(caught.value.__cause__, NetworkError)


async def test_silence_is_a_hang():
    """A call that is not answered ends at its deadline; the answer that comes later hurts nobody."""
    with joined() as (connection, peer), loop_complaints() as complaints:
        with pytest.raises(BrowserHungError, match=r"A\.b was not answered within 0\.01 s"):
            await call(connection, "A.b", None, 0.01)
        await peer.answer(late=True)
        second = asyncio.ensure_future(call(connection, "A.c", None, 5))
        await peer.answer(second=True)

        assert {"second": True} == await second
        assert {} == connection._calls._waiting
    assert [] == complaints


async def test_late_error_after_the_caller_left():
    """An error for a call whose caller was cancelled is dropped, in a session as well."""
    with joined() as (connection, peer), loop_complaints() as complaints, capture_logs() as logs:
        session = await attach(connection, peer)
        with pytest.raises(BrowserHungError):
            await call(session, "A.b", None, 0.01)
        await peer.answer_inside("S", error={"message": "too late"})
        second = asyncio.ensure_future(call(session, "A.c", None, 5))
        await peer.answer_inside("S", result={"second": True})

        assert {"second": True} == await second
    assert [] == complaints
    assert [] == logs


async def test_death_fails_every_pending_call():
    """When the pipe closes, calls of the connection, of sessions and of sessions in sessions fail at once."""
    with joined() as (connection, peer), loop_complaints() as complaints:
        session = await attach(connection, peer)
        worker = session._createSession("worker", "W")
        waiting = [target.send("A.b") for target in (connection, session, worker)]
        peer.close()
        results = await asyncio.gather(*waiting, return_exceptions=True)

        assert [ConnectionLostError] * 3 == [type(result) for result in results]
        assert connection.closed
    assert [] == complaints


async def test_calls_after_death_fail():
    """A call that is sent after the death fails at once, and says why; nothing hangs."""
    with joined() as (connection, peer), loop_complaints() as complaints:
        session = await attach(connection, peer)
        connection.lose("the browser ended: exit code 7")
        for target in (connection, session):
            with pytest.raises(BrowserError, match="Target closed"):
                await call(target, "A.b", None, 5)
        with pytest.raises(BrowserError, match="exit code 7"):
            await call(connection, "A.b", None, 5)
        del session
    assert [] == complaints


async def test_unwatched_failures_are_silent():
    """Commands whose answers nobody looks at, as pyppeteer sends many, leave no complaint when they fail."""
    with joined() as (connection, peer), loop_complaints() as complaints:
        session = await attach(connection, peer)
        session.send("A.b")
        connection.send("A.c")
        connection.lose("over")
        session.send("A.d")
        connection.send("A.e")
        await turns(2)
    assert [] == complaints


async def test_death_while_writing():
    """A pipe nobody reads any more is a death too."""
    with joined() as (connection, peer):
        os.close(peer.reads)
        peer.reads = os.open(os.devnull, os.O_RDONLY)
        with pytest.raises(ConnectionLostError, match="does not take commands"):
            await call(connection, "A.b", None, 5)


async def test_closed_callback_is_called_once():
    """The end is told once to the one who asked to know, which is pyppeteer's Browser."""
    with joined() as (connection, _peer):
        called: list[int] = []
        connection.setClosedCallback(lambda: called.append(1))
        await connection.dispose()
        connection.lose("again")

        assert [1] == called


async def test_session_talks_inside_of_the_connection():
    """A session's call travels in an envelope; its answer and its events come back in one."""
    with joined() as (connection, peer):
        session = await attach(connection, peer)
        events: list[Any] = []
        session.on("Page.x", events.append)
        calling = asyncio.ensure_future(call(session, "A.b", {"c": 1}, 5))
        await peer.tell("S", {"method": "Page.x", "params": {"n": 1}})
        message = await peer.answer_inside("S", result={"d": 2})

        assert {"id": 1, "method": "A.b", "params": {"c": 1}} == message
        assert {"d": 2} == await calling
        assert [{"n": 1}] == events


async def test_session_in_a_session():
    """A worker's call travels in two envelopes."""
    with joined() as (connection, peer):
        worker = (await attach(connection, peer))._createSession("worker", "W")
        calling = asyncio.ensure_future(call(worker, "A.b", None, 5))
        outer = await peer.answer()
        middle = json.loads(outer["params"]["message"])
        inner = json.loads(middle["params"]["message"])
        await peer.tell("S", {"id": middle["id"], "result": {}})
        text = json.dumps({"id": inner["id"], "result": {"d": 3}})
        params = {"sessionId": "W", "message": text}
        await peer.tell("S", {"method": "Target.receivedMessageFromTarget", "params": params})

        assert ["Target.sendMessageToTarget", "A.b"] == [middle["method"], inner["method"]]
        assert {"d": 3} == await calling


async def test_refused_envelope_fails_the_call():
    """When the session is gone the browser refuses the envelope only: the call inside fails with it."""
    with joined() as (connection, peer), loop_complaints() as complaints:
        session = await attach(connection, peer)
        calling = asyncio.ensure_future(call(session, "A.b", None, 5))
        message = await peer.receive()
        await peer.send({"id": message["id"], "error": {"message": "No session with given id"}})
        with pytest.raises(BrowserError, match="No session with given id"):
            await calling
    assert [] == complaints


async def test_detached_session_fails_its_calls():
    """A target that goes away ends its session's calls, and those of its workers; the connection lives."""
    with joined() as (connection, peer):
        session = await attach(connection, peer)
        worker = session._createSession("worker", "W")
        waiting = [session.send("A.b"), worker.send("A.c")]
        await peer.send({"method": "Target.detachedFromTarget", "params": {"sessionId": "S"}})
        results = await asyncio.gather(*waiting, return_exceptions=True)

        assert [ConnectionLostError] * 2 == [type(result) for result in results]
        assert not connection.closed


async def test_detached_worker_is_closed():
    """A worker that goes away ends its own calls; its page's session lives and hears of it."""
    with joined() as (connection, peer):
        session = await attach(connection, peer)
        heard: list[Any] = []
        session.on("Target.detachedFromTarget", heard.append)
        waiting = session._createSession("worker", "W").send("A.c")
        await peer.tell("S", {"method": "Target.detachedFromTarget", "params": {"sessionId": "W"}})
        with pytest.raises(ConnectionLostError):
            await waiting

        assert [{"sessionId": "W"}] == heard
        assert session._connection is connection


async def test_throwing_listener_is_logged():
    """A listener that throws is logged without the payload; the next message is read all the same."""
    with joined() as (connection, peer), capture_logs() as logs:

        def throw(_params: dict[str, Any]) -> None:
            raise ValueError("broken")

        connection.on("X", throw)
        calling = asyncio.ensure_future(call(connection, "A.b", None, 5))
        await peer.send({"method": "X", "params": {"secret": 1}})
        await peer.answer(ok=True)

        assert {"ok": True} == await calling
    assert ["cdp_listener_failed"] == [entry["event"] for entry in logs]
    assert "secret" not in str(logs)


async def test_a_flood_is_told_once_and_read_no_more(monkeypatch):
    """More events than can be meant are told once; none is heard from then on, and the browser's answers still are."""
    monkeypatch.setattr(cdp_module, "_EVENTS_AT_ONCE", 5)
    monkeypatch.setattr(cdp_module, "_EVENTS_PER_SECOND", 0)
    with joined() as (connection, peer):
        floods, heard = [], []
        connection.on("X", heard.append)
        connection.bound(lambda: floods.append(len(heard)))
        calling = asyncio.ensure_future(call(connection, "A.b", None, 5))
        await peer.receive()
        for _ in range(50):
            await peer.send({"method": "X", "params": {}})
        await peer.send({"id": 1, "result": {"c": "d"}})

        assert {"c": "d"} == await calling
        assert [5] == floods
        assert 5 == len(heard)


HEADS = {
    "an event": (b'{"method":"X","params":{"text":"', True),
    "a session's event": (b'{"method":"T","params":{"sessionId":"A","message":"{\\"method\\":\\"X\\",', True),
    "one that plays an answer": (
        b'{"method":"T","params":{"sessionId":"A","message":"{\\"method\\":\\"\\\\\\"message\\\\\\":\\\\\\"{\\\\\\"id\\\\\\":',
        True,
    ),
    "an answer": (b'{"id":77,"result":{"text":"', False),
    "a session's answer": (
        b'{"method":"T","params":{"sessionId":"A","message":"{\\"id\\":7,\\"result',
        False,
    ),
}


@pytest.mark.parametrize("piece", [3, 5_000])
@pytest.mark.parametrize("what", HEADS)
async def test_a_huge_message_is_judged_before_it_is_there(monkeypatch, what, piece):
    """One that nobody asked for is told, once, and is dropped as it comes; an answer may be as long as it wants."""
    monkeypatch.setattr(cdp_module, "_MOST_BYTES", 300)
    head, told = HEADS[what]
    with joined() as (connection, peer):
        floods = []
        connection.bound(lambda: floods.append(True))
        for start in range(0, 15_000, piece):
            os.write(peer.writes, (head + b"x" * 15_000)[start : start + piece])
            await turns(2)
        held = connection._pipe._partial_size, sum(map(len, connection._pipe._partial))

        assert [True] * told == floods
        assert (15_000, told) == (held[0], held[1] < 300)


async def test_answers_are_no_flood(monkeypatch):
    """What was asked for may be as much as it wants."""
    monkeypatch.setattr(cdp_module, "_EVENTS_AT_ONCE", 1)
    monkeypatch.setattr(cdp_module, "_BYTES_AT_ONCE", 1)
    with joined() as (connection, peer):
        floods = []
        connection.bound(lambda: floods.append(True))
        for _ in range(5):
            calling = asyncio.ensure_future(call(connection, "A.b", None, 5))
            await peer.answer(c="d")

            assert {"c": "d"} == await calling
        assert [] == floods


async def test_a_session_that_is_left():
    """Nothing more is heard of it, what was asked there fails, and the connection goes on."""
    with joined() as (connection, peer):
        session = await attach(connection, peer)
        calling = asyncio.ensure_future(call(session, "A.b", None, 5))
        await peer.answer()
        session.leave()
        message = await peer.answer()
        await peer.send({"method": "Target.detachedFromTarget", "params": {"sessionId": "S"}})
        with pytest.raises(ConnectionLostError):
            await calling

        assert {"sessionId": "S"} == message["params"]
        assert "Target.detachFromTarget" == message["method"]
        assert not connection.closed
