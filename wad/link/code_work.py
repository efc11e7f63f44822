"""What is done while a code is shown, asked for, or spent: the works of those phases.

The rules of `wad.link.phase_work` hold here, too.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

import structlog

from wad.core.deadlines import Deadlines
from wad.core.errors import BrowserError, BrowserHungError, DocumentReplacedError, PageError, PairingError
from wad.core.events import (
    Event,
    PageLoaded,
    PairingDue,
    PairingGranted,
    PairingLapsed,
    PairingRefused,
    QrExpired,
    QrLapsed,
    trouble,
)
from wad.core.reasons import Reason, reason_of
from wad.link.audience import Audience
from wad.link.driver import Listener, PageDriver
from wad.link.driver_calls import in_time
from wad.link.session import Session

log = structlog.get_logger(__name__)


class CodeWork:
    """Watches over the codes for the phone: those to scan and those to type."""

    def __init__(
        self, session: Session, driver: PageDriver, audience: Audience, deadlines: Deadlines
    ) -> None:
        self._session = session
        self._driver = driver
        self._audience = audience
        self._deadlines = deadlines
        # Since when codes have been shown, as the status tells it, and by the loop's clock.
        self._since: tuple[datetime | None, float] = None, 0.0
        self._post: Callable[[Event], None] = lambda _: None
        self._listen: Callable[[], Listener] = lambda: self._post

    def attach(self, post: Callable[[Event], None], listen: Callable[[], Listener]) -> None:
        """Set where results go, and what gives the listener to a page: the supervisor's inbox."""
        self._post = post
        self._listen = listen

    async def watch_code(self) -> None:
        """Withdraw the code when its time is over, and all codes when nobody wants them any longer.

        A number that waits for its own code gets it now: only a page that shows a QR code can pair.
        """
        status = self._session.status
        if status.phone is not None:
            self._post(PairingDue())
            return
        if status.code is None:
            return
        lapse = status.code.expires_at + timedelta(seconds=self._deadlines.qr_grace)
        lapses, ends = self._seconds_to(lapse), self._deadlines.qr_max - self._shown()
        await asyncio.sleep(max(0.0, min(lapses, ends)))
        self._post(QrExpired() if ends <= lapses else QrLapsed())

    async def pair(self) -> None:
        """Ask for the code to type; where none is given, the QR code comes back.

        A page that opens another document meanwhile, be it to forget an earlier request, is asked again:
        the number waits for that.
        """
        phone = self._session.status.phone
        if phone is None:
            self._post(PairingRefused())
            return
        try:
            async with asyncio.timeout(self._deadlines.pairing_code):
                pairing = await self._driver.pair(phone)
        except DocumentReplacedError:
            # It may be past its beginnings when it first speaks; codes to scan count for nothing here.
            self._post(PageLoaded())
        except (TimeoutError, PageError, BrowserHungError) as error:
            # A page that hangs for good is found by the heartbeat.
            reason = reason_of(error.reason) if isinstance(error, PairingError) else Reason.PAIRING_FAILED
            log.warning("pairing_refused", reason=reason, error=str(error) or "no answer in time")
            self._post(PairingRefused(reason=reason))
        else:
            self._post(PairingGranted(pairing))

    async def watch_pairing(self) -> None:
        """Withdraw the code to type when its time is over."""
        pairing = self._session.status.pairing
        if pairing is not None:
            await asyncio.sleep(self._seconds_to(pairing.expires_at))
        self._post(PairingLapsed())

    async def renew(self) -> None:
        """Ask for another batch, unless codes were shown long enough."""
        if self._shown_enough():
            self._post(QrExpired())
            return
        await in_time(self._driver.refresh_qr(), self._deadlines.evaluate)
        await self._look()
        await asyncio.sleep(self._deadlines.first_code)
        self._post(trouble(Reason.CODE_TIMEOUT))

    async def _look(self) -> None:
        """Read the page: one that showed a QR code all the time, and goes on to, has no news to tell."""
        hear = self._listen()
        with suppress(BrowserError, TimeoutError):
            async with asyncio.timeout(self._deadlines.heartbeat_answer):
                shown = await self._driver.snapshot()
                if shown is not None:
                    hear(shown)

    def _shown_enough(self) -> bool:
        return self._shown() >= (
            self._deadlines.qr_max if self._audience.looks() else self._deadlines.qr_quiet
        )

    def _shown(self) -> float:
        """Give for how many seconds codes have been shown.

        By the loop's clock: one that is set while somebody looks for the phone takes no code from them.
        """
        since, now = self._session.status.codes_since, asyncio.get_running_loop().time()
        if since is None or since != self._since[0]:
            self._since = since, now
        return now - self._since[1]

    def _seconds_to(self, moment: datetime) -> float:
        return max(0.0, (moment - self._session.now()).total_seconds())
