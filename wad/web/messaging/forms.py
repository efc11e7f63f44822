"""A body with a file in it, as it comes: what is no file is kept, the file goes on to the disk.

Rules of this file: nothing of a file is kept here but the piece at hand; all else is bounded.
"""

from dataclasses import field
from typing import Final

from multipart import MultipartError, MultipartSegment, PushMultipartParser, parse_options_header

from wad.core.values import dataclass
from wad.media.files import IncomingFile, KeptFile
from wad.messages.media import Media
from wad.web.errors import bad_request

# Of all that is no file: a caption has 65,536 characters at the most.
_MOST_WORDS: Final = 512 * 1024
_MOST_PARTS: Final = 32
_LONGEST_BOUNDARY: Final = 70  # RFC 2046, section 5.1.1


@dataclass(slots=True)
class Received:
    """What has come: the fields by their names, and the file."""

    fields: dict[str, str] = field(default_factory=dict)
    file: KeptFile | None = None
    mimetype: str | None = None
    filename: str | None = None


class FormBody:
    """A body of ``multipart/form-data`` with one file at the most. Raises Refusal for one that is none."""

    def __init__(self, content_type: str, media: Media) -> None:
        _, options = parse_options_header(content_type)
        boundary = options.get("boundary", "")
        if not 0 < len(boundary) <= _LONGEST_BOUNDARY:
            raise bad_request("invalid_form", "the form's boundary is missing, or too long")
        self._media = media
        self._parser = PushMultipartParser(boundary, max_segment_count=_MOST_PARTS)
        self._part: MultipartSegment | None = None
        self._words = b""
        self._left = _MOST_WORDS
        self._incoming: IncomingFile | None = None
        self.received = Received()

    async def add(self, chunk: bytes) -> None:
        """Take a piece. Raises Refusal, MediaTooLargeError, StoreError."""
        try:
            for event in self._parser.parse(chunk):
                if isinstance(event, MultipartSegment):
                    await self._begin(event)
                elif event is None:
                    await self._end()
                else:
                    await self._piece(bytes(event))
        except MultipartError as error:
            raise bad_request("invalid_form", "the body is no form as RFC 7578 has them") from error

    async def end(self) -> Received:
        """Give what has come. Raises Refusal where the body broke off."""
        try:
            self._parser.close()
        except MultipartError as error:
            raise bad_request("invalid_form", "the form has no end") from error
        return self.received

    async def close(self) -> None:
        """Drop a file that is not whole."""
        if self._incoming is not None:
            await self._incoming.close()

    async def _begin(self, part: MultipartSegment) -> None:
        self._part, self._words = part, b""
        if part.filename is None:
            return
        if self._incoming is not None:
            raise bad_request("invalid_form", "a form holds one file")
        self._incoming = await self._media.begin()
        self.received.filename, self.received.mimetype = part.filename, part.content_type

    async def _piece(self, piece: bytes) -> None:
        if self._part is not None and self._part.filename is not None:
            assert self._incoming is not None  # noqa: S101 - its part has begun
            await self._incoming.write(piece)
            return
        self._left -= len(piece)
        if self._left < 0:
            raise bad_request("invalid_form", f"the form's fields may have {_MOST_WORDS} bytes")
        self._words += piece

    async def _end(self) -> None:
        part = self._part
        if part is None:
            return
        if part.filename is not None:
            assert self._incoming is not None  # noqa: S101 - its part has begun
            if not self._incoming.size:
                raise bad_request("invalid_form", "the form's file is empty")
            self.received.file = await self._incoming.keep()
            return
        try:
            self.received.fields[part.name or ""] = self._words.decode("utf-8")
        except UnicodeDecodeError as error:
            raise bad_request("invalid_form", "a field of the form is no UTF-8") from error


class PlainBody:
    """A body that is the file itself."""

    def __init__(self, content_type: str, filename: str | None, media: Media) -> None:
        self._media = media
        self._incoming: IncomingFile | None = None
        self.received = Received(mimetype=content_type or None, filename=filename)

    async def add(self, chunk: bytes) -> None:
        """Take a piece. Raises MediaTooLargeError, StoreError."""
        if self._incoming is None:
            self._incoming = await self._media.begin()
        await self._incoming.write(chunk)

    async def end(self) -> Received:
        """Give the file. Raises Refusal for an empty one, StoreError."""
        if self._incoming is None:
            raise bad_request("invalid_form", "the body is empty: send the file")
        self.received.file = await self._incoming.keep()
        return self.received

    async def close(self) -> None:
        """Drop a file that is not whole."""
        if self._incoming is not None:
            await self._incoming.close()


BodyWithFile = FormBody | PlainBody
