"""The page as a picture, for diagnosis."""

from http import HTTPStatus

from wad.core.errors import (
    AccountShownError,
    BrowserError,
    BrowserHungError,
    DocumentReplacedError,
    PageError,
    ScreenshotBusyError,
)
from wad.reports.screenshot import Screenshots
from wad.web.base_handler import BaseHandler
from wad.web.errors import Refusal, not_found, unavailable
from wad.web.guard import Guard
from wad.web.routes import Route


class ScreenshotHandler(BaseHandler):
    """What the browser's window shows; of a linked account only if the configuration allows that."""

    def initialize(self, route: Route, guard: Guard, screenshots: Screenshots) -> None:
        """Need what takes them."""
        self.admit(route, guard)
        self._screenshots = screenshots

    async def answer(self) -> None:
        """Send the picture."""
        try:
            picture = await self._screenshots.take(linked=self.guard.linked_screenshots)
        except AccountShownError as exc:
            raise account_shown() from exc
        except (BrowserHungError, DocumentReplacedError, PageError, ScreenshotBusyError) as exc:
            raise no_picture() from exc
        except BrowserError as exc:
            raise no_page() from exc
        self.send_file(picture, "image/png")


def account_shown() -> Refusal:
    """Refuse to show a linked account's chats."""
    return Refusal(
        HTTPStatus.CONFLICT,
        AccountShownError.code,
        "an account is linked, and a picture shows its chats; [http] linked_screenshots = true allows it",
    )


def no_page() -> Refusal:
    """Refuse where no browser runs."""
    return not_found("there is no browser with a page now; the status says why", "no_page")


def no_picture() -> Refusal:
    """Refuse where the page gave none in time, or another one is being taken."""
    return unavailable(
        "no_picture", "the page gave no picture in time, or another one is being taken; try again"
    )
