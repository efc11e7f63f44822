"""Looking after the browser's helpers: a page whose network service hangs looks linked and hears nothing.

Rules of this file: a helper that hangs is killed first, for the browser starts another and the page hardly
notices; only where that does not help is the browser replaced.
"""

import asyncio
from collections.abc import Callable

import structlog

from wad.core.deadlines import Deadlines
from wad.core.errors import BrowserError
from wad.core.events import Event, trouble
from wad.core.reasons import Reason
from wad.link.driver import Helper, PageDriver
from wad.link.driver_calls import in_time
from wad.link.heartbeat import BUSY_PHASES, PAGE_PHASES
from wad.link.patience import LEAST_OF_HELPERS, Patience, amounts_to
from wad.link.session import Session

log = structlog.get_logger(__name__)

# Phases in which a page is up and has nothing else to do than to answer.
_SETTLED = PAGE_PHASES - BUSY_PHASES
# Of a look, in answers: the helpers are asked side by side, the page for as long as it takes two of them.
_LOOK = 3


class Helpers:
    """Has the browser's helpers answer by the clock; a browser that cannot be mended is told to `post`."""

    def __init__(
        self, session: Session, driver: PageDriver, deadlines: Deadlines, *, post: Callable[[Event], None]
    ) -> None:
        self._session = session
        self._driver = driver
        self._deadlines = deadlines
        self._post = post
        self._patience = Patience(driver, deadlines, LEAST_OF_HELPERS)

    async def beat(self) -> None:
        """Look for ever. Behind a miss there is no pause: it has taken its time."""
        silences: dict[Helper, float] = {}
        while True:
            await asyncio.sleep(0 if silences else self._deadlines.heartbeat_interval)
            silent = await self._look()
            if not silent:
                silences = {}
                self._patience.forget()
                continue
            counts = await self._patience.weigh()
            before, silences = silences, {helper: silences.get(helper, 0.0) + counts for helper in silent}
            mended = [
                await self._mend(helper, before.get(helper, 0.0), silence)
                for helper, silence in silences.items()
            ]
            if not all(mended):
                silences = {}
                self._post(trouble(Reason.BROWSER_HUNG))

    async def _look(self) -> frozenset[Helper]:
        if self._session.status.phase not in _SETTLED:
            return frozenset()
        try:
            return await in_time(self._driver.silent_helpers(), _LOOK * self._deadlines.heartbeat_answer)
        except BrowserError:
            return frozenset()  # that the browser or its page hangs, or is gone, is told by others
        except Exception:
            log.exception("helpers_unknown")
            return frozenset()

    async def _mend(self, helper: Helper, before: float, silence: float) -> bool:
        """Kill a helper that missed so many looks; False where that cannot be done, or did not help."""
        most = self._deadlines.heartbeat_misses
        if amounts_to(silence, most) and not amounts_to(before, most):
            return await self._end(helper)
        return not amounts_to(silence, 2 * most)

    async def _end(self, helper: Helper) -> bool:
        log.warning("helper_silent", helper=helper, times=self._deadlines.heartbeat_misses)
        try:
            return await in_time(self._driver.end_helper(helper), self._deadlines.evaluate)
        except BrowserError:
            return True  # the browser itself is gone, which others tell
        except Exception:
            log.exception("helpers_unknown")
            return False
