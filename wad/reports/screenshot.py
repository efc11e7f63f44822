"""Pictures of the page as it is, for a person who looks why the link does not come.

Rules of this file:

* A picture of a linked account's page shows chats: none is given, unless the configuration allows that.
  The status is asked first, then the page itself, which knows earlier.
* One is taken at a time; whoever comes meanwhile is turned away, so that nobody can keep the browser busy.
"""

from wad.core.deadlines import Deadlines
from wad.core.errors import AccountShownError, ScreenshotBusyError
from wad.link.driver import PageDriver
from wad.link.driver_calls import in_time
from wad.link.session import Session


class Screenshots:
    """Takes them, of the driver's page."""

    def __init__(self, driver: PageDriver, session: Session, deadlines: Deadlines) -> None:
        self._driver = driver
        self._session = session
        self._within = deadlines.evaluate
        self._taking = False

    async def take(self, *, linked: bool) -> bytes:
        """Give the page as a PNG; with `linked`, a linked account's as well.

        Raises AccountShownError where one is linked and that is not wanted, ScreenshotBusyError while another
        is taken, BrowserHungError where the page is too late, and BrowserError where there is none.
        """
        status = self._session.status
        if not linked and status.linked:
            raise AccountShownError("an account is linked")
        if self._taking:
            raise ScreenshotBusyError("another picture is being taken")
        self._taking = True
        try:
            return await in_time(self._driver.screenshot(linked=linked), self._within)
        finally:
            self._taking = False
