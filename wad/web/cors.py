"""The headers by which a browser lets another site's page read our answer.

They stand on every answer, errors included: a page that may not read an error cannot tell it from a dead
daemon. Behind nginx these are hidden and nginx writes its own, from the same list of origins.
"""

_METHODS = "GET, HEAD, POST, PUT, DELETE, OPTIONS"
_HEADERS = "Authorization, Content-Type, Idempotency-Key, If-None-Match, Last-Event-ID, X-Request-ID"
_EXPOSED = "ETag, Retry-After, X-Request-ID"
# Browsers ask again after ten minutes, as with the shipped nginx site.
_PREFLIGHT_LASTS = "600"


def cors_headers(origin: str | None, *, preflight: bool) -> dict[str, str]:
    """Give the headers for an accepted `origin`; without one only that the answer depends on it."""
    headers = {"Vary": "Origin"}
    if origin is not None:
        headers |= {
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Allow-Credentials": "true",
            "Access-Control-Allow-Methods": _METHODS,
            "Access-Control-Allow-Headers": _HEADERS,
            "Access-Control-Expose-Headers": _EXPOSED,
        }
        if preflight:
            headers["Access-Control-Max-Age"] = _PREFLIGHT_LASTS
    return headers
