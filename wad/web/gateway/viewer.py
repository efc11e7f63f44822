"""One client in the namespace: what it is still to be told, and the task that tells it.

Theory of operation. Changes are put into each client's mailbox at once, and each client has a task of its own
that sends what waits there, a change at a time, only when the client has taken what was sent before. So a
client that reads slowly, or not at all, costs its mailbox, and delays nobody. A mailbox that is full is
emptied: such a client is told the present as soon as it reads again, and never learns of what lay between.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import structlog

from wad.core.errors import SubmissionError
from wad.core.status import Code
from wad.link.commands import Commands
from wad.reports.documents import timestamp
from wad.reports.presenter import PictureError, Presenter
from wad.web.gateway.event_names import Message
from wad.web.gateway.messages import present

log = structlog.get_logger(__name__)

# A change has three to eight messages, and a scan brings some ten changes within a second: whoever is this
# far behind does not read. The messages themselves are shared by all clients.
_ROOM = 128
# Of these, as many as are sent at once: with a thousand clients each write by itself is what takes the time.
_AT_ONCE = 8

Told = list[tuple[str, Any]]


class Mailbox:
    """Messages on their way to one client. `greet` gives those that tell the present."""

    def __init__(self, greet: Callable[[], Iterable[Message]], room: int = _ROOM) -> None:
        self._greet = greet
        self._room = room
        self._waiting = deque(greet())
        self._behind = False
        self._awaited = False
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

    @property
    def idle(self) -> bool:
        """Whether all was sent and the client has taken it, so that more may be written past the mailbox."""
        return self._awaited and not self._filled.is_set()

    async def take(self) -> list[Message]:
        """Give the next messages, as soon as there is one; as many as are sent at once at the most."""
        self._awaited = True
        try:
            await self._filled.wait()
        finally:
            self._awaited = False
        if self._behind:
            self._behind = False
            self._waiting.extend(self._greet())
        messages = [self._waiting.popleft() for _ in range(min(len(self._waiting), _AT_ONCE))]
        if not self._waiting:
            self._filled.clear()
        return messages

    def __len__(self) -> int:
        return len(self._waiting)


async def resolved(messages: Iterable[Message], presenter: Presenter) -> Told:
    """Give what is sent of messages: of a code its picture or its text, and nothing of one that has ended.

    One that cannot be drawn, which is logged already, is left out as well.
    """
    drawn = await _drawn(messages, presenter)
    # Nothing is awaited from here on: what is sent holds at one and the same moment.
    told = [(message, _argument(message, drawn, presenter)) for message in messages]
    return [
        (message.event, argument)
        for message, argument in told
        if argument is not None or message.code is None
    ]


async def _drawn(messages: Iterable[Message], presenter: Presenter) -> str | None:
    """Draw the live code, if it is told."""
    live = presenter.moment().code
    if live is None or all(message.code != live for message in messages):
        return None
    try:
        return await presenter.data_url()
    except PictureError:
        return None


def _argument(message: Message, drawn: str | None, presenter: Presenter) -> Any:
    code = message.code
    if code is None:
        return message.argument
    moment = presenter.moment()
    if isinstance(code, Code):
        return drawn if moment.code == code else None
    return {"code": code.text, "expiresAt": timestamp(code.expires_at)} if moment.pairing == code else None


class Viewer:
    """Somebody who may see the code, and looks.

    `send` gets events' names and arguments, in order, and returns when the client has taken them.
    """

    def __init__(
        self, commands: Commands, presenter: Presenter, send: Callable[[Told], Awaitable[None]]
    ) -> None:
        self._commands = commands
        self._presenter = presenter
        self.send = send
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

    async def _tell(self, messages: list[Message]) -> None:
        told = await resolved(messages, self._presenter)
        if told:
            await self.send(told)
