"""The time by which an account's messages are kept, which nobody sets behind their back."""

import time
from collections.abc import Callable
from typing import Final

# In seconds: less changes no pause that anybody notices; two looks at two clocks differ a little, too.
_LEAST: Final = 0.5


def _never_set() -> float:
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class Clock:
    """Gives seconds since 1970 as of its begin; `follow` takes over what the machine's clock was set by."""

    def __init__(
        self, wall: Callable[[], float] = time.time, steady: Callable[[], float] = _never_set
    ) -> None:
        self._wall = wall
        self._steady = steady
        self._offset = self._least = wall() - steady()

    def __call__(self) -> float:
        """Give the time."""
        return self._steady() + self._offset

    def cautious(self) -> float:
        """Give the earliest time that it may be: nothing is too old only because a clock was set."""
        return self._steady() + self._least

    def set_by(self) -> float:
        """Give by how many seconds the machine's clock was set since the last `follow`, 0 for not at all."""
        moved = self._wall() - self()
        return moved if abs(moved) >= _LEAST else 0.0

    def follow(self, seconds: float) -> None:
        """Go on so many seconds later; negative, earlier."""
        self._offset += seconds
        self._least = min(self._least, self._offset)
