"""The answers that are no errors, and what is sent with a request."""

from wad.web.body import LIMIT
from wad.web.openapi.examples import examples
from wad.web.openapi.headers import PAGE_ONLY, answer_headers
from wad.web.openapi.shapes import TEXT, Schema, about, ref
from wad.web.pages import page_files

_LIMITED = f"At most {LIMIT} bytes."
# The separators people type; typographic spaces and hyphens are taken, too.
_GAP = r"[ ().\-/]*"
_DIGIT = f"[0-9]{_GAP}"
# 7 to 15 digits, of which the first is no 0, and the first two are not 89: no country's code begins so.
PHONE = rf"^{_GAP}\+?{_GAP}([1-79]{_GAP}[0-9]|8{_GAP}[0-8]){_GAP}({_DIGIT}){{5,13}}$"


def _json(name: str, *bodies: str, description: str, headers: Schema | None = None) -> Schema:
    """Give an answer of JSON; `bodies` are its possible schemas, `name` that of its examples."""
    known = [ref("schemas", each) for each in bodies]
    schema = known[0] if len(known) == 1 else {"anyOf": known}
    return {
        "description": description,
        "headers": answer_headers() if headers is None else headers,
        "content": {"application/json": {"schema": schema, "examples": examples(name)}},
    }


def _file(description: str, *types: str, headers: Schema | None = None) -> Schema:
    return {
        "description": description,
        "headers": answer_headers() if headers is None else headers,
        "content": {each: {"schema": TEXT} if each.startswith("text/") else {} for each in types},
    }


def _empty(description: str, headers: Schema) -> Schema:
    return {"description": description, "headers": headers}


_MEDIA_TYPES = sorted({file.content_type.partition(";")[0] for file in page_files().values()})
_KEPT = answer_headers("ETag", kept=True)
_PAGE = answer_headers("ETag", *PAGE_ONLY, kept=True)
_DESCRIPTION: Schema = {
    "description": "OpenAPI 3.1",
    "headers": _KEPT,
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["openapi", "info", "servers", "paths", "components"],
                "properties": {"openapi": {"type": "string", "enum": ["3.1.0"]}},
            }
        }
    },
}

ANSWERS: dict[str, Schema] = {
    "Status": _json(
        "Status", "Status", "StatusFailed", description="The status", headers=answer_headers("ETag")
    ),
    "Health": _json("Health", "Health", "HealthFailed", description="Whatever the link does"),
    "Account": _json("Account", "Account", description="The account, if one is linked"),
    "History": _json("History", "History", description="The last changes"),
    "Started": _json("Started", "Started", description="Taken; it is not waited for"),
    "Stopped": _json("Stopped", "Taken", description="Taken; the browser is being closed"),
    "Reset": _json("Reset", "Forgotten", description="Taken; a new code is on its way"),
    "LoggedOut": _json("LoggedOut", "Forgotten", description="Taken; a new code is on its way"),
    "Pairing": _json("Pairing", "Taken", description="Taken; the code appears in the status"),
    "PairingCancelled": _json("PairingCancelled", "Taken", description="Taken; the QR code comes back"),
    "Alive": _json("Alive", "Alive", description="The supervisor advances"),
    "Ready": _json("Ready", "Ready", description="Linked and in step"),
    "Pressed": _json("Pressed", "Pressed", description="The button was pressed"),
    "Png": _file("The code's picture", "image/png"),
    "Screenshot": _file("The window, 1280 pixels wide", "image/png"),
    "Svg": _file("The code's picture", "image/svg+xml"),
    "Txt": _file("The code, drawn with characters", "text/plain"),
    "Metrics": _file("Prometheus' text format 0.0.4", "text/plain"),
    "Page": _file("The page", "text/html", headers=_PAGE),
    "PageFile": _file("The file", *_MEDIA_TYPES, headers=_PAGE),
    "Description": _DESCRIPTION,
    "StillTheSame": _empty("The copy one has still holds", answer_headers("ETag")),
    "KeptStillTheSame": _empty("The copy one has still holds", _KEPT),
    "PageStillTheSame": _empty("The copy one has still holds", _PAGE),
    "Methods": _empty(
        "Also the answer to a browser's preflight", answer_headers("Allow", "Access-Control-Max-Age")
    ),
}

_OBJECT: Schema = {"type": "object"}
_NUMBER: Schema = {
    "type": "object",
    "required": ["phone"],
    "properties": {
        "phone": about(
            {"type": "string", "pattern": PHONE},
            "The number of the phone, country code first; the usual separators do not matter",
        )
    },
}


def _body(schema: Schema, example: Schema, *, required: bool, description: str) -> Schema:
    content = {"application/json": {"schema": schema, "example": example}}
    return {"description": f"{description} {_LIMITED}", "required": required, "content": content}


BODIES: dict[str, Schema] = {
    "Nothing": _body(_OBJECT, {}, required=False, description="Not needed, and not looked at."),
    "Phone": _body(
        _NUMBER, {"phone": "+1 555 123-45-67"}, required=True, description="Whose phone is to be linked."
    ),
    "Press": _body(
        _OBJECT, {"number": "15557654321"}, required=False, description="What the button takes, if anything."
    ),
}
