"""What all handlers have in common: the guard, the body's limit, errors, CORS, request ids, the log line.

Theory of operation. Bodies are streamed, because Tornado's own limit on them ends in a bare 400. A short body
is read first and the request judged then, so that a refused one leaves its connection usable. A body that is
too long is answered at once, and what still comes is thrown away for a while: closing a connection on a
client that is still sending resets it, and the client would never see why.
"""

import json
import re
import sys
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import structlog
from tornado import web
from tornado.http1connection import HTTP1Connection

from wad.documents import Document
from wad.presenter import Rendered
from wad.web.errors import JSON, Refusal, bad_request, from_status, method_not_allowed, too_large
from wad.web.guard import Guard
from wad.web.routes import Protection, Route

log = structlog.get_logger(__name__)

# The longest body wad has a use for is a phone number in JSON; 16 KiB is what nginx lets through, too.
BODY_LIMIT = 16 * 1024
# How much of a refused body is read to its end for the sake of the client.
_LINGER = 1024 * 1024
# Log lines stay lines.
_PATH_SHOWN = 200
_REQUEST_ID = re.compile(r"[\x21-\x7e]{1,128}")
_METHODS = "GET, HEAD, POST, OPTIONS"
_HEADERS = "Authorization, Content-Type, If-None-Match, X-Request-ID"
_EXPOSED = "ETag, Retry-After, X-Request-ID"
# Browsers ask again after ten minutes, as with the shipped nginx site.
_PREFLIGHT_LASTS = "600"


@web.stream_request_body
class Door(web.RequestHandler):
    """Base of all handlers: a subclass says in `answer` what its route's one method does."""

    # Each handler names what it needs, and begins with `admit`.
    initialize: Callable[..., None]

    def admit(self, route: Route, guard: Guard) -> None:
        """Take what every handler has."""
        self.route = route
        self.guard = guard
        self._sent = bytearray()
        self._discarded = 0
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
    def authorised(self) -> bool:
        """Whether the caller may see secrets."""
        return self.guard.authorised(self.request)

    def arguments_in_body(self) -> Document:
        """Give the body's JSON object; an empty body is an empty one."""
        if not self._sent.strip():
            return {}
        try:
            found = json.loads(self._sent, parse_constant=_no_number)
        except (ValueError, RecursionError) as exc:
            raise bad_request("invalid_json", "the body is no JSON") from exc
        if not isinstance(found, dict):
            raise bad_request("invalid_json", "the body must be a JSON object")
        return found

    def send(self, document: Document) -> None:
        """Answer with a document."""
        self._send(json.dumps(document, ensure_ascii=False).encode(), JSON)

    def send_rendered(self, rendered: Rendered) -> None:
        """Answer with a body that was rendered before; 304 if the caller has it."""
        self._etag = rendered.etag
        self._send(rendered.body, JSON)

    def send_file(self, content: bytes, content_type: str) -> None:
        """Answer with something that is no JSON."""
        self._send(content, content_type)

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
        announced = self.request.headers.get("Content-Length", "0")
        if _exceeds(announced, BODY_LIMIT):
            self._refuse_early()

    def data_received(self, chunk: bytes) -> None:
        """Collect the body up to the limit."""
        if self._answered:
            self._discard(len(chunk))
            return
        self._sent += chunk
        if len(self._sent) > BODY_LIMIT:
            self._sent.clear()
            self._refuse_early()

    async def get(self, *_: str) -> None:
        """Judge the request, then let the handler answer; all methods come here."""
        if self._answered:
            self.finish()
            return
        self._judge()
        if self.request.method == "OPTIONS":
            self._preflight()
        else:
            await self.answer()

    head = post = put = patch = delete = options = get

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
        """Log the request: never its query, its headers or its body."""
        log.debug(
            "request",
            method=self.request.method,
            path=self.request.path[:_PATH_SHOWN],
            status=int(self.get_status()),
            milliseconds=round(1000 * self.request.request_time(), 1),
            request_id=self.request_id,
            client=self.guard.caller(self.request).address,
        )

    def check_method(self) -> None:
        """Refuse a method that the route does not take."""
        if self.request.method not in self.route.methods:
            raise method_not_allowed(", ".join(self.route.methods))

    def _judge(self) -> None:
        refusal = self.guard.refusal(self.request)
        if refusal is not None:
            raise refusal
        self.check_method()
        if self.route.protection is Protection.TOKEN and self.request.method != "OPTIONS":
            self.guard.demand(self.request)

    def _preflight(self) -> None:
        self.set_header("Allow", ", ".join(self.route.methods))
        self.set_status(204)

    def _in_our_words(self, status: int) -> Refusal:
        if status == 405:  # noqa: PLR2004 - a method Tornado has no name for
            return method_not_allowed(", ".join(self.route.methods))
        return from_status(status)

    def _refuse_early(self) -> None:
        """Answer while the body is still coming."""
        self._answered = True
        self._write_refusal(self.guard.refusal(self.request) or too_large(BODY_LIMIT))
        announced = self.request.headers.get("Content-Length", "0")
        if "Expect" in self.request.headers or _exceeds(announced, sys.maxsize):
            self.finish()  # the client has not begun to send, or would never end
        else:
            self.flush()

    def _discard(self, count: int) -> None:
        self._discarded += count
        if self._discarded > _LINGER and not self._finished:
            self.finish()

    def _write_refusal(self, refusal: Refusal) -> None:
        self.set_status(refusal.status_code, refusal.reason)
        for name, value in refusal.headers.items():
            self.set_header(name, value)
        body: Document = {"success": False, "error": refusal.message, "code": refusal.code}
        body["requestId"] = self.request_id
        instead = self.failure() if refusal.code == "internal_error" else None
        if instead is not None:
            self.set_status(200)
        content = json.dumps(instead or body, ensure_ascii=False).encode()
        self.set_header("Content-Length", str(len(content)))
        self._send(content, JSON)

    def _send(self, content: bytes, content_type: str) -> None:
        self.set_header("Content-Type", content_type)
        self.write(content)

    def _set_common_headers(self) -> None:
        self.set_header("X-Request-ID", self.request_id)
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Cache-Control", "no-store")
        self.set_header("Vary", "Origin")
        origin = self.guard.echo(self.request)
        if origin is not None:
            self._set_cors_headers(origin)

    def _set_cors_headers(self, origin: str) -> None:
        self.set_header("Access-Control-Allow-Origin", origin)
        self.set_header("Access-Control-Allow-Credentials", "true")
        self.set_header("Access-Control-Allow-Methods", _METHODS)
        self.set_header("Access-Control-Allow-Headers", _HEADERS)
        self.set_header("Access-Control-Expose-Headers", _EXPOSED)
        if self.request.method == "OPTIONS":
            self.set_header("Access-Control-Max-Age", _PREFLIGHT_LASTS)


def _exceeds(digits: str, limit: int) -> bool:
    """Compare a length without reading a number that would take long to read; what is none is Tornado's."""
    return digits.isdecimal() and (len(digits) > len(str(sys.maxsize)) or int(digits) > limit)


def _no_number(text: str) -> None:
    """Refuse NaN and the infinities, which Python reads and JSON does not have."""
    raise ValueError(f"{text} is no JSON")
