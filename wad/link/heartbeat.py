"""Looking at the page again and again: it proves that it lives, and mends what its events did not tell.

Rules of this file: what the page shows is an event like any other, and may be dropped; what was found out
about the browser may not.
"""

import asyncio
from collections import Counter
from collections.abc import Callable

import structlog

from wad.core.deadlines import Deadlines
from wad.core.errors import BrowserError, BrowserHungError
from wad.core.events import Event, trouble
from wad.core.reasons import Reason
from wad.core.status import Phase
from wad.link.driver import Listener, PageDriver
from wad.link.session import Session

log = structlog.get_logger(__name__)

# The path to WhatsApp has proved good in these. After `backoff_reset` in them, old failures are forgotten.
GOOD_PHASES = frozenset(
    {
        Phase.WAITING_FOR_SCAN,
        Phase.PAIRING,
        Phase.WAITING_FOR_ENTRY,
        Phase.RENEWING,
        Phase.CONFIRMING,
        Phase.SYNCING,
        Phase.LINKED,
    }
)
# Phases with a page, in which the browser may still be on its way.
COMING_UP = frozenset({Phase.RESTARTING, Phase.PROBING})
# Phases in which there is a page to read.
PAGE_PHASES = GOOD_PHASES | COMING_UP | {Phase.LOADING, Phase.CONNECTING, Phase.RECONNECTING}


class Heartbeat:
    """Looks at the page by the clock, and whenever asked to; results go to `post`.

    The page's word goes to what `listen` gives when the look begins.

    `counts` tells how often the page answered (True), and did not (False).
    """

    def __init__(
        self,
        session: Session,
        driver: PageDriver,
        deadlines: Deadlines,
        *,
        post: Callable[[Event], None],
        listen: Callable[[], Listener],
    ) -> None:
        self._session = session
        self._driver = driver
        self._deadlines = deadlines
        self._post = post
        self._listen = listen
        self.counts: Counter[bool] = Counter()

    async def beat(self) -> None:
        """Look for ever; a page that misses several beats in a row hangs."""
        misses = 0
        while True:
            await asyncio.sleep(self._deadlines.heartbeat_interval)
            looked = self._session.status.phase in PAGE_PHASES
            answered = await self.look()
            self.counts[answered] += looked
            misses = 0 if answered else misses + 1
            if misses >= self._deadlines.heartbeat_misses and self._session.status.phase in PAGE_PHASES:
                misses = 0
                self._post(trouble(Reason.BROWSER_HUNG))

    async def look(self) -> bool:
        """Post what the page shows now; False when it did not answer."""
        phase = self._session.status.phase
        if phase not in PAGE_PHASES:
            return True
        if not self._driver.info.running:
            if phase not in COMING_UP:
                self._post(trouble(Reason.BROWSER_CRASHED))  # the driver told it, and it got lost
            return True
        hear = self._listen()
        try:
            async with asyncio.timeout(self._deadlines.heartbeat_answer):
                shown = await self._driver.snapshot()
        except (TimeoutError, BrowserHungError):
            log.warning("page_silent", within=self._deadlines.heartbeat_answer)
            return False
        except BrowserError as error:
            log.info("page_unreadable", error=str(error))
            return True  # the browser's death is reported by the driver itself
        except Exception:
            log.exception("snapshot_failed")
            self._post(trouble(Reason.INTERNAL_ERROR))
            return True
        if shown is not None:
            hear(shown)
        return True
