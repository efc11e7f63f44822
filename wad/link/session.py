"""The one holder of the link's status: applies events, tells subscribers, lets others wait.

Subscribers are called in the order in which they subscribed, synchronously, and only read. One that raises is
logged and does not keep the next from being told.
"""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

import structlog

from wad.core.events import Event
from wad.core.machine import step
from wad.core.status import Status
from wad.core.values import dataclass

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Change:
    """One change of the status, and the event that brought it about."""

    before: Status
    after: Status
    event: Event


Subscriber = Callable[[Change], None]


def utc_now() -> datetime:
    """Give the present in UTC."""
    return datetime.now(UTC)


class Session:
    """The link's status and everyone who wants to know of its changes."""

    def __init__(self, now: Callable[[], datetime] = utc_now) -> None:
        self._now = now
        self._status = Status(since=now())
        self._subscribers: dict[object, Subscriber] = {}

    @property
    def status(self) -> Status:
        """The present."""
        return self._status

    def now(self) -> datetime:
        """Give the time by the clock that stamps the changes."""
        return self._now()

    def apply(self, event: Event) -> Status:
        """Apply `event` and give the status after it.

        Raises IllegalEventError where the machine has no row; then nothing has changed and nobody was told.
        """
        before = self._status
        after = step(before, event, self._now())
        if after is not before:
            self._status = after
            self._tell(Change(before, after, event))
        return after

    def subscribe(self, subscriber: Subscriber) -> Callable[[], None]:
        """Have `subscriber` told of every change; gives the function that ends it (safe to call twice)."""
        subscription = object()
        self._subscribers[subscription] = subscriber

        def unsubscribe() -> None:
            self._subscribers.pop(subscription, None)

        return unsubscribe

    async def wait_for(self, wanted: Callable[[Status], bool], within: float) -> Status:
        """Give the first status, from the present on, for which `wanted` holds.

        Statuses that last shorter than a turn of the loop are seen too. Raises TimeoutError after `within`
        seconds.
        """
        if wanted(self._status):
            return self._status
        found: asyncio.Future[Status] = asyncio.get_running_loop().create_future()

        def look(change: Change) -> None:
            if not found.done() and wanted(change.after):
                found.set_result(change.after)

        unsubscribe = self.subscribe(look)
        try:
            async with asyncio.timeout(within):
                return await found
        finally:
            unsubscribe()

    def _tell(self, change: Change) -> None:
        for subscriber in tuple(self._subscribers.values()):
            try:
                subscriber(change)
            except Exception:
                log.exception("subscriber_failed", subscriber=getattr(subscriber, "__qualname__", "?"))
