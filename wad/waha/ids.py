"""How WAHA names things: its one session, its states of a session, its acks, its files.

Rules of this file: pure. What has no word of its own in WAHA is told by the nearest one that promises less.
"""

from collections.abc import Mapping
from pathlib import PurePosixPath
from secrets import token_hex
from typing import Any, Final

from wad.core.reasons import State
from wad.core.status import Phase

Document = dict[str, Any]

# The only session there is: wad keeps one account.
SESSION: Final = "default"
# Clients know but a few engines; this one drives the same page.
ENGINE: Final = "WEBJS"
# The edition of WAHA's description that is spoken here.
SPOKEN: Final = "2026.7.1"
TIER: Final = "CORE"

STOPPED, STARTING, SCAN, WORKING, FAILED = "STOPPED", "STARTING", "SCAN_QR_CODE", "WORKING", "FAILED"
_STATUSES: Final[Mapping[str, str]] = {
    State.READY: WORKING,
    State.QR: SCAN,
    State.AUTHENTICATED: STARTING,
    State.DISCONNECTED: STARTING,
    State.BLOCKED: FAILED,
}
_AT_REST: Final = frozenset({Phase.STOPPED, Phase.STOPPING})

_ACKS: Final[Mapping[int, str]] = {
    -1: "ERROR",
    0: "PENDING",
    1: "SERVER",
    2: "DEVICE",
    3: "READ",
    4: "PLAYED",
}
_LOWEST_ACK, _HIGHEST_ACK = min(_ACKS), max(_ACKS)

_SUFFIXES: Final[Mapping[str, str]] = {
    "image/jpeg": "jpeg",
    "image/png": "png",
    "image/webp": "webp",
    "image/gif": "gif",
    "video/mp4": "mp4",
    "audio/ogg": "oga",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "application/pdf": "pdf",
    "text/plain": "txt",
}
_LONGEST_SUFFIX: Final = 8
# Of a key as WhatsApp's own page makes them: these letters, and 18 digits of hex.
_KEY: Final = "3EB0"
_KEY_BYTES: Final = 9


def session_status(state: str, phase: str) -> str:
    """Give a session's status in WAHA's word; wad's `idle` is both a daemon at rest and one that starts."""
    return _STATUSES.get(state) or (STOPPED if phase in _AT_REST else STARTING)


def ack_of(ack: int) -> tuple[int, str]:
    """Give an ack as WAHA has it, with its name."""
    told = max(_LOWEST_ACK, min(ack, _HIGHEST_ACK))
    return told, _ACKS[told]


def new_key() -> str:
    """Make a key for a message that is yet to be sent."""
    return _KEY + token_hex(_KEY_BYTES).upper()


def file_url(base: str, media: Mapping[str, Any]) -> str | None:
    """Give the address of a message's file below `base`, which clients reach; None where it has no name.

    Clients tell a file's kind by how the address ends.
    """
    if media.get("sha256") is None:
        return None
    return f"{base}/api/files/{SESSION}/{media['sha256']}.{_suffix(media)}"


def _suffix(media: Mapping[str, Any]) -> str:
    found = _SUFFIXES.get(str(media.get("mimetype") or "").partition(";")[0])
    named = PurePosixPath(str(media.get("filename") or "")).suffix.removeprefix(".").lower()
    if found is None and named.isascii() and named.isalnum() and len(named) <= _LONGEST_SUFFIX:
        return named
    return found or "bin"
