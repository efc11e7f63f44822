"""Requests with a file in their body: it goes on to the disk as it comes, and never lies in memory whole.

Theory of operation. Whoever may not send a file is refused before the first byte of it is kept. What goes
wrong while the body comes, too large a file or a full disk, is answered at once, and the client is read for a
while longer, as with any other body. Such a body may take long, but never long between two pieces.
"""

import asyncio
from collections.abc import Awaitable
from http import HTTPStatus
from typing import Any

from tornado.http1connection import HTTP1Connection

from wad.core.errors import MessageError, WadError
from wad.core.values import dataclass
from wad.media.names import named_in
from wad.messages.documents import media_document
from wad.messages.media import Media
from wad.store.media import MediaState
from wad.web.base_handler import BaseHandler
from wad.web.body import Body, json_object
from wad.web.errors import Refusal, bad_request
from wad.web.guard import Guard
from wad.web.messaging.forms import BodyWithFile, FormBody, PlainBody, Received
from wad.web.messaging.handlers import OperationHandler, Run, refusal
from wad.web.routes import Route

_FORM = "multipart/form-data"
# Beside the file: what a form says of it, and the marks between its parts.
_AROUND = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Patience:
    """For how many seconds a body with a file may come, in all and between two pieces of it."""

    whole: float
    pause: float


class UploadingHandler(BaseHandler):
    """A handler whose body may hold a file; without one it is as any other."""

    media: Media
    patience: Patience
    # What a request has whose method Tornado refuses by itself: such a one is never prepared.
    _file: BodyWithFile | None = None
    _trouble: Refusal | None = None
    _clock: asyncio.TimerHandle | None = None

    def takes_file(self) -> BodyWithFile | None:
        """Give what takes the body in, if it is one with a file. Raises Refusal."""
        raise NotImplementedError

    def prepare(self) -> None:
        """Judge the request before its file comes."""
        try:
            self._file = self.takes_file()
        except Refusal as raised:
            self._trouble = raised
        if self._file is None and self._trouble is None:
            super().prepare()
            return
        self.limit = self.media.files.most + _AROUND
        super().prepare()
        if isinstance(self.request.connection, HTTP1Connection):
            # A file takes longer than the 16 KiB of other bodies.
            self.request.connection.set_body_timeout(self.patience.whole)
        self._wait()
        self._trouble = self._trouble or self.early_refusal()
        if self._trouble is not None and not self._answered:
            self.refuse_early(self._trouble)

    def _wait(self) -> None:
        """Begin to wait for the next piece."""
        connection = self.request.connection
        if isinstance(connection, HTTP1Connection):
            loop = asyncio.get_running_loop()
            self._clock = loop.call_later(self.patience.pause, connection.close)

    def _wait_no_more(self) -> None:
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None

    def early_refusal(self) -> Refusal | None:
        """Give why the request is refused whatever its body holds; None if it is not."""
        try:
            self.judge()
        except Refusal as raised:
            return raised
        return None

    def data_received(self, chunk: bytes) -> Awaitable[None] | None:
        """Hand a piece on; the next one is read once this one is on the disk."""
        if self._clock is not None:
            self._wait_no_more()
            self._wait()
        if self._file is None or self._trouble is not None or self._answered:
            return super().data_received(chunk)
        return self._add(self._file, chunk)

    async def _add(self, file: BodyWithFile, chunk: bytes) -> None:
        # The disk's time is not the client's.
        self._wait_no_more()
        try:
            await file.add(chunk)
            self._wait()
        except Refusal as raised:
            self._fail(raised)
        except WadError as error:
            self._fail(refusal(error))

    def _fail(self, raised: Refusal) -> None:
        self._trouble = raised
        # From here on the rest is counted, and thrown away.
        self.body = Body(0)
        if not self._answered:
            self.refuse_early(raised)

    async def received(self) -> Received:
        """Give what has come. Raises Refusal, StoreError."""
        assert self._file is not None  # noqa: S101 - asked of bodies with a file alone
        return await self._file.end()

    @property
    def holds_file(self) -> bool:
        """Whether the body is one that may hold a file."""
        return self._file is not None

    async def get(self, *names: str) -> None:
        """Answer: the body is there. Drop whatever was not kept."""
        self._wait_no_more()
        try:
            await super().get(*names)
        finally:
            if self._file is not None:
                await self._file.close()

    head = post = put = patch = delete = options = get

    def on_connection_close(self) -> None:
        """Drop what a client that has gone away began to send."""
        super().on_connection_close()
        self._wait_no_more()
        if self._file is not None:
            self.media.leave(self._file.close())


class UploadHandler(UploadingHandler):
    """Takes a file, as a form's or as the body itself; gives the name under which it can be sent."""

    def initialize(self, route: Route, guard: Guard, media: Media, patience: Patience) -> None:
        """Need the files, and for how long one may come."""
        self.admit(route, guard)
        self.media = media
        self.patience = patience

    def takes_file(self) -> BodyWithFile | None:
        """Take every body of a POST."""
        if self.request.method != "POST":
            return None
        content_type = self.request.headers.get("Content-Type", "")
        if content_type.lower().startswith(_FORM):
            return FormBody(content_type, self.media)
        named = named_in(self.request.headers.get("Content-Disposition", ""))
        return PlainBody(content_type, named or self.get_query_argument("filename", None), self.media)

    async def answer(self) -> None:
        """Keep the file."""
        try:
            found = await self.received()
            if found.file is None:
                raise bad_request("invalid_form", "the form holds no file")
            named = found.fields.get("mimetype") or found.mimetype
            seen = await self.media.add(found.file, named, found.fields.get("filename") or found.filename)
        except WadError as error:
            raise refusal(error) from error
        self.set_status(HTTPStatus.CREATED)
        self.send({"success": True, "media": media_document(seen, MediaState.STORED)})


class SendHandler(UploadingHandler, OperationHandler):
    """Accepts a message: as JSON, or as a form with its file."""

    limit = 8 * 1024 * 1024

    def initialize(  # type: ignore[override]
        self, route: Route, guard: Guard, run: Run, media: Media, patience: Patience
    ) -> None:
        """Need what carries operations out, the files, and for how long one may come."""
        super().initialize(route, guard, run, {"POST": "send"})
        self.media = media
        self.patience = patience

    def takes_file(self) -> BodyWithFile | None:
        """Take a form."""
        content_type = self.request.headers.get("Content-Type", "")
        if self.request.method != "POST" or not content_type.lower().startswith(_FORM):
            return None
        return FormBody(content_type, self.media)

    async def arguments(self) -> dict[str, Any]:
        """Give the message: a form's fields are texts; ``message`` is one in JSON, where that is needed."""
        if not self.holds_file:
            return await super().arguments()
        found = await self.received()
        fields = dict(found.fields)
        said = json_object(fields.pop("message", "").encode())
        media = {name: fields.pop(name, None) for name in ("kind", "mimetype", "filename")}
        if found.file is None:
            raise MessageError("the form holds no file: send one, or the message as JSON")
        named = media["mimetype"] or found.mimetype
        kept = await self.media.add(found.file, named, media["filename"] or found.filename)
        media |= {"sha256": kept.sha256, "filename": kept.filename}
        return {**self.query(), **said, **fields, "media": media, **self.beside()}
