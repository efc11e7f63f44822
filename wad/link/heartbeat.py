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
from wad.core.events import Event, PageEvent, trouble
from wad.core.reasons import Reason
from wad.core.status import Phase
from wad.link.driver import Listener, PageDriver
from wad.link.patience import Patience, amounts_to
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
# Phases in which the page opens, or takes its chats in, and may stand for longer than one that is settled.
BUSY_PHASES = COMING_UP | {Phase.LOADING, Phase.CONFIRMING, Phase.SYNCING}
# Phases with an account, in which a page always tells something once it is there.
LINKED_PHASES = frozenset({Phase.SYNCING, Phase.LINKED})
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
        self._patience = Patience(driver, deadlines)
        self.counts: Counter[bool] = Counter()
        self._mute_since: float | None = None

    async def beat(self) -> None:
        """Look for ever; a page that misses several beats in a row hangs.

        Behind a miss there is no pause: it has taken its time. What it had no processor for counts less.
        """
        silence = 0.0
        while True:
            if not silence:
                await asyncio.sleep(self._deadlines.heartbeat_interval)
            looked = self._session.status.phase in PAGE_PHASES
            answered = await self.look()
            self.counts[answered] += looked
            if answered:
                silence = 0.0
                self._patience.forget()
                continue
            silence += await self._weigh()
            if self._is_hung(silence):
                silence = 0.0
                self._post(trouble(Reason.BROWSER_HUNG))

    async def _weigh(self) -> float:
        """Tell how much of a beat the last miss counts for."""
        counts = await self._patience.weigh()
        log.warning("page_silent", within=self._deadlines.heartbeat_answer, counts=round(counts, 2))
        return counts

    def _is_hung(self, silence: float) -> bool:
        """Tell whether so much silence, in beats, is a hang in this phase."""
        phase, times = self._session.status.phase, self._deadlines
        most = times.heartbeat_misses_busy if phase in BUSY_PHASES else times.heartbeat_misses
        return phase in PAGE_PHASES and amounts_to(silence, most)

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
            return False
        except BrowserError as error:
            log.info("page_unreadable", error=str(error))
            self._listen_for_sense(None)
            return True  # the browser's death is reported by the driver itself
        except Exception:
            log.exception("snapshot_failed")
            self._post(trouble(Reason.INTERNAL_ERROR))
            return True
        self._listen_for_sense(shown)
        if shown is not None:
            hear(shown)
        return True

    def _listen_for_sense(self, shown: PageEvent | None) -> None:
        """Give up a linked page that answers and tells nothing for as long as one may load.

        It may have reloaded into a document that never becomes WhatsApp Web, or stopped at its beginnings.
        """
        now = asyncio.get_running_loop().time()
        if shown is not None or self._session.status.phase not in LINKED_PHASES:
            self._mute_since = None
        elif self._mute_since is None:
            self._mute_since = now
        elif now - self._mute_since >= self._deadlines.page_load:
            self._mute_since = None
            log.warning("page_mute", within=self._deadlines.page_load)
            self._post(trouble(Reason.LOAD_TIMEOUT))
