"""The last changes of the link, for people who want to know how it came to where it is.

In memory only, and without any text of the page's: the log keeps everything for longer.
"""

from collections import deque
from datetime import datetime

from wad.core.reasons import Reason, State
from wad.core.status import Phase
from wad.core.values import dataclass
from wad.link.session import Change
from wad.reports.documents import Document, timestamp

# A day of trouble, or months of a link that is well.
LENGTH = 100


@dataclass(frozen=True, slots=True)
class Transition:
    """One change of phase or reason. `before` and `after` are states, and may be the same."""

    seq: int
    at: datetime
    before: State
    after: State
    phase: Phase
    reason: Reason | None

    def document(self) -> Document:
        """Tell it as it goes out."""
        return {
            "seq": self.seq,
            "at": timestamp(self.at),
            "from": self.before,
            "to": self.after,
            "phase": self.phase,
            "reason": self.reason,
        }


class History:
    """Keeps the last `LENGTH` transitions."""

    def __init__(self) -> None:
        self._transitions: deque[Transition] = deque(maxlen=LENGTH)

    def note(self, change: Change, now: datetime) -> None:
        """Keep a change that was made at `now`, if anything but codes and figures has changed."""
        before, after = change.before, change.after
        if (before.phase, before.reason) == (after.phase, after.reason):
            return
        self._transitions.append(
            Transition(after.seq, now, before.state, after.state, after.phase, after.reason)
        )

    def document(self, instance: str) -> Document:
        """Tell all that is kept, the oldest first; `instance` says which daemon's history it is."""
        told = [transition.document() for transition in self._transitions]
        return {"success": True, "instance": instance, "transitions": told}
