"""Files: what can be asked, what is sent, and what the answers look like."""

from wad.core.message import MediaKind, MediaSeen
from wad.media.names import LONGEST as LONGEST_FILENAME
from wad.messages.contents import (
    FEWEST_OPTIONS,
    LONGEST_NAME,
    LONGEST_OPTION,
    LONGEST_QUESTION,
    MOST_OPTIONS,
)
from wad.messages.documents import media_document
from wad.store.media import MediaState
from wad.web.openapi.forms import json_answer
from wad.web.openapi.headers import answer_headers
from wad.web.openapi.operations import Operation
from wad.web.openapi.shapes import COUNT, FLAG, TEXT, YES, Schema, about, nullable, one_of, record, ref, words

_STORE = ("StoreTrouble", "DiskFull")
_SHA256: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_BINARY: Schema = {"type": "string", "format": "binary", "contentMediaType": "application/octet-stream"}
_FOUR = "[A-Za-z0-9+/]{4}"
_BASE64: Schema = {
    "type": "string",
    "pattern": f"^({_FOUR})*({_FOUR}|[A-Za-z0-9+/]{{2}}==|[A-Za-z0-9+/]{{3}}=)$",
}
_URL: Schema = {
    "type": "string",
    "maxLength": 2000,
    "pattern": r"^https?://[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[1-9][0-9]{0,3})?(/[!-~]*)?$",
}


def _words(most: int) -> Schema:
    return {"type": "string", "maxLength": most, "pattern": r"\S"}


def _degrees(most: float) -> Schema:
    return {"type": "number", "minimum": -most, "maximum": most}


_NUMBER: Schema = {"type": "string", "pattern": r"^\+?[0-9]{5,20}$"}

MEDIA_SCHEMAS: dict[str, Schema] = {
    "MediaKind": words(MediaKind, "As what a file is sent, or came"),
    "MediaFile": record(
        {
            "kind": ref("schemas", "MediaKind"),
            "mimetype": nullable(TEXT),
            "filename": nullable(TEXT),
            "size": about(nullable(COUNT), "bytes"),
            "sha256": about(nullable(_SHA256), "of its content, in hex"),
            "width": nullable(COUNT),
            "height": nullable(COUNT),
            "seconds": nullable({"type": "number", "minimum": 0}),
            "state": words(
                MediaState, "where it is: at WhatsApp's servers, here, or nowhere that wad gets it from"
            ),
            "url": about(nullable(TEXT), "a path of wad's own; whoever asks there has it fetched"),
        },
        description="A message's file",
    ),
    "Location": record({"latitude": _degrees(90), "longitude": _degrees(180), "name": nullable(TEXT)}),
    "VCard": record({"vcard": about(TEXT, "RFC 2426")}),
    "Poll": record({"name": TEXT, "options": {"type": "array", "items": TEXT}, "multiple": FLAG}),
    "MediaToSend": record(
        {
            "url": about(_URL, "where wad fetches it; an address of this network only if that is allowed"),
            "data": about(_BASE64, "the file in base64; a data URL will do"),
            "sha256": about(_SHA256, "of one that was uploaded"),
            "kind": about(ref("schemas", "MediaKind"), "by its content, if not set"),
            "mimetype": about(
                {"type": "string", "pattern": r"^[a-z]{1,40}/[a-z0-9.+-]{1,40}$"},
                "counts only where the content does not tell",
            ),
            "filename": about({"type": "string", "maxLength": LONGEST_FILENAME}, "what it is called there"),
        },
        optional=("url", "data", "sha256", "kind", "mimetype", "filename"),
        description="A file to be sent, by one of `url`, `data` and `sha256`",
    )
    | one_of(("url", "data", "sha256")),
    "LocationToSend": record(
        {"latitude": _degrees(90), "longitude": _degrees(180), "name": _words(LONGEST_NAME)},
        optional=("name",),
    ),
    "ContactToSend": record(
        {"name": _words(LONGEST_NAME), "phone": _NUMBER, "organization": _words(LONGEST_NAME)},
        optional=("organization",),
        description="A contact; `vcard` alone, with one whole, will do as well",
    ),
    "PollToSend": record(
        {
            "name": _words(LONGEST_QUESTION),
            "options": {
                "type": "array",
                "minItems": FEWEST_OPTIONS,
                "maxItems": MOST_OPTIONS,
                "uniqueItems": True,
                "items": _words(LONGEST_OPTION),
            },
            "multiple": about(FLAG, "false if not set"),
        },
        optional=("multiple",),
    ),
    "MediaAnswer": record({"success": YES, "media": ref("schemas", "MediaFile")}),
}

_SEEN = MediaSeen(
    MediaKind.DOCUMENT,
    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "application/pdf",
    "May.pdf",
    48_213,
)

_FILE_HEADERS = {
    **answer_headers("ETag", cache="KeptForEver"),
    "Accept-Ranges": ref("headers", "AcceptRanges"),
    "Content-Disposition": ref("headers", "ContentDisposition"),
    "Content-Security-Policy": ref("headers", "Content-Security-Policy"),
}
# Of any type; generators know what to do with the first.
_CONTENT = {"application/octet-stream": {"schema": _BINARY}, "*/*": {"schema": _BINARY}}

MEDIA_ANSWERS: dict[str, Schema] = {
    "Uploaded": json_answer(
        "MediaAnswer",
        "The file is on the disk; it can be sent by its `sha256`",
        {"document": {"success": True, "media": media_document(_SEEN, MediaState.STORED)}},
    ),
    "File": {
        "description": "The file; what a browser might run comes as bytes to be saved",
        "headers": _FILE_HEADERS,
        "content": _CONTENT,
    },
    "PartOfFile": {
        "description": "The part that was asked for",
        "headers": {**_FILE_HEADERS, "Content-Range": ref("headers", "Content-Range")},
        "content": _CONTENT,
    },
}

MEDIA_ANSWERS["FileStillTheSame"] = {
    "description": "The copy one has still holds",
    "headers": _FILE_HEADERS,
}

MEDIA_BODIES: dict[str, Schema] = {
    "File": {
        "description": "The file itself, or a form (RFC 7578) with it.",
        "required": True,
        "content": {
            "application/octet-stream": {"schema": _BINARY},
        },
    },
}

MEDIA_OPERATIONS: dict[str, Operation] = {
    "POST /api/whatsapp/media": Operation(
        "uploadMedia",
        "messages",
        "Upload a file, to be sent later",
        None,
        "The body is the file, whose name is in `filename` or in Content-Disposition; or a form with it. "
        "A file that nobody sends goes as old ones do.",
        created="Uploaded",
        refusals=("NoForm", "MediaRefused", *_STORE),
        body="File",
    ),
    "GET /api/whatsapp/media/{sha256}": Operation(
        "getMedia",
        "messages",
        "A file",
        "File",
        "One that is not here yet is fetched from WhatsApp's servers first; ask again after 503. "
        "Parts of it are given by Range.",
        part="PartOfFile",
        unchanged="FileStillTheSame",
        refusals=("NoMedia", "MediaExpired", "MediaUnreachable", "MediaPending", "NoSuchPart"),
    ),
}
