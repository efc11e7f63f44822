"""The language of the control socket: lines in, lines out. Pure.

Rules of this file:

* A line that begins with ``{`` is JSON-RPC 2.0 (jsonrpc.org/specification); any other is a bare verb with its
  words, and gets one line of JSON back, as HTTP would have answered.
* What cannot be read is a `Misread`: it knows in which form to refuse, and whether anything that follows is
  worth reading.
* No sentence here repeats what was sent.
"""

import json
import math
from dataclasses import field
from typing import Any, NoReturn, Protocol

from wad.core.values import dataclass
from wad.reports.documents import Document

# The numbers of JSON-RPC 2.0. APPLICATION is the first of those it leaves to us: `data.code` tells more.
PARSE_ERROR = -32700
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
INTERNAL_ERROR = -32603
APPLICATION = -32000

Params = dict[str, Any] | list[Any] | None


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, the fault is the caller's
    """A request answered with an error on purpose: a stable slug, a sentence, and facts that may help."""

    def __init__(self, code: str, message: str, number: int = APPLICATION, **facts: Any) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.number = number
        self.facts = facts


class Form(Protocol):
    """How a request wants to be answered. Each method gives a whole line."""

    def answer(self, body: bytes) -> bytes | None:
        """Wrap the answer, a JSON document; None where the caller wants none."""

    def refuse(self, refusal: Refusal) -> bytes | None:
        """Tell of an error; None where the caller wants no answer."""

    def event(self, body: bytes) -> bytes:
        """Wrap what is told later, without being asked again."""


@dataclass(frozen=True, slots=True)
class Bare:
    """One document a line."""

    def answer(self, body: bytes) -> bytes:
        """Send the document as it is."""
        return body + b"\n"

    def refuse(self, refusal: Refusal) -> bytes:
        """Tell of the error in the keys that HTTP uses."""
        error = {"success": False, "error": refusal.message, "code": refusal.code, **refusal.facts}
        return dump(error) + b"\n"

    def event(self, body: bytes) -> bytes:
        """Send the document as it is."""
        return body + b"\n"


@dataclass(frozen=True, slots=True)
class Rpc:
    """JSON-RPC; a `wanted` of False makes it a notification, which is never answered."""

    id: str | float | None = None
    wanted: bool = True

    def answer(self, body: bytes) -> bytes | None:
        """Send the document as the result, in the very bytes that were rendered for everybody."""
        return self._line(b'"result":' + body)

    def refuse(self, refusal: Refusal) -> bytes | None:
        """Tell of the error by its number, with the slug in its data."""
        data = {"code": refusal.code, **refusal.facts}
        return self._line(
            b'"error":' + dump({"code": refusal.number, "message": refusal.message, "data": data})
        )

    def event(self, body: bytes) -> bytes:
        """Send the document as a notification of ours."""
        return b'{"jsonrpc":"2.0","method":"status","params":' + body + b"}\n"

    def _line(self, member: bytes) -> bytes | None:
        if not self.wanted:
            return None
        return b'{"jsonrpc":"2.0","id":' + dump(self.id) + b"," + member + b"}\n"


@dataclass(frozen=True, slots=True)
class Request:
    """One request: its verb, and either the words behind it or the params of JSON-RPC."""

    verb: str
    form: Form = field(default_factory=Bare)
    words: str = ""
    params: Params = None


class Misread(Exception):  # noqa: N818 - the fault is the caller's
    """A line that is no request; `fatal` where the bytes behind it cannot be trusted to be lines at all.

    `quiet` says that the client is not sending, so that nothing has to be thrown away.
    """

    def __init__(self, form: Form, refusal: Refusal, *, fatal: bool = False, quiet: bool = False) -> None:
        super().__init__(refusal.message)
        self.form = form
        self.refusal = refusal
        self.fatal = fatal
        self.quiet = quiet


def dump(document: Document | str | float | None) -> bytes:
    """Write JSON as it is sent: ASCII only, since an id may hold halves of characters, which UTF-8 lacks."""
    return json.dumps(document, separators=(",", ":"), allow_nan=False).encode()


def parse(line: bytes) -> Request | None:
    """Read a line; None if it is blank. Raises Misread."""
    stripped = line.strip()
    form: Form = Rpc() if stripped[:1] in (b"{", b"[") else Bare()
    try:
        text = stripped.decode()
    except UnicodeDecodeError as exc:
        raise _garbage(form) from exc
    if text.startswith("["):
        batch = Refusal("batch_refused", "batches are not taken: send one request a line", INVALID_REQUEST)
        raise Misread(form, batch)
    if text.startswith("{"):
        return _parse_rpc(text)
    if not text.replace("\t", " ").isprintable():
        raise _garbage(form)
    verb, _, words = text.replace("\t", " ").partition(" ")
    return Request(verb, words=words.strip()) if verb else None


def _garbage(form: Form) -> Misread:
    refusal = Refusal("garbage", "this is no text: send a verb a line, or JSON-RPC; try help", PARSE_ERROR)
    return Misread(form, refusal, fatal=True)


def _parse_rpc(text: str) -> Request:
    try:
        message: dict[str, Any] = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as exc:
        raise Misread(Rpc(), Refusal("parse_error", "this is no JSON", PARSE_ERROR)) from exc
    form = Rpc(_id(message), wanted="id" in message)
    method, params = message.get("method"), message.get("params")
    if message.get("jsonrpc") != "2.0" or not isinstance(method, str):
        # Whether it was meant as a notification cannot be told, so it is answered.
        raise _invalid(Rpc(form.id), 'a request needs "jsonrpc": "2.0" and a "method"')
    if params is not None and not isinstance(params, dict | list):
        raise _invalid(form, '"params" is an object or an array')
    return Request(method, form, params=params)


def _id(message: dict[str, Any]) -> str | float | None:
    given = message.get("id")
    if isinstance(given, bool) or not isinstance(given, str | int | float | None):
        raise _invalid(Rpc(), '"id" is a string, a number or null')
    if isinstance(given, float) and not math.isfinite(given):
        raise _invalid(Rpc(), '"id" is a number beyond all bounds')
    return given


def _invalid(form: Form, sentence: str) -> Misread:
    return Misread(form, Refusal("invalid_request", sentence, INVALID_REQUEST))


def _no_constant(_: str) -> NoReturn:
    """Refuse NaN and the infinities, which Python reads and JSON does not have."""
    raise ValueError("no JSON")
