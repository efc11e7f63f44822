"""The route that serves the document.

Theory of operation. What makes the document, and the document itself, are wanted by few: both wait until
somebody asks, which then takes some milliseconds, once. That every route has its description is held by the
tests.
"""

from collections.abc import Callable, Sequence
from functools import cache

from wad.reports.presenter import Rendered, render
from wad.web.base_handler import BaseHandler
from wad.web.guard import Guard
from wad.web.routes import Protection, Route


class OpenApiHandler(BaseHandler):
    """The document."""

    def initialize(self, route: Route, guard: Guard, rendered: Callable[[], Rendered]) -> None:
        """Need what gives the document, ready to be sent."""
        self.admit(route, guard)
        self._rendered = rendered

    async def answer(self) -> None:
        """Send it; 304 if the caller has it. It holds no secret, so it may be kept and asked for again."""
        self.set_header("Cache-Control", "no-cache")
        self.send_rendered(self._rendered())


def openapi_route(others: Sequence[Route]) -> Route:
    """Give the route; its document describes the `others` and itself, and is made when first asked for."""

    @cache
    def rendered() -> Rendered:
        from wad.web.openapi.document import openapi_document  # noqa: PLC0415 - see the theory above

        return render(openapi_document([*others, route]))

    route = Route("/openapi.json", "GET", OpenApiHandler, Protection.PUBLIC, {"rendered": rendered})
    return route
