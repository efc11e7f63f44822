"""The one thread that writes the log's lines, so that nobody else ever waits for whoever reads them.

Rules of this file:

* `put` never waits and never raises. What finds no place is dropped, counted, and told as soon as a line can
  be written again.
* The descriptor stays as it is: others share it, so it is not made non-blocking. Only the thread waits.
* Lines go to the descriptor itself. What stood in a stream's buffer when its reader died would cost the exit
  code at the end.
"""

import io
import os
import select
import threading
from collections import deque
from collections.abc import Callable

from wad.log.losses import Losses

# A reader that is started anew is away for a second, in which wad writes 0.2 MB at its loudest (debug, a
# thousand requests); at info, some lines a minute, this is hours. The process has 36 MB otherwise.
BYTES = 256 * 1024
# Short lines cost more than their bytes; this many of them are as little.
LINES = 2048


class Writer:
    """Writes lines to a descriptor; what is lost is counted in `losses`.

    `notice` gives the line that tells how many were lost, or None where none is wanted.
    """

    def __init__(self, descriptor: int, losses: Losses) -> None:
        self.notice: Callable[[int], str | None] = lambda _: None
        self._descriptor = descriptor
        self._losses = losses
        self._lines: deque[bytes] = deque()
        self._bytes = 0
        self._busy = False
        # Whether the last line is cut off: the next one has to begin below it.
        self._torn = False
        # Its lock may be entered twice: a finalizer logs wherever it happens to run, here too.
        self._changed = threading.Condition()
        # Nothing waits for it at the end of the process: it may wait for a reader who never comes.
        threading.Thread(target=self._run, name="wad-log", daemon=True).start()

    def put(self, line: str) -> None:
        """Have a line written, without its end, if there is place for it."""
        raw = line.encode("utf-8", "backslashreplace") + b"\n"
        with self._changed:
            if len(self._lines) >= LINES or self._bytes + len(raw) > BYTES:
                self._losses.add()
                return
            self._lines.append(raw)
            self._bytes += len(raw)
            self._changed.notify_all()

    def flush(self, within: float) -> bool:
        """Wait, at most so many seconds, until all lines are written; tell whether they are."""
        with self._changed:
            return self._changed.wait_for(lambda: not (self._lines or self._busy), within)

    def _run(self) -> None:
        while True:
            if self._write(self._next()):
                self._losses.tell(self._say)
            else:
                self._losses.add()

    def _next(self) -> bytes:
        with self._changed:
            self._busy = False
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._lines)
            self._busy = True
            line = self._lines.popleft()
            self._bytes -= len(line)
            return line

    def _say(self, lost: int) -> bool:
        line = self.notice(lost)
        return line is None or self._write(line.encode() + b"\n")

    def _write(self, line: bytes) -> bool:
        """Write all of it, for however long that takes; False where the stream does not take it."""
        whole = b"\n" + line if self._torn else line
        left = memoryview(whole)
        try:
            while left:
                left = left[self._some(left) :]
        except OSError:  # its reader is gone, the disk is full or broken
            self._torn = self._torn or len(left) < len(whole)
            return False
        self._torn = False
        return True

    def _some(self, left: memoryview) -> int:
        try:
            return os.write(self._descriptor, left)
        except BlockingIOError:  # somebody who shares the descriptor has made it so
            waiting = select.poll()
            waiting.register(self._descriptor, select.POLLOUT)
            waiting.poll()
            return 0


class Stream(io.TextIOBase):
    """A stream whose lines go to `put`: for what the interpreter itself says, warnings and ignored errors.

    It says that to standard error wherever it happens to be, in the loop's thread too.
    """

    def __init__(self, put: Callable[[str], None]) -> None:
        self._put = put
        self._begun = ""

    def writable(self) -> bool:
        """Tell that it can be written to."""
        return True

    def write(self, text: str) -> int:
        """Hand on the lines that are whole."""
        *lines, self._begun = (self._begun + text).split("\n")
        for line in lines:
            self._put(line)
        return len(text)

    def flush(self) -> None:
        """Hand on what was begun."""
        begun, self._begun = self._begun, ""
        if begun:
            self._put(begun)
