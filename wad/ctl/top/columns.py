"""Text in a terminal's columns: how wide it is, and cut to what there is room for."""

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from wad.ctl.words import printable

_BARS = "▁▂▃▄▅▆▇█"
_MORE = "…"


# Each frame measures the same letters by the hundred.
@lru_cache(maxsize=1024)
def width(letter: str) -> int:
    """Give how many columns a character takes: none where it is put onto another, two for an ideograph."""
    if unicodedata.category(letter) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def measure(text: str) -> int:
    """Give how many columns a text takes."""
    return sum(map(width, text))


def fit(text: str, columns: int) -> str:
    """Cut a text to so many columns; what could command the terminal is taken out."""
    text = printable(text)
    if measure(text) <= columns:
        return text
    room, kept = columns - len(_MORE), ""
    for letter in text:
        room -= width(letter)
        if room < 0:
            break
        kept += letter
    return (kept + _MORE)[: max(columns, 0)]


def unfold(text: str, columns: int) -> list[str]:
    """Give a text that is too wide in two lines, the second from behind its first colon: less is cut then."""
    head, colon, tail = text.partition(": ")
    if not colon or measure(text) <= columns:
        return [text]
    margin = " " * (len(text) - len(text.lstrip()) + 2)
    return [f"{head}:", f"{margin}{tail}"]


def gather(name: str, facts: Sequence[str], columns: int) -> str:
    """Put the first fact behind a name, and as many of the others as have room whole."""
    text = f"{name:<9}{facts[0]}"
    for fact in facts[1:]:
        if measure(f"{text}, {fact}") > columns:
            break
        text += f", {fact}"
    return text


def sparkline(values: Sequence[float | None], columns: int, least: float) -> str:
    """Draw the last values, each in a column, from nothing to the greatest or to `least`, if that is more."""
    shown = values[-columns:] if columns > 0 else []
    top = max((value for value in shown if value is not None), default=0.0)
    return "".join(_bar(value, max(top, least)) for value in shown)


def _bar(value: float | None, top: float) -> str:
    if value is None:
        return " "
    return _BARS[min(len(_BARS) - 1, int(len(_BARS) * value / top))]
