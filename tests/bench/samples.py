"""What was measured, as rows of plain numbers: kept as JSON, so that a report can be made of them at any time.

Nothing but Python's own library is needed here: the report is made of files, wherever they come from.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

# In the order in which they are told.
PARTS = ("start", "memory", "codes", "status", "messages", "idle", "ready", "accounts")
WAD = "wad, chromium"
WAD_SHELL = "wad, chromium-headless-shell"
PEER = "peer, chromium"
PEER_SHELL = "peer, chromium-headless-shell"
EXPRESS = "Express alone"


@dataclass(frozen=True)
class Row:
    """One figure of one contestant; `samples` are in `unit`, in the order in which they were taken."""

    figure: str
    contestant: str
    unit: str
    samples: list[float]


@dataclass
class Part:
    """What one part of the bench gave. `notes` are sentences that belong under its table."""

    name: str
    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    machine: dict[str, str] = field(default_factory=dict)

    def add(self, figure: str, contestant: str, unit: str, samples: Iterable[float]) -> None:
        """Add a row."""
        self.rows.append(Row(figure, contestant, unit, list(samples)))

    def write(self, folder: Path) -> None:
        """Keep it in a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{self.name}.json").write_text(json.dumps(asdict(self), ensure_ascii=False) + "\n")

    @classmethod
    def read(cls, path: Path) -> "Part":
        """Take one up again."""
        stored = json.loads(path.read_text())
        return cls(
            stored["name"], [Row(**each) for each in stored["rows"]], stored["notes"], stored["machine"]
        )


def quantile(samples: Sequence[float], share: float) -> float:
    """Give the value that a share of the samples does not exceed, between two of them by their distance."""
    ordered = sorted(samples)
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def shown(value: float) -> str:
    """Write a number with three digits that count."""
    if abs(value) >= 100:
        return f"{value:,.0f}"
    if abs(value) >= 10:
        return f"{value:.1f}"
    return f"{value:.2f}" if abs(value) >= 1 or value == 0 else f"{value:.3f}"
