"""What is sent with a request about messages, events or webhooks: bodies, and parameters of query and header.

Rules of this file: whatever a schema allows the code takes, and nothing else; the tests ask with both.
"""

from wad.core.sending import Progress
from wad.messages.contents import MOST_CONTACTS
from wad.messages.drafts import (
    CONTENTS,
    LONGEST_LIFE,
    LONGEST_REACTION,
    LONGEST_REF,
    LONGEST_TEXT,
    MOST_MENTIONS,
)
from wad.messages.journal import PAGE
from wad.messages.operations import EVENTS_AT_ONCE, LONGEST_WAIT, WAIT
from wad.web.messaging.handlers import LIMIT
from wad.web.openapi.answers import PHONE
from wad.web.openapi.forms import json_body
from wad.web.openapi.shapes import COUNT, FLAG, TEXT, Schema, about, nullable, one_of, record, ref
from wad.webhooks.settings import LONGEST_TIMEOUT, LONGEST_URL, MOST_HEADERS, MOST_SECRETS, TIMEOUT

_NUMBER = PHONE.removeprefix("^").removesuffix("$")
_GROUP = r"[0-9]{5,25}(-[0-9]{5,15})?@g\.us"
ADDRESS: Schema = {
    "type": "string",
    "pattern": rf"^\s*({_NUMBER}(@c\.us|@s\.whatsapp\.net)?"
    rf"|[0-9]{{5,20}}@lid|{_GROUP})\s*$",
}
_MESSAGE_ID: Schema = {
    "type": "string",
    "pattern": r"^(true|false)_[^_\s]{1,60}_[0-9A-Za-z]{1,60}(_[^_\s]{1,60})?$",
}
_TEXT: Schema = {"type": "string", "maxLength": LONGEST_TEXT, "pattern": r"\S"}
_REFERENCE: Schema = {"type": "string", "minLength": 1, "maxLength": LONGEST_REF}
# Base64 of 24 to 64 bytes.
_FOUR, _LAST = "[A-Za-z0-9+/]{4}", "[A-Za-z0-9+/]{2}=="
SECRET: Schema = {
    "type": "string",
    "pattern": f"^whsec_(({_FOUR}){{8,20}}({_LAST}|[A-Za-z0-9+/]{{3}}=)?|({_FOUR}){{21}}({_LAST})?)$",
}
WEBHOOK_NAME: Schema = {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$"}
EVENT_TYPES: Schema = {"type": "array", "items": ref("schemas", "EventType")}
_HEADERS: Schema = {
    "type": "object",
    "maxProperties": MOST_HEADERS,
    "propertyNames": {"pattern": "^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$"},
    "additionalProperties": {"type": "string", "pattern": "^[ -~]*$"},
}


def _seconds(most: float) -> Schema:
    return {"type": "number", "exclusiveMinimum": 0, "maximum": most}


_DRAFT = record(
    {
        "to": about(ADDRESS, "a phone number with its country code, or `…@c.us`, `…@lid`, `…@g.us`"),
        "text": about(_TEXT, "not blank; of a file the caption"),
        "media": about(ref("schemas", "MediaToSend"), "a file"),
        "location": about(ref("schemas", "LocationToSend"), "a place"),
        "contacts": {
            "type": "array",
            "minItems": 1,
            "maxItems": MOST_CONTACTS,
            "items": ref("schemas", "ContactToSend"),
        },
        "poll": about(ref("schemas", "PollToSend"), "a question with its answers"),
        "replyTo": about(nullable(_MESSAGE_ID), "the id of the message that is answered"),
        "mentions": about(
            nullable({"type": "array", "maxItems": MOST_MENTIONS, "items": ADDRESS}), "numbers or ids"
        ),
        "linkPreview": about(nullable(FLAG), "false sends a link without a preview"),
        "clientRef": about(
            nullable(_REFERENCE),
            "the client's own reference, of printable characters: the same thing as Idempotency-Key",
        ),
        "expiresIn": about(
            nullable(_seconds(LONGEST_LIFE)),
            "seconds; what waited longer fails with `expired` rather than going out late",
        ),
    },
    optional=("text", *CONTENTS, "replyTo", "mentions", "linkPreview", "clientRef", "expiresIn"),
    description="A message to be sent: a text, or one of a file, a location, contacts and a poll",
) | one_of(("text", *CONTENTS), together=[("text", "media")])
_WEBHOOK = record(
    {
        "url": about(
            {"type": "string", "maxLength": LONGEST_URL, "pattern": r"^https?://[^\s@/?#]+([/?][^\s#]*)?$"},
            "where to; an address of this network only if the configuration allows it",
        ),
        "secret": about(nullable(SECRET), "without one wad makes it, or keeps the one there is"),
        "secrets": about(
            {"type": "array", "minItems": 1, "maxItems": MOST_SECRETS, "items": SECRET},
            "two while they are changed, in the place of `secret`",
        ),
        "events": about(nullable(EVENT_TYPES), "none means all"),
        "headers": about(nullable(_HEADERS), "to be sent along; none that wad writes itself"),
        "timeout": about(
            nullable(_seconds(LONGEST_TIMEOUT)), f"seconds to wait for an answer, {TIMEOUT:g} if not set"
        ),
        "after": about(
            nullable(COUNT), "the number of the event behind which to begin; not beyond the newest"
        ),
    },
    optional=("secret", "secrets", "events", "headers", "timeout", "after"),
    description="A webhook to be set",
) | {"not": {"required": ["secret", "secrets"]}}

MESSAGING_SENT: dict[str, Schema] = {
    "Draft": _DRAFT,
    "NumberToCheck": {"type": "string", "pattern": rf"^\s*{_NUMBER}(@c\.us|@s\.whatsapp\.net)?\s*$"},
    "NewText": record({"text": about(_TEXT, "not blank")}),
    "ReactionText": record(
        {"text": about({"type": "string", "maxLength": LONGEST_REACTION}, "one emoji; empty takes it back")}
    ),
    "TypingState": record({"on": about(FLAG, "true if not set")}, optional=("on",)),
    "WebhookSettings": _WEBHOOK,
}

MESSAGING_BODIES: dict[str, Schema] = {
    "Draft": json_body(
        "Draft",
        {"to": "+1 555 123-45-67", "text": "On its way", "clientRef": "order-17"},
        LIMIT,
        required=True,
    ),
    "NewText": json_body("NewText", {"text": "On its way, a day early"}, LIMIT, required=True),
    "ReactionText": json_body("ReactionText", {"text": "👍"}, LIMIT, required=True),
    "TypingState": json_body("TypingState", {"on": False}, LIMIT, required=False),
    "WebhookSettings": json_body(
        "WebhookSettings", {"url": "https://example.org/hook", "events": ["message"]}, LIMIT, required=True
    ),
}

# What an open segment of a path may be.
SEGMENTS: dict[str, Schema] = {
    "id": about({"type": "string", "pattern": "^[^/]+$"}, "the message's id, or the client's reference"),
    "chat": about(ADDRESS, "a number, or an id ending in `@c.us`, `@lid` or `@g.us`"),
    "group": about({"type": "string", "pattern": rf"^{_GROUP}$"}, "a group's id, which ends in `@g.us`"),
    "name": about(WEBHOOK_NAME, "the webhook's name"),
    "sha256": about(
        {"type": "string", "pattern": "^[0-9a-f]{64}$"}, "the SHA-256 of the file's content, in hex"
    ),
}


def _query(name: str, schema: Schema, description: str, **further: object) -> Schema:
    return {"name": name, "in": "query", "description": description, "schema": schema, **further}


_PERIOD: Schema = {"type": "number", "minimum": 0}

MESSAGING_PARAMETERS: dict[str, Schema] = {
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "The client's own reference: the same one with the same content is the same message.",
        "schema": {"type": "string", "maxLength": LONGEST_REF, "pattern": "^[!-~]([ -~]*[!-~])?$"},
    },
    "WaitUntil": _query(
        "wait",
        {"type": "string", "const": str(Progress.SENT)},
        "Answer only when WhatsApp's server has the message, or it has failed; 202 if that takes too long.",
    ),
    "Timeout": _query(
        "timeout", _PERIOD, f"Seconds to wait so; {WAIT:g} if not set, {LONGEST_WAIT:g} at the most."
    ),
    "After": _query("after", COUNT, "The number of the last event that is known; 0, if not set, for none."),
    "AfterNewest": _query(
        "after", COUNT, "The number of the last event that is known; the newest, if not set."
    ),
    "Types": _query(
        "types",
        EVENT_TYPES,
        "Only events of these types, with commas between them.",
        style="form",
        explode=False,
    ),
    "Limit": _query("limit", COUNT, f"At most so many; {EVENTS_AT_ONCE} if not set, {PAGE} at the most."),
    "WaitFor": _query(
        "wait", _PERIOD, f"Seconds to wait for the first event, {LONGEST_WAIT:g} at the most; else none."
    ),
    "LastEventId": {
        "name": "Last-Event-ID",
        "in": "header",
        "description": "As `after`, and before it: what a browser sends when it takes a stream up again.",
        "schema": TEXT,
    },
}
