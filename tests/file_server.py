"""A web server with files to be fetched, and with all that can be wrong with one: it writes raw answers."""

import asyncio
from contextlib import asynccontextmanager, suppress

_WITHIN = 60


def answer(content=b"", status="200 OK", **headers):
    """Give a whole answer; names of headers with underscores."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(content)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + content


def moved(where, status="302 Found"):
    """Give an answer that leads elsewhere."""
    return answer(status=status, Location=where)


class FileServer:
    """Answers by path: with bytes, or with what an async generator gives; whatever else is 404."""

    def __init__(self, scheme):
        self.answers = {}
        self.asked = []
        self.heads = []
        self.sent = 0
        self.port = 0
        self._scheme = scheme

    def url(self, path="/", host="127.0.0.1"):
        """Give an address of this server."""
        return f"{self._scheme}://{host}:{self.port}{path}"

    async def serve(self, reader, writer):
        """Answer one request, and close."""
        with suppress(ConnectionError, asyncio.IncompleteReadError, TimeoutError):
            async with asyncio.timeout(_WITHIN):
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                path = head.split()[1]
                self.asked.append(path)
                self.heads.append(head)
                found = self.answers.get(path, answer(status="404 Not Found"))
                if isinstance(found, bytes):
                    await self._write(writer, found)
                else:
                    async for piece in found():
                        await self._write(writer, piece)
                writer.close()
                await writer.wait_closed()

    async def _write(self, writer, piece):
        writer.write(piece)
        await writer.drain()
        self.sent += len(piece)


@asynccontextmanager
async def serving(tls=None):
    """Give a server that listens on loopback."""
    made = FileServer("https" if tls else "http")
    connections = set()

    async def accepted(reader, writer):
        task = asyncio.current_task()
        connections.add(task)
        task.add_done_callback(connections.discard)
        try:
            with suppress(asyncio.CancelledError):
                await made.serve(reader, writer)
        finally:
            writer.transport.abort()
            with suppress(OSError, asyncio.CancelledError):
                await writer.wait_closed()

    server = await asyncio.start_server(accepted, "127.0.0.1", 0, ssl=tls)
    made.port = server.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        server.close()
        for task in connections:
            task.cancel()
        await asyncio.gather(*connections, return_exceptions=True)
