"""Reading what should be a small file and may be anything: a pipe nobody writes into, a device without end.

Whatever is no plain file is read to its end for a bounded time, and nothing beyond a bounded size.
"""

import errno
import os
import select
import stat
import time
from collections.abc import Callable
from pathlib import Path

from wad.core.deadlines import CONFIG_READ


def read_bounded(
    path: Path, most: int, within: float = CONFIG_READ, check: Callable[[os.stat_result], None] | None = None
) -> bytes:
    """Return all of a file or pipe. Raises OSError where it cannot be read, is too large, or never ends.

    `most` is in bytes, `within` in seconds; `check` judges the open file before it is read.
    """
    # Opened like this a pipe without a writer does not hold whoever opens it.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    try:
        status = os.fstat(descriptor)
        if check is not None:
            check(status)
        return _read(descriptor, status.st_mode, most, time.monotonic() + within)
    finally:
        os.close(descriptor)


def _read(descriptor: int, mode: int, most: int, until: float) -> bytes:
    found = b""
    while len(found) <= most:
        if not stat.S_ISREG(mode):
            _await(descriptor, until)
        more = os.read(descriptor, most + 1 - len(found))
        if not more:
            return found
        found += more
    raise OSError(errno.EFBIG, f"it is larger than {most} bytes")


def _await(descriptor: int, until: float) -> None:
    """Wait until something can be read, or the last writer of a pipe has closed it."""
    waiting = select.poll()
    waiting.register(descriptor, select.POLLIN)
    if not waiting.poll(max(until - time.monotonic(), 0) * 1000):
        raise OSError(errno.ETIMEDOUT, "nobody wrote it to its end in time")
