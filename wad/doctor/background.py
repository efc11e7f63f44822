"""Work beside other work, which can be given up on.

A resolver cannot be interrupted, and a pool's threads hold up the end of the process (concurrent.futures
joins them); daemon threads do not (threading).
"""

import threading
import time
from collections.abc import Callable, Iterable

from wad.doctor.finding import Finding, warn


class Aside:
    """Runs `work` in a thread and collects what it finds."""

    def __init__(self, work: Callable[[], Iterable[Finding]]) -> None:
        self._work = work
        self._found: list[Finding] = []
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            for finding in self._work():
                self._found.append(finding)
        except Exception as exc:  # noqa: BLE001 - one check's fault must not cost the others' findings
            self._found.append(warn(f"the check itself failed ({type(exc).__name__})", "Report it."))

    def result(self, until: float, late: Finding) -> list[Finding]:
        """Give what was found, and `late` behind it if the work is not done by then (monotonic clock)."""
        self._thread.join(max(until - time.monotonic(), 0))
        unfinished = self._thread.is_alive()
        return [*self._found, *([late] if unfinished else [])]
