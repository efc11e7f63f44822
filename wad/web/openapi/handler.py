"""The route that serves the document."""

from collections.abc import Sequence

from wad.reports.presenter import Rendered, render
from wad.web.base_handler import BaseHandler
from wad.web.guard import Guard
from wad.web.openapi.document import openapi_document
from wad.web.routes import Protection, Route


class OpenApiHandler(BaseHandler):
    """The document."""

    def initialize(self, route: Route, guard: Guard, rendered: Rendered) -> None:
        """Need the document, ready to be sent."""
        self.admit(route, guard)
        self._rendered = rendered

    async def answer(self) -> None:
        """Send it; 304 if the caller has it. It holds no secret, so it may be kept and asked for again."""
        self.set_header("Cache-Control", "no-cache")
        self.send_rendered(self._rendered)


def openapi_route(others: Sequence[Route]) -> Route:
    """Give the route; its document describes the `others` and itself."""

    def route(needs: dict[str, Rendered]) -> Route:
        return Route("/openapi.json", "GET", OpenApiHandler, Protection.PUBLIC, needs)

    return route({"rendered": render(openapi_document([*others, route({})]))})
