"""Clients that speak Engine.IO by hand, so that they can misbehave."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from gateway_harness import Harness, session

POLLING = "/socket.io/?EIO=4&transport=polling"
WEBSOCKET = "/socket.io/?EIO=4&transport=websocket"
UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}
ENTER = "40"
LEAVE = "41"
SEPARATOR = "\x1e"


async def status(
    harness: Harness, method: str, target: str, headers: dict[str, str]
) -> tuple[int, dict[str, str]]:
    """Send a request as it is, and give the answer's status and headers."""
    reader, writer = await asyncio.open_connection("127.0.0.1", harness.port)
    wanted = {"Host": f"127.0.0.1:{harness.port}", "Content-Length": "0", **headers}
    lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in wanted.items()), "", ""]
    writer.write("\r\n".join(lines).encode())
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    writer.close()
    first, *rest = head.split("\r\n")
    pairs = [line.split(": ", 1) for line in rest if line]

    assert len(pairs) == len({name.lower() for name, _ in pairs})

    return int(first.split()[1]), {name.lower(): value for name, value in pairs}


class Poller:
    """A client that polls."""

    def __init__(self, harness: Harness, http: aiohttp.ClientSession) -> None:
        self.base = f"{harness.url}{POLLING}"
        self.http = http
        self.waiting: list[str] = []

    async def open(self) -> None:
        """Begin a session."""
        packets = await self.poll()
        self.sid = json.loads(packets[0][1:])["sid"]
        self.base += f"&sid={self.sid}"

    async def poll(self) -> list[str]:
        """Give what the next answer brings."""
        async with self.http.get(self.base) as answer:
            self.answer = answer.status
            return (await answer.text()).split(SEPARATOR)

    async def say(self, *packets: str | bytes) -> int:
        """Send packets, and give the answer's status."""
        body = SEPARATOR.join(packets).encode() if isinstance(packets[0], str) else packets[0]
        async with self.http.post(self.base, data=body) as answer:
            await answer.read()
            return answer.status

    async def event(self, *names: str) -> list:
        """Give the next event of these names, with its arguments."""
        while True:
            while self.waiting:
                packet = self.waiting.pop(0)
                if packet.startswith("42") and json.loads(packet[2:])[0] in names:
                    return json.loads(packet[2:])
            self.waiting = await self.poll()
            assert 200 == self.answer


@asynccontextmanager
async def poller(harness: Harness) -> AsyncIterator[Poller]:
    """Give a client that has a session, and has not entered the namespace."""
    async with session() as http:
        client = Poller(harness, http)
        await client.open()
        yield client


@asynccontextmanager
async def websocket(
    harness: Harness, sid: str | None = None
) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    """Give a websocket; with a session's id, one that would take it over."""
    target = f"{harness.url}{WEBSOCKET}" + (f"&sid={sid}" if sid else "")
    async with session() as http, http.ws_connect(target) as opened:
        if sid is None:
            assert (await opened.receive_str()).startswith("0{")
        yield opened


async def closed(opened: aiohttp.ClientWebSocketResponse) -> None:
    """Read on until the other side has closed."""
    async for _ in opened:
        pass


async def deaf_websocket(harness: Harness) -> socket.socket:
    """Open a websocket that enters the namespace and never reads again; its buffers are small."""
    loop = asyncio.get_running_loop()
    opened = socket.socket()
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    opened.settimeout(0)
    await loop.sock_connect(opened, ("127.0.0.1", harness.port))
    headers = "".join(f"{name}: {value}\r\n" for name, value in UPGRADE.items())
    head = f"GET {WEBSOCKET} HTTP/1.1\r\nHost: 127.0.0.1:{harness.port}\r\n{headers}\r\n"
    await loop.sock_sendall(opened, head.encode())
    assert (await loop.sock_recv(opened, 12)).endswith(b" 101")
    await loop.sock_sendall(opened, b"\x81\x82\0\0\0\0" + ENTER.encode())
    return opened
