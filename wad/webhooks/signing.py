"""Signatures as Standard Webhooks has them: HMAC-SHA256 over id, time and body, by one secret or two.

Rules of this file: a secret is in no exception and no `repr`.
"""

import base64
import hmac
import secrets as chance
from collections.abc import Iterable
from typing import Final

from wad.core.errors import WebhookError

_PREFIX: Final = "whsec_"
# In bytes, as Standard Webhooks wants them.
_LEAST, _MOST = 24, 64


def make_secret() -> str:
    """Make a secret, as it is told to the receiver."""
    return _PREFIX + base64.b64encode(chance.token_bytes(32)).decode()


def read_secret(text: object) -> bytes:
    """Give a secret's bytes. Raises WebhookError."""
    if not isinstance(text, str) or not text.startswith(_PREFIX):
        raise WebhookError(f"a secret begins with {_PREFIX} and goes on in base64")
    try:
        found = base64.b64decode(text.removeprefix(_PREFIX), validate=True)
    except ValueError:
        raise WebhookError(f"a secret is base64 behind {_PREFIX}") from None
    if not _LEAST <= len(found) <= _MOST:
        raise WebhookError(f"a secret has {_LEAST} to {_MOST} bytes")
    return found


def signed(secrets: Iterable[str], event_id: str, seconds: int, body: bytes) -> dict[str, str]:
    """Give the headers that sign a body; `seconds` since 1970. While a secret is changed both sign."""
    content = b".".join((event_id.encode(), str(seconds).encode(), body))
    marks = [hmac.digest(read_secret(each), content, "sha256") for each in secrets]
    return {
        "webhook-id": event_id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": " ".join(f"v1,{base64.b64encode(mark).decode()}" for mark in marks),
    }
