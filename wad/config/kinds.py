"""The kinds of value a key may have: how each is read from TOML, from text, and written back.

Rules of this file:

* A reader returns a value of the final type or raises `WrongValueError`; it never guesses.
* The sentence of the error says what would be right; the caller adds the place.
* ``from_toml(plain(value)) == value`` for every value, so that what `wad config` prints can be loaded.
"""

import math
import re
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from wad.core.values import dataclass


class WrongValueError(ValueError):
    """A value is not of its kind; `shown` is the part that is wrong."""

    def __init__(self, shown: object, hint: str) -> None:
        super().__init__(hint)
        self.shown = shown
        self.hint = hint


class Kind(Protocol):
    """What a key's value may be."""

    @property
    def what(self) -> str:
        """The kind in words, for errors and the manual."""

    def from_toml(self, raw: object) -> Any:
        """Read a value as `tomllib` gave it."""

    def from_text(self, text: str) -> Any:
        """Read a value out of the environment or a flag."""

    def plain(self, value: Any) -> object:
        """Return the value as TOML can hold it: str, int, float, bool, or a list of these."""


@dataclass(frozen=True, slots=True)
class Text:
    """A string which `read` turns into its value; an empty one means "not set" where that is allowed."""

    what: str
    read: Callable[[str], Any] = str
    optional: bool = False

    def from_toml(self, raw: object) -> Any:
        """Read a string."""
        if not isinstance(raw, str):
            raise WrongValueError(raw, f"expected {self.what}, in quotes")
        return self.from_text(raw)

    def from_text(self, text: str) -> Any:
        """Read the text as it is, apart from blanks around it."""
        stripped = text.strip()
        if self.optional and not stripped:
            return None
        try:
            return self.read(stripped)
        except WrongValueError:
            raise
        except ValueError as exc:
            raise WrongValueError(text, str(exc)) from exc

    def plain(self, value: Any) -> object:
        """Write the value as its text."""
        return "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Number:
    """A finite number: whole (``int``) or in seconds, times and the like (``float``), within bounds."""

    what: str
    type: type[int] | type[float]
    least: float = 0
    most: float = math.inf
    above_least: bool = True

    def from_toml(self, raw: object) -> Any:
        """Read a number; true and false are none, although Python counts with them."""
        allowed = (int,) if self.type is int else (int, float)
        if isinstance(raw, bool) or not isinstance(raw, allowed):
            raise WrongValueError(raw, f"expected {self.what}")
        low = raw > self.least if self.above_least else raw >= self.least
        if not (low and raw <= self.most and _countable(raw)):
            raise WrongValueError(raw, f"expected {self.what}")
        return self.type(raw)

    def from_text(self, text: str) -> Any:
        """Read a number written in decimal."""
        try:
            return self.from_toml(self.type(text))
        except ValueError as exc:
            raise WrongValueError(text, f"expected {self.what}") from exc

    def plain(self, value: Any) -> object:
        """Numbers are TOML's own; a whole float is written without its fraction."""
        return int(value) if value == int(value) else value


def _countable(raw: float) -> bool:
    """Tell whether a number is finite, and no whole one beyond what a clock can count with."""
    try:
        return math.isfinite(raw)
    except OverflowError:
        return False


_WORDS = {
    "true": True,
    "yes": True,
    "on": True,
    "1": True,
    "false": False,
    "no": False,
    "off": False,
    "0": False,
}


@dataclass(frozen=True, slots=True)
class Switch:
    """True or false."""

    what: str = "true or false"

    def from_toml(self, raw: object) -> Any:
        """Read TOML's own boolean and nothing else."""
        if not isinstance(raw, bool):
            raise WrongValueError(raw, "expected true or false, without quotes")
        return raw

    def from_text(self, text: str) -> Any:
        """Read one of the usual words."""
        try:
            return _WORDS[text.strip().lower()]
        except KeyError:
            raise WrongValueError(text, f"expected one of {', '.join(_WORDS)}") from None

    def plain(self, value: Any) -> object:
        """Booleans are TOML's own."""
        return value


@dataclass(frozen=True, slots=True)
class Many:
    """A list of one kind; in the environment its items are separated by commas."""

    item: Kind
    separator: re.Pattern[str] = re.compile(",")
    least: int = 0

    @property
    def what(self) -> str:
        """Name the items."""
        return f"a list, each {self.item.what}"

    def from_toml(self, raw: object) -> Any:
        """Read a list; a single string is refused, so that one spelling is right."""
        if not isinstance(raw, list):
            raise WrongValueError(raw, f'expected a list such as ["…"]: {self.what}')
        return self._gather([self.item.from_toml(item) for item in raw])

    def from_text(self, text: str) -> Any:
        """Split the text; empty parts are left out, so that a last comma does no harm."""
        parts = (part.strip() for part in self.separator.split(text))
        return self._gather([self.item.from_text(part) for part in parts if part])

    def plain(self, value: Any) -> object:
        """Write each item."""
        return [self.item.plain(item) for item in value]

    def _gather(self, items: Sequence[Any]) -> tuple[Any, ...]:
        """Drop what was said twice; order stays."""
        if len(items) < self.least:
            raise WrongValueError([], f"expected at least {self.least}: {self.what}")
        return tuple(dict.fromkeys(items))


def choice(*words: str) -> Text:
    """Return a kind that knows only these words."""

    def read(text: str) -> str:
        if text not in words:
            raise ValueError(f"expected one of {', '.join(words)}")
        return text

    return Text(f"one of {', '.join(words)}", read)
