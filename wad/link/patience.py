"""How much a silence counts: less, where the machine had no processor for what should have spoken.

Rules of this file: who waits for a processor is not hanging, and replacing it only makes more work; who has
one, or does not want one, and says nothing, is. On two processors with a load of twenty, a healthy page was
taken for a hanging one every half minute before (measured).
"""

import asyncio
from typing import Final

import structlog

from wad.browser.procfs import Scheduled
from wad.core.deadlines import Deadlines
from wad.core.errors import BrowserError
from wad.link.driver import PageDriver
from wad.link.driver_calls import in_time

log = structlog.get_logger(__name__)

# However busy the machine is: after six times the usual silence it makes no difference why.
LEAST: Final = 1 / 6
# To replace a helper costs next to nothing, and its look takes three times as long.
LEAST_OF_HELPERS: Final = 1 / 3
# Of the time that passed. Who neither ran nor waited for so much of it has not been kept from speaking.
_WANTED: Final = 0.1


# Silences are added up in parts.
_ROUNDING: Final = 0.001


def amounts_to(silence: float, most: int) -> bool:
    """Tell whether silences that were weighed come to as many as `most` full ones."""
    return silence >= most - _ROUNDING


def weight(before: Scheduled, now: Scheduled, seconds: float, least: float = LEAST) -> float:
    """Tell how much a silence of so many seconds counts: 1 in full, and `least` at the least."""
    ran, waited = now.ran - before.ran, now.waited - before.waited
    if ran + waited < _WANTED * seconds:
        return 1.0
    return max(least, ran / (ran + waited))


class Patience:
    """Weighs one silence after the other, of those that follow each other without a pause."""

    def __init__(self, driver: PageDriver, deadlines: Deadlines, least: float = LEAST) -> None:
        self._driver = driver
        self._least = least
        self._within = deadlines.evaluate
        self._before: tuple[float, Scheduled] | None = None

    def forget(self) -> None:
        """Begin anew: somebody has spoken."""
        self._before = None

    async def weigh(self) -> float:
        """Tell how much the silence since the last weighing counts; the first one counts in full."""
        before, self._before = self._before, await self._look()
        if before is None or self._before is None:
            return 1.0
        return weight(before[1], self._before[1], self._before[0] - before[0], self._least)

    async def _look(self) -> tuple[float, Scheduled] | None:
        try:
            found = await in_time(self._driver.scheduled(), self._within)
        except BrowserError:
            return None  # it is gone, which others tell
        except Exception:
            log.exception("scheduling_unknown")
            return None
        return asyncio.get_running_loop().time(), found
