"""How fast messages go out: what protects the account from being taken for a sender of spam.

Rules of this file:

* Pure: times are given in, in seconds, from one clock that only goes forward.
* What is asked here is *when*; whether at all is the outbox's question.

No limit is published. The defaults are judgement: replies at the pace of a person, and few first messages to
strangers, for these are what accounts are banned for, say those who maintain the libraries.
"""

from typing import Final

from wad.core.values import dataclass

# Chats that are remembered; those that were quiet the longest are full again anyway.
_MOST: Final = 10_000
DAY: Final = 86400.0


@dataclass(frozen=True, slots=True)
class Pace:
    """One message every `interval` seconds in each chat, after up to `burst` at once."""

    interval: float = 1.0
    burst: int = 3


class Buckets:
    """A bucket of tokens for each chat, filled with time."""

    def __init__(self, pace: Pace) -> None:
        self.pace = pace
        self._full_at: dict[str, float] = {}

    def wait(self, chat: str, now: float) -> float:
        """Give for how many seconds the chat's next message has to wait; 0 if it may go now."""
        lacking = self._full_at.get(chat, now) - now
        return max(0.0, lacking - self.pace.interval * (self.pace.burst - 1))

    def spend(self, chat: str, now: float) -> None:
        """Count a message that goes out to the chat now."""
        full_at = max(self._full_at.pop(chat, now), now) + self.pace.interval
        self._full_at[chat] = full_at
        if len(self._full_at) > _MOST:
            del self._full_at[next(iter(self._full_at))]
