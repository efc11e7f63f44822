"""The sandbox's phone over HTTP: its buttons, and what arrived there. On a live daemon there is none."""

import asyncio
from http import HTTPStatus
from pathlib import Path
from typing import Any, Protocol

from wad.core.errors import WadError
from wad.web.base_handler import BaseHandler
from wad.web.errors import Refusal, not_found
from wad.web.guard import Guard
from wad.web.routes import Protection, Route

_PIECE = 256 * 1024


class Medium(Protocol):
    """A file that arrived: `size` bytes from its beginning."""

    @property
    def path(self) -> Path:
        """Where it lies."""

    @property
    def size(self) -> int:
        """Its length in bytes; what is behind that is no part of it."""

    @property
    def mimetype(self) -> str:
        """What the sender called it."""


class Phone(Protocol):
    """The phone beside the sandbox's page."""

    async def command(self, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """Press a button. Raises a WadError whose code is ``unknown_command`` or ``phone_refused``."""

    def medium(self, id: str) -> Medium:  # noqa: A002 - the name on the wire
        """Find the file that came with a message. Raises a WadError where there is none."""


class PhoneHandler(BaseHandler):
    """A button of the phone."""

    def initialize(self, route: Route, guard: Guard, phone: Phone) -> None:
        """Need the phone."""
        self.admit(route, guard)
        self._phone = phone

    async def answer(self) -> None:
        """Press the button the path names."""
        try:
            answer = await self._phone.command(self.path_args[0], self.body.arguments())
        except WadError as exc:
            raise _refused_by_phone(exc) from exc
        self.send({"success": True, **answer})


class LookHandler(PhoneHandler):
    """What the phone has, which is looked at and not pressed."""

    async def answer(self) -> None:
        """Send what the button of this name tells."""
        self.send({"success": True, **await self._phone.command(self.path_args[0], {})})


class MediumHandler(PhoneHandler):
    """A file that arrived."""

    async def answer(self) -> None:
        """Send it, as it was before it was sealed for its way."""
        try:
            medium = self._phone.medium(self.path_args[0])
        except WadError as exc:
            raise not_found() from exc
        self.set_header("Content-Type", medium.mimetype)
        # What strangers sent is not looked at as a page of ours.
        self.set_header("Content-Disposition", "attachment")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Content-Length", str(medium.size))
        stream = await asyncio.to_thread(medium.path.open, "rb")
        try:
            left = medium.size if self.request.method == "GET" else 0
            while piece := await asyncio.to_thread(stream.read, min(left, _PIECE)):
                left -= len(piece)
                self.write(piece)
                await self.flush()
        finally:
            stream.close()


def phone_routes(phone: Phone) -> list[Route]:
    """Give the routes of the phone; what is looked at stands before the buttons of the same names."""
    needs = {"phone": phone}
    return [
        Route(
            "/sandbox/phone/(messages|media|contents|presence)", "GET", LookHandler, Protection.TOKEN, needs
        ),
        Route("/sandbox/phone/media/([^/]+)", "GET", MediumHandler, Protection.TOKEN, needs),
        Route("/sandbox/phone/([^/]+)", "POST", PhoneHandler, Protection.TOKEN, needs),
    ]


def _refused_by_phone(exc: WadError) -> Refusal:
    if exc.code == "unknown_command":
        return not_found(str(exc), exc.code)
    return Refusal(HTTPStatus.CONFLICT, exc.code, str(exc))
