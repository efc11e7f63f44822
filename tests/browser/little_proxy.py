"""A real little HTTP proxy that wants Basic credentials: it forwards requests and tunnels, and notes what it saw."""

import asyncio
import base64
from contextlib import suppress
from typing import Self
from urllib.parse import urlsplit

USER, PASSWORD = "ann", "pass:word-of-the-proxy"
_CHALLENGE = (
    b"HTTP/1.1 407 Proxy Authentication Required\r\n"
    b'Proxy-Authenticate: Basic realm="little"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'
)


class LittleProxy:
    """Serves on loopback; `hosts` maps names to the port on this machine they stand for."""

    def __init__(self, hosts: dict[str, int] | None = None) -> None:
        self.hosts = hosts or {}
        self.admitted: list[str] = []
        self.refused: list[str] = []
        self.heads: list[str] = []

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self._tasks: set[asyncio.Task[None]] = set()
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            with suppress(OSError, asyncio.IncompleteReadError):
                await self._answer(reader, writer)
        finally:
            await _end(writer)
            self._tasks.discard(task)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        method, target, _ = head.split("\r\n", 1)[0].split(" ")
        expected = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if f"Proxy-Authorization: Basic {expected}" not in head:
            self.refused.append(head)
            writer.write(_CHALLENGE)
            await writer.drain()
            return
        self.admitted.append(f"{method} {target}")
        parts = urlsplit(target if "://" in target else f"//{target}")
        port = self.hosts.get(parts.hostname or "", 0) or parts.port or 80
        there, back = await asyncio.open_connection("127.0.0.1", port)
        try:
            if method == "CONNECT":
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            else:
                back.write(self._passed_on(head, target).encode("latin-1"))
            await asyncio.gather(_copy(reader, back), _copy(there, writer))
        finally:
            await _end(back)

    def _passed_on(self, head: str, target: str) -> str:
        """Give the head as the server is to see it: its own path, one request on a connection, no credentials."""
        parts = urlsplit(target)
        path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        first, *lines = head.split("\r\n")
        kept = [line for line in lines if not line.lower().startswith(("proxy-", "connection:"))]
        passed = "\r\n".join([first.replace(target, path), "Connection: close", *kept])
        self.heads.append(passed)
        return passed


async def _end(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()


async def _copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while chunk := await source.read(65536):
            target.write(chunk)
            await target.drain()
        target.write_eof()
