"""What is done in each phase: one coroutine for each, in one table.

Rules of this file:

* A work changes no state. It calls the driver, waits for a deadline, and posts what came of it.
* A work may be cancelled at any await; the phase entered next cleans up what it left (`driver.stop` first).
* A work whose phase must not be left half done is in `MUST_FINISH`; such a work is bounded in time.
"""

import asyncio
import random
from collections.abc import Callable, Coroutine
from typing import Any

import structlog

from wad.audience import Audience
from wad.codework import CodeWork, in_time
from wad.deadlines import Deadlines
from wad.diagnosis import Diagnoses
from wad.driver import PageDriver
from wad.errors import BrowserError, ProfileLockedError, WadError
from wad.events import (
    BrowserClosed,
    BrowserStarted,
    Event,
    ProfileCleared,
    ProfileStuck,
    RetryDue,
    trouble,
)
from wad.intent import Intent
from wad.profile import Profile
from wad.reasons import REASONS, Reason, Retry
from wad.session import Session
from wad.status import Phase

log = structlog.get_logger(__name__)

# A session that is being forgotten must be gone, even if somebody says stop meanwhile. A reset overtakes a
# log-out, though: it does all that would come after it.
MUST_FINISH = frozenset({Phase.RESETTING, Phase.FORGETTING, Phase.LOGGING_OUT})
# Spread of the back-off: ten daemons behind one failed router should not knock at the same instant.
JITTER = 0.2


