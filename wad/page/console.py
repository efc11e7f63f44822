"""What a page has written to its console, read once and when somebody wants it.

The browser remembers a document's last 1,000 lines, and tells them to whoever begins to listen. wad listens
for that moment only: a page can write faster than anybody reads, and its lines would stand before all else it
says.
"""

import asyncio
from collections import deque
from contextlib import suppress
from typing import Final

from wad.browser.cdp import Message, PipeConnection, call
from wad.browser.stderr_tail import fit_for_log
from wad.core.errors import BrowserError

_LINES: Final = 30
_LENGTH: Final = 1000


async def spoken(connection: PipeConnection, target: Message, seconds: float) -> list[str]:
    """Give the console's last lines, oldest first, without what may be secret.

    None at all where the page does not tell within so many seconds, or there is none.
    """
    lines: deque[str] = deque(maxlen=_LINES)
    with suppress(BrowserError, TimeoutError):
        # A session of its own: to stop listening ends all that was asked for in the same one.
        async with asyncio.timeout(seconds):
            session = await connection.createSession(target)
        session.on("Runtime.consoleAPICalled", lambda message: lines.append(_line(message)))
        try:
            await call(session, "Runtime.enable", None, seconds)
        finally:
            session.leave()
    return [fit_for_log(line) for line in lines]


def _line(message: Message) -> str:
    """Give one line; none is looked at before it is known to be among the last."""
    words = [str(arg.get("value", arg.get("type", "")))[:_LENGTH] for arg in message.get("args", [])]
    return f"{message.get('type')}: {' '.join(words)}"[:_LENGTH]
