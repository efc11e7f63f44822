"""The errors of messages and webhooks: codes and statuses are those of `wad.messages.operations.ERRORS`."""

from collections.abc import Iterable, Sequence
from http import HTTPStatus

from wad.core.failures import FAILURES, Failure
from wad.messages.operations import ERRORS
from wad.web.errors import Refusal, bad_request, too_large
from wad.web.messaging.handlers import LIMIT
from wad.web.messaging.stream import crowded

# One sentence for each code that is no failure of a message; what is really said may be more exact.
_SENTENCES = {
    "invalid_message": "text must be a text that is not blank",
    "idempotency_conflict": "this clientRef stands for another message already",
    "message_not_found": "wad keeps no message with this id or clientRef",
    "wrong_state": "the message is on its way: it can be taken back once it was sent",
    "chat_not_found": "the account has no such chat, or no such message in it",
    "no_picture": "there is no picture, or this account may not see it",
    "media_not_found": "wad knows no such file",
    "media_expired": "WhatsApp has this file no more, and neither has the phone",
    "media_pending": "the file is being fetched: try again in a moment",
    "invalid_webhook": "url must be an http or https address with a host",
    "webhook_not_found": "there is no webhook of this name",
    "webhook_configured": "this webhook is in the configuration: change it there",
    "message_refused": "the page does not let it",
    "not_ready": "the link is not ready: try again when it is",
    "insufficient_storage": "the disk takes no more",
    "store_busy": "too much waits to be written: try again",
    "store_slow": "the disk does not answer; nobody knows whether it was taken",
    "store_closed": "wad is stopping",
    "store_failed": "the file of messages cannot be used",
    "browser_hung": "the page did not answer",
    "browser_crashed": "the browser ended",
}
_STORE = ("store_busy", "store_slow", "store_closed", "store_failed")


def _of_status(status: HTTPStatus, codes: Iterable[str]) -> list[str]:
    return [code for code in codes if ERRORS[code].status is status]


def _failed(status: HTTPStatus) -> list[str]:
    return _of_status(status, Failure)


# By the name of the component: when it is given, and its codes.
_CODES: dict[str, tuple[str, Sequence[str]]] = {
    "MessageRefused": (
        "Something is wrong with the message; or it failed while it was waited for",
        ["invalid_message", "idempotency_conflict", *_failed(HTTPStatus.UNPROCESSABLE_ENTITY)],
    ),
    "QuestionRefused": ("Something else is asked than can be", ["invalid_message"]),
    "TextRefused": ("The text is blank or too long", ["invalid_message", "too_large"]),
    "ChatRefused": ("That is no chat of WhatsApp's", ["invalid_message", "invalid_recipient"]),
    "NotLinked": ("No account is linked", ["not_linked"]),
    "WrongState": (
        "It cannot be done in the state in which the message is; or no account is linked",
        ["wrong_state", "not_linked"],
    ),
    "Limited": (
        "WhatsApp or wad lets no more go out now; or that was said while the message was waited for",
        _failed(HTTPStatus.TOO_MANY_REQUESTS),
    ),
    "NotSent": ("It failed while it was waited for", _failed(HTTPStatus.BAD_GATEWAY)),
    "PageRefused": (
        "The page of WhatsApp Web did not do it",
        ["message_refused", "page_changed", "browser_hung", "browser_crashed"],
    ),
    "NoChat": ("The account has no such chat", ["chat_not_found"]),
    "NoPictureOfChat": ("The chat has no picture", ["no_picture"]),
    "NoMedia": ("wad knows no such file", ["media_not_found"]),
    "MediaExpired": ("The file is nowhere any more", ["media_expired"]),
    "MediaPending": ("The file is being fetched, or cannot be now: try again", ["media_pending", *_STORE]),
    "MediaUnreachable": ("The file could not be fetched", ["media_unreachable"]),
    "MediaRefused": ("The file is larger than is taken", ["too_large"]),
    "NoMessage": ("wad keeps no such message", ["message_not_found"]),
    "StoreTrouble": ("The file of messages cannot be used now: try again", _STORE),
    "StoreOrLinkTrouble": (
        "The link is not ready, or the file of messages cannot be used now: try again",
        ["not_ready", *_STORE],
    ),
    "LinkTrouble": ("The link is not ready: try again", ["not_ready"]),
    "DiskFull": ("The disk is full; nothing is half written", ["insufficient_storage"]),
    "WebhookRefused": ("Something is wrong with what was set", ["invalid_webhook"]),
    "NoWebhook": ("There is no such webhook", ["webhook_not_found"]),
    "WebhookConfigured": ("The webhook is the configuration's", ["webhook_configured"]),
}
_OPTIONAL_WAIT = {Failure.NEW_CHAT_BUDGET: {"Retry-After": "3600"}}


def _refusal(code: str) -> Refusal:
    row = ERRORS[code]
    headers = {"Retry-After": str(row.retry_after)} if row.retry_after is not None else {}
    sentence = _SENTENCES.get(code) or FAILURES[Failure(code)].sentence
    known = _OPTIONAL_WAIT.get(Failure(code), {}) if code in FAILURES else {}
    return Refusal(row.status, code, sentence, headers | known)


MESSAGING_REFUSALS: dict[str, tuple[str, Sequence[Refusal]]] = {
    **{name: (when, [_refusal(code) for code in codes]) for name, (when, codes) in _CODES.items()},
    "NoJson": (
        "The body is no JSON, or no object of it",
        [bad_request("invalid_json", "the body must be a JSON object")],
    ),
    "NoForm": (
        "The body is no form, or holds no file",
        [bad_request("invalid_form", "the form holds no file")],
    ),
    "NoSuchPart": (
        "The file has no such part",
        [
            Refusal(
                HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
                "range_not_satisfiable",
                "the file has 300000 bytes",
                {"Content-Range": "bytes */300000"},
            )
        ],
    ),
    "MessageTooLarge": (f"The body is longer than {LIMIT} bytes", [too_large(LIMIT)]),
    "Crowded": ("As many follow the events as may", [crowded()]),
}
