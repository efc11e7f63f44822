"""The table of what can be asked of messages: one row feeds HTTP, Socket.IO, the control socket and wadctl.

Rules of this file:

* A front end names an operation, gives arguments as JSON has them, and sends the answer's document on.
* Which code is which HTTP status is here alone, and only for errors that are raised on purpose.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any, Final

from wad.core.errors import BudgetError, MessageError, SlowStoreError, WadError
from wad.core.failures import FAILURES, Failure
from wad.core.sending import OPEN, Progress
from wad.core.values import dataclass
from wad.messages.documents import Document
from wad.messages.journal import PAGE
from wad.messages.service import Messages

# In seconds: a proxy in front gives up after 60.
LONGEST_WAIT: Final = 50.0
WAIT: Final = 20.0
EVENTS_AT_ONCE: Final = 100
# Of chats, contacts or a chat's messages at once.
LISTED: Final = 50
MOST_LISTED: Final = 200
LONGEST_CURSOR: Final = 1000
LONGEST_SEARCH: Final = 100
TYPES: Final = frozenset(
    {
        "state",
        "message",
        "message.own",
        "message.ack",
        "message.edited",
        "message.revoked",
        "message.reaction",
        "message.failed",
        "poll.vote",
        "group.changed",
        "events.lost",
    }
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of an operation; `status` is what HTTP says of it.

    `later` waits for what is yet to come, where that was asked for, and gives the answer that tells of it.
    """

    document: Document
    status: HTTPStatus = HTTPStatus.OK
    later: "Callable[[], Awaitable[Answer]] | None" = None


