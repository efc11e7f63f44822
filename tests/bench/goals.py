"""What is to be reached: the one table, and the words that the figures go by."""

import statistics
from collections.abc import Iterable
from dataclasses import dataclass

from samples import EXPRESS, PEER, WAD, WAD_SHELL, Row, quantile, shown

# Each figure in the order in which it is told, and whom it is compared with.
FIGURES: dict[str, tuple[str, str | None]] = {
    "start": ("start to the code at a client", PEER),
    "start.cpu": ("start to the code, processor time of all processes", PEER),
    "memory.code": ("memory at the code, all processes", PEER),
    "memory.code.own": ("memory at the code, the server's own process", PEER),
    "memory.ready": ("memory when ready, all processes", PEER),
    "memory.ready.own": ("memory when ready, the server's own process", PEER),
    "codes.one": ("code in the page to one client", PEER),
    "codes.many": ("code in the page to each of many clients", PEER),
    "status.200": ("status with a code, requests a second", EXPRESS),
    "status.200.cpu": ("status with a code, processor time of a request", EXPRESS),
    "status.304": ("status unchanged (304), requests a second", EXPRESS),
    "status.304.cpu": ("status unchanged (304), processor time of a request", EXPRESS),
    "messages.event": ("message in the page to a client", PEER),
    "messages.answered": ("POST of a message until it is answered", PEER),
    "messages.sent": ("POST of a message until the servers have it", PEER),
    "messages.webhook": ("message in the page to a webhook's receiver", PEER),
    "accepted": ("messages accepted in a second, on one core", None),
    "commits": ("rows committed in a second, one by one, on the same disk", None),
    "reading": ("100 of 100,000 events read", None),
    "health": ("`/health` read, beside it", None),
    "idle.tree": ("processor when ready and idle, all processes", PEER),
    "idle.own": ("processor when ready and idle, the server's own process", PEER),
    "ready": ("start to serving, linking at once", PEER),
    "ready.no-autostart": ("start to serving, `--no-autostart`", None),
}


@dataclass(frozen=True)
class Goal:
    """A bound on a statistic: of the number itself, or of its ratio to `other`'s. `least` is a lower bound."""

    figure: str
    contestant: str
    bound: float
    other: str | None = None
    statistic: str = "median"
    least: bool = False

    def told(self, unit: str) -> str:
        """Say it in short."""
        sign, size = "≥" if self.least else "≤", f"{self.bound:g}"
        what = f"{size} ×" if self.other else f"{size} {unit}"
        return f"{sign} {what}" if self.statistic == "median" else f"{self.statistic}: {sign} {what}"


GOALS = (
    Goal("start", WAD, 0.85, PEER),
    Goal("start", WAD_SHELL, 0.7, PEER),
    Goal("memory.code", WAD, 0.7, PEER),
    Goal("memory.code", WAD_SHELL, 0.5, PEER),
    Goal("memory.code.own", WAD, 40),
    Goal("memory.code.own", WAD_SHELL, 40),
    Goal("memory.ready", WAD, 0.7, PEER),
    Goal("memory.ready", WAD_SHELL, 0.5, PEER),
    Goal("memory.ready.own", WAD, 40),
    Goal("memory.ready.own", WAD_SHELL, 40),
    Goal("codes.one", WAD, 30),
    Goal("codes.one", WAD, 0.5, PEER),
    Goal("codes.many", WAD, 1, PEER, "99 %"),
    Goal("status.200", WAD, 1, EXPRESS, least=True),
    Goal("status.304", WAD, 1.5, EXPRESS, least=True),
    Goal("messages.event", WAD, 0.5, PEER),
    Goal("messages.answered", WAD, 0.5, PEER),
    Goal("messages.sent", WAD, 0.5, PEER),
    Goal("idle.tree", WAD, 1, PEER),
    Goal("idle.tree", WAD_SHELL, 1, PEER),
    Goal("idle.own", WAD, 0.2),
    Goal("idle.own", WAD_SHELL, 0.2),
    Goal("ready", WAD, 0.3),
    Goal("ready.no-autostart", WAD, 0.3),
    # The most accounts of which there are both.
    Goal("accounts.5.per_gb", WAD_SHELL, 2, PEER, least=True),
)


@dataclass(frozen=True)
class Verdict:
    """A goal, what was measured (a ratio, where it is one), and whether it was reached."""

    goal: Goal
    unit: str
    value: float
    met: bool


def verdicts(rows: Iterable[Row]) -> list[Verdict]:
    """Hold the rows against the goals; one whose rows are not there is left out."""
    known = {(each.figure, each.contestant): each for each in rows}
    found = []
    for goal in GOALS:
        row, other = known.get((goal.figure, goal.contestant)), known.get((goal.figure, goal.other or ""))
        if row is None or (goal.other and other is None):
            continue
        value = _value(row, goal)
        if other is not None:
            value /= _value(other, goal) or 1
        told = round(value, 3)
        found.append(Verdict(goal, row.unit, value, told >= goal.bound if goal.least else told <= goal.bound))
    return found


def _value(row: Row, goal: Goal) -> float:
    return usual(row) if goal.statistic == "median" else quantile(row.samples, 0.99)


def title(figure: str) -> str:
    """Give the words for a figure."""
    if figure.startswith("import."):
        name = figure.removeprefix("import.")
        return "imports, all of them" if name == "all" else f"imports of `{name}`"
    if figure.startswith("accounts."):
        _, number, what = figure.split(".")
        words = {"tree": "memory", "cpu": "processor", "per_gb": "accounts for each GB"}[what]
        return f"{number} {'account' if number == '1' else 'accounts'}: {words}"
    return FIGURES[figure][0]


def compared_with(figure: str) -> str | None:
    """Give the contestant whose ratio is told."""
    if figure.startswith("import."):
        return None
    return PEER if figure.startswith("accounts.") else FIGURES[figure][1]


def usual(row: Row) -> float:
    """Give what stands for all samples: the median; of processor time the mean, for bursts are part of it."""
    return statistics.fmean(row.samples) if row.unit == "% of a core" else statistics.median(row.samples)


HEAD = ("figure", "contestant", "usual", "middle half", "99 %", "ratio", "to reach", "met")


def table(rows: list[Row]) -> list[tuple[str, ...]]:
    """Lay rows out as a table with `HEAD` above it."""
    judged = verdicts(rows)
    lines = []
    for row in rows:
        mine = [
            each
            for each in judged
            if (each.goal.figure, each.goal.contestant) == (row.figure, row.contestant)
        ]
        other = next(
            (x for x in rows if x.figure == row.figure and x.contestant == compared_with(row.figure)), None
        )
        base = usual(other) if other is not None else 0
        lines.append(
            (
                title(row.figure),
                row.contestant,
                f"{shown(usual(row))} {row.unit}",
                _spread(row.samples),
                shown(quantile(row.samples, 0.99)) if len(row.samples) >= _ENOUGH else "",
                shown(usual(row) / base) if base else "",
                "; ".join(each.goal.told(row.unit) for each in mine),
                "; ".join("yes" if each.met else f"no: {shown(each.value)}" for each in mine),
            )
        )
    return lines


# Of fewer samples the hundredth part is one that happened to be slow.
_ENOUGH = 100


def _spread(samples: list[float]) -> str:
    if len(samples) == 1:
        return "one sample"
    first, third = quantile(samples, 0.25), quantile(samples, 0.75)
    return f"{shown(first)} to {shown(third)} of {len(samples):,}"


def printed(rows: list[Row]) -> str:
    """Give the table for a terminal."""
    lines = [HEAD, *table(rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )
