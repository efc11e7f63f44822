"""The answers that are errors: their statuses, codes, headers and sentences are the refusals' own."""

from collections.abc import Sequence
from http import HTTPStatus

from wad.core.errors import AlreadyLinkedError, PhoneNumberError, SubmissionError
from wad.core.reasons import REASONS, Reason, State
from wad.reports.documents import NOT_READY
from wad.web.body import LIMIT
from wad.web.errors import (
    Refusal,
    bad_request,
    from_status,
    misdirected,
    not_found,
    origin_refused,
    too_large,
    unauthorized,
    unavailable,
)
from wad.web.openapi.headers import answer_headers
from wad.web.openapi.messaging.refusals import MESSAGING_REFUSALS
from wad.web.openapi.shapes import NO, TEXT, Schema, about, record, ref
from wad.web.screenshot import account_shown, no_page, no_picture

_NO_JSON = bad_request("invalid_json", "the body is no JSON")
_NO_PHONE = bad_request(PhoneNumberError.code, "this is no phone number of 7 to 15 digits")
_LINKED = Refusal(HTTPStatus.CONFLICT, AlreadyLinkedError.code, "an account is linked already")
_PHONE_CANNOT = Refusal(HTTPStatus.CONFLICT, "phone_refused", "Couldn't link device: the code has expired")
_NOT_TAKEN = unavailable(SubmissionError.code, "wad did not take the command; try again")
_STUCK = unavailable("supervisor_stuck", "the supervisor does not advance")
_UNREADY = [each for each in State if each is not State.READY]
_NOT_READY = [
    *(unavailable(f"state_{each}", f"{NOT_READY}: it is {each}", 10) for each in _UNREADY),
    *(unavailable(each, f"{NOT_READY}: {REASONS[each].sentence}", 10) for each in Reason),
]

# By the name of the component: when it is given, and the refusals it may be.
_REFUSALS: dict[str, tuple[str, Sequence[Refusal]]] = {
    "BadBody": ("The body calls itself JSON and is none, or no JSON object", [_NO_JSON]),
    "BadPhone": ("No JSON, or no phone number with its country code", [_NO_PHONE, _NO_JSON]),
    "Unauthorized": (
        "A token is configured, and is missing or wrong",
        [unauthorized(wrong=False), unauthorized(wrong=True)],
    ),
    "OriginRefused": ("Another site's page sends a command", [origin_refused()]),
    "NoCode": ("No code is live now", [not_found("no QR code is live now; the status says why", "no_code")]),
    "NoButton": (
        "The phone has no such button",
        [not_found("unknown command; the phone knows scan, …", "unknown_command"), not_found()],
    ),
    "NoMedium": ("The phone has got no such medium", [not_found()]),
    "AlreadyLinked": ("An account is linked; log out first", [_LINKED]),
    "PhoneRefused": ("The phone cannot do that now", [_PHONE_CANNOT]),
    "AccountShown": ("An account is linked, and its chats are not to be shown", [account_shown()]),
    "NoPage": ("No browser runs", [no_page()]),
    "NoPicture": ("The page gave none in time, or another one is being taken", [no_picture()]),
    "TooLarge": (f"The body is longer than {LIMIT} bytes", [too_large(LIMIT)]),
    "HostRefused": ("The Host header names somebody else", [misdirected()]),
    "InternalError": ("A failure inside wad; its log says more", [from_status(500)]),
    "NotTaken": ("The daemon is stopping or overloaded: try again", [_NOT_TAKEN]),
    "Stuck": ("The daemon stands still", [_STUCK]),
    "NotReady": ("The link is not ready; the code is the reason, or `state_` and the state", _NOT_READY),
}

# Of codes that are many.
_SHOWN = 2

_ALL = {**_REFUSALS, **MESSAGING_REFUSALS}
STATUS_CODES = {name: str(known[0].status_code) for name, (_, known) in _ALL.items()}

# One for all: generators make a class of each. Which codes an answer may hold stands beside it: ``x-codes``.
ERROR = record(
    {
        "success": NO,
        "error": about(TEXT, "for people"),
        "code": about({"type": "string", "pattern": "^[a-z0-9_]+$"}, "stable"),
        "requestId": about(TEXT, "as in the header"),
        "message": about(ref("schemas", "Message"), "only where it failed while it was waited for"),
    },
    optional=("message",),
    description="Whatever is refused is refused so",
)


def _example(refusal: Refusal) -> Schema:
    request_id = "3f9a1c5e7b2d4f60a8c1e3d5b7f90214"
    shown = {
        "success": False,
        "error": refusal.message,
        "code": str(refusal.code),
        "requestId": request_id,
    }
    return {"value": shown}


def _headers(known: Sequence[Refusal]) -> Schema:
    some, every = (
        combine(*(set(each.headers) for each in known)) for combine in (set.union, set.intersection)
    )
    sometimes = {name: ref("headers", f"{name}IfKnown") for name in sorted(some - every)}
    return answer_headers(*sorted(every)) | sometimes


def refusal_answer(description: str, known: Sequence[Refusal]) -> Schema:
    """Give the answer for refusals of one status; headers that only some of them have are not required."""
    codes = list(dict.fromkeys(str(each.code) for each in known))
    examples = {str(each.code): _example(each) for each in reversed(known[:_SHOWN])}
    return {
        "description": f"{description} ({', '.join(f'`{code}`' for code in codes)})",
        "headers": _headers(known),
        "content": {"application/json": {"schema": ref("schemas", "Error"), "examples": examples}},
        "x-codes": codes,
    }


REFUSALS = {name: refusal_answer(*row) for name, row in _ALL.items()}
