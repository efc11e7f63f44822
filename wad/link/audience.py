"""Who looks at the code: codes are renewed longer while somebody does.

Only viewers who are allowed to see a code count; a monitor that polls without a token must not make wad ask
for codes for ever.
"""

from collections.abc import Callable


class Audience:
    """Counts those who watch, and remembers when somebody last asked.

    `clock` gives seconds that only grow; `memory` is for how many seconds a request counts as looking.
    """

    def __init__(self, clock: Callable[[], float], memory: float) -> None:
        self._clock = clock
        self._memory = memory
        self._watching: set[object] = set()
        self._asked_at: float | None = None

    def join(self, viewer: object) -> None:
        """Count `viewer` until it leaves."""
        self._watching.add(viewer)

    def leave(self, viewer: object) -> None:
        """No longer count `viewer`; unknown ones are ignored."""
        self._watching.discard(viewer)

    def asked(self) -> None:
        """Remember that somebody asked just now."""
        self._asked_at = self._clock()

    @property
    def watching(self) -> int:
        """How many watch."""
        return len(self._watching)

    def looks(self) -> bool:
        """Whether anybody looks, or did within the memory."""
        if self._watching:
            return True
        return self._asked_at is not None and self._clock() - self._asked_at <= self._memory
