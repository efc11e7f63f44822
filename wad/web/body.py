"""A request's body as it comes: collected up to a limit, counted beyond it, read as JSON."""

import json
import sys

from wad.reports.documents import Document
from wad.web.errors import bad_request

# The longest body wad has a use for is a phone number in JSON; 16 KiB is what nginx lets through, too.
LIMIT = 16 * 1024
# How much of a refused body is read to its end for the sake of the client.
_LINGER = 1024 * 1024


class Body:
    """What was received so far, of at most `limit` bytes."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._kept = bytearray()
        self._received = 0

    def add(self, chunk: bytes) -> None:
        """Take a piece; nothing is kept of a body that is too long."""
        self._received += len(chunk)
        if self.too_long:
            self._kept.clear()
        else:
            self._kept += chunk

    @property
    def too_long(self) -> bool:
        """Whether it is longer than anything wad has a use for."""
        return self._received > self._limit

    @property
    def endless(self) -> bool:
        """Whether to stop waiting for its end."""
        return self._received > self._limit + _LINGER

    def arguments(self) -> Document:
        """Give the JSON object it holds; an empty body holds an empty one."""
        return json_object(self._kept)


def json_object(text: bytes | bytearray) -> Document:
    """Give the JSON object that a text holds; an empty text holds an empty one. Raises Refusal."""
    if not text.strip():
        return {}
    try:
        found = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError) as exc:
        raise bad_request("invalid_json", "the body is no JSON") from exc
    if not isinstance(found, dict):
        raise bad_request("invalid_json", "the body must be a JSON object")
    return found


def exceeds(digits: str, limit: int) -> bool:
    """Compare an announced length, without reading a number of thousands of digits."""
    return digits.isdecimal() and (len(digits) > len(str(sys.maxsize)) or int(digits) > limit)


def _no_number(text: str) -> None:
    """Refuse NaN and the infinities, which Python reads and JSON does not have."""
    raise ValueError(f"{text} is no JSON")
