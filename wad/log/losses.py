"""The lines of the log that are lost: how many in all, and of how many nobody was told yet."""

import threading
from collections.abc import Callable


class Losses:
    """Counts lost lines, whatever thread they are lost in."""

    def __init__(self) -> None:
        # One that may be entered twice: a finalizer logs wherever it happens to run, here too.
        self._lock = threading.RLock()
        self._total = 0
        self._untold = 0

    @property
    def total(self) -> int:
        """How many lines were lost since the process began."""
        return self._total

    def add(self) -> None:
        """Count one."""
        with self._lock:
            self._total += 1
            self._untold += 1

    def tell(self, say: Callable[[int], bool]) -> None:
        """Have `say` tell of those that nobody was told of, if there are any; it gives whether it could."""
        with self._lock:
            count, self._untold = self._untold, 0
        # Not within the lock: saying it may take as long as the log's reader does.
        if count and not say(count):
            with self._lock:
                self._untold += count
