"""The headers of answers, and those of requests that mean something."""

from wad.web.cors import cors_headers
from wad.web.openapi.shapes import TEXT, Schema, constant, ref

_SECONDS: Schema = {"type": "integer", "minimum": 1}
_REQUEST_ID = "[!-~]{1,128}"


def _always(schema: Schema, description: str) -> Schema:
    return {"description": description, "required": True, "schema": schema}


def _fixed(value: str, description: str) -> Schema:
    return _always(constant(value), description)


# They come only where the asking page is of an origin that is allowed.
_CORS = {
    name: {"description": "only to an origin that may read the answer", "schema": TEXT}
    for name in cors_headers("https://origin.example", preflight=False)
    if name.startswith("Access-Control-")
}

# By the name of the component, which is the header's, if not for its value or where it is missing at times.
HEADERS: dict[str, Schema] = {
    "X-Request-ID": _always(
        {"type": "string", "pattern": f"^{_REQUEST_ID}$"}, "the request's own, or one of wad's making"
    ),
    "Cross-Origin-Resource-Policy": _fixed("same-site", "no other site's page can use the body"),
    "X-Content-Type-Options": _fixed("nosniff", "the body is of the type it is said to be"),
    "Referrer-Policy": _fixed("no-referrer", "addresses stay here"),
    "Vary": _fixed("Origin", "the CORS headers depend on it"),
    "NoStore": _fixed("no-store", "it may hold what nobody else is to see"),
    "NoCache": _fixed("no-cache", "it may be kept, and has to be asked for again with its ETag"),
    "KeptForEver": _fixed("private, max-age=31536000, immutable", "its address is the hash of its content"),
    "AcceptRanges": _fixed("bytes", "parts of it can be asked for"),
    "ContentDisposition": _always(
        {"type": "string", "pattern": "^(inline|attachment)"},
        "what it is called, and whether it may be shown",
    ),
    "Content-Security-Policy": _always(
        {"type": "string", "pattern": "^sandbox; default-src 'none'"}, "nothing in the body is run"
    ),
    "Content-Range": _always({"type": "string", "pattern": "^bytes "}, "which part of how many bytes"),
    "ETag": _always({"type": "string", "pattern": '^(W/)?"[0-9a-f]{32,64}"$'}, "a hash of the body"),
    "NoBuffering": _fixed("no", "proxies are to hand each piece on at once"),
    "Retry-AfterIfKnown": {"description": "seconds, where it is known", "schema": _SECONDS},
    "Retry-After": _always(_SECONDS, "seconds to wait before the next attempt"),
    "WWW-Authenticate": _always(
        {"type": "string", "pattern": '^Bearer realm="wad"(, error="invalid_token")?$'}, "what is wanted"
    ),
    **_CORS,
}

_EVERYWHERE = (
    "X-Request-ID",
    "Cross-Origin-Resource-Policy",
    "X-Content-Type-Options",
    "Referrer-Policy",
    "Vary",
)


def answer_headers(*further: str, kept: bool = False, cache: str | None = None) -> Schema:
    """Give an answer's headers: those of all answers, and `further` ones. `kept` means that it may be.

    `cache` names another header of ours for how long.
    """
    named = {name: ref("headers", name) for name in (*_EVERYWHERE, *further, *_CORS)}
    return {"Cache-Control": ref("headers", cache or ("NoCache" if kept else "NoStore")), **named}


PARAMETERS: dict[str, Schema] = {
    "RequestId": {
        "name": "X-Request-ID",
        "in": "header",
        "description": "Comes back if it has 1 to 128 visible ASCII characters; else wad makes one.",
        "schema": TEXT,
    },
    "IfNoneMatch": {
        "name": "If-None-Match",
        "in": "header",
        "description": "The ETag of the copy one has: if it still holds, the answer is 304 without a body.",
        "schema": TEXT,
    },
}
