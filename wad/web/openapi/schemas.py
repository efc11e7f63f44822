"""What the bodies look like: the keys of what `wad.reports.documents` makes, once more, with types."""

from wad.core.reasons import REASONS, Reason, State
from wad.core.status import Phase
from wad.reports.history import LENGTH
from wad.web.openapi.shapes import (
    COUNT,
    FLAG,
    TEXT,
    TIME,
    YES,
    Schema,
    about,
    nullable,
    record,
    ref,
    words,
)

_STATE, _PHASE, _REASON = (ref("schemas", name) for name in ("State", "Phase", "Reason"))
_ACCOUNT = nullable(ref("schemas", "AccountInfo"))
# There only where secrets were left out for want of the token.
_WITHHELD = {"authRequired": about(YES, "secrets were left out: the token is wanted")}
_SENTENCE = about(TEXT, "for people")

_STATUS_WORD = words([*State, "error"], "the state; `error` only after a failure inside wad")

STATUS = record(
    {
        "success": about(FLAG, "false only after a failure inside wad"),
        "status": _STATUS_WORD,
        "isReady": about(FLAG, "linked and in step"),
        "hasQr": about(FLAG, "a code to scan is live now"),
        "qrCode": about(
            nullable({"type": "string", "pattern": "^data:image/png;base64,[A-Za-z0-9+/]+=*$"}),
            "the code's picture, ready for `<img src>`; null without the token, too",
        ),
        "currentState": _STATE,
        "message": _SENTENCE,
        "accountInfo": _ACCOUNT,
        "phase": _PHASE,
        "reason": nullable(_REASON),
        "since": about(TIME, "when the state last changed"),
        "seq": about(COUNT, "grows by one with every change"),
        "instance": ref("schemas", "Instance"),
        "qrExpiresAt": about(nullable(TIME), "when the code stops being live"),
        "pairingCode": about(
            nullable({"type": "string", "pattern": "^[0-9A-Z]{8}$"}),
            "the code to type on the phone; people are shown it as ABCD-1234",
        ),
        "progress": about(
            nullable({"type": "integer", "minimum": 0, "maximum": 100}), "per cent, while the chats load"
        ),
        "sandbox": about(FLAG, "this is the stand-in, and not WhatsApp"),
        "action": about(nullable(TEXT), "what a person can do about `reason`"),
        "pairingCodeExpiresAt": nullable(TIME),
        "blockedReason": about(nullable(TEXT), "the network's error; only while hosts are blocked"),
        "blockedUntil": about(
            nullable(TIME), "when a ban ends, if WhatsApp told; only while it is the reason"
        ),
        "blockedUrl": about(nullable(TEXT), "what was refused; only while hosts are blocked"),
        "error": about(TEXT, "what failed inside wad; only then"),
        **_WITHHELD,
    },
    optional=("blockedReason", "blockedUntil", "blockedUrl", "error", *_WITHHELD),
)

ACCOUNT_INFO = record(
    {
        "phoneNumber": {"type": "string", "pattern": r"^\d{5,15}@c\.us$"},
        "name": nullable(TEXT),
        "platform": about(nullable(TEXT), "the phone's, as WhatsApp names it"),
        "profilePicUrl": about(
            nullable(TEXT), "where WhatsApp has it, for some days; null where there is none"
        ),
        "isReady": YES,
        "connectedAt": nullable(TIME),
    },
    description="Who is linked",
)

ACCOUNT = record(
    {"success": FLAG, "account": _ACCOUNT, "hasActiveAccount": FLAG, **_WITHHELD}, optional=_WITHHELD
)

_COMMAND = {"success": YES, "message": _SENTENCE}
TAKEN = record({**_COMMAND, "status": _STATE, "currentState": _STATE}, description="A command was taken")
FORGOTTEN = record(
    {**_COMMAND, "requiresNewAuth": YES, "currentState": _STATE},
    description="The session is being forgotten",
)
STARTED = record(
    {
        "success": YES,
        "status": words(["initializing", *State], "`initializing` while the browser comes up"),
        "message": _SENTENCE,
        "currentState": _STATE,
        "hasQr": FLAG,
        "accountInfo": _ACCOUNT,
    },
    description="What start has led to so far",
)

TRANSITION = record(
    {"seq": COUNT, "at": TIME, "from": _STATE, "to": _STATE, "phase": _PHASE, "reason": nullable(_REASON)},
    description="One change of phase or reason; `from` and `to` may be equal",
)
HISTORY = record(
    {
        "success": YES,
        "instance": ref("schemas", "Instance"),
        "transitions": about(
            {"type": "array", "maxItems": LENGTH, "items": ref("schemas", "Transition")}, "oldest first"
        ),
    }
)

DESCRIPTION: Schema = {
    "type": "object",
    "description": "A document of OpenAPI",
    "required": ["openapi", "info", "servers", "paths", "components"],
    "properties": {"openapi": TEXT},
    "additionalProperties": True,
}
PRESSED: Schema = {
    "type": "object",
    "description": "The button was pressed; further keys are the button's own",
    "properties": {"success": YES},
    "required": ["success"],
    "additionalProperties": True,
}


def _reasons() -> str:
    rows = [f"- `{reason}` ({row.state}): {row.sentence}" for reason, row in REASONS.items()]
    return "\n".join(["Why the link is in its state:", "", *rows])


# A name is never that of one of its own keys: generated code has a variable of either name.
SCHEMAS: dict[str, Schema] = {
    "State": words(State, "How the link is"),
    "Phase": words(Phase, "Finer than the state: what wad is at"),
    "Reason": words(Reason, _reasons()),
    "Instance": about(TEXT, "changes when the daemon was started anew; `seq` begins anew with it"),
    "AccountInfo": ACCOUNT_INFO,
    "LinkStatus": STATUS,
    "LinkedAccount": ACCOUNT,
    "Taken": TAKEN,
    "Forgotten": FORGOTTEN,
    "Started": STARTED,
    "Transition": TRANSITION,
    "History": HISTORY,
    "Pressed": PRESSED,
    "Description": DESCRIPTION,
}
