"""What is counted of messages since the daemon began, for metrics and vitals: numbers and codes alone."""

from collections import Counter
from dataclasses import field

from wad.core.failures import Failure
from wad.core.sending import Progress
from wad.core.values import dataclass
from wad.messages.changes import Applied


@dataclass(slots=True)
class Tally:
    """`failed` counts by the failure's code, `accept_to_sent` is in seconds, since it was last taken.

    `media` counts files that came, by what became of each try: stored, expired, failed, again.
    `last_failure` is why the last message failed, and when, in seconds since 1970; to withdraw one is none.
    """

    accepted: int = 0
    sent: int = 0
    received: int = 0
    failed: Counter[str] = field(default_factory=Counter)
    last_failure: tuple[Failure, float] | None = None
    media: Counter[str] = field(default_factory=Counter)
    accept_to_sent: list[float] = field(default_factory=list)

    def take_times(self) -> list[float]:
        """Give the seconds from acceptance to sent, of those since this was asked for."""
        taken, self.accept_to_sent = self.accept_to_sent, []
        return taken

    def count(self, applied: Applied | None, now: float) -> None:
        """Count what a piece of news led to."""
        if applied is None or applied.step.after == applied.before:
            return
        after = applied.step.after
        if applied.before.ack == 0 < after.ack:
            self.sent += 1
            if len(self.accept_to_sent) < _MOST:
                self.accept_to_sent.append(max(0.0, now - applied.row.accepted_at))
        elif after.progress in {Progress.FAILED, Progress.CANCELLED}:
            self.failed[after.failure or after.progress] += 1
            if after.failure is not None:
                self.last_failure = after.failure, now


# Between two looks of the metrics; what comes beyond is counted and not measured.
_MOST = 10_000
