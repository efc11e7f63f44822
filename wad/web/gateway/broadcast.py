"""A change, told to all clients together: of a thousand, a task of each would take most of the time.

Rules of this file:

* A change is resolved and encoded once, and written at once to whoever has taken all that was sent before.
  Everybody else has it put into the mailbox, as if it had just happened.
* One change after the other: each client is told them in the order in which they happened.
* Changes that cannot go on, since a code is not drawn, are put into the mailboxes, which have a bound.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, Final

from wad.core.values import dataclass
from wad.reports.presenter import Presenter
from wad.web.gateway.event_names import Message
from wad.web.gateway.viewer import Mailbox, Told, resolved

# Changes that wait; a scan brings some ten within a second.
_ROOM: Final = 16
# Clients between two looks at everything else: some milliseconds.
_SLICE: Final = 100


@dataclass(frozen=True, slots=True)
class Recipient:
    """A client: the id of its connection, and what else it is to be told."""

    sid: str
    mailbox: Mailbox


class _Round:
    """One change on its way, and who is still to be told it."""

    def __init__(self, messages: list[Message], recipients: Iterable[Recipient]) -> None:
        self.messages = messages
        self.recipients = deque(recipients)

    def post(self) -> None:
        """Put the messages into the mailboxes of all who are still to be told."""
        while self.recipients:
            self.recipients.popleft().mailbox.put(self.messages)


class Broadcast:
    """Tells changes. `frames` encodes, `write` is that of `wad.web.gateway.connections.Connections`.

    `run` starts a task that is ended with its owner.
    """

    def __init__(
        self,
        presenter: Presenter,
        *,
        frames: Callable[[Told], bytes],
        write: Callable[[str, bytes], bool],
        run: Callable[[Callable[[], Coroutine[Any, Any, None]]], object],
    ) -> None:
        self._presenter = presenter
        self._frames = frames
        self._write = write
        self._run = run
        self._rounds: deque[_Round] = deque()
        self._running = False

    def tell(self, messages: list[Message], recipients: Iterable[Recipient]) -> None:
        """Have messages told to these clients, behind all that were told before; returns at once."""
        self._rounds.append(_Round(messages, recipients))
        if len(self._rounds) > _ROOM:
            self._give_up()
        elif not self._running:
            self._running = True
            self._run(self._work)

    def _give_up(self) -> None:
        while self._rounds:
            self._rounds.popleft().post()

    async def _work(self) -> None:
        try:
            while self._rounds:
                told = self._rounds[0]
                await self._tell(told)
                if self._rounds and self._rounds[0] is told:
                    self._rounds.popleft()
        finally:
            self._running = False
            self._give_up()

    async def _tell(self, told: _Round) -> None:
        try:
            frames = self._frames(await resolved(told.messages, self._presenter))
        except Exception:  # noqa: BLE001 - of whatever kind: each client's task meets it, too, and says so
            told.post()
            return
        holds = self._presenter.moment().key
        while told.recipients and self._presenter.moment().key == holds:
            for _ in range(min(_SLICE, len(told.recipients))):
                self._tell_one(told.recipients.popleft(), told.messages, frames)
            await asyncio.sleep(0)
        # What was resolved holds no longer: for whoever was not told it yet it is resolved anew.
        told.post()

    def _tell_one(self, recipient: Recipient, messages: list[Message], frames: bytes) -> None:
        if not (recipient.mailbox.idle and self._write(recipient.sid, frames)):
            recipient.mailbox.put(messages)
