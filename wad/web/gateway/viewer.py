"""One client in the namespace: what it is still to be told, and the task that tells it.

Theory of operation. Changes are put into each client's mailbox at once, and each client has a task of its own
that sends the next message only when the client has taken the last one. So a client that reads slowly, or not
at all, costs its mailbox, and delays nobody. A mailbox that is full is emptied: such a client is told the
present as soon as it reads again, and never learns of what lay between.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import structlog

from wad.core.errors import SubmissionError
from wad.core.status import Code, PairingCode
from wad.link.commands import Commands
from wad.reports.documents import timestamp
from wad.reports.presenter import PictureError, Presenter
from wad.web.gateway.event_names import Message
from wad.web.gateway.messages import present

log = structlog.get_logger(__name__)

# A change has three to eight messages, and a scan brings some ten changes within a second: whoever is this
# far behind does not read. The messages themselves are shared by all clients.
_ROOM = 128


class Mailbox:
    """Messages on their way to one client. `greet` gives those that tell the present."""

    def __init__(self, greet: Callable[[], Iterable[Message]], room: int = _ROOM) -> None:
        self._greet = greet
        self._room = room
        self._waiting = deque(greet())
        self._behind = False
        self._filled = asyncio.Event()
        self._filled.set()

    def put(self, messages: Iterable[Message]) -> None:
        """Add messages; all are dropped for the present if there is no more room."""
        if not self._behind:
            self._waiting.extend(messages)
        if len(self._waiting) > self._room:
            self._waiting.clear()
            self._behind = True
        self._filled.set()

    async def take(self) -> Message:
        """Give the next message, as soon as there is one."""
        await self._filled.wait()
        if self._behind:
            self._behind = False
            self._waiting.extend(self._greet())
        message = self._waiting.popleft()
        if not self._waiting:
            self._filled.clear()
        return message

    def __len__(self) -> int:
        return len(self._waiting)


class Viewer:
    """Somebody who may see the code, and looks. `send` returns when the client has taken the message."""

    def __init__(
        self, commands: Commands, presenter: Presenter, send: Callable[[str, Any], Awaitable[None]]
    ) -> None:
        self._commands = commands
        self._presenter = presenter
        self._send = send
        self.mailbox = Mailbox(self._present)

    async def run(self) -> None:
        """Count as looking, and be told everything, until cancelled."""
        try:
            await self._come()
            while True:
                await self._tell(await self.mailbox.take())
        finally:
            self._commands.viewer_left(self)

    def _present(self) -> list[Message]:
        session = self._commands.session
        return present(session.status, self._presenter.daemon, session.now())

    async def _come(self) -> None:
        try:
            await self._commands.viewer_came(self)
        except SubmissionError as exc:
            # What holds is shown all the same.
            log.warning("viewer_could_not_start", error=str(exc))

    async def _tell(self, message: Message) -> None:
        argument = message.argument
        if message.code is not None:
            argument = await self._shown(message.code)
            if argument is None:
                return
        await self._send(message.event, argument)

    async def _shown(self, code: Code | PairingCode) -> Any:
        """Give what is sent of a code; None if it is no longer the live one, or cannot be drawn."""
        if isinstance(code, Code):
            return await self._picture(code)
        if self._presenter.moment().pairing != code:
            return None
        return {"code": code.text, "expiresAt": timestamp(code.expires_at)}

    async def _picture(self, code: Code) -> str | None:
        """Draw `code`; None if it is no longer the live one, or cannot be drawn, which is logged already."""
        if self._presenter.moment().code != code:
            return None
        try:
            url = await self._presenter.data_url()
        except PictureError:
            return None
        return url if self._presenter.moment().code == code else None
