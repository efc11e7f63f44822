"""The answers that are no errors, and what is sent with a request."""

from wad.web.body import LIMIT
from wad.web.openapi.examples import examples
from wad.web.openapi.headers import answer_headers
from wad.web.openapi.shapes import TEXT, Schema, about, ref

_LIMITED = f"At most {LIMIT} bytes."
# The separators people type; typographic spaces and hyphens are taken, too.
_GAP = r"[ ().\-/]*"
_DIGIT = f"[0-9]{_GAP}"
# 7 to 15 digits, of which the first is no 0, and the first two are not 89: no country's code begins so.
PHONE = rf"^{_GAP}\+?{_GAP}([1-79]{_GAP}[0-9]|8{_GAP}[0-8]){_GAP}({_DIGIT}){{5,13}}$"


def _json(name: str, schema: str, description: str, headers: Schema | None = None) -> Schema:
    """Give an answer of JSON, whose examples are those of `name`."""
    content = {"schema": ref("schemas", schema), "examples": examples(name)}
    return {
        "description": description,
        "headers": answer_headers() if headers is None else headers,
        "content": {"application/json": content},
    }


def _text(description: str) -> Schema:
    content = {"text/plain": {"schema": TEXT}}
    return {"description": description, "headers": answer_headers(), "content": content}


def _picture(media_type: str, description: str = "The code's picture") -> Schema:
    """Give an answer of bytes; generators know them by ``format``, the other is JSON Schema's word."""
    schema = {"type": "string", "format": "binary", "contentMediaType": media_type}
    content = {media_type: {"schema": schema}}
    return {"description": description, "headers": answer_headers(), "content": content}


def _empty(headers: Schema) -> Schema:
    return {"description": "The copy one has still holds", "headers": headers}


_KEPT = answer_headers("ETag", kept=True)
_DESCRIPTION: Schema = {
    "description": "OpenAPI 3.1",
    "headers": _KEPT,
    "content": {"application/json": {"schema": ref("schemas", "Description")}},
}

ANSWERS: dict[str, Schema] = {
    "Status": _json("Status", "LinkStatus", "The status", answer_headers("ETag")),
    "Health": _json("Health", "Health", "Whatever the link does"),
    "Account": _json("Account", "LinkedAccount", "The account, if one is linked"),
    "History": _json("History", "History", "The last changes"),
    "Started": _json("Started", "Started", "Taken; it is not waited for"),
    "Stopped": _json("Stopped", "Taken", "Taken; the browser is being closed"),
    "Reset": _json("Reset", "Forgotten", "Taken; a new code is on its way"),
    "LoggedOut": _json("LoggedOut", "Forgotten", "Taken; a new code is on its way"),
    "Pairing": _json("Pairing", "Taken", "Taken; the code appears in the status"),
    "PairingCancelled": _json("PairingCancelled", "Taken", "Taken; the QR code comes back"),
    "Alive": _json("Alive", "Alive", "The supervisor advances"),
    "Ready": _json("Ready", "Ready", "Linked and in step"),
    "Pressed": _json("Pressed", "Pressed", "The button was pressed"),
    "Png": _picture("image/png"),
    "Screenshot": _picture("image/png", "The window, 1280 pixels wide"),
    "Svg": _picture("image/svg+xml"),
    "Txt": _text("The code, drawn with characters"),
    "Metrics": _text("Prometheus' text format 0.0.4"),
    "Description": _DESCRIPTION,
    "StillTheSame": _empty(answer_headers("ETag")),
    "KeptStillTheSame": _empty(_KEPT),
}

SENT_SCHEMAS: dict[str, Schema] = {
    "PhoneNumber": {
        "type": "object",
        "required": ["phone"],
        "properties": {
            "phone": about(
                {"type": "string", "pattern": PHONE},
                "The number of the phone, country code first; the usual separators do not matter",
            )
        },
    },
    "ButtonArguments": {
        "type": "object",
        "description": "What the button takes, if anything",
        "additionalProperties": True,
    },
}


def _body(schema: str, example: Schema, *, required: bool) -> Schema:
    content = {"application/json": {"schema": ref("schemas", schema), "example": example}}
    return {"description": _LIMITED, "required": required, "content": content}


BODIES: dict[str, Schema] = {
    "Phone": _body("PhoneNumber", {"phone": "+1 555 123-45-67"}, required=True),
    "Press": _body("ButtonArguments", {"number": "15557654321"}, required=False),
}
