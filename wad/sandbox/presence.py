"""What pages tell of themselves: that somebody writes, that a chat was seen, that somebody is there."""

import time
from collections import deque
from collections.abc import Callable
from typing import Any

# Of each, more than any test or demo looks at.
_LONGEST = 1000
_STATES = frozenset(["composing", "recording", "paused"])


class Presence:
    """Keeps what was told, the oldest going first; it ends with the sandbox."""

    def __init__(self, number_of: Callable[[str], str]) -> None:
        self._number_of = number_of
        self.states: deque[dict[str, Any]] = deque(maxlen=_LONGEST)
        self.seen: deque[dict[str, Any]] = deque(maxlen=_LONGEST)
        self.available = False

    def receive(self, message: dict[str, Any]) -> None:
        """Take what a page tells."""
        now = int(time.time())
        match message.get("type"):
            case "chatstate" if message.get("state") in _STATES:
                to = self._number_of(str(message["to"]))
                self.states.append({"to": to, "state": message["state"], "t": now})
            case "seen":
                self.seen.append({"chat": self._number_of(str(message["chat"])), "t": now})
            case "available":
                self.available = message.get("value") is True
