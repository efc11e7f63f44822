"""How a session is forgotten: the works of the phases that do so, for `wad.link.phase_work`.

The rules of that file hold here, too.
"""

import asyncio
from collections.abc import Callable

import structlog

from wad.browser.profile import Profile
from wad.core.deadlines import Deadlines
from wad.core.errors import BrowserError, ProfileLockedError, TooManyOpenFilesError
from wad.core.events import Event, ProfileCleared, ProfileStuck
from wad.core.reasons import Reason
from wad.core.status import Phase
from wad.link.driver import PageDriver
from wad.link.driver_calls import close
from wad.link.durable import FORGET, Durable

log = structlog.get_logger(__name__)

# A session that is being forgotten must be gone, even if somebody says stop meanwhile. A reset overtakes a
# log-out, though: it does all that would come after it.
MUST_FINISH = frozenset({Phase.RESETTING, Phase.FORGETTING, Phase.LOGGING_OUT})


class ForgetWork:
    """Sets the profile aside, whatever the browser does."""

    def __init__(self, driver: PageDriver, profile: Profile, durable: Durable, deadlines: Deadlines) -> None:
        self._driver = driver
        self._profile = profile
        self._durable = durable
        self._deadlines = deadlines
        self._sweeping: asyncio.Task[None] | None = None
        self._post: Callable[[Event], None] = lambda _: None

    def attach(self, post: Callable[[Event], None]) -> None:
        """Set where results go: the supervisor's inbox."""
        self._post = post

    async def log_out(self) -> None:
        """Tell WhatsApp, bounded in time; whether it heard or not, the session is forgotten here."""
        try:
            async with asyncio.timeout(self._deadlines.logout):
                await self._driver.log_out()
        except (TimeoutError, BrowserError) as error:
            log.warning("logout_unconfirmed", error=str(error))
        except Exception:
            log.exception("logout_failed")
        await self.forget()

    async def forget_ended(self) -> None:
        """Forget a session that was ended elsewhere: no command has had it written down."""
        await self._durable.save(FORGET)
        await self.forget()

    async def forget(self) -> None:
        """Kill the browser (nothing in it is worth saving), set the profile aside, delete it behind."""
        await close(self._driver, self._deadlines, gracefully=False)
        try:
            async with asyncio.timeout(self._deadlines.discard):
                await self._discard()
        except (ProfileLockedError, TooManyOpenFilesError) as error:
            # The latter, after all this time, means that it cannot be told who uses the profile.
            self._keep(error, Reason.PROFILE_LOCKED)
        except Exception as error:  # noqa: BLE001 - whatever it is, the phase must be left
            self._keep(error, Reason.STORAGE_FULL)
        else:
            self._sweep()
            self._post(ProfileCleared())

    async def _discard(self) -> None:
        """Set the profile aside; a lack of descriptors is waited for, as it tells nothing of the profile."""
        lacking = asyncio.get_running_loop().time() + self._deadlines.discard / 2
        while True:
            try:
                await asyncio.to_thread(self._profile.discard)
            except TooManyOpenFilesError as error:
                if asyncio.get_running_loop().time() > lacking:
                    raise
                log.warning("profile_kept", error=str(error))
                await asyncio.sleep(self._deadlines.recheck)
            else:
                return

    def _keep(self, error: Exception, reason: Reason) -> None:
        expected = isinstance(error, BrowserError | OSError)
        log.warning("profile_kept", error=str(error) or "the disk does not answer", exc_info=not expected)
        self._post(ProfileStuck(reason))

    def _sweep(self) -> None:
        """Delete what was set aside behind the back of whatever comes next: it may take seconds."""
        if self._sweeping is None or self._sweeping.done():
            self._sweeping = asyncio.create_task(self._profile.sweep(), name="wad-sweep")

    async def leave(self) -> None:
        """End the deletion; what is left is deleted at the next start."""
        if self._sweeping is not None:
            self._sweeping.cancel()
            await asyncio.wait({self._sweeping})
