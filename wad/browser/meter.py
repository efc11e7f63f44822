"""How much comes in, and whether that is more than anybody can mean: a bucket that leaks.

Rules of this file: what is allowed at once covers all that a page in its senses does in a burst, what is
allowed for long is beyond what it does for long. Only the sum of both is judged: no short burst is a flood.
"""

import time
from collections.abc import Callable


class Meter:
    """Counts amounts; of these `at_once` may come in a moment, and `per_second` for ever."""

    def __init__(
        self, at_once: float, per_second: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._at_once = at_once
        self._per_second = per_second
        self._clock = clock
        self._level = 0.0
        self._seen = clock()

    def add(self, amount: float = 1) -> bool:
        """Count `amount`; False where that is too much now.

        >>> meter = Meter(at_once=2, per_second=1, clock=lambda: 0)
        >>> [meter.add(), meter.add(), meter.add()]
        [True, True, False]
        """
        now = self._clock()
        leaked = (now - self._seen) * self._per_second
        self._level = max(0.0, self._level - leaked) + amount
        self._seen = now
        return self._level <= self._at_once
