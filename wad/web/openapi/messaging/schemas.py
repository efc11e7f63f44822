"""What messages look like: the keys of what `wad.messages` makes, once more, with types."""

from wad.core.failures import FAILURES, Failure
from wad.core.message import ChatKind
from wad.core.sending import Progress
from wad.messages.service import LISTED
from wad.web.openapi.shapes import COUNT, FLAG, TEXT, YES, Schema, about, nullable, record, ref, words

CHAT, PROGRESS = ref("schemas", "Chat"), ref("schemas", "Progress")
MESSAGE = ref("schemas", "Message")
MESSAGE_ID = about(
    TEXT, "WhatsApp's own: `true_15551234567@c.us_3EB0…`; in a group with the author behind it"
)
CLIENT_REF = about(nullable(TEXT), "the client's own reference")
_TEXTS: Schema = {"type": "array", "items": TEXT}
# An integer that may be negative.
_NUMBER: Schema = {"type": "integer"}
_SECONDS: Schema = {"type": "number", "minimum": 0}


def _failures() -> str:
    rows = [f"- `{failure}`: {row.sentence}. {row.action}" for failure, row in FAILURES.items()]
    return "\n".join(["Why a message was not sent, and what to do about it:", "", *rows])


_CHAT = record(
    {
        "id": about(TEXT, "the address under which WhatsApp Web has it"),
        "pn": about(nullable(TEXT), "by the phone number: `…@c.us`"),
        "lid": about(nullable(TEXT), "by WhatsApp's hidden id: `…@lid`"),
        "name": nullable(TEXT),
        "kind": ref("schemas", "ChatKind"),
    },
    description="A chat by all that wad knows of it; what is unknown is null",
)

_FAILED = record(
    {
        "code": ref("schemas", "Failure"),
        "message": about(TEXT, "for people"),
        "action": about(TEXT, "what a person can do"),
        "again": about(FLAG, "whether the same message may be sent again as it is"),
        "whatsappCode": about(nullable(_NUMBER), "the number with which WhatsApp's server refused it"),
    },
    description="Why a message was not sent",
)

_MESSAGE = record(
    {
        "id": MESSAGE_ID,
        "clientRef": CLIENT_REF,
        "chat": CHAT,
        "from": about(nullable(TEXT), "the sender's address; null while one's own is not known"),
        "fromMe": FLAG,
        "author": about(nullable(TEXT), "who wrote it in a group"),
        "type": about(TEXT, "WhatsApp's word: `chat` for a text"),
        "text": about(nullable(TEXT), "null where it has none, or was taken back"),
        "timestamp": about(_NUMBER, "seconds since 1970, WhatsApp's"),
        "state": about(nullable(PROGRESS), "null for messages from others"),
        "ack": about(_NUMBER, "1 sent, 2 delivered, 3 read, 4 played; below 0 it never will be"),
        "error": nullable(ref("schemas", "MessageFailure")),
        "replyTo": about(nullable(TEXT), "the id of the message that is answered"),
        "mentions": _TEXTS,
        "forwarded": FLAG,
        "edited": FLAG,
        "revoked": about(FLAG, "taken back for everyone"),
        "media": about(nullable(ref("schemas", "MediaFile")), "its file; null where it has none"),
        "location": nullable(ref("schemas", "Location")),
        "contacts": nullable({"type": "array", "items": ref("schemas", "VCard")}),
        "poll": nullable(ref("schemas", "Poll")),
        "album": about(nullable(TEXT), "the id of the album's message, for one that lies in it"),
        "source": words(["wad", "phone", "other"], "who sent it: wad, the account's phone, somebody else"),
    }
)

_ANSWER = record({"success": YES, "message": MESSAGE})
_SENT = record(
    {
        "success": about(FLAG, "false where the same message was sent before, and has failed since"),
        "message": MESSAGE,
        "error": about(TEXT, "for people; only then"),
        "code": about(TEXT, "why it failed; only then"),
        "requestId": about(TEXT, "as in the header; only then"),
    },
    optional=("error", "code", "requestId"),
)

_OUTBOX = record(
    {
        "success": YES,
        "depth": about(COUNT, "how many wait or are on their way"),
        "oldestSeconds": about(nullable(_SECONDS), "for how long the oldest has waited"),
        "messages": {"type": "array", "maxItems": LISTED, "items": MESSAGE},
    }
)

_NEW_CHATS = record(
    {
        "perDay": COUNT,
        "left": COUNT,
        "moreInSeconds": about(nullable(_NUMBER), "until the first of them is free again"),
        "lockedSeconds": about(nullable(COUNT), "while WhatsApp itself refuses messages to strangers"),
    },
    description="How many people never written to before may be written to",
)
_PLACES = record({"most": COUNT, "left": COUNT}, description="How many messages may wait")
_PACE = record({"secondsBetween": _SECONDS, "burst": COUNT}, description="How fast one chat is written to")
_LIMITS = record(
    {
        "success": YES,
        "newChats": ref("schemas", "NewChats"),
        "outbox": ref("schemas", "OutboxPlaces"),
        "pace": ref("schemas", "ChatPace"),
    }
)

MESSAGE_SCHEMAS: dict[str, Schema] = {
    "Chat": _CHAT,
    "ChatKind": words(ChatKind),
    "Progress": words(Progress, "How far a message is; receipts only ever go up"),
    "Failure": words(Failure, _failures()),
    "MessageFailure": _FAILED,
    "Message": _MESSAGE,
    "MessageAnswer": _ANSWER,
    "SentMessage": _SENT,
    "Outbox": _OUTBOX,
    "NewChats": _NEW_CHATS,
    "OutboxPlaces": _PLACES,
    "ChatPace": _PACE,
    "Limits": _LIMITS,
    "Done": record({"success": YES}),
}
