"""How a webhook stands, as people are told who look on.

Rules of this file: pure, and from memory, for whoever looks every other second must not wait for the disk. No
URL: it may hold a key.
"""

from wad.messages.documents import Document
from wad.store.webhooks import Standing
from wad.webhooks.delivery import Delivery


def state_of(standing: Standing) -> str:
    """Name the state: off, in the midst of failed attempts, or neither."""
    if standing.disabled:
        return "disabled"
    return "retrying" if standing.failed > 0 else "active"


def standing_document(delivery: Delivery, newest: int) -> Document:
    """Give how one stands, in the words of the whole document; `newest` is the last event's number."""
    standing = delivery.standing
    return {
        "name": delivery.hook.name,
        "state": state_of(standing),
        "backlog": max(0, newest - delivery.cursor),
        "failedAttempts": standing.failed,
        "lastStatus": standing.status,
        "lastError": standing.disabled or standing.error,
        "deadLetters": delivery.given_up,
    }
