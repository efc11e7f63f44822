"""What events look like: one schema for each form of `data`, and one for each event that has it."""

from collections.abc import Iterable, Mapping

from wad.messages.operations import TYPES
from wad.web.openapi.messaging.schemas import CHAT, CLIENT_REF, MESSAGE_ID, PROGRESS
from wad.web.openapi.shapes import (
    COUNT,
    FLAG,
    TEXT,
    TIME,
    YES,
    Schema,
    about,
    constant,
    nullable,
    record,
    ref,
    words,
)

_STATE, _PHASE, _REASON = (ref("schemas", name) for name in ("State", "Phase", "Reason"))
_ABOUT: Mapping[str, Schema] = {"id": MESSAGE_ID, "chat": CHAT, "fromMe": FLAG}
_NUMBER: Schema = {"type": "integer"}

_DATA: Mapping[str, Schema] = {
    "LinkChange": record({"state": _STATE, "phase": _PHASE, "reason": nullable(_REASON), "from": _STATE}),
    "Receipt": record(
        {
            "id": MESSAGE_ID,
            "clientRef": CLIENT_REF,
            "chat": CHAT,
            "ack": about({"type": "integer", "minimum": 1}, "1 sent, 2 delivered, 3 read, 4 played"),
            "state": PROGRESS,
        }
    ),
    "Edit": record({**_ABOUT, "text": about(nullable(TEXT), "the new one")}),
    "Revocation": record(dict(_ABOUT)),
    "Reaction": record(
        {
            **_ABOUT,
            "author": TEXT,
            "text": about(TEXT, "empty where the reaction was taken back"),
            "timestamp": about(_NUMBER, "milliseconds since 1970, WhatsApp's"),
        }
    ),
    "Vote": record(
        {
            **_ABOUT,
            "author": TEXT,
            "options": about({"type": "array", "items": TEXT}, "what was chosen; none takes the choice back"),
            "timestamp": about(_NUMBER, "milliseconds since 1970, WhatsApp's"),
        }
    ),
    "GroupChange": record(
        {
            "id": MESSAGE_ID,
            "chat": CHAT,
            "action": about(TEXT, "WhatsApp's word: `add`, `remove`, `leave`, `subject` and others"),
            "author": about(nullable(TEXT), "who did it"),
            "people": about({"type": "array", "items": TEXT}, "whom it is about"),
            "text": about(nullable(TEXT), "the new subject or description"),
            "timestamp": about(_NUMBER, "seconds since 1970, WhatsApp's"),
        }
    ),
    "LostEvents": record({"from": COUNT, "to": COUNT}, description="The numbers of events that had to go"),
}

# By the schema of the event: its types, the schema of its data, and when it happens.
EVENTS: Mapping[str, tuple[tuple[str, ...], str, str]] = {
    "LinkEvent": (("state",), "LinkChange", "The link's state, phase or reason has changed"),
    "MessageEvent": (
        ("message", "message.own", "message.failed"),
        "Message",
        "Somebody wrote; the account wrote, by wad or on the phone; an accepted message ended with a reason",
    ),
    "ReceiptEvent": (("message.ack",), "Receipt", "A message of the account's own has got further"),
    "EditEvent": (("message.edited",), "Edit", "A message has another text"),
    "RevocationEvent": (("message.revoked",), "Revocation", "A message was taken back for everyone"),
    "ReactionEvent": (("message.reaction",), "Reaction", "Somebody reacted to a message"),
    "VoteEvent": (("poll.vote",), "Vote", "Somebody chose in a poll, or took that back"),
    "GroupEvent": (
        ("group.changed",),
        "GroupChange",
        "Somebody came or left, or a group is called otherwise",
    ),
    "LossEvent": (("events.lost",), "LostEvents", "A webhook was so far behind that events had to go"),
}


def _event(types: Iterable[str], data: str, when: str) -> Schema:
    named = [*types]
    return record(
        {
            "seq": about(COUNT, "grows by one, is never given twice, over restarts too"),
            "id": {"type": "string", "pattern": "^evt_[0-9A-HJKMNP-TV-Z]{26}$"},
            "type": constant(named[0]) if len(named) == 1 else words(named),
            "at": TIME,
            "data": ref("schemas", data),
        },
        description=when,
    )


def _any_event() -> Schema:
    refs = {name: ref("schemas", name) for name in EVENTS}
    mapping = {kind: refs[name]["$ref"] for name, (types, _, _) in EVENTS.items() for kind in types}
    return {
        "description": "Whatever happens; `type` says which of them it is",
        "oneOf": list(refs.values()),
        "discriminator": {"propertyName": "type", "mapping": mapping},
    }


EVENT_SCHEMAS: dict[str, Schema] = {
    "EventType": words(sorted(TYPES), "What happens"),
    **_DATA,
    **{name: _event(*row) for name, row in EVENTS.items()},
    "Event": _any_event(),
    "EventPage": record(
        {
            "success": YES,
            "events": {"type": "array", "items": ref("schemas", "Event")},
            "next": about(COUNT, "what to ask with as `after` the next time"),
            "oldest": about(nullable(COUNT), "the first number that is kept"),
            "newest": about(COUNT, "the last number that was given"),
        }
    ),
}
