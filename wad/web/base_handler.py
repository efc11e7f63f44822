"""What all handlers have in common: the guard, the body's limit, errors, request ids, the log line.

Theory of operation. Bodies are streamed, because Tornado's own limit on them ends in a bare 400. A short body
is read first and the request judged then, so that a refused one leaves its connection usable. A body that is
too long is answered at once, and what still comes is thrown away for a while: closing a connection on a
client that is still sending resets it, and the client would never see why.
"""

import json
import re
import sys
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any, TypeVar
from uuid import uuid4

import structlog
from tornado import web
from tornado.http1connection import HTTP1Connection

from wad.reports.documents import Document
from wad.reports.presenter import Rendered
from wad.web.body import LIMIT, Body, exceeds
from wad.web.cors import cors_headers
from wad.web.errors import (
    JSON,
    Refusal,
    from_status,
    method_not_allowed,
    origin_refused,
    too_large,
    unauthorized,
)
from wad.web.guard import Guard, is_visit
from wad.web.lasting import RevokedError
from wad.web.routes import Protection, Route

log = structlog.get_logger(__name__)

_T = TypeVar("_T")

# Log lines stay lines.
_PATH_SHOWN = 200
_REQUEST_ID = re.compile(r"[\x21-\x7e]{1,128}")


@web.stream_request_body
class BaseHandler(web.RequestHandler):
    """Base of all handlers: a subclass says in `answer` what its route's one method does."""

    # Each handler names what it needs, and begins with `admit`.
    initialize: Callable[..., None]
    # The longest body that is taken, in bytes.
    limit = LIMIT

    def admit(self, route: Route, guard: Guard) -> None:
        """Take what every handler has."""
        self.route = route
        self.guard = guard
        self.body = Body(self.limit)
        self._answered = False
        self._etag: str | None = None
        given = self.request.headers.get("X-Request-ID", "")
        self.request_id = given if _REQUEST_ID.fullmatch(given) else uuid4().hex

    async def answer(self) -> None:
        """Answer the request; it is admitted, and its body is there."""
        raise NotImplementedError

    def failure(self) -> Document | None:
        """Give what to answer, with 200, after a failure inside; None where an error may be told as one."""
        return None

    @property
    def shown_path(self) -> str:
        """The path as the log may have it."""
        return str(self.request.path)

    @property
    def authorised(self) -> bool:
        """Whether the caller may see secrets."""
        return self.guard.authorised(self.request)

    async def while_admitted(self, work: Awaitable[_T]) -> _T:
        """Wait for what may take its time; refuses a caller whose token no longer holds when it comes."""
        try:
            async with self.guard.lasting.during(lambda: self.authorised):
                return await work
        except RevokedError:
            raise unauthorized(wrong=True) from None

    def send(self, document: Document) -> None:
        """Answer with a document."""
        self.send_file(_line(document), JSON)

    def send_rendered(self, rendered: Rendered) -> None:
        """Answer with a body that was rendered before; 304 if the caller has it."""
        self.send_file(rendered.body, JSON, rendered.etag)

    def send_file(self, content: bytes, content_type: str, etag: str | None = None) -> None:
        """Answer with bytes; with an `etag`, 304 if the caller has them."""
        self._etag = etag
        self.set_header("Content-Type", content_type)
        self.write(content)

    def compute_etag(self) -> str | None:
        """Give the body's hash where it was made beforehand; other answers change with every request."""
        return self._etag

    def set_default_headers(self) -> None:
        """Name neither Tornado nor its version."""
        self.clear_header("Server")

    def prepare(self) -> None:
        """Refuse a body that is announced as too long, before it is sent."""
        self._set_common_headers()
        if isinstance(self.request.connection, HTTP1Connection):
            # The limit is ours to keep: over its own, Tornado would write a bare 400 behind our answer.
            self.request.connection.set_max_body_size(sys.maxsize)
        if self._announces_over(self.limit):
            self.refuse_early(too_large(self.limit))

    def data_received(self, chunk: bytes) -> Awaitable[None] | None:
        """Collect the body up to the limit."""
        self.body.add(chunk)
        if self.body.too_long and not self._answered:
            self.refuse_early(too_large(self.limit))
        elif self.body.endless and not self._finished:
            self.finish()
        return None

    async def get(self, *_: str) -> None:
        """Judge the request, then let the handler answer; all methods come here."""
        if self._answered:
            self.finish()
            return
        self.judge()
        if self.request.method == "OPTIONS":
            self.set_header("Allow", ", ".join(self.route.methods))
            self.set_status(HTTPStatus.NO_CONTENT)
        else:
            await self.answer()

    head = post = put = patch = delete = options = get

    def method_refusal(self) -> Refusal | None:
        """Give the reason not to take the request's method; None if it is one of the route's."""
        if self.request.method in self.route.methods:
            return None
        return method_not_allowed(", ".join(self.route.methods))

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Render whatever was raised, as JSON."""
        raised = kwargs.get("exc_info", (None, None, None))[1]
        if not isinstance(raised, Refusal):
            # Tornado refused before we could judge, or something broke: a foreign host learns neither.
            raised = self.guard.refusal(self.request) or self._in_our_words(status_code)
        self._set_common_headers()
        self._write_refusal(raised)
        self.finish()

    def log_exception(self, typ: Any, value: BaseException | None, tb: Any) -> None:
        """Log what nobody refused on purpose."""
        if not isinstance(value, web.HTTPError):
            log.error("request_failed", request_id=self.request_id, exc_info=(typ, value, tb))

    def on_finish(self) -> None:
        """Log the request: never its query, its headers or its body. One that changes something is kept."""
        write = log.debug if self.request.method in {"GET", "HEAD", "OPTIONS"} else log.info
        write(
            "request",
            method=self.request.method,
            path=self.shown_path[:_PATH_SHOWN],
            status=int(self.get_status()),
            milliseconds=round(1000 * self.request.request_time(), 1),
            request_id=self.request_id,
            client=self.guard.caller(self.request).address,
        )

    def judge(self) -> None:
        """Refuse whoever may not ask this. Raises Refusal."""
        refusal = self.guard.refusal(self.request) or self.method_refusal()
        if refusal is not None:
            raise refusal
        if self.request.method != "OPTIONS":
            self._judge_reading()

    def _judge_reading(self) -> None:
        """Refuse another site's page what does not always answer, and whoever lacks the token its secrets."""
        protection = self.route.protection
        elsewhere = self.guard.from_elsewhere(self.request) and not is_visit(self.request)
        if elsewhere and protection is not Protection.OPEN:
            raise origin_refused("read this")
        if protection is Protection.TOKEN:
            self.demand()

    def demand(self) -> None:
        """Raise unless the caller may see secrets."""
        self.guard.demand(self.request)

    def told(self, refused: Refusal) -> Document:
        """Give an error's document."""
        return {
            "success": False,
            "error": refused.message,
            "code": refused.code,
            "requestId": self.request_id,
        }

    def _in_our_words(self, status: int) -> Refusal:
        """Put what Tornado refused on its own as we do; it knows nothing of our methods."""
        if status == HTTPStatus.METHOD_NOT_ALLOWED:
            return self.method_refusal() or from_status(status)
        return from_status(status)

    def _announces_over(self, limit: int) -> bool:
        return exceeds(self.request.headers.get("Content-Length", "0"), limit)

    def refuse_early(self, refusal: Refusal) -> None:
        """Answer while the body is still coming."""
        self._answered = True
        self._write_refusal(self.guard.refusal(self.request) or refusal)
        if "Expect" in self.request.headers or self._announces_over(sys.maxsize):
            self.finish()  # the client has not begun to send, or would never end
        else:
            self.flush()

    def _write_refusal(self, refusal: Refusal) -> None:
        self.set_status(refusal.status_code, refusal.reason)
        for name, value in refusal.headers.items():
            self.set_header(name, value)
        body = self.told(refusal)
        instead = self.failure() if refusal.code == "internal_error" else None
        if instead is not None:
            self.set_status(HTTPStatus.OK)
        content = _line(instead or body)
        self.set_header("Content-Length", str(len(content)))
        self.send_file(content, JSON)

    def _set_common_headers(self) -> None:
        self.set_header("X-Request-ID", self.request_id)
        self.set_header("X-Content-Type-Options", "nosniff")
        # Another site's page can make nothing of an answer, not even a picture; a sibling's can.
        self.set_header("Cross-Origin-Resource-Policy", "same-site")
        self.set_header("Referrer-Policy", "no-referrer")
        self.set_header("Cache-Control", "no-store")
        preflight = self.request.method == "OPTIONS"
        for name, value in cors_headers(self.guard.echo(self.request), preflight=preflight).items():
            self.set_header(name, value)


def _line(document: Document) -> bytes:
    return f"{json.dumps(document, ensure_ascii=False)}\n".encode()
