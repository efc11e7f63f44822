"""Looking whether the page still has the names that wad relies upon, before anybody needs them.

Theory of operation. The page is looked at once in each browser's life, when its modules have had the time to
come; again when an account is linked, for the two kinds of page have different modules; and then once a day.
What cannot be told in one look is taken from the one before, as long as the build is the same.

Rules of this file: nothing waits for a look but whoever asked for one, and a look changes nothing but what is
told of the page.
"""

import asyncio
from collections import Counter
from dataclasses import field
from datetime import UTC, datetime
from typing import Any

import structlog

from wad.core.deadlines import Deadlines
from wad.core.errors import BrowserError
from wad.core.page_names import COSTS, NEEDS, Inspection, Need, Use
from wad.core.status import Phase
from wad.core.values import dataclass
from wad.link.driver import PageDriver
from wad.link.driver_calls import in_time
from wad.link.heartbeat import GOOD_PHASES, PAGE_PHASES
from wad.link.session import Change
from wad.reports.documents import Document, timestamp

log = structlog.get_logger(__name__)

_LINKED = frozenset({Phase.SYNCING, Phase.LINKED})


@dataclass(frozen=True, slots=True)
class Look:
    """One look. `settled`: the page's modules had had the time to come, so that what is missing is."""

    inspection: Inspection
    settled: bool
    at: datetime = field(default_factory=lambda: datetime.now(UTC))


class SelfCheck:
    """Looks by itself when the phase tells it to, and whenever asked to."""

    def __init__(self, driver: PageDriver, deadlines: Deadlines) -> None:
        self._driver = driver
        self._deadlines = deadlines
        self._looking: asyncio.Task[None] | None = None
        self._linked = False
        self._settled = False
        self._told: Inspection | None = None
        self.last: Look | None = None

    @property
    def missing(self) -> Counter[Use]:
        """How many needs are not met, by use; each use is there."""
        counts = Counter(dict.fromkeys(Use, 0))
        counts.update(need.use for need in (self._told.missing if self._told else ()))
        return counts

    def changed(self, change: Change) -> None:
        """Look at a page that has proved good, no more where there is none: a subscriber of the session."""
        phase = change.after.phase
        if phase not in PAGE_PHASES:
            self._end()
        elif phase in GOOD_PHASES and (self._looking is None or self._linked is not (phase in _LINKED)):
            self._end()
            self._linked = phase in _LINKED
            self._looking = asyncio.create_task(self._look_regularly(), name="wad-self-check")

    def _end(self) -> None:
        if self._looking is not None:
            self._looking.cancel()
        self._looking, self._settled = None, False

    async def close(self) -> None:
        """Look no more, and wait for the end of what is under way."""
        task = self._looking
        self._end()
        if task is not None:
            await asyncio.wait({task})

    async def _look_regularly(self) -> None:
        """Look for ever; a page that could not be looked at may have come to itself by the next time."""
        pause = self._deadlines.names_settle
        while True:
            await asyncio.sleep(pause)
            self._settled = True
            looked = await self._look_in_time()
            pause = self._deadlines.names_again if looked else self._deadlines.names_settle

    async def _look_in_time(self) -> bool:
        try:
            await self.look()
        except BrowserError as error:
            log.info("page_unreadable", error=str(error))
            return False
        except Exception:
            log.exception("page_check_failed")
            return False
        return True

    async def look(self) -> Look:
        """Look now. Raises BrowserHungError where the page is too late with it, else as the driver does."""
        settled = self._settled
        seen = await in_time(self._driver.check_names(), self._deadlines.heartbeat_answer)
        self.last = Look(self._with_what_was_known(seen) if settled else seen, settled)
        if settled:
            self._tell(self.last.inspection)
        return self.last

    def _with_what_was_known(self, seen: Inspection) -> Inspection:
        """Add the misses of the look before that this one could not see."""
        before = self._told
        if before is None or before.version != seen.version:
            return seen
        still = before.missing & seen.unseen
        return Inspection(seen.missing | still, seen.unseen - still, seen.version, seen.linked)

    def _tell(self, seen: Inspection) -> None:
        """Log what is missing, if it is not what was missing before."""
        before, self._told = self._told, seen
        if before is not None and before.missing == seen.missing:
            return
        if not seen.missing:
            log.info("page_names_complete", build=seen.version, names=len(NEEDS) - len(seen.unseen))
            return
        missing = in_order(seen.missing)
        log.warning(
            "page_names_missing",
            build=seen.version,
            names=["|".join(need.any_of) for need in missing],
            costs=list(dict.fromkeys(COSTS[need.use].sentence for need in missing)),
        )


def in_order(needs: frozenset[Need]) -> list[Need]:
    """Give needs in the table's order: what costs most comes first."""
    return [need for need in NEEDS if need in needs]


def look_document(look: Look) -> Document:
    """Describe a look: the names that are missing, and what that costs."""
    seen = look.inspection
    return {
        "success": True,
        "lookedAt": timestamp(look.at),
        "settled": look.settled,
        "build": seen.version,
        "linked": seen.linked,
        "needed": len(NEEDS),
        "unseen": len(seen.unseen),
        "missing": [_described(need) for need in in_order(seen.missing)],
    }


def _described(need: Need) -> dict[str, Any]:
    cost = COSTS[need.use]
    return {"use": need.use, "cost": cost.sentence, "vital": cost.vital, "anyOf": list(need.any_of)}
