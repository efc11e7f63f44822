"""In which form an event goes to a receiver: wad's own, or WAHA's. Pure.

A form makes of one event the bodies a receiver is sent, in order, each with an id by which it is known if it
comes twice, and the headers that sign a body.
"""

import hmac
import json
from collections.abc import Mapping
from dataclasses import field
from typing import Any, Final

from wad.core.values import dataclass
from wad.messages.documents import Document
from wad.waha.events import About, told
from wad.webhooks.settings import WAHA, Webhook
from wad.webhooks.signing import signed

_ALGORITHM: Final = "sha512"


@dataclass(frozen=True, slots=True)
class Letter:
    """One body, and its id."""

    id: str
    body: bytes = field(repr=False)


def letters(hook: Webhook, event: Document, about: About) -> list[Letter]:
    """Give what a receiver is sent of an event; nothing, where it wants none of what its form makes of it."""
    if hook.format != WAHA:
        return [_letter(event)]
    return [_letter(each) for each in told(event, hook.events, about)]


def _letter(document: Mapping[str, Any]) -> Letter:
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    return Letter(str(document["id"]), body)


def headers_of(hook: Webhook, letter: Letter, now: float) -> dict[str, str]:
    """Give a letter's headers; `now` is in seconds since 1970."""
    if hook.format != WAHA:
        return signed(hook.secrets, letter.id, int(now), letter.body)
    headers = {"X-Webhook-Request-Id": letter.id, "X-Webhook-Timestamp": str(int(now * 1000))}
    for key in hook.secrets:
        mark = hmac.digest(key.encode(), letter.body, _ALGORITHM).hex()
        headers |= {"X-Webhook-Hmac": mark, "X-Webhook-Hmac-Algorithm": _ALGORITHM}
    return headers
