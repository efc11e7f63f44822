"""Lines that repeat are written once, and then counted: a fault that recurs without end fills no disk.

Rules of this file:

* Two lines are the same if level, event and all facts are, tracebacks included; the time does not count.
  What differs in any fact is never held back.
* No count is lost: it is told by the next such line, or beside the next line of any kind once it is overdue.
* Nothing happens by itself: no timer, no thread. Lines are judged when they are written.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

from wad.core.values import dataclass

# Whoever follows the log sees within seconds that it goes on, and a whole day of it is 8640 lines. Whatever
# wad tries again in ordinary trouble, it tries less often.
WINDOW = 10.0
# A fault repeats a few lines, not hundreds; with tracebacks these take some hundred KiB.
MOST = 128
# The fact that tells how often the same line came, and was not written, since it was written last.
COUNT = "repeated"


@dataclass(slots=True)
class _Line:
    """A line as it was written at `since`, and how often it has come again."""

    method: str
    event: EventDict
    since: float
    again: int = 0


class Repeats:
    """A processor for structlog, behind those that bring level and traceback and before the one of the time.

    A line is held back for `window` seconds of `clock` after it was written; `most` lines are remembered.
    """

    def __init__(
        self, window: float = WINDOW, most: int = MOST, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._window = window
        self._most = most
        self._clock = clock
        # In the order in which they were written.
        self._lines: OrderedDict[str, _Line] = OrderedDict()
        # One that may be entered twice: a finalizer logs wherever it happens to run, here too.
        self._lock = threading.RLock()

    def __call__(self, logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
        """Give the line, with its count, or raise DropEvent; what is overdue is written before it."""
        if COUNT in event:
            return event
        with self._lock:
            now = self._clock()
            judged = self._judge(method, event, now)
            overdue = self._overdue(now)
        _tell(logger, overdue)
        if judged is None:
            raise structlog.DropEvent
        return judged

    def tell(self, logger: WrappedLogger) -> None:
        """Write all that was counted, overdue or not: before the last line of all."""
        with self._lock:
            counted = [line for line in self._lines.values() if line.again]
            self._lines.clear()
        _tell(logger, counted)

    def _judge(self, method: str, event: EventDict, now: float) -> EventDict | None:
        key = repr((method, sorted(event.items(), key=_by_name)))
        line = self._lines.get(key)
        if line is not None and now - line.since < self._window:
            line.again += 1
            return None
        if line is not None:
            del self._lines[key]
        self._lines[key] = _Line(method, dict(event), now)
        return {**event, COUNT: line.again} if line is not None and line.again else event

    def _overdue(self, now: float) -> list[_Line]:
        """Forget the lines whose time is over, and those that are too many; give what was counted of them."""
        counted = []
        while self._lines:
            key, line = next(iter(self._lines.items()))
            over = now - line.since >= self._window
            if not over and len(self._lines) <= self._most:
                break
            del self._lines[key]
            if line.again:
                counted.append(line)
            if line.again and over:  # it is written now, so it is held back for another while
                self._lines[key] = replace(line, since=now, again=0)
        return counted


def _by_name(fact: tuple[str, Any]) -> str:
    return fact[0]


def _tell(logger: WrappedLogger, lines: list[_Line]) -> None:
    for line in lines:
        facts = {**line.event, COUNT: line.again}
        del facts["event"]
        facts.pop("level", None)
        getattr(structlog.wrap_logger(logger), line.method)(line.event["event"], **facts)
