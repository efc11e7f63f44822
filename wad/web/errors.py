"""How HTTP requests are refused: a status, a stable code and a sentence.

`wad.web.base_handler` renders them all.

No sentence here ever repeats what the caller sent: a token mistyped into a path would come back in a log.
"""

from collections.abc import Mapping
from http import HTTPStatus

from tornado import web

JSON = "application/json; charset=UTF-8"


class Refusal(web.HTTPError):
    """A request that is answered with an error on purpose."""

    def __init__(
        self, status: HTTPStatus, code: str, message: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(status, reason=status.phrase)
        self.code = code
        self.message = message
        self.headers = dict(headers or {})


def bad_request(code: str, message: str) -> Refusal:
    """Refuse what is wrong in itself."""
    return Refusal(HTTPStatus.BAD_REQUEST, code, message)


def unauthorized(*, wrong: bool) -> Refusal:
    """Refuse for want of the right token."""
    challenge = 'Bearer realm="wad"' + (', error="invalid_token"' if wrong else "")
    message = "the token is wrong" if wrong else "this needs a token: Authorization: Bearer …"
    return Refusal(HTTPStatus.UNAUTHORIZED, "unauthorized", message, {"WWW-Authenticate": challenge})


def origin_refused(what: str = "send commands") -> Refusal:
    """Refuse a command from another site's page, or what else it may not do."""
    return Refusal(
        HTTPStatus.FORBIDDEN,
        "origin_refused",
        f"this site may not {what}: add its origin to allowed_origins",
    )


def sibling_refused(public_url: str) -> Refusal:
    """Refuse a command from a page of wad's own site which is of another origin, and say what that means."""
    return Refusal(
        HTTPStatus.FORBIDDEN,
        "origin_refused",
        f"this page is of the same site as {public_url}, but of another origin, for scheme, host and port all"
        " count: add its origin to [http] allowed_origins, then reload wad",
    )


def misdirected() -> Refusal:
    """Refuse a Host header that names somebody else."""
    return Refusal(
        HTTPStatus.MISDIRECTED_REQUEST,
        "host_refused",
        "this host name is not served here: add it to allowed_hosts",
    )


def not_found(message: str = "there is nothing at this address", code: str = "not_found") -> Refusal:
    """Refuse what is not there, or not there now."""
    return Refusal(HTTPStatus.NOT_FOUND, code, message)


def method_not_allowed(allowed: str) -> Refusal:
    """Refuse a method the address does not take."""
    return Refusal(
        HTTPStatus.METHOD_NOT_ALLOWED,
        "method_not_allowed",
        f"this address takes {allowed}",
        {"Allow": allowed},
    )


def too_large(limit: int) -> Refusal:
    """Refuse a body longer than anything wad has a use for."""
    return Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body_too_large", f"a body has at most {limit} bytes")


def unavailable(code: str, message: str, retry_after: int = 1) -> Refusal:
    """Refuse what cannot be done at the moment."""
    return Refusal(HTTPStatus.SERVICE_UNAVAILABLE, code, message, {"Retry-After": str(retry_after)})


def from_status(status: int) -> Refusal:
    """Put into our words what Tornado refused, or what went wrong inside."""
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Refusal(
            HTTPStatus.INTERNAL_SERVER_ERROR,
            "internal_error",
            "wad met an error of its own; its log says more",
        )
    known = HTTPStatus(status)
    return Refusal(known, known.name.lower(), known.phrase)
