"""What answers about messages look like: made by what makes them, from messages that could be."""

from typing import Any

from wad.core.failures import Failure
from wad.core.message import Chat, Message
from wad.core.sending import Progress, Sending
from wad.messages.documents import event_document, message_document, row_document, time_text
from wad.store.event_log import LoggedEvent
from wad.store.outbox import Row

_OWN = "15551234567@c.us"
_ADA = "15557654321@c.us"
_CHAT = Chat(_ADA, _ADA, "123456789012345@lid", "Ada")
_KEY = "3EB0C767D097B7C7C030"
# The morning of 23 November 2026, in seconds since 1970.
_MORNING = 1795410600.123


def _row(sending: Sending) -> dict[str, Any]:
    content = {"text": "On its way"}
    row = Row(1, _KEY, "order-17", _ADA, content, sending, _MORNING, _MORNING + 86400)
    return row_document(row, _OWN)


def _received() -> dict[str, Any]:
    ref = f"false_{_ADA}_3A5B1C77E0D24C6F9A10"
    message = Message(ref, _CHAT, _ADA, from_me=False, type="chat", text="Thank you", timestamp=int(_MORNING))
    return message_document(message, source="other")


def _event(seq: int, kind: str, data: dict[str, Any]) -> dict[str, Any]:
    return event_document(LoggedEvent(seq, "evt_01KAR0ZJXBW5M0Q3T8V7N2P4RS", kind, _MORNING, data))


_QUEUED = _row(Sending())
_SENT = _row(Sending(Progress.SENT, ack=1, tries=1))
_READ = _row(Sending(Progress.READ, ack=3, tries=1))
_CANCELLED = _row(Sending(Progress.CANCELLED))
_FAILED = _row(Sending(Progress.FAILED, failure=Failure.REACHOUT_LOCKED, whatsapp_code=463, tries=1))
_WEBHOOK = {
    "name": "orders",
    "url": "https://example.org/hook",
    "source": "api",
    "format": "wad",
    "events": ["message"],
    "state": "active",
    "cursor": 17,
    "backlog": 0,
    "failedAttempts": 0,
    "nextAttemptAt": None,
    "lastStatus": 200,
    "lastError": None,
    "deadLetters": 0,
}
_RETRYING = _WEBHOOK | {
    "state": "retrying",
    "backlog": 3,
    "failedAttempts": 2,
    "nextAttemptAt": time_text(_MORNING),
    "lastStatus": 503,
    "lastError": "the receiver answered 503",
}
# The example of Standard Webhooks' own.
_SECRET = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def _message(document: dict[str, Any]) -> dict[str, Any]:
    return {"success": True, "message": document}


# By the name of the answer, and then by their own.
MESSAGING_EXAMPLES: dict[str, dict[str, Any]] = {
    "Accepted": {"queued": _message(_QUEUED)},
    "Sent": {"again": _message(_QUEUED), "waited": _message(_SENT)},
    "Message": {
        "read": _message(_READ),
        "failed": _message(_FAILED),
        "received": _message(_received()),
    },
    "Withdrawn": {
        "cancelled": _message(_CANCELLED),
        "takenBack": _message(_READ | {"revoked": True, "text": None}),
    },
    "Edited": {"done": _message(_READ | {"text": "On its way, a day early", "edited": True})},
    "Reacted": {"done": _message(_received())},
    "Done": {"done": {"success": True}},
    "Events": {
        "two": {
            "success": True,
            "events": [_event(17, "message", _received()), _event(18, "message.failed", _FAILED)],
            "next": 18,
            "oldest": 1,
            "newest": 18,
        },
        "nothingNew": {"success": True, "events": [], "next": 18, "oldest": 1, "newest": 18},
    },
    "Outbox": {
        "one": {"success": True, "depth": 1, "oldestSeconds": 0.4, "messages": [_QUEUED]},
        "empty": {"success": True, "depth": 0, "oldestSeconds": None, "messages": []},
    },
    "Limits": {
        "some": {
            "success": True,
            "newChats": {"perDay": 20, "left": 17, "moreInSeconds": 82800, "lockedSeconds": None},
            "outbox": {"most": 10000, "left": 9999},
            "pace": {"secondsBetween": 1.0, "burst": 3},
        }
    },
    "Webhooks": {"one": {"success": True, "webhooks": [_RETRYING]}},
    "WebhookSet": {
        "new": {"success": True, "webhook": _WEBHOOK | {"secret": _SECRET}},
        "changed": {"success": True, "webhook": _WEBHOOK},
    },
    "WebhookMoved": {"done": {"success": True, "webhook": _WEBHOOK}},
}
