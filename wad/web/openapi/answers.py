"""The answers that are no errors, and what is sent with a request."""

from wad.web.body import LIMIT
from wad.web.openapi.examples import EXAMPLES
from wad.web.openapi.forms import json_answer, json_body, text_answer
from wad.web.openapi.headers import answer_headers
from wad.web.openapi.shapes import Schema, about, ref

# The separators people type; typographic spaces and hyphens are taken, too.
_GAP = r"[ ().\-/]*"
_DIGIT = f"[0-9]{_GAP}"
# 7 to 15 digits, of which the first is no 0, and the first two are not 89: no country's code begins so.
PHONE = rf"^{_GAP}\+?{_GAP}([1-79]{_GAP}[0-9]|8{_GAP}[0-8]){_GAP}({_DIGIT}){{5,13}}$"


def _json(name: str, schema: str, description: str, headers: Schema | None = None) -> Schema:
    """Give an answer of JSON, whose examples are those of `name`."""
    return json_answer(schema, description, EXAMPLES[name], headers)


def _picture(*media_types: str, description: str = "The code's picture") -> Schema:
    """Give an answer of bytes; generators know them by ``format``, the other is JSON Schema's word."""
    content = {
        each: {"schema": {"type": "string", "format": "binary", "contentMediaType": each}}
        for each in media_types
    }
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
    "SentMedium": _picture(*("application/octet-stream", "*/*"), description="The medium, as it arrived"),
    "Png": _picture("image/png"),
    "Screenshot": _picture("image/png", description="The window, 1280 pixels wide"),
    "Svg": _picture("image/svg+xml"),
    "Txt": text_answer("The code, drawn with characters"),
    "Metrics": text_answer("Prometheus' text format 0.0.4"),
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


BODIES: dict[str, Schema] = {
    "Phone": json_body("PhoneNumber", {"phone": "+1 555 123-45-67"}, LIMIT, required=True),
    "Press": json_body("ButtonArguments", {"number": "15557654321"}, LIMIT, required=False),
}
