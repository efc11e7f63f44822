"""``/docs``: the description for programs, shown to people and tried out, by Swagger UI.

Why Swagger UI: of those that are well kept it is the one that needs neither markup made of text nor inline
styles, so it lives under the policy of the page for people; ``docs/docs.js`` replaces the one part that did.

Rules of this file:

* The files are large and seldom wanted. One is read when asked for, held while anybody is being sent it, once
  for all of them, and then forgotten.
* It is sent in pieces, each after the one before has gone: slow readers cost a piece each, not a file each.
"""

import asyncio
import re
from http import HTTPStatus
from importlib.resources import files
from weakref import WeakValueDictionary

from tornado.iostream import StreamClosedError

from wad.web.base_handler import BaseHandler
from wad.web.guard import Guard
from wad.web.pages import File, below, file, set_page_headers
from wad.web.routes import Protection, Route

_PIECE = 64 * 1024
_INDEX = "index.html"


class Shelf:
    """The files of ``wad/web/docs`` by their names; `within` bounds in seconds how long one is read."""

    def __init__(self, within: float) -> None:
        self._within = within
        self._places = dict(below(files("wad.web").joinpath("docs")))
        self._held: WeakValueDictionary[str, File] = WeakValueDictionary()

    @property
    def names(self) -> list[str]:
        """The names there are, with slashes."""
        return sorted(self._places)

    @property
    def held(self) -> list[str]:
        """The names of the files that are in memory now."""
        return sorted(self._held)

    async def take(self, name: str) -> File:
        """Give a file, read now unless somebody holds it. Raises TimeoutError where the disk is too slow."""
        found = self._held.get(name)
        if found is None:
            async with asyncio.timeout(self._within):
                found = await asyncio.to_thread(file, name, self._places[name])
            self._held[name] = found
        return found


class DocsHandler(BaseHandler):
    """The page for trying out, or one of its files."""

    def initialize(self, route: Route, guard: Guard, shelf: Shelf) -> None:
        """Need the files."""
        self.admit(route, guard)
        self._shelf = shelf

    async def answer(self) -> None:
        """Send the file, 304 if the caller has it; whoever asks with a slash at the end is sent on."""
        set_page_headers(self)
        if self.request.path.endswith("/"):
            # The page's own addresses are relative to the one without; below any prefix, so must this one be.
            last = self.request.path.rstrip("/").rpartition("/")[2]
            self.redirect(f"../{last}", status=HTTPStatus.PERMANENT_REDIRECT)
            return
        found = await self._shelf.take(self.path_args[0] if self.path_args else _INDEX)
        self.set_header("Content-Type", found.content_type)
        self.set_header("ETag", found.etag)
        if self.check_etag_header():
            self.set_status(HTTPStatus.NOT_MODIFIED)
            return
        self.set_header("Content-Length", str(len(found.content)))
        await self._send(found.content)

    async def _send(self, content: bytes) -> None:
        """Send piece by piece, each bounded by `http_write`; a caller who leaves meanwhile is no failure."""
        try:
            for start in range(0, len(content), _PIECE):
                self.write(content[start : start + _PIECE])
                await self.flush()
        except StreamClosedError:
            return


def docs_routes(shelf: Shelf) -> list[Route]:
    """Give the routes: the page, and its files below it."""
    needs = {"shelf": shelf}
    others = "|".join(re.escape(name) for name in shelf.names if name != _INDEX)
    return [
        Route("/docs", "GET", DocsHandler, Protection.PUBLIC, needs, described=False),
        Route(f"/docs/({others})", "GET", DocsHandler, Protection.PUBLIC, needs, described=False),
    ]
