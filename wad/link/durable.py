"""What a command leaves on the disk, there before the command is answered or acted upon.

Rules of this file:

* Which command leaves what is in `EFFECTS`, and nowhere else.
* The disk ends as the last command says: one write at a time, in the order in which the commands came. What
  waits behind a slow write is merged, so there is never more than one waiting.
* What cannot be written is logged, and the command carried out all the same: a full disk must not keep
  anybody from stopping.
"""

import asyncio
from typing import Protocol

import structlog

from wad.core.deadlines import Deadlines
from wad.core.events import (
    Event,
    LogoutRequested,
    PairRequested,
    ResetRequested,
    StartRequested,
    StopRequested,
)
from wad.core.values import dataclass
from wad.link.intent import Intent

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Effect:
    """What holds at the next start.

    `wanted`: whether the link is, None where that is as before; `forget`: whether the session is forgotten.
    """

    wanted: bool | None = None
    forget: bool = False


EFFECTS: dict[type[Event], Effect] = {
    StartRequested: Effect(wanted=True),
    PairRequested: Effect(wanted=True),
    StopRequested: Effect(wanted=False),
    ResetRequested: Effect(wanted=True, forget=True),
    LogoutRequested: Effect(wanted=True, forget=True),
}
# For a session that ended without a command.
FORGET = Effect(forget=True)


class Condemnable(Protocol):
    """The part of the profile that this needs."""

    @property
    def discards(self) -> int:
        """How many profiles were put aside."""

    def condemn(self, discards: int) -> None:
        """Have the profile forgotten, unless a later one has begun. Raises OSError."""


class Durable:
    """Writes down what was asked for. Needs a running loop."""

    def __init__(self, intent: Intent, profile: Condemnable, deadlines: Deadlines) -> None:
        self._intent = intent
        self._profile = profile
        self._deadlines = deadlines
        self._wanted: bool | None = None
        self._condemned: int | None = None
        self._writing: asyncio.Task[None] | None = None

    async def save(self, effect: Effect) -> None:
        """Return when the effect is on the disk, or cannot be, or its deadline is over; the log tells which.

        Whoever is cancelled leaves the writing to go on, for `finish` to await.
        """
        if effect.wanted is not None:
            self._wanted = effect.wanted
        if effect.forget:
            self._condemned = self._profile.discards
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write(), name="wad-save")
        await self._wait(self._writing)

    async def finish(self) -> None:
        """Wait for what is being written, within its deadline; the daemon ends."""
        if self._writing is not None:
            await self._wait(self._writing)
            self._writing.cancel()

    async def _wait(self, writing: asyncio.Task[None]) -> None:
        _, late = await asyncio.wait({writing}, timeout=self._deadlines.save)
        if late:
            log.warning("save_late", within=self._deadlines.save)

    async def _write(self) -> None:
        """Write until nothing waits; what comes meanwhile is written by the next turn."""
        while self._wanted is not None or self._condemned is not None:
            condemned, self._condemned = self._condemned, None
            wanted, self._wanted = self._wanted, None
            # First, for a link that is wanted must not come up with the session that is to be forgotten.
            if condemned is not None:
                await self._condemn(condemned)
            if wanted is not None:
                await self._remember(wanted=wanted)

    async def _condemn(self, discards: int) -> None:
        try:
            await asyncio.to_thread(self._profile.condemn, discards)
        except OSError as error:
            log.warning("forgetting_not_saved", error=error.strerror)

    async def _remember(self, *, wanted: bool) -> None:
        try:
            await asyncio.to_thread(self._intent.remember, wanted=wanted)
        except OSError as error:
            log.warning("intent_not_saved", error=error.strerror, wanted=wanted)
