"""Giving files out: in pieces, from where a client left off, and never as something that a browser runs."""

import asyncio
import re
from http import HTTPStatus
from io import FileIO
from pathlib import Path
from typing import Final

import structlog
from tornado.http1connection import HTTP1Connection
from tornado.iostream import StreamClosedError

from wad.core.errors import MediaUnreachableError, NoSuchMediaError, WadError
from wad.media.files import open_kept
from wad.media.kinds import HARMLESS, HEAD, shown_type, sniffed
from wad.media.names import disposition
from wad.messages.media import GivenOut, Media
from wad.messages.people import People
from wad.web.base_handler import BaseHandler
from wad.web.errors import Refusal
from wad.web.guard import Guard
from wad.web.messaging.handlers import refusal
from wad.web.routes import Route

log = structlog.get_logger(__name__)

_RANGE: Final = re.compile(r"bytes=(?:(\d{1,18})-(\d{0,18})|-(\d{1,18}))", re.ASCII)
_PIECE: Final = 256 * 1024
# A proxy in front gives up after 60.
_WAIT: Final = 50.0
# WhatsApp's pictures of people and groups have some 100 KB.
_LARGEST_PICTURE: Final = 4 << 20
# Whatever it is: nothing in it is run, and it asks nobody for anything.
_POLICY: Final = "sandbox; default-src 'none'; frame-ancestors 'none'"


class PictureHandler(BaseHandler):
    """Gives a chat's picture, as WhatsApp has it now."""

    def initialize(self, route: Route, guard: Guard, people: People) -> None:
        """Need whom the account knows."""
        self.admit(route, guard)
        self._people = people

    @property
    def shown_path(self) -> str:
        """The path without the chat it names."""
        return re.sub(r"(?<=/chats/)[^/]+", "…", self.request.path)

    async def answer(self) -> None:
        """Give it; what is no picture by its bytes is none."""
        pieces: list[bytes] = []

        async def take(piece: bytes) -> None:
            pieces.append(piece)
            if sum(map(len, pieces)) > _LARGEST_PICTURE:
                raise MediaUnreachableError("too_large")

        try:
            await self.while_admitted(self._people.picture(self.path_args[0], take))
            content = b"".join(pieces)
            mimetype = sniffed(content[:HEAD])
            if mimetype not in HARMLESS:
                raise MediaUnreachableError("no_picture")
        except WadError as error:
            raise refusal(error) from error
        self.set_header("Content-Disposition", "inline")
        self.set_header("Content-Security-Policy", _POLICY)
        self.send_file(content, mimetype)


class MediaHandler(BaseHandler):
    """Gives a file out by the SHA-256 of its content."""

    def initialize(self, route: Route, guard: Guard, media: Media) -> None:
        """Need the files."""
        self.admit(route, guard)
        self._media = media

    async def answer(self) -> None:
        """Give it, or the part of it that is asked for."""
        try:
            found = await self.while_admitted(self._media.give(self.path_args[0], _WAIT))
        except WadError as error:
            raise refusal(error) from error
        self._describe(found)
        start, end = self._part(found.size)
        self.set_header("Content-Length", str(end - start))
        if self.check_etag_header():
            self.set_status(HTTPStatus.NOT_MODIFIED)
            self.clear_header("Content-Length")
            return
        if self.request.method != "HEAD":
            await self._send_part(found.path, start, end)

    def _describe(self, found: GivenOut) -> None:
        self.set_header("Content-Type", shown_type(found.mimetype))
        inline = found.mimetype in HARMLESS
        self.set_header("Content-Disposition", disposition(found.filename, inline=inline))
        self.set_header("Content-Security-Policy", _POLICY)
        self.set_header("Accept-Ranges", "bytes")
        # By its content's hash: it never changes; no shared cache may keep it.
        self.set_header("Cache-Control", "private, max-age=31536000, immutable")
        self._etag = f'"{self.path_args[0]}"'
        self.set_header("Etag", self._etag)

    def _part(self, size: int) -> tuple[int, int]:
        """Give the first byte and the one behind the last. Raises Refusal for a part that is not there."""
        wanted = _RANGE.fullmatch(self.request.headers.get("Range", "").strip())
        # Nobody who plays or goes on with a file asks for several parts at once: it is given whole then, as
        # RFC 9110 (section 14.2) allows.
        if wanted is None or self.request.headers.get("If-Range", self._etag) != self._etag:
            return 0, size
        start, end, behind = wanted.groups()
        if behind is not None:
            first, last = max(0, size - int(behind)), size
        else:
            first, last = int(start), min(int(end) + 1, size) if end else size
        if first >= last:
            raise Refusal(
                HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
                "range_not_satisfiable",
                f"the file has {size} bytes",
                {"Content-Range": f"bytes */{size}"},
            )
        if (first, last) != (0, size):
            self.set_status(HTTPStatus.PARTIAL_CONTENT)
            self.set_header("Content-Range", f"bytes {first}-{last - 1}/{size}")
        return first, last

    async def _send_part(self, path: Path, start: int, end: int) -> None:
        try:
            file = await asyncio.to_thread(open_kept, path)
        except FileNotFoundError:
            raise refusal(NoSuchMediaError("the file has just gone: ask once more")) from None
        try:
            await asyncio.to_thread(file.seek, start)
            await self._send(file, end - start)
        except StreamClosedError:
            log.debug("download_broken_off")
        finally:
            await asyncio.to_thread(file.close)

    async def _send(self, file: FileIO, left: int) -> None:
        # Whoever may not see it any more gets no further piece.
        while left > 0 and self.authorised:
            piece = await asyncio.to_thread(file.read, min(_PIECE, left))
            if not piece:
                break
            left -= len(piece)
            self.write(piece)
            # Until the client has taken it: no more than a piece is held for anybody.
            await self.flush()
        if left and isinstance(self.request.connection, HTTP1Connection):
            # So the client sees that bytes are missing.
            self.request.connection.close()
