"""Files between this machine's disk and the page, by the browser: none is ever whole in wad, or in one call.

Rules of this file: what the browser gives is measured before it is believed, and whatever it holds for wad is
let go, however a transfer ends.
"""

import base64
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final, Protocol

from wad.core.errors import PageError

# Of a file that the page has, in one look: wad holds two or three of them, as text and as bytes.
PIECE: Final = 512 * 1024


class Asks(Protocol):
    """How the page's session is asked. Raises BrowserError, BrowserHungError."""

    async def __call__(self, method: str, params: dict[str, Any] | None = None) -> Any:
        """Carry out a method; gives its result."""


class FileTransfer:
    """Carries files by the page's session.

    `tell` sends a method whose answer nobody waits for; `asked_for` is told how much came by a question.
    """

    def __init__(
        self, ask: Asks, tell: Callable[[str, dict[str, Any]], object], asked_for: Callable[[int], None]
    ) -> None:
        self._ask = ask
        self._tell = tell
        self._asked_for = asked_for

    async def give(self, path: Path, field: str, taking: str) -> bool:
        """Have the page take a file: `field` gives a form's field, `taking` is the function that does.

        The page gets it as from a form that somebody filled in: the browser reads it from the disk once it is
        wanted, and nothing of it passes through wad. Gives whether it was taken. Raises as `Asks`, PageError.
        """
        handle = await self._handle(field)
        try:
            await self._ask("DOM.setFileInputFiles", {"files": [str(path)], "objectId": handle})
            wanted = {"objectId": handle, "functionDeclaration": taking, "returnByValue": True}
            answer = await self._ask("Runtime.callFunctionOn", wanted)
        finally:
            self._tell("Runtime.releaseObject", {"objectId": handle})
        return answer.get("result", {}).get("value") is True

    async def read(self, expression: str, take: Callable[[bytes], Awaitable[None]]) -> bool:
        """Hand the file that an expression gives to `take`, in pieces; False where it gives none.

        Raises as `Asks`, PageError, and what `take` raises.
        """
        handle = await self._handle(expression)
        if handle is None:
            return False
        try:
            blob = (await self._ask("IO.resolveBlob", {"objectId": handle}))["uuid"]
            await self._read(f"blob:{blob}", take)
        finally:
            self._tell("Runtime.releaseObject", {"objectId": handle})
        return True

    async def _read(self, stream: str, take: Callable[[bytes], Awaitable[None]]) -> None:
        done = 0
        try:
            while piece := await self._piece(stream, done):
                await take(piece)
                done += len(piece)
        finally:
            self._tell("IO.close", {"handle": stream})

    async def _piece(self, stream: str, offset: int) -> bytes:
        """Give the piece that begins there; nothing at the end."""
        answer = await self._ask("IO.read", {"handle": stream, "offset": offset, "size": PIECE})
        encoded = answer.get("data", "")
        # It came because it was asked for: no flood of the page's.
        self._asked_for(len(encoded))
        try:
            piece = base64.b64decode(encoded) if answer.get("base64Encoded") else encoded.encode()
        except ValueError as error:
            raise PageError("the browser's piece of a file cannot be read") from error
        if len(piece) > PIECE:
            raise PageError("the browser's piece of a file is too large")
        return piece

    async def _handle(self, expression: str) -> str | None:
        """Give the browser's name for the object that an expression gives; None where it gives none."""
        wanted = {"expression": expression, "returnByValue": False, "awaitPromise": False}
        answer = await self._ask("Runtime.evaluate", wanted)
        if thrown := answer.get("exceptionDetails"):
            raise PageError(f"a script threw {thrown.get('exception', {}).get('className', 'something')}")
        handle = answer.get("result", {}).get("objectId")
        return str(handle) if handle is not None else None
