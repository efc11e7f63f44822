"""wad's events as WAHA's: which of its events one of wad's is, and what each of them says.

Rules of this file:

* Pure, so that the same event always gives the same bodies, with the same ids: a receiver that gets one twice
  can know it.
* An event of wad's may be two of WAHA's, `message` and `message.any`; each has an id of its own.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import field
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from wad.core.message import key_of
from wad.core.values import dataclass
from wad.waha.ids import ENGINE, SESSION, Document, ack_of, session_status
from wad.waha.messages import destination, wa_message
from wad.waha.people import environment

ALL: Final = "*"


@dataclass(frozen=True, slots=True)
class About:
    """What events say of where they come from: the account, wad's version, and the dialect's address.

    `metadata` is what the receiver wants to be told with each of them.
    """

    me: Document | None = field(default=None, repr=False)
    version: str = ""
    base: str = ""
    metadata: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def own(self) -> str | None:
        """The account's own address."""
        return str(self.me["id"]) if self.me is not None else None


Payload = Callable[[Mapping[str, Any], float, About], Document]


def _status(data: Mapping[str, Any], at: float, _: About) -> Document:
    status = session_status(data["state"], data["phase"])
    return {
        "name": SESSION,
        "status": status,
        "statuses": [{"status": status, "timestamp": _milliseconds(at)}],
        "data": None,
        "reason": data["reason"],
    }


def _message(data: Mapping[str, Any], _: float, about: About) -> Document:
    return wa_message(data, about.own, about.base)


def _ack(data: Mapping[str, Any], _: float, about: About) -> Document:
    ack, name = ack_of(data["ack"])
    return {
        **destination(data["id"], {"fromMe": True, **data}, about.own),
        "ack": ack,
        "ackName": name,
        "_data": dict(data),
    }


def _failed(data: Mapping[str, Any], at: float, about: About) -> Document:
    """Tell of a message that will never be sent as WAHA does, by the ack of an error, with wad's cause."""
    return _ack({**data, "ack": -1}, at, about) | {"error": data["error"]}


def _reaction(data: Mapping[str, Any], _: float, about: About) -> Document:
    return {
        **_by_whom(data, about),
        "timestamp": data["timestamp"] / 1000,
        "source": "app",
        "reaction": {"text": data["text"], "messageId": data["id"]},
        "_data": dict(data),
    }


def _edited(data: Mapping[str, Any], at: float, about: About) -> Document:
    return {
        **destination(data["id"], data, about.own),
        "timestamp": int(at),
        "source": "app",
        "body": data["text"] or "",
        "editedMessageId": key_of(data["id"]),
        "_data": dict(data),
    }


def _revoked(data: Mapping[str, Any], at: float, about: About) -> Document:
    after = {**destination(data["id"], data, about.own), "timestamp": int(at), "body": ""}
    return {"revokedMessageId": key_of(data["id"]), "after": after, "before": None, "_data": dict(data)}


def _vote(data: Mapping[str, Any], _: float, about: About) -> Document:
    mine = data["id"].startswith("true_")
    return {
        "poll": destination(data["id"], {"chat": data["chat"], "fromMe": mine}, about.own),
        "vote": {
            **_by_whom(data, about),
            "selectedOptions": list(data["options"]),
            "timestamp": data["timestamp"],
        },
        "_data": dict(data),
    }


def _by_whom(data: Mapping[str, Any], about: About) -> Document:
    """Give who reacted or voted: the page gives that no id of its own, so it has that of what it is about."""
    return destination(data["id"], data, about.own)


# By WAHA's name: what it is made of, by wad's.
EVENTS: Final[Mapping[str, Mapping[str, Payload]]] = {
    "session.status": {"state": _status},
    "message": {"message": _message},
    "message.any": {"message": _message, "message.own": _message},
    "message.ack": {"message.ack": _ack, "message.failed": _failed},
    "message.reaction": {"message.reaction": _reaction},
    "message.edited": {"message.edited": _edited},
    "message.revoked": {"message.revoked": _revoked},
    "poll.vote": {"poll.vote": _vote},
}
# What WAHA tells besides; of these nothing ever comes.
NEVER: Final = frozenset(
    {
        *("message.ack.group", "message.waiting", "state.change", "engine.event", "presence.update"),
        *("group.join", "group.leave", "group.v2.join", "group.v2.leave", "group.v2.update"),
        *("group.v2.participants", "group.v2.participants.join_request", "chat.archive", "poll.vote.failed"),
        *("call.received", "call.accepted", "call.rejected", "label.upsert", "label.deleted"),
        *("label.chat.added", "label.chat.deleted", "event.response", "event.response.failed"),
    }
)


def chosen(names: Iterable[str]) -> frozenset[str]:
    """Give which of WAHA's events are meant by `names`, one of which may mean all; empty for none."""
    named = frozenset(names)
    return frozenset(EVENTS) if ALL in named else named & EVENTS.keys()


def types_of(names: Collection[str]) -> frozenset[str]:
    """Give the types of wad's events of which WAHA's are made."""
    return frozenset(kind for name in chosen(names) for kind in EVENTS[name])


def told(event: Mapping[str, Any], names: Collection[str], about: About) -> list[Document]:
    """Give what an event of wad's is in WAHA's words: of `names` those that it is, in the table's order.

    `event` is wad's own document of it.
    """
    wanted, kind = chosen(names), event["type"]
    at = datetime.fromisoformat(event["at"]).timestamp()
    return [
        {
            "id": _id(event["id"], name),
            "timestamp": _milliseconds(at),
            "event": name,
            "session": SESSION,
            "metadata": dict(about.metadata),
            "me": about.me,
            "payload": payloads[kind](event["data"], at, about),
            "engine": ENGINE,
            "environment": environment(about.version),
        }
        for name, payloads in EVENTS.items()
        if name in wanted and kind in payloads
    ]


def _id(event_id: str, name: str) -> str:
    """Give an id: wad's own, with its time; by chance no other event's, and for ever the same."""
    if name != "message.any":
        return event_id
    stamp, digest = event_id[: len("evt_") + 10], sha256(f"{event_id}:{name}".encode()).hexdigest()
    return stamp + digest[:16].upper()


def _milliseconds(seconds: float) -> int:
    return round(seconds * 1000)
