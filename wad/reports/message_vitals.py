"""How messages are, for people who look on: what waits, and how far each webhook is.

Rules of this file:

* The disk is not asked: whoever looks every other second must not have it asked as often, and a disk that
  hangs is what somebody looks for. The outbox is as its last turn found it, and news begin one.
* No text, no number and no URL.
"""

from collections.abc import Callable

from wad.messages.documents import time_text
from wad.messages.service import Messages
from wad.reports.documents import Document


class MessageVitals:
    """Asks the messages, and by `standings` the webhooks."""

    def __init__(self, messages: Messages, standings: Callable[[], list[Document]]) -> None:
        self._messages = messages
        self._standings = standings

    def document(self) -> Document:
        """Tell of both; of the outbox nothing, where its file cannot be used."""
        usable = self._messages.desk.database.usable
        return {"outbox": self._outbox() if usable else None, "webhooks": self._standings()}

    def _outbox(self) -> Document:
        desk = self._messages.desk
        depth, oldest = self._messages.outbox.depth
        failure = desk.tally.last_failure
        return {
            "depth": depth,
            "oldestSeconds": round(max(0.0, desk.now() - oldest), 1) if oldest is not None else None,
            "lastFailure": {"code": failure[0], "at": time_text(failure[1])} if failure else None,
        }
