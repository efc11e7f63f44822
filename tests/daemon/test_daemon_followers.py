"""A hundred follow the events, by a stream or by Socket.IO, and one of them does not read."""

import asyncio
import json
import socket
from contextlib import suppress

from daemon_harness import HASTY, SMALL_BROWSER, Daemon
from tornado.websocket import websocket_connect

NUMBER = "15550001111"
BIG = "x" * 15_000
COUNT = 60
SOCKET = "/socket.io/?EIO=4&transport=websocket"


async def received(daemon):
    """Have the phone receive more than what a connection's buffers hold."""
    for number in range(COUNT):
        await daemon.phone("receive", **{"from": f"+{NUMBER}", "text": f"{BIG} {number}"})
    await daemon.phone("receive", **{"from": f"+{NUMBER}", "text": "the last one"})


async def follow(daemon, after):
    """Open a stream of events by hand; gives its reader and writer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", daemon.port, limit=1 << 24)
    request = (
        f"GET /api/whatsapp/events/stream?after={after} HTTP/1.1\r\nHost: 127.0.0.1:{daemon.port}\r\n\r\n"
    )
    writer.write(request.encode())
    await writer.drain()
    return reader, writer


async def test_by_a_stream(linked_state):
    """Each of them has the last event; the one that reads nothing delays nobody."""
    async with Daemon(linked_state, env={**HASTY, **SMALL_BROWSER}) as daemon:
        await daemon.wait(currentState="ready")
        streams = [await follow(daemon, 0) for _ in range(100)]
        lazy = streams.pop()
        await received(daemon)
        async with asyncio.timeout(100):
            told = await asyncio.gather(*(reader.readuntil(b"the last one") for reader, _ in streams))
        for _, writer in (*streams, lazy):
            writer.transport.abort()
            with suppress(ConnectionError):
                await writer.wait_closed()

    assert len(told) == 99
    assert all(each.count(b"event: message\n") == COUNT + 1 for each in told)


async def enter(daemon):
    """Connect by Socket.IO, for the events from the first one on."""
    opened = await websocket_connect(f"ws://127.0.0.1:{daemon.port}{SOCKET}", max_message_size=1 << 24)
    assert (await opened.read_message()).startswith("0{")
    await opened.write_message('40{"after":0}')
    return opened


async def texts(opened):
    """Give the texts of the messages that a client is told, up to the last one."""
    told = []
    while not told or told[-1] != "the last one":
        packet = await opened.read_message()
        assert packet is not None, "the connection was closed"
        if packet == "2":
            await opened.write_message("3")
        elif packet.startswith("42"):
            name, *arguments = json.loads(packet[2:])
            if name == "wa:message":
                told.append(arguments[0]["text"])
    return told


async def deaf(daemon):
    """Connect by Socket.IO, and read nothing more."""
    loop = asyncio.get_running_loop()
    opened = socket.socket()
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    opened.settimeout(0)
    await loop.sock_connect(opened, ("127.0.0.1", daemon.port))
    head = (
        f"GET {SOCKET} HTTP/1.1\r\nHost: 127.0.0.1:{daemon.port}\r\nConnection: Upgrade\r\n"
        "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    await loop.sock_sendall(opened, head.encode())
    assert (await loop.sock_recv(opened, 12)).endswith(b" 101")
    # A text of two bytes, masked with nothing: let me in.
    await loop.sock_sendall(opened, b"\x81\x82\0\0\0\0" + b"40")
    return opened


async def test_by_socket_io(linked_state):
    """Each is told of every message in order; the one that reads nothing delays nobody."""
    async with Daemon(linked_state, env={**HASTY, **SMALL_BROWSER}) as daemon:
        await daemon.wait(currentState="ready")
        followers = [await enter(daemon) for _ in range(99)]
        lazy = await deaf(daemon)
        told = [asyncio.create_task(texts(each)) for each in followers]
        await received(daemon)
        async with asyncio.timeout(100):
            heard = await asyncio.gather(*told)
        for each in followers:
            each.close()
        lazy.close()

    assert [f"{BIG} {number}" for number in range(COUNT)] + ["the last one"] == heard[0]
    assert all(each == heard[0] for each in heard)
