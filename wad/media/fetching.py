"""Fetching a file from the address that somebody gave: checked, bounded, streamed to the disk.

Theory of operation. Whoever may send messages may have wad fetch from any address, so private ones are
closed unless the configuration opens them, as for webhooks set over HTTP. A redirect is an answer like any
other: the address it names is judged anew, and there are few of them. The whole time is bounded, not only the
pauses in it.

Rules of this file: what is raised says why in a word; addresses and answers are in no log and no exception.
"""

import asyncio
import ssl
import sys
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from string import punctuation
from typing import Final
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit

from tornado.http1connection import HTTP1Connection, HTTP1ConnectionParameters
from tornado.httputil import (
    HTTPHeaders,
    HTTPInputError,
    HTTPMessageDelegate,
    RequestStartLine,
    ResponseStartLine,
)
from tornado.iostream import StreamClosedError
from tornado.netutil import Resolver
from tornado.tcpclient import TCPClient

from wad import __version__
from wad.core.errors import MediaUnreachableError, MessageError, WadError
from wad.core.values import dataclass
from wad.media.files import IncomingFile, KeptFile, MediaFiles
from wad.media.names import clean_name, named_in
from wad.net.addresses import CheckedResolver, ForbiddenAddressError, kind_of

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS: Final = 5
_CONNECT: Final = 20.0
_HEADS: Final = 64 * 1024
_CHUNK: Final = 64 * 1024
LONGEST_URL: Final = 4096


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file that was fetched, and what its server says it is."""

    file: KeptFile
    mimetype: str | None
    filename: str | None


def checked_url(given: object) -> str:
    """Give an address that a file may be fetched from. Raises MessageError."""
    if not isinstance(given, str) or len(given) > LONGEST_URL or not given.isprintable() or " " in given:
        raise MessageError(f"url must be an http or https address of at most {LONGEST_URL} characters")
    try:
        parts = urlsplit(given)
        fine = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fine = False
    if not fine:
        raise MessageError("url must be an http or https address")
    if parts.username is not None:
        raise MessageError("url must hold no user name and no password")
    return given


class Fetcher:
    """Fetches files into `files`. `private` opens addresses of this network; `trust` is for tests."""

    def __init__(
        self,
        files: MediaFiles,
        *,
        private: bool,
        patience: float,
        resolver: Resolver | None = None,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self._files = files
        self._private = private
        self._patience = patience
        self._resolver = resolver
        self._trust = trust

    async def fetch(self, url: str) -> Fetched:
        """Fetch a file. Raises MediaUnreachableError, MediaTooLargeError, StoreError."""
        try:
            async with asyncio.timeout(self._patience):
                for _ in range(_MOST_REDIRECTS + 1):
                    found = await self._once(url)
                    if isinstance(found, Fetched):
                        return found
                    url = found
        except TimeoutError as error:
            raise MediaUnreachableError("timeout") from error
        raise MediaUnreachableError("too_many_redirects")

    async def _once(self, url: str) -> Fetched | str:
        """Ask once; gives the file, or the address that is named instead."""
        async with await self._files.begin() as incoming:
            answer = _Answer(incoming)
            try:
                await self._ask(url, answer)
            except ForbiddenAddressError as error:
                raise MediaUnreachableError("private_address") from error
            except (OSError, ValueError, HTTPInputError, StreamClosedError) as error:
                raise MediaUnreachableError(kind_of(_cause(error))) from error
            if answer.status in _REDIRECTS:
                return _moved(url, answer.headers)
            if answer.status != HTTPStatus.OK:
                raise MediaUnreachableError(f"HTTP {answer.status}" if answer.status else "closed")
            if answer.headers.get("Content-Encoding", "identity").lower() != "identity":
                # It was asked not to; unpacked it could have any size.
                raise MediaUnreachableError("encoded")
            if not answer.whole:
                raise MediaUnreachableError("broke_off")
            named = answer.headers.get("Content-Type")
            return Fetched(await incoming.keep(), named, _filename(answer.headers, url))

    async def _ask(self, url: str, answer: "_Answer") -> None:
        parts = urlsplit(url)
        secure = parts.scheme == "https"
        port = parts.port or (443 if secure else 80)
        checked = CheckedResolver(private=self._private, inner=self._resolver)
        checked.until = asyncio.get_running_loop().time() + self._patience
        client = TCPClient(checked)
        try:
            trust = (self._trust or ssl.create_default_context()) if secure else None
            # A deadline of its own: who is cancelled instead leaves sockets behind.
            stream = await client.connect(
                str(parts.hostname), port, ssl_options=trust, timeout=min(_CONNECT, self._patience)
            )
        finally:
            client.close()
        try:
            limits = HTTP1ConnectionParameters(
                no_keep_alive=True, chunk_size=_CHUNK, max_header_size=_HEADS, max_body_size=sys.maxsize
            )
            connection = HTTP1Connection(stream, is_client=True, params=limits)
            host = parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode()
            headers = {"Host": host, "User-Agent": f"wad/{__version__}", "Accept": "*/*"}
            headers |= {"Accept-Encoding": "identity", "Connection": "close"}
            await connection.write_headers(RequestStartLine("GET", _target(parts), ""), HTTPHeaders(headers))
            connection.finish()
            answer.leave = stream.close
            # Closed by the server, or here for want of interest: what has come says which.
            with suppress(StreamClosedError):
                await connection.read_response(answer)
        finally:
            stream.close()
        if answer.trouble is not None:
            raise answer.trouble


class _Answer(HTTPMessageDelegate):
    """Takes an answer in, a piece at a time: the next is read once this one is on its way to the disk."""

    def __init__(self, incoming: IncomingFile) -> None:
        self._incoming = incoming
        self.status = 0
        self.headers = HTTPHeaders()
        self.whole = False
        self.trouble: WadError | None = None
        self.leave: Callable[[], None] = lambda: None

    def headers_received(
        self, start_line: RequestStartLine | ResponseStartLine, headers: HTTPHeaders
    ) -> None:
        """Take the head; of an answer that is no file nothing else is read."""
        if isinstance(start_line, ResponseStartLine) and start_line.code >= HTTPStatus.OK:
            self.status, self.headers = start_line.code, headers
            if start_line.code != HTTPStatus.OK:
                self.leave()

    async def data_received(self, chunk: bytes) -> None:
        """Write a piece. What goes wrong is kept for whoever asked: Tornado would log it."""
        try:
            await self._incoming.write(chunk)
        except WadError as error:
            self.trouble = error
            self.leave()

    def finish(self) -> None:
        """Learn that it is whole."""
        self.whole = True


def _target(parts: SplitResult) -> str:
    """Give what is asked for of a server, as a request's first line has it."""
    target = parts._replace(scheme="", netloc="", fragment="").geturl()
    return quote(target if target.startswith("/") else f"/{target}", safe=punctuation)


def _cause(error: BaseException) -> BaseException:
    return (isinstance(error, StreamClosedError) and error.real_error) or error


def _moved(url: str, headers: HTTPHeaders) -> str:
    try:
        return checked_url(urljoin(url, headers.get("Location", "")))
    except (ValueError, MessageError) as error:
        raise MediaUnreachableError("bad_redirect") from error


def _filename(headers: HTTPHeaders, url: str) -> str | None:
    """Give the name that a server, or else the address, has for a file."""
    named = named_in(headers.get("Content-Disposition", ""))
    return named or clean_name(unquote(urlsplit(url).path.rpartition("/")[2]))
