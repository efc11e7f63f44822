"""What is done in each phase: one coroutine for each, in one table.

Rules of this file:

* A work changes no state. It calls the driver, waits for a deadline, and posts what came of it.
* A work may be cancelled at any await; the phase entered next cleans up what it left (`driver.stop` first).
* A work whose phase must not be left half done is in `wad.link.forget_work.MUST_FINISH`.
* Each work is bounded in time, or waits for a person or the page: see `wad.link.bounds`.
"""

import asyncio
import random
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

import structlog

from wad.browser.profile import Profile
from wad.core.backoff import pause, spread
from wad.core.deadlines import Deadlines
from wad.core.errors import BrowserError
from wad.core.events import (
    BrowserClosed,
    BrowserStarted,
    Event,
    RetryDue,
    trouble,
)
from wad.core.reasons import REASONS, Reason, Retry
from wad.core.status import Phase, Status
from wad.link.audience import Audience
from wad.link.bounds import bring_up
from wad.link.code_work import CodeWork
from wad.link.diagnosis import Diagnoses
from wad.link.driver import Listener, PageDriver
from wad.link.driver_calls import close, in_time
from wad.link.durable import Durable
from wad.link.forget_work import ForgetWork
from wad.link.session import Session

log = structlog.get_logger(__name__)

# Those whose work starts a browser.
STARTING_PHASES = frozenset({Phase.STARTING, Phase.RESTARTING, Phase.PROBING})


