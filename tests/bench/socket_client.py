"""One client of Socket.IO, over a plain websocket, that notes when what it was told came."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from programs import PATIENCE
from tornado.websocket import WebSocketClientConnection, websocket_connect

ADDRESS = "/socket.io/?EIO=4&transport=websocket"


class Client:
    """What came, in order: the event, its first argument, and when it was there."""

    def __init__(self, opened: WebSocketClientConnection) -> None:
        self._opened = opened
        self._came: asyncio.Queue[tuple[str, Any, float]] = asyncio.Queue()

    async def read(self) -> None:
        """Take packets until the connection ends, and answer pings."""
        while (packet := await self._opened.read_message()) is not None:
            at = time.perf_counter()
            if packet == "2":
                await self._opened.write_message("3")
            elif packet.startswith("42"):
                event, *arguments = json.loads(packet[2:])
                self._came.put_nowait((event, arguments[0] if arguments else None, at))

    async def next(self, event: str) -> tuple[Any, float]:
        """Wait for the next event of a name; gives its argument, and when it came."""
        async with asyncio.timeout(PATIENCE):
            while True:
                name, argument, at = await self._came.get()
                if name == event:
                    return argument, at


@asynccontextmanager
async def connected(port: int) -> AsyncIterator[Client]:
    """Connect, and enter the default namespace."""
    opened = await websocket_connect(f"ws://127.0.0.1:{port}{ADDRESS}")
    await opened.write_message("40")
    client = Client(opened)
    reading = asyncio.create_task(client.read())
    try:
        yield client
    finally:
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
        opened.close()
