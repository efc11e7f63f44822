"""Whatever a client sends: it harms nobody but itself, and nothing is left behind."""

import asyncio
import logging
from contextlib import AsyncExitStack

import pytest
from aiohttp import ClientError, WSServerHandshakeError
from gateway_harness import TRANSPORTS, open_harness, python_client
from gateway_raw import (
    ENTER,
    LEAVE,
    POLLING,
    UPGRADE,
    WEBSOCKET,
    closed,
    poller,
    status,
    websocket,
)
from structlog.testing import capture_logs

from wad.core.deadlines import Deadlines
from wad.web.body import LIMIT
from wad.web.gateway import connections

HASTY = Deadlines(socketio_connect=0.2)

NONSENSE = {
    "empty": "",
    "ping": "2",
    "open": "0{}",
    "upgrade": "5",
    "unknown": "9",
    "letters": "hello",
    "base64": "bAAAA",
    "nested": "4" + "[" * 9000,
    "nested enter": "40" + "[" * 9000,
    "enter with much": '40{"token": ' + "9" * 5000 + "}",
    "binary event": '451-["x",{"_placeholder":true,"num":0}]',
    "many attachments": '459999999999-["x"]',
    "acknowledgement": "43" + "9" * 500 + "[]",
    "unknown packet": "49",
    "broken": "42[",
    "error": '44{"message":"x"}',
}


@pytest.mark.parametrize("packet", NONSENSE.values(), ids=NONSENSE)
@pytest.mark.parametrize("inside", [True, False], ids=["inside", "outside"])
@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_nonsense(io_loop, caplog, transport, inside, packet):
    """Whatever a client sends nothing breaks: others are served, nothing is left, and no line is logged."""
    with capture_logs() as logged:
        async with (
            open_harness(deadlines=HASTY) as harness,
            python_client(harness) as other,
            AsyncExitStack() as stack,
        ):
            words = [ENTER] * inside + [packet]
            if transport == "websocket":
                opened = await stack.enter_async_context(websocket(harness))
                for word in words:
                    await opened.send_str(word)
            else:
                client = await stack.enter_async_context(poller(harness))
                for word in words:
                    await client.say(word)
            await other.argument("wa:state")
            harness.show_code()
            await other.argument("wa:qr")

    assert [] == [line for line in logged if line["log_level"] != "debug"]
    assert [] == [record for record in caplog.records if record.levelno > logging.INFO]


async def test_binary(io_loop):
    """A binary frame ends the connection."""
    async with open_harness() as harness, websocket(harness) as opened:
        await opened.send_str(ENTER)
        await opened.send_bytes(b"\x04")
        await closed(opened)


async def test_long_message(io_loop):
    """A message over 16 KiB ends the connection; the limit itself does not."""
    async with open_harness() as harness, websocket(harness) as opened, websocket(harness) as other:
        await opened.send_str("42" + "x" * (LIMIT - 2))
        await opened.send_str(ENTER)

        assert (await opened.receive_str()).startswith("40")

        await other.send_str("42" + "x" * (LIMIT - 1))
        await closed(other)


async def test_long_body(io_loop):
    """A body over 16 KiB is answered with 413."""
    async with open_harness() as harness, poller(harness) as client:
        assert 413 == await client.say("42" + "x" * (LIMIT - 1))


@pytest.mark.parametrize("body", ["3", "\x1e".join("3" * 17), "3\x1e"])
async def test_bodies(io_loop, body):
    """A body holds up to sixteen packets, and nothing else."""
    async with open_harness() as harness, poller(harness) as client:
        assert (200 if body == "3" else 400) == await client.say(body)


@pytest.mark.parametrize("body", [b"\xff\xfe", b"d=40", b"4\xff"])
async def test_odd_bodies(io_loop, body):
    """A body that is no text breaks nothing."""
    async with open_harness() as harness, poller(harness) as client, python_client(harness) as other:
        assert await client.say(body) in {200, 400}
        await other.argument("wa:state")


async def repeat(opened, word):
    """Send without end."""
    while True:
        await opened.send_str(word)
        await asyncio.sleep(0)  # else the client would not notice that it is closed


@pytest.mark.parametrize("word", ['42["hello"]', "3", ENTER, LEAVE])
async def test_flood(io_loop, word):
    """Who talks without end is hung up on."""
    async with open_harness() as harness, websocket(harness) as opened:
        await opened.send_str(ENTER)
        with pytest.raises((ClientError, ConnectionError)):
            await repeat(opened, word)


async def test_events_are_ignored(io_loop):
    """What clients emit, and want acknowledged, is ignored; they stay."""
    async with open_harness() as harness, python_client(harness) as client:
        await client.socket.emit("start", {"now": True})
        await client.socket.emit("wa:state", callback=lambda *_: pytest.fail("it was acknowledged"))
        await client.argument("wa:state")
        harness.show_code()
        await client.argument("wa:qr")


async def test_no_jsonp(io_loop):
    """No script element gets anything: some browsers do not say whose page it is on."""
    async with open_harness() as harness:
        answer, _ = await status(harness, "GET", f"{POLLING}&j=0", {})

        assert (400, {}) == (answer, harness.gateway._engine.sockets)


SENSELESS = [
    ("/socket.io/", {}),
    ("/socket.io/?EIO=3&transport=polling", {}),
    ("/socket.io/?EIO=3&transport=websocket", UPGRADE),
    (POLLING + "&sid=unknown", {}),
    (WEBSOCKET + "&sid=unknown", UPGRADE),
    (WEBSOCKET, {}),
    (POLLING, UPGRADE),
    ("/socket.io/?EIO=4&transport=carrier-pigeon", {}),
    ("/socket.io/?EIO=4&transport=polling&sid=%FF%00", {}),
]


@pytest.mark.parametrize(("target", "headers"), SENSELESS)
async def test_senseless(io_loop, target, headers):
    """A request that leads nowhere is refused before it is upgraded, and leaves nothing behind."""
    async with open_harness() as harness:
        answer, _ = await status(harness, "GET", target, headers)

        assert (400, {}) == (answer, harness.gateway._engine.sockets)


async def test_too_many(io_loop, monkeypatch):
    """Beyond the limit newcomers are refused for now, and those inside are not disturbed."""
    monkeypatch.setattr(connections, "MOST", 2)
    async with open_harness() as harness, websocket(harness) as opened:
        async with poller(harness):
            answer, headers = await status(harness, "GET", POLLING, {})
            with pytest.raises(WSServerHandshakeError) as refused:
                async with websocket(harness):
                    pass

            assert (503, 503) == (answer, refused.value.status)
            assert "1" == headers["retry-after"]
        await opened.send_str(ENTER)

        assert (await opened.receive_str()).startswith("40")
