"""What the supervisor needs of a page: one interface, obeyed by the real driver and by the tests' fake.

Rules of this file: an implementation never raises anything but `wad.core.errors.BrowserError` and its kin
from the methods below, and tells nothing to its listener after `stop` was called.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum, unique
from typing import Any, Protocol

from wad.browser.procfs import Scheduled
from wad.core.events import Event, PageEvent
from wad.core.page_names import Inspection
from wad.core.reasons import Reason
from wad.core.status import PairingCode
from wad.core.values import dataclass

Listener = Callable[[Event], None]


@unique
class Helper(StrEnum):
    """A process of the browser's beside its own and the page's, without which the page is dead or blind."""

    GPU = "gpu"
    NETWORK = "network"
    STORAGE = "storage"


@dataclass(frozen=True, slots=True)
class BrowserInfo:
    """What is known of the browser now; `version` and `pid` are None while there is none."""

    running: bool = False
    version: str | None = None
    pid: int | None = None


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What a page that does not get on looks like.

    `details` is for a person: structure without texts, the models' states, the console's tail; no secret is
    in it. `reason` is what the look tells of the cause, None where it tells nothing.
    """

    reason: Reason | None
    details: Mapping[str, Any]


class PageDriver(Protocol):
    """A browser with WhatsApp Web's page in it."""

    @property
    def info(self) -> BrowserInfo:
        """What is known of the browser now."""

    async def start(self, listener: Listener) -> None:
        """Bring the browser up and begin to open the page; from then on tell `listener` what happens.

        Tells BrowserStarted once the browser answers, and returns: how the page opens is told by events.
        Raises BrowserError (or a kind of it) when the browser does not come up in time; after an error, or
        when cancelled, no process is left once `stop` has returned. An earlier browser is stopped first.
        """

    async def stop(self, *, gracefully: bool = True) -> None:
        """Close the browser, with all its processes.

        Gracefully, the page may write its session first (a killed browser can damage it); otherwise it is
        killed at once. Bounded in time, never raises, may be called at any time and repeatedly.
        """

    async def snapshot(self) -> PageEvent | None:
        """Read what the page shows now; None while it cannot be told (the models are not there yet).

        Raises BrowserHungError when the page does not answer, BrowserError when there is none.
        """

    async def silent_helpers(self) -> frozenset[Helper]:
        """Have the browser's helpers answer, and give those that do not within `heartbeat_answer`.

        Where the page, or the browser itself, does not answer, nothing is known of them; nor of the process
        that draws while nothing was ever drawn. Raises as `snapshot` does.
        """

    async def end_helper(self, helper: Helper) -> bool:
        """Kill a helper, of which the browser then starts another; False where it has no such process.

        Raises BrowserError when there is no browser.
        """

    async def scheduled(self) -> Scheduled:
        """Give how long the browser, its page and wad itself ran so far, and waited for a processor.

        Raises BrowserError when there is no browser, or it cannot be looked at.
        """

    async def refresh_qr(self) -> None:
        """Have the page show QR codes: a new batch if it waits for that, or again after a pairing code.

        Harmless where it shows them already.
        """

    async def pair(self, phone: str) -> PairingCode:
        """Have the page ask for a code to be typed on the phone of that number (digits), and give the code.

        The page shows no QR code from then on, until `refresh_qr`. Raises PairingError where WhatsApp or the
        page gives none, BrowserHungError where neither answers within the deadline, and DocumentReplacedError
        where the page is opened anew first: it has to be asked again there.
        """

    async def log_out(self) -> None:
        """Tell WhatsApp that this device leaves; returns when the page has said so to the server."""

    async def diagnose(self) -> Diagnosis:
        """Describe the page as it is now. Raises as `snapshot` does."""

    async def screenshot(self, *, linked: bool = False) -> bytes:
        """Give a picture of the page as it is now, a PNG of a few MB at the most.

        Raises as `snapshot` does; unless `linked`, AccountShownError where the page is a linked account's, or
        becomes so meanwhile; PageError for a picture that is too large or none.
        """

    async def check_names(self) -> Inspection:
        """Look which of the names in `wad.core.page_names.NEEDS` the page has; runs none of its modules.

        While the page loads much is missing. Raises as `snapshot` does, and PageError for a page without a
        module system, which is not WhatsApp Web.
        """
