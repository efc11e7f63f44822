"""The page for people: its files, read once, and the headers that keep everybody else's code out of it.

Rules of this file:

* What is served is a table made at the start, never a path put together from a request: there is no way up.
* The files are the same for everybody and hold no secret, so they want no token.
* A browser asks each time whether its copy still holds: after an upgrade nobody runs half of the old page.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import PurePosixPath

from wad.core.values import dataclass
from wad.web.base_handler import BaseHandler
from wad.web.guard import Guard
from wad.web.routes import Protection, Route

_CONTENT_TYPES = {
    ".css": "text/css; charset=UTF-8",
    ".html": "text/html; charset=UTF-8",
    ".js": "text/javascript; charset=UTF-8",
    ".svg": "image/svg+xml",
}
_INDEX = "index.html"

# Everything comes from here, and no text becomes code or markup. Pictures of codes are data URLs; files of
# messages are fetched with the token, and shown out of the browser's memory (blob:).
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data: blob:",
    "media-src": "blob:",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "'none'",
}
_UNUSED = ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")
HEADERS = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in POLICY.items()),
    "Permissions-Policy": ", ".join(f"{name}=()" for name in _UNUSED),
    "X-Frame-Options": "DENY",
}
# Whoever opened the page in a window gets no hold of it. Browsers heed this only where nobody can have
# changed it on the way, and complain elsewhere.
OPENER = {"Cross-Origin-Opener-Policy": "same-origin"}
_LOOPBACK = re.compile(r"(localhost|127(\.\d+){3}|\[::1\])(:\d+)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, weakref_slot=True)
class File:
    """A file as it is sent; `etag` is a hash of it, quoted as HTTP wants it."""

    content: bytes
    content_type: str
    etag: str


Files = Mapping[str, File]


@cache
def page_files() -> Files:
    """Give the page's files by their paths below ``wad/web/ui``, with slashes."""
    return {name: file(name, found) for name, found in sorted(below(files("wad.web").joinpath("ui")))}


def below(folder: Traversable, prefix: str = "") -> Iterator[tuple[str, Traversable]]:
    """Give what is meant to be served; the licence beside a script is not."""
    for each in folder.iterdir():
        name = prefix + each.name
        if each.is_dir():
            yield from below(each, f"{name}/")
        elif PurePosixPath(name).suffix in _CONTENT_TYPES:
            yield name, each


def file(name: str, found: Traversable) -> File:
    """Read a file; its name's ending tells its type."""
    content = found.read_bytes()
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    return File(content, _CONTENT_TYPES[PurePosixPath(name).suffix], etag)


class PageHandler(BaseHandler):
    """The page, or one of its files."""

    def initialize(self, route: Route, guard: Guard, served: Files) -> None:
        """Need the files."""
        self.admit(route, guard)
        self._served = served

    async def answer(self) -> None:
        """Send the file; 304 if the caller has it."""
        found = self._served[self.path_args[0] if self.path_args else _INDEX]
        set_page_headers(self)
        self.send_file(found.content, found.content_type, found.etag)


def set_page_headers(handler: BaseHandler) -> None:
    """Set the headers of a page and of its files."""
    caller = handler.guard.caller(handler.request)
    trustworthy = caller.scheme == "https" or _LOOPBACK.fullmatch(caller.host)
    for name, value in (HEADERS | OPENER if trustworthy else HEADERS).items():
        handler.set_header(name, value)


def page_routes(served: Files) -> list[Route]:
    """Give the routes: the page itself at the root, so that its relative addresses work below any prefix."""
    needs = {"served": served}
    others = "|".join(re.escape(name) for name in served if name != _INDEX)
    return [
        Route("/", "GET", PageHandler, Protection.PUBLIC, needs, described=False),
        Route(f"/ui/({others})", "GET", PageHandler, Protection.PUBLIC, needs, described=False),
    ]
