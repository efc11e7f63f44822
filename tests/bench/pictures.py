"""Draws what was measured, as SVG: one picture for each part, the same from the same samples."""

from collections.abc import Callable
from pathlib import Path

import matplotlib as mpl
from goals import title, usual
from samples import EXPRESS, PEER, PEER_SHELL, WAD, WAD_SHELL, Row, quantile, shown

mpl.use("svg")
# Text stays text, and nothing in the files depends on chance.
mpl.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "wad", "font.size": 9})

from matplotlib import pyplot as plt  # noqa: E402 - the settings come first
from matplotlib.axes import Axes  # noqa: E402

_COLOURS = {WAD: "#1f7a5a", WAD_SHELL: "#6fb79b", PEER: "#b4552d", PEER_SHELL: "#dba388", EXPRESS: "#b4552d"}
_OTHER = "#888"


def bars(axes: Axes, rows: list[Row]) -> None:
    """Draw each contestant's usual value, with its middle half as a line across the bar's end."""
    for place, row in enumerate(reversed(rows)):
        value = usual(row)
        axes.barh(place, value, color=_COLOURS.get(row.contestant, _OTHER))
        low, high = quantile(row.samples, 0.25), quantile(row.samples, 0.75)
        axes.plot([low, high], [place, place], color="#222", linewidth=1.5)
        axes.text(max(value, high), place, f"  {shown(value)}", va="center")
    axes.set_yticks(range(len(rows)), [row.contestant for row in reversed(rows)])
    axes.set_xlabel(rows[0].unit)
    axes.set_title(title(rows[0].figure), loc="left", fontsize=9)
    axes.margins(x=0.15)


def shares(axes: Axes, rows: list[Row]) -> None:
    """Draw which share of the samples is not above each value."""
    for row in rows:
        ordered = sorted(row.samples)
        steps = [(number + 1) / len(ordered) * 100 for number in range(len(ordered))]
        # Of thousands of points the eye sees hundreds.
        skip = max(1, len(ordered) // 200)
        picked = sorted({*range(0, len(ordered), skip), len(ordered) - 1})
        axes.step(
            [ordered[each] for each in picked],
            [steps[each] for each in picked],
            where="post",
            color=_COLOURS.get(row.contestant, _OTHER),
            label=row.contestant,
        )
    axes.set_xlim(left=0)
    axes.set_xlabel(rows[0].unit)
    axes.set_ylabel("% of the samples")
    axes.set_title(title(rows[0].figure), loc="left", fontsize=9)
    axes.legend(frameon=False, loc="lower right")


def growth(axes: Axes, rows: list[Row]) -> None:
    """Draw how a figure grows with the accounts."""
    for contestant in dict.fromkeys(row.contestant for row in rows):
        own = sorted(
            (int(row.figure.split(".")[1]), usual(row)) for row in rows if row.contestant == contestant
        )
        colour = _COLOURS.get(contestant, _OTHER)
        axes.plot(*zip(*own, strict=True), marker="o", color=colour, label=contestant)
    axes.set_xlim(left=0)
    axes.set_ylim(bottom=0)
    axes.set_xlabel("accounts")
    axes.set_ylabel(rows[0].unit)
    axes.set_title(title(rows[0].figure).partition(": ")[2], loc="left", fontsize=9)
    axes.legend(frameon=False, loc="upper left")


Draw = Callable[[Axes, list[Row]], None]
# Which figures each picture shows, and how.
PICTURES: dict[str, list[tuple[str, Draw]]] = {
    "start": [("start", bars)],
    "memory": [("memory.ready", bars), ("memory.ready.own", bars)],
    "codes": [("codes.one", shares), ("codes.many", shares)],
    "status": [("status.200", bars), ("status.304", bars)],
    "messages": [("messages.event", shares), ("messages.sent", shares)],
    "idle": [("idle.tree", bars), ("idle.own", bars)],
    "accounts": [("tree", growth), ("cpu", growth)],
}


def write(part: str, rows: list[Row], path: Path) -> None:
    """Draw a part of which there is a picture."""
    picture, all_axes = plt.subplots(
        len(PICTURES[part]), 1, figsize=(7, 2.1 * len(PICTURES[part])), squeeze=False
    )
    for axes, (figure, how) in zip(all_axes[:, 0], PICTURES[part], strict=True):
        how(
            axes,
            [row for row in rows if figure == (row.figure.split(".")[2] if how is growth else row.figure)],
        )
        axes.spines[["top", "right"]].set_visible(False)
    picture.tight_layout()
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.savefig(path, format="svg", metadata={"Date": None})
    plt.close(picture)
    # matplotlib leaves blanks at the ends of lines, which no file of the tree has.
    path.write_text("\n".join(line.rstrip() for line in path.read_text().splitlines()) + "\n")