class Work:
    """Does what each phase asks for."""

    def __init__(
        self,
        *,
        session: Session,
        driver: PageDriver,
        profile: Profile,
        durable: Durable,
        audience: Audience,
        diagnoses: Diagnoses,
        deadlines: Deadlines,
    ) -> None:
        self._session = session
        self._driver = driver
        self._profile = profile
        self._diagnoses = diagnoses
        self._deadlines = deadlines
        self._random = random.Random()  # noqa: S311 - jitter is no secret
        self._post: Callable[[Event], None] = lambda _: None
        self._listen: Callable[[], Listener] = lambda: self._post
        self._codes = CodeWork(session, driver, audience, deadlines)
        self._forgets = ForgetWork(driver, profile, durable, deadlines)
        self._table: dict[Phase, Callable[[], Coroutine[Any, Any, None]]] = {
            Phase.STOPPED: self._nothing,
            Phase.STARTING: self._start_afresh,
            Phase.LOADING: self._expect_models,
            Phase.CONNECTING: self._expect_code,
            Phase.WAITING_FOR_SCAN: self._codes.watch_code,
            Phase.PAIRING: self._codes.pair,
            Phase.WAITING_FOR_ENTRY: self._codes.watch_pairing,
            Phase.RENEWING: self._codes.renew,
            Phase.CONFIRMING: self._expect_code,
            Phase.SYNCING: self._expect_ready,
            Phase.LINKED: self._nothing,
            Phase.RECONNECTING: self._expect_connection,
            Phase.RECOVERING: self._back_off,
            Phase.FORGETTING: self._forgets.forget_ended,
            Phase.RESTARTING: self._start_again,
            Phase.HELD_UP: self._hold,
            Phase.RESET_PENDING: self._hold,
            Phase.PROBING: self._start_again,
            Phase.STOPPING: self._stop,
            Phase.RESETTING: self._forgets.forget,
            Phase.LOGGING_OUT: self._forgets.log_out,
        }

    def attach(self, post: Callable[[Event], None], listen: Callable[[], Listener]) -> None:
        """Set where results go, and what gives the listener to a page: the supervisor's inbox."""
        self._post = post
        self._listen = listen
        self._codes.attach(post, listen)
        self._forgets.attach(post)

    async def do(self, phase: Phase) -> None:
        """Do the work of `phase`. Raises WadError where it fails."""
        await self._table[phase]()

    async def _nothing(self) -> None:
        """Wait for events: the phase needs no work."""

    async def _start_afresh(self) -> None:
        await self._bring_up()
        await asyncio.sleep(self._deadlines.heartbeat_interval)
        self._post(BrowserStarted())  # told long ago, and then we were not here any more; or it got lost

    async def _start_again(self) -> None:
        """Bring the browser up after a failure; if the page then stays mute, that is the next failure."""
        await self._bring_up()
        patience = self._deadlines.page_load + self._deadlines.first_code
        self._post(trouble(await self._diagnosed_after(patience, Reason.LOAD_TIMEOUT)))

    async def _bring_up(self) -> None:
        """Start the browser. The driver bounds its steps, an earlier one's end too; this bounds them all."""
        seq = self._session.status.seq
        log.info("[WA] Creating and initializing new WhatsApp client...", seq=seq)
        await in_time(self._driver.start(self._listen()), bring_up(self._deadlines))

    async def _expect_models(self) -> None:
        reason = await self._diagnosed_after(self._deadlines.page_load, Reason.LOAD_TIMEOUT)
        self._post(trouble(reason))

    async def _expect_code(self) -> None:
        reason = await self._diagnosed_after(self._deadlines.first_code, Reason.CODE_TIMEOUT)
        self._post(trouble(reason))

    async def _expect_connection(self) -> None:
        # All accounts lose WhatsApp at one instant, and what follows is a new browser for each.
        await asyncio.sleep(spread(self._deadlines.reconnect, self._random))
        self._post(trouble(Reason.NETWORK_UNREACHABLE))

    async def _expect_ready(self) -> None:
        """Give up a link that makes no progress, at half time with a diagnosis; a long sync is left alone."""
        await self._standstill(self._deadlines.ready / 2)
        await self._diagnosed_after(0, Reason.READY_TIMEOUT)
        await self._standstill(self._deadlines.ready / 2)
        self._post(trouble(Reason.READY_TIMEOUT))

    async def _standstill(self, seconds: float) -> None:
        """Return once the progress has stayed the same for so long."""
        with suppress(TimeoutError):
            while True:
                await self._session.wait_for(_progressed(self._session.status), seconds)

    async def _diagnosed_after(self, seconds: float, reason: Reason) -> Reason:
        """Wait, then write down what the page looks like, and give what that tells of the reason.

        A page that cannot be read is no further failure.
        """
        await asyncio.sleep(seconds)
        try:
            async with asyncio.timeout(self._deadlines.evaluate):
                diagnosis = await self._driver.diagnose()
                await self._diagnoses.write(diagnosis.reason or reason, diagnosis.details)
        except (TimeoutError, BrowserError, OSError) as error:
            log.warning("diagnosis_failed", reason=reason, error=str(error))
            return reason
        return diagnosis.reason or reason

    async def _back_off(self) -> None:
        await self._close_browser()
        await asyncio.sleep(self.back_off_seconds(self._session.status.attempts))
        self._post(RetryDue())

    def back_off_seconds(self, attempts: int) -> float:
        """Give the pause after that many failures in a row, which is `wad.core.backoff`'s to say."""
        return pause(attempts, self._deadlines, self._random)

    async def _hold(self) -> None:
        """Close the browser, then do what the reason's row says about trying again."""
        await self._close_browser()
        reason = self._session.status.reason
        retry = REASONS[reason].retry if reason is not None else Retry.SLOWLY
        if retry is Retry.NEVER:
            return
        if retry is Retry.WHEN_FREE:
            await asyncio.sleep(self.back_off_seconds(self._session.status.attempts))
            await self._until_free()
        else:
            await asyncio.sleep(self.slow_seconds(self._session.status))
        self._post(RetryDue())

    def slow_seconds(self, status: Status) -> float:
        """Give the pause before a blocked link is probed: until its known end, so far as that is believed.

        An end that comes again and again is backed off from. A block without an end may be everybody's, by a
        page that changed; a ban is one account's, and its end is not spread.
        """
        if status.until is None:
            return spread(self._deadlines.slow_retry, self._random)
        left = (status.until - self._session.now()).total_seconds()
        return min(max(left, self.back_off_seconds(status.attempts)), self._deadlines.ban_believed)

    async def _until_free(self) -> None:
        """Look at the profile until nothing is in its way; at the latest it is tried as all others are."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._deadlines.slow_retry):
                while not await self._is_free():  # noqa: ASYNC110 - a disk tells nobody that it has space
                    await asyncio.sleep(self._deadlines.recheck)

    async def _is_free(self) -> bool:
        try:
            await asyncio.to_thread(self._profile.check)
        except BrowserError:
            return False
        except Exception:
            log.exception("profile_check_failed")  # whether it is in the way is told by the next try
        return True

    async def _stop(self) -> None:
        await self._close_browser()
        self._post(BrowserClosed())

    async def leave(self, *, forgetting: bool) -> None:
        """End what goes on behind the works, and the browser; the daemon ends.

        A killed browser can damage its session, so it is closed gracefully, unless the session was to be
        forgotten: then it is. What was not deleted is deleted at the next start.
        """
        if forgetting:
            await self._forgets.forget()
        else:
            await self._close_browser()
        await self._forgets.leave()

    async def _close_browser(self) -> None:
        await close(self._driver, self._deadlines)


def _progressed(known: Status) -> Callable[[Status], bool]:
    """Give what tells whether a status has another progress than the one that is known."""
    return lambda status: status.progress != known.progress
