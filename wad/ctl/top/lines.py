"""What the picture of `wadctl top` is made of: lines, how they are painted, how numbers are told. Pure."""

from typing import Any, Final, NamedTuple

Document = dict[str, Any]

BOLD: Final = "1"
DIM: Final = "2"
BAD: Final = "31"
UNKNOWN: Final = "-"


class Size(NamedTuple):
    """How much room there is."""

    columns: int
    rows: int


class Line(NamedTuple):
    """A line, and how it is painted: parameters of SGR, or nothing."""

    text: str
    paint: str = ""


def count(number: int | None, one: str, more: str | None = None) -> str:
    """Give a number with what it counts."""
    if number is None:
        return f"{UNKNOWN} {more or one + 's'}"
    return f"{number} {one if number == 1 else more or one + 's'}"


def span(seconds: float | None) -> str:
    """Give a span in the unit that tells enough, cut like a clock's."""
    if seconds is None:
        return UNKNOWN
    for unit, length, most in (("s", 1, 120), ("min", 60, 7200), ("h", 3600, 172800)):
        if seconds < most:
            return f"{seconds // length:.0f} {unit}"
    return f"{seconds // 86400:.0f} d"
