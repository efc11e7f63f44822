"""How memory and processor time went over the last readings, for `wadctl top`."""

from collections import deque
from typing import Any

from wad.core.values import dataclass

Document = dict[str, Any]

# A wide terminal's columns.
LENGTH = 240


@dataclass(frozen=True, slots=True)
class Sample:
    """One reading: bytes, and per cent of one processor since the one before; None for what is not known."""

    memory: float | None
    cpu: float | None


class Samples:
    """The last readings of the daemon, or of its browser."""

    def __init__(self, part: str) -> None:
        self._part = part
        self._last: tuple[float, object, float] | None = None
        self.kept: deque[Sample] = deque(maxlen=LENGTH)

    def take(self, vitals: Document, at: float) -> None:
        """Keep what was read at that time of the monotonic clock."""
        about = vitals[self._part]
        self.kept.append(Sample(about["memoryBytes"], self._percent(about["pid"], about["cpuSeconds"], at)))

    def _percent(self, pid: object, spent: float | None, at: float) -> float | None:
        """Give the share of one processor since the last reading; of another process that tells nothing."""
        last, self._last = self._last, None if spent is None else (at, pid, spent)
        if last is None or spent is None or last[1] != pid or at <= last[0]:
            return None
        # What is not one's own child leaves with all that it has spent.
        return max(0.0, 100 * (spent - last[2]) / (at - last[0]))
