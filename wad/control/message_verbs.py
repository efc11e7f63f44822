"""The verbs of messages: the same operations as over HTTP, each line with its arguments as words or as JSON.

Rules of this file: the table of operations decides what there is; here is only how arguments are spelt.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from wad.control.protocol import INVALID_PARAMS, Refusal, Request, dump
from wad.control.verbs import Arguments, Call, Verb
from wad.core.errors import MessageError
from wad.messages.operations import OPERATIONS, run
from wad.messages.service import Messages
from wad.webhooks import operations as webhook_operations
from wad.webhooks.service import Webhooks

# Which arguments the words behind a verb are, in their order; the last of several takes all that is left.
_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "send": ("to", "text"),
    "message": ("id",),
    "withdraw": ("id",),
    "edit": ("id", "text"),
    "react": ("id", "text"),
    "chats": ("after",),
    "chat": ("chat",),
    "messages": ("chat", "before"),
    "contacts": ("search",),
    "check": ("phone",),
    "group": ("chat",),
    "seen": ("chat",),
    "typing": ("chat",),
    "events": ("after",),
    "outbox": (),
    "limits": (),
}
_SHOWN: Final[Mapping[str, str]] = {
    "send": "NUMBER TEXT | JSON",
    "events": "[AFTER | JSON]",
    "message": "ID",
    "withdraw": "ID",
    "edit": "ID TEXT | JSON",
    "react": "ID EMOJI | JSON",
    "chats": "[AFTER | JSON]",
    "chat": "CHAT",
    "messages": "CHAT [BEFORE] | JSON",
    "contacts": "[SEARCH | JSON]",
    "check": "NUMBER",
    "group": "ID",
    "seen": "CHAT",
    "typing": "CHAT | JSON",
}


def message_verbs(messages: Messages, webhooks: Webhooks) -> list[Verb]:
    """Give a verb for each operation, and one for all of webhooks'."""
    rows = [
        Verb(
            name,
            _handler(messages, name),
            operation.help,
            _SHOWN.get(name, ""),
            changes=operation.changes,
            read=_reader(name),
        )
        for name, operation in OPERATIONS.items()
    ]
    text = "the webhooks; bring again what one gave up; give up the event one is at"
    shown = "[replay NAME | skip NAME]"
    return [*rows, Verb("webhooks", _hooks(webhooks), text, shown, changes=True, read=_hook_words)]


def _hooks(webhooks: Webhooks) -> Callable[[Call], Awaitable[bytes]]:
    async def handle(call: Call) -> bytes:
        action = call.arguments.get("action")
        name = f"webhook_{action}" if action else "webhooks"
        arguments = {"name": call.arguments["name"]} if action else {}
        return dump((await webhook_operations.run(webhooks, name, arguments)).document)

    return handle


def _hook_words(request: Request) -> Arguments:
    """Read nothing, or what is to be done and to which one."""
    words = request.params if isinstance(request.params, list | dict) else request.words.split()
    if isinstance(words, dict):
        words = [words[each] for each in ("action", "name") if each in words]
    if words and (len(words) != 2 or words[0] not in {"replay", "skip"}):  # noqa: PLR2004 - action and name
        raise Refusal("invalid_arguments", "give nothing, replay NAME or skip NAME", INVALID_PARAMS)
    return dict(zip(("action", "name"), words, strict=False))


def _handler(messages: Messages, name: str) -> Callable[[Call], Awaitable[bytes]]:
    async def handle(call: Call) -> bytes:
        try:
            return dump((await run(messages, name, call.arguments)).document)
        except MessageError as error:
            raise Refusal(error.code, str(error), INVALID_PARAMS) from error

    return handle


def _reader(name: str) -> Callable[[Request], Arguments]:
    wanted = _WORDS[name]

    def read(request: Request) -> Arguments:
        given = request.params
        if given is None:
            given = _object(request.words) if request.words.startswith("{") else _split(request.words, wanted)
        if isinstance(given, list):
            given = dict(zip(wanted, given, strict=False))
        return dict(given)

    return read


def _split(words: str, wanted: tuple[str, ...]) -> dict[str, Any]:
    parts = words.split(maxsplit=max(0, len(wanted) - 1)) if words else []
    if len(parts) > len(wanted):
        raise Refusal("invalid_arguments", "this verb takes nothing", INVALID_PARAMS)
    return dict(zip(wanted, parts, strict=False))


def _object(text: str) -> Any:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refusal("invalid_arguments", "this is no JSON object", INVALID_PARAMS) from error
    if not isinstance(found, dict):
        raise Refusal("invalid_arguments", "this is no JSON object", INVALID_PARAMS)
    return found