Arguments = Mapping[str, Any]
Run = Callable[[Messages, Arguments], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Operation:
    """One row. `arguments` are what it takes; `changes` whether it is worth a line in the log."""

    run: Run
    help: str
    arguments: tuple[str, ...] = ()
    changes: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """How an error is told: its status, and after how many seconds to try again, where that is known."""

    status: HTTPStatus
    retry_after: int | None = None


# What the failures of messages are over HTTP, where somebody waits for one or it is known at once.
_FAILURES: Final[Mapping[Failure, HTTPStatus]] = {
    Failure.NOT_LINKED: HTTPStatus.CONFLICT,
    Failure.QUEUE_FULL: HTTPStatus.TOO_MANY_REQUESTS,
    Failure.NEW_CHAT_BUDGET: HTTPStatus.TOO_MANY_REQUESTS,
    Failure.REACHOUT_LOCKED: HTTPStatus.TOO_MANY_REQUESTS,
    Failure.NEW_CHAT_CAP: HTTPStatus.TOO_MANY_REQUESTS,
    Failure.REJECTED: HTTPStatus.BAD_GATEWAY,
    Failure.PAGE_CHANGED: HTTPStatus.BAD_GATEWAY,
    Failure.OUTCOME_UNKNOWN: HTTPStatus.BAD_GATEWAY,
    Failure.EXPIRED: HTTPStatus.BAD_GATEWAY,
    Failure.MEDIA_UNREACHABLE: HTTPStatus.BAD_GATEWAY,
}
ERRORS: Final[Mapping[str, Told]] = {
    **{failure: Told(_FAILURES.get(failure, HTTPStatus.UNPROCESSABLE_ENTITY)) for failure in Failure},
    "invalid_message": Told(HTTPStatus.UNPROCESSABLE_ENTITY),
    "idempotency_conflict": Told(HTTPStatus.UNPROCESSABLE_ENTITY),
    "message_not_found": Told(HTTPStatus.NOT_FOUND),
    "wrong_state": Told(HTTPStatus.CONFLICT),
    "chat_not_found": Told(HTTPStatus.NOT_FOUND),
    "no_picture": Told(HTTPStatus.NOT_FOUND),
    "media_not_found": Told(HTTPStatus.NOT_FOUND),
    "media_expired": Told(HTTPStatus.GONE),
    "media_pending": Told(HTTPStatus.SERVICE_UNAVAILABLE, 5),
    "invalid_webhook": Told(HTTPStatus.UNPROCESSABLE_ENTITY),
    "webhook_not_found": Told(HTTPStatus.NOT_FOUND),
    "webhook_configured": Told(HTTPStatus.CONFLICT),
    "message_refused": Told(HTTPStatus.BAD_GATEWAY),
    "not_ready": Told(HTTPStatus.SERVICE_UNAVAILABLE, 10),
    "insufficient_storage": Told(HTTPStatus.INSUFFICIENT_STORAGE, 60),
    "store_busy": Told(HTTPStatus.SERVICE_UNAVAILABLE, 1),
    "store_slow": Told(HTTPStatus.SERVICE_UNAVAILABLE, 5),
    "store_closed": Told(HTTPStatus.SERVICE_UNAVAILABLE, 10),
    "store_failed": Told(HTTPStatus.SERVICE_UNAVAILABLE, 10),
    "browser_hung": Told(HTTPStatus.BAD_GATEWAY),
    "browser_crashed": Told(HTTPStatus.BAD_GATEWAY),
}


def told(error: WadError) -> Told | None:
    """Give how an error is told; None for one that is no answer but a fault."""
    row = ERRORS.get(error.code)
    if row is not None and isinstance(error, BudgetError):
        return Told(row.status, max(1, round(error.again_in)))
    return row


async def _send(messages: Messages, arguments: Arguments) -> Answer:
    given = dict(arguments)
    wait, timeout = given.pop("wait", None), given.pop("timeout", None)
    if wait not in (None, "", "sent"):
        raise MessageError("wait can be sent, or left out")
    within = number(timeout, WAIT, "timeout")
    document, new = await messages.send(given)

    async def settled() -> Answer:
        known = await messages.settled(document, within)
        return Answer(_message(known), _after_waiting(known))

    status = HTTPStatus.ACCEPTED if new else HTTPStatus.OK
    return Answer(_message(document), status, settled if wait == "sent" else None)


def _after_waiting(document: Document) -> HTTPStatus:
    if document["state"] in OPEN:
        return HTTPStatus.ACCEPTED
    if document["state"] == Progress.FAILED:
        failure = Failure(document["error"]["code"])
        return _FAILURES.get(failure, HTTPStatus.UNPROCESSABLE_ENTITY)
    return HTTPStatus.OK


def _message(document: Document) -> Document:
    if document["state"] != Progress.FAILED:
        return {"success": True, "message": document}
    failure = Failure(document["error"]["code"])
    return {
        "success": False,
        "error": FAILURES[failure].sentence,
        "code": failure,
        "message": document,
    }


async def _get(messages: Messages, arguments: Arguments) -> Answer:
    return Answer({"success": True, "message": await messages.message(str(arguments["id"]))})


async def _withdraw(messages: Messages, arguments: Arguments) -> Answer:
    return Answer({"success": True, "message": await messages.withdraw(str(arguments["id"]))})


async def _edit(messages: Messages, arguments: Arguments) -> Answer:
    return Answer({"success": True, "message": await messages.edit(str(arguments["id"]), arguments)})


async def _react(messages: Messages, arguments: Arguments) -> Answer:
    return Answer({"success": True, "message": await messages.react(str(arguments["id"]), arguments)})


async def _seen(messages: Messages, arguments: Arguments) -> Answer:
    await messages.seen(str(arguments["chat"]))
    return Answer({"success": True})


async def _typing(messages: Messages, arguments: Arguments) -> Answer:
    on = arguments.get("on", True)
    if not isinstance(on, bool):
        raise MessageError("on must be true or false")
    await messages.typing(str(arguments["chat"]), on=on)
    return Answer({"success": True})


async def _chats(messages: Messages, arguments: Arguments) -> Answer:
    limit = listed(arguments.get("limit"))
    return Answer({"success": True, **await messages.people.chats(cursor(arguments.get("after")), limit)})


async def _chat(messages: Messages, arguments: Arguments) -> Answer:
    return Answer({"success": True, "chat": await messages.people.chat(str(arguments["chat"]))})


async def _history(messages: Messages, arguments: Arguments) -> Answer:
    before, limit = cursor(arguments.get("before")), listed(arguments.get("limit"))
    return Answer({"success": True, **await messages.people.history(str(arguments["chat"]), before, limit)})


async def _contacts(messages: Messages, arguments: Arguments) -> Answer:
    after, limit = cursor(arguments.get("after")), listed(arguments.get("limit"))
    search = arguments.get("search") or ""
    if not isinstance(search, str) or len(search) > LONGEST_SEARCH:
        raise MessageError(f"search must be a text of at most {LONGEST_SEARCH} characters")
    return Answer({"success": True, **await messages.people.contacts(after, limit, search)})


async def _check(messages: Messages, arguments: Arguments) -> Answer:
    return Answer({"success": True, **await messages.people.check(arguments.get("phone"))})


async def _group(messages: Messages, arguments: Arguments) -> Answer:
    return Answer({"success": True, "group": await messages.people.group(str(arguments["chat"]))})


async def _events(messages: Messages, arguments: Arguments) -> Answer:
    after = position(arguments.get("after"))
    limit = whole(arguments.get("limit"), EVENTS_AT_ONCE, "limit", PAGE)
    wait = number(arguments.get("wait"), 0.0, "wait")
    found = await messages.events(after, max(1, limit), types(arguments.get("types")), wait)
    return Answer({"success": True, **found})


async def _outbox(messages: Messages, _: Arguments) -> Answer:
    return Answer({"success": True, **await messages.waiting()})


async def _limits(messages: Messages, _: Arguments) -> Answer:
    return Answer({"success": True, **await messages.limits()})


def cursor(given: object) -> str | None:
    """Give where a list goes on; None for its begin. Raises MessageError."""
    if given is None or given == "":
        return None
    if not isinstance(given, str) or len(given) > LONGEST_CURSOR:
        raise MessageError("what a list goes on from is what the answer before has as next")
    return given


def listed(given: object) -> int:
    """Give how much of a list is wanted. Raises MessageError."""
    return max(1, whole(given, LISTED, "limit", MOST_LISTED))


def position(given: object) -> int:
    """Give an event's number; 0, before all, for none. Raises MessageError."""
    return whole(given, 0, "after", 2**63 - 1)


def whole(given: object, default: int, name: str, most: int) -> int:
    """Give a whole number from 0 to `most`, as `number` does."""
    found = number(given, default, name, most)
    if found != int(found):
        raise MessageError(f"{name} must be a whole number")
    return int(found)


def number(given: object, default: float, name: str, most: float = LONGEST_WAIT) -> float:
    """Give a number from 0 to `most`, which may come as a text. Raises MessageError."""
    if given is None or given == "":
        return default
    try:
        found = float(given) if isinstance(given, str | int | float) and given is not True else -1.0
    except (ValueError, OverflowError):
        found = -1.0
    if not found >= 0:
        raise MessageError(f"{name} must be a number that is not negative")
    return min(found, most)


def types(given: object) -> frozenset[str]:
    """Give types of events, as a list or as a text with commas; none means all. Raises MessageError."""
    listed = [] if given is None else given.split(",") if isinstance(given, str) else given
    wanted = frozenset(str(each).strip() for each in listed) - {""} if isinstance(listed, list) else None
    if wanted is None or not wanted <= TYPES:
        raise MessageError(f"types can be {', '.join(sorted(TYPES))}")
    return wanted


OPERATIONS: Final[Mapping[str, Operation]] = {
    "send": Operation(
        _send,
        "accept a message to be sent: a text, a file, a location, contacts or a poll",
        (
            *("to", "text", "replyTo", "mentions", "linkPreview", "clientRef", "expiresIn"),
            *("media", "location", "contacts", "poll", "wait", "timeout"),
        ),
        changes=True,
    ),
    "message": Operation(_get, "a message by its id or the client's reference", ("id",)),
    "withdraw": Operation(
        _withdraw, "cancel a message that waits, or take one that was sent back", ("id",), changes=True
    ),
    "edit": Operation(_edit, "give a message that was sent another text", ("id", "text"), changes=True),
    "react": Operation(_react, "react to a message, or take that back", ("id", "text"), changes=True),
    "chats": Operation(_chats, "the chats, the newest message first", ("after", "limit")),
    "chat": Operation(_chat, "a chat", ("chat",)),
    "messages": Operation(_history, "a chat's messages, newest first", ("chat", "before", "limit")),
    "contacts": Operation(_contacts, "the people the account knows, by name", ("after", "limit", "search")),
    "check": Operation(_check, "whether a number is on WhatsApp", ("phone",)),
    "group": Operation(_group, "a group and who is in it", ("chat",)),
    "seen": Operation(_seen, "mark a chat as read", ("chat",), changes=True),
    "typing": Operation(_typing, "show that somebody types, or no longer", ("chat", "on"), changes=True),
    "events": Operation(
        _events, "events behind a number, waiting for the first", ("after", "types", "limit", "wait")
    ),
    "outbox": Operation(_outbox, "what waits to be sent"),
    "limits": Operation(_limits, "what is left of the budgets"),
}


async def run(messages: Messages, name: str, arguments: Arguments) -> Answer:
    """Carry out an operation, and wait for what it is to wait for. Raises as `begin`."""
    answer = await begin(messages, name, arguments)
    return answer if answer.later is None else await answer.later()


async def begin(messages: Messages, name: str, arguments: Arguments) -> Answer:
    """Carry out an operation. Raises WadErrors, of which `told` says how they are told, and KeyError."""
    operation = OPERATIONS[name]
    unknown = arguments.keys() - set(operation.arguments) - {"idempotencyKey"}
    if unknown:
        takes = ", ".join(operation.arguments) or "nothing"
        raise MessageError(f"{name} takes {takes}")
    missing = {each for each in ("id", "chat") if each in operation.arguments and not arguments.get(each)}
    if missing:
        raise MessageError(f"{name} needs {', '.join(sorted(missing))}")
    answer = await _in_time(operation.run(messages, arguments))
    if (later := answer.later) is None:
        return answer
    return replace(answer, later=lambda: _in_time(later()))


async def _in_time(work: Awaitable[Answer]) -> Answer:
    try:
        return await work
    except TimeoutError:
        raise SlowStoreError("the disk does not answer; nobody knows whether it was taken") from None
