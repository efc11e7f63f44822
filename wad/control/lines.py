"""Lines out of a stream, bounded in length and time: nobody holds memory or a place by dribbling."""

import asyncio
from typing import Final

from wad.control.protocol import Bare, Misread, Refusal

# The longest text of WhatsApp's, spelt in JSON's escapes; unbounded lines are a way to fill the memory.
LIMIT: Final = 512 * 1024


class Lines:
    """Reads lines of at most `LIMIT` bytes. `within` bounds in seconds how long a line may take.

    For the first request it counts from the connection on, and lines that were no request do not stop it
    (see `settle`); from then on it counts from a line's first byte, and between lines the client may rest.
    """

    def __init__(self, reader: asyncio.StreamReader, within: float) -> None:
        self._reader = reader
        self._within = within
        self._buffer = bytearray()
        self._settled = False
        self._due: float | None = self._from_now()

    def settle(self) -> None:
        """Take note that the client has sent a request that was understood."""
        self._settled = True
        self._due = self._from_now() if self._buffer else None

    async def next(self) -> bytes | None:
        """Give the next line without its end, or None if no more can come; the last may lack its end.

        Raises Misread for a line too long or too late; nothing more is to be read then.
        """
        while (end := self._buffer.find(b"\n")) < 0:
            if len(self._buffer) > LIMIT:
                raise _too_long()
            chunk = await self._read()
            if not chunk:
                return self._take(len(self._buffer)) or None
            self._buffer += chunk
        if end > LIMIT:
            raise _too_long()
        return self._take(end)

    async def discard(self) -> None:
        """Read to the end of the stream and keep nothing."""
        self._buffer.clear()
        while await self._reader.read(LIMIT):
            pass

    def _take(self, end: int) -> bytes:
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        if self._settled:
            self._due = self._from_now() if self._buffer else None
        return line

    async def _read(self) -> bytes:
        try:
            async with asyncio.timeout_at(self._due):
                chunk = await self._reader.read(LIMIT)
        except TimeoutError as exc:
            raise _too_late() from exc
        if self._due is None:
            self._due = self._from_now()
        return chunk

    def _from_now(self) -> float:
        return asyncio.get_running_loop().time() + self._within


def _too_long() -> Misread:
    refusal = Refusal("line_too_long", f"a line has at most {LIMIT} bytes")
    return Misread(Bare(), refusal, fatal=True)


def _too_late() -> Misread:
    refusal = Refusal("too_late", "no request came in time; send a verb and the end of a line, or try help")
    return Misread(Bare(), refusal, fatal=True, quiet=True)
