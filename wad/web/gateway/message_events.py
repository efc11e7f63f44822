"""Messages over Socket.IO: each client follows the event log at its own pace, and may have a text sent.

Rules of this file: the names of the server that wad replaces stand beside wad's own, and mean the same.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any, Final

import structlog

from wad.core.errors import StoreError, WadError
from wad.core.message import MediaKind
from wad.messages.documents import Document, event_document, time_text
from wad.messages.operations import position, run
from wad.messages.service import Messages
from wad.store.event_log import LoggedEvent

log = structlog.get_logger(__name__)

Send = Callable[[list[tuple[str, Any]]], Awaitable[None]]

_AT_ONCE: Final = 100
_LONG: Final = 3600.0
# Texts of one client that are waited for; more are answered at once, as too many.
IN_FLIGHT: Final = 20
_SENT_WITHIN: Final = 20.0


class Follower:
    """One client that is told of events behind `after`, or of those that come, where that is None."""

    def __init__(self, messages: Messages, send: Send, after: int | None) -> None:
        self._messages = messages
        self._send = send
        self._after = messages.desk.journal.newest if after is None else after

    async def run(self) -> None:
        """Tell of each, until cancelled."""
        journal = self._messages.desk.journal
        while True:
            try:
                found = await journal.read(self._after, _AT_ONCE)
            except (StoreError, TimeoutError) as error:
                log.warning("events_not_read", error=type(error).__name__)
                await asyncio.sleep(self._messages.desk.deadlines.outbox_retry)
                continue
            for event in found:
                await self._send(list(messages_of(event)))
                self._after = event.seq
            if not found:
                await journal.wait(self._after, _LONG)


def after_of(auth: Any) -> int | None:
    """Give the number behind which a client wants events, from what it connects with; None for none."""
    given = auth.get("after") if isinstance(auth, dict) else None
    try:
        return None if given is None else position(given)
    except WadError:
        return None


def messages_of(event: LoggedEvent) -> Iterator[tuple[str, Document]]:
    """Give the Socket.IO events of an event of the log: their names and arguments, in order."""
    document = event_document(event)
    yield "wa:event", document
    data, seq = document["data"], event.seq
    if event.type in {"message", "message.own"}:
        yield "wa:message", data | {"seq": seq}
        chat = data["chat"]
        more = {"messageId": data["id"], "chatId": chat["id"], "body": data["text"], "seq": seq}
        yield "whatsapp-message", data | more
        last = {"lastMessage": data["text"], "timestamp": data["timestamp"], "chatPn": chat["pn"]}
        yield "chat-updated", {**chat, **last, "chatLid": chat["lid"], "seq": seq}
    elif event.type == "message.ack":
        yield "wa:ack", data | {"seq": seq}
        ack = {"messageId": data["id"], "ack": data["ack"], "ackName": data["state"]}
        more = {"chatId": data["chat"]["id"], "timestamp": time_text(event.at), "seq": seq}
        yield "message-ack-updated", {**ack, "clientRef": data["clientRef"], **more}


async def sent(messages: Messages, given: Any) -> Document:
    """Have a text sent as the earlier server took it; gives the argument of ``message-sent``.

    `success` says that WhatsApp's server has it, or that it was accepted and waits: its state tells which.
    """
    asked: dict[str, Any] = given if isinstance(given, dict) else {}
    try:
        arguments = _arguments(asked)
        answer = await run(messages, "send", {**arguments, "wait": "sent", "timeout": _SENT_WITHIN})
    except WadError as error:
        return {"success": False, "error": error.code, "details": str(error), "originalData": asked}
    document = answer.document
    message = document["message"]
    if not document["success"]:
        told = {"error": document["code"], "details": document["error"], "originalData": asked}
        return {"success": False, "message": message, **told}
    return {"success": True, "message": message, "chat": message["chat"]}


_NAMES: Final[Mapping[str, str]] = {"phoneNumber": "to", "message": "text"}
_MEDIA: Final = frozenset({"mediaUrl", "fileName", "mediaType", "isVoiceMessage"})


def _arguments(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Give what `POST /api/whatsapp/messages` takes for what the earlier server took."""
    arguments = {_NAMES.get(name, name): value for name, value in asked.items() if name not in _MEDIA}
    if (url := asked.get("mediaUrl")) in (None, ""):
        return arguments
    media: dict[str, Any] = {"data" if str(url).startswith("data:") else "url": url}
    if (name := asked.get("fileName")) not in (None, ""):
        media["filename"] = name
    if (kind := asked.get("mediaType")) not in (None, ""):
        media["mimetype" if "/" in str(kind) else "kind"] = kind
    if asked.get("isVoiceMessage") is True:
        media["kind"] = MediaKind.VOICE
    return arguments | {"media": media}