class Work:
    """Does what each phase asks for."""

    def __init__(
        self,
        *,
        session: Session,
        driver: PageDriver,
        profile: Profile,
        intent: Intent,
        audience: Audience,
        diagnoses: Diagnoses,
        deadlines: Deadlines,
    ) -> None:
        self._session = session
        self._driver = driver
        self._profile = profile
        self._intent = intent
        self._diagnoses = diagnoses
        self._deadlines = deadlines
        self._random = random.Random()  # noqa: S311 - jitter is no secret
        self._sweeping: asyncio.Task[None] | None = None
        self._post: Callable[[Event], None] = lambda _: None
        self._codes = CodeWork(session, driver, audience, deadlines)
        self._table: dict[Phase, Callable[[], Coroutine[Any, Any, None]]] = {
            Phase.STOPPED: self._nothing,
            Phase.STARTING: self._start_afresh,
            Phase.LOADING: self._expect_models,
            Phase.CONNECTING: self._expect_code,
            Phase.WAITING_FOR_SCAN: self._codes.watch_code,
            Phase.PAIRING: self._codes.pair,
            Phase.WAITING_FOR_ENTRY: self._codes.watch_pairing,
            Phase.RENEWING: self._codes.renew,
            Phase.SYNCING: self._expect_ready,
            Phase.LINKED: self._nothing,
            Phase.RECONNECTING: self._expect_connection,
            Phase.RECOVERING: self._back_off,
            Phase.FORGETTING: self._forget,
            Phase.RESTARTING: self._start_again,
            Phase.HELD_UP: self._hold,
            Phase.RESET_PENDING: self._hold,
            Phase.PROBING: self._start_again,
            Phase.STOPPING: self._stop,
            Phase.RESETTING: self._forget,
            Phase.LOGGING_OUT: self._log_out,
        }

    def attach(self, post: Callable[[Event], None]) -> None:
        """Set where results go: the supervisor's inbox."""
        self._post = post
        self._codes.attach(post)

    async def do(self, phase: Phase) -> None:
        """Do the work of `phase`. Raises WadError where it fails."""
        await self._table[phase]()

    async def _nothing(self) -> None:
        """Wait for events: the phase needs no work."""

    async def _start_afresh(self) -> None:
        await asyncio.to_thread(self._intent.remember, wanted=True)
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
        log.info("[WA] Creating and initializing new WhatsApp client...")
        within = self._deadlines.shutdown + self._deadlines.browser_start + self._deadlines.page_load
        await in_time(self._driver.start(self._post), within)

    async def _expect_models(self) -> None:
        reason = await self._diagnosed_after(self._deadlines.page_load, Reason.LOAD_TIMEOUT)
        self._post(trouble(reason))

    async def _expect_code(self) -> None:
        reason = await self._diagnosed_after(self._deadlines.first_code, Reason.CODE_TIMEOUT)
        self._post(trouble(reason))

    async def _expect_connection(self) -> None:
        await asyncio.sleep(self._deadlines.reconnect)
        self._post(trouble(Reason.NETWORK_UNREACHABLE))

    async def _expect_ready(self) -> None:
        await self._diagnosed_after(self._deadlines.ready / 2, Reason.READY_TIMEOUT)
        await asyncio.sleep(self._deadlines.ready / 2)
        self._post(trouble(Reason.READY_TIMEOUT))

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
        """Give the pause after that many failures in a row: 1, 2, 4 … 60 s by default, with jitter."""
        steps = min(max(attempts, 1) - 1, 30)  # 2**30 is beyond any cap; more would overflow a float at last
        pause: float = min(self._deadlines.backoff_first * 2**steps, self._deadlines.backoff_max)
        return pause * self._random.uniform(1 - JITTER, 1 + JITTER)

    async def _hold(self) -> None:
        """Close the browser; probe slowly, or wait to be asked where probing is pointless."""
        await self._close_browser()
        reason = self._session.status.reason
        if reason is not None and REASONS[reason].retry is Retry.NEVER:
            return
        await asyncio.sleep(self._deadlines.slow_retry)
        self._post(RetryDue())

    async def _stop(self) -> None:
        await self._remember_stop()
        await self._close_browser()
        await self._remember_stop()  # said only while the browser was being closed for another reason
        self._post(BrowserClosed())

    async def _remember_stop(self) -> None:
        if self._session.status.reason is Reason.STOPPED:
            await asyncio.to_thread(self._intent.remember, wanted=False)

    async def _close_browser(self, *, gracefully: bool = True) -> None:
        """Close the browser; a phase that ends must never hang on the closing, nor on an error of it."""
        try:
            await in_time(self._driver.stop(gracefully=gracefully), self._deadlines.shutdown)
        except Exception:
            log.exception("driver_stop_failed", gracefully=gracefully)
            if gracefully:
                await self._close_browser(gracefully=False)

    async def _log_out(self) -> None:
        """Tell WhatsApp, bounded in time; whether it heard or not, the session is forgotten here."""
        try:
            async with asyncio.timeout(self._deadlines.logout):
                await self._driver.log_out()
        except (TimeoutError, BrowserError) as error:
            log.warning("logout_unconfirmed", error=str(error))
        except Exception:
            log.exception("logout_failed")
        await self._forget()

    async def _forget(self) -> None:
        """Kill the browser (nothing in it is worth saving), set the profile aside, delete it behind."""
        await asyncio.to_thread(self._profile.condemn)
        await self._close_browser(gracefully=False)
        try:
            await asyncio.to_thread(self._profile.discard)
        except ProfileLockedError as error:
            log.warning("profile_kept", error=str(error))
            self._post(ProfileStuck(Reason.PROFILE_LOCKED))
        except Exception as error:
            expected = isinstance(error, WadError | OSError)
            log.warning("profile_kept", error=str(error), exc_info=not expected)
            self._post(ProfileStuck(Reason.STORAGE_FULL))
        else:
            self._sweep()
            self._post(ProfileCleared())

    def _sweep(self) -> None:
        """Delete what was set aside behind the back of whatever comes next: it may take seconds."""
        if self._sweeping is None or self._sweeping.done():
            self._sweeping = asyncio.create_task(self._profile.sweep(), name="wad-sweep")

    async def leave(self, *, forgetting: bool) -> None:
        """End what goes on behind the works, and the browser; the daemon ends.

        A killed browser can damage its session, so it is closed gracefully, unless the session was to be
        forgotten: then it is. What was not deleted is deleted at the next start.
        """
        if forgetting:
            await self._forget()
        else:
            await self._close_browser()
        if self._sweeping is not None:
            self._sweeping.cancel()
            await asyncio.wait({self._sweeping})
