"""What waits for the supervisor: one line of envelopes, bounded by where they come from.

Rules of this file:

* A page gone mad fills its own share only: neither a command nor the result of a work is lost to it.
* Results have no bound of their own. There is one work at a time, and each posts a handful.
"""

import asyncio
from collections import Counter
from enum import Enum, unique

from wad.core.events import Event
from wad.core.status import Status
from wad.core.values import dataclass


@unique
class Source(Enum):
    """Where an envelope comes from."""

    COMMAND = "command"
    PAGE = "page"
    WORK = "work"


# Far more than a person or a page can cause. What is beyond is refused to whoever asked; of a page it is
# dropped: its events are levels, and the heartbeat reads the present one.
LIMITS = {Source.COMMAND: 1000, Source.PAGE: 1000}


@dataclass(frozen=True, slots=True)
class Envelope:
    """One thing in the inbox: an event (None only wants to be taken), and who wants the status after it.

    `life` counts the browsers: what a page told is void once another one is to be started.
    """

    event: Event | None
    source: Source
    answer: asyncio.Future[Status] | None = None
    life: int | None = None


class Inbox:
    """The inbox itself."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[Envelope] = asyncio.Queue()
        self._waiting: Counter[Source] = Counter()

    def put(self, envelope: Envelope) -> bool:
        """Have the envelope wait for its turn; False where its source's share is full, and it does not."""
        source = envelope.source
        if source in LIMITS and self._waiting[source] >= LIMITS[source]:
            return False
        self._waiting[source] += 1
        self._queue.put_nowait(envelope)
        return True

    async def take(self) -> Envelope:
        """Wait for the next envelope, and give it."""
        return self._taken(await self._queue.get())

    def rest(self) -> list[Envelope]:
        """Give all that still wait; none do afterwards."""
        return [self._taken(self._queue.get_nowait()) for _ in range(self._queue.qsize())]

    def empty(self) -> bool:
        """Tell whether nothing waits."""
        return self._queue.empty()

    def _taken(self, envelope: Envelope) -> Envelope:
        self._waiting[envelope.source] -= 1
        return envelope
