"""A process of its own group with a child, for what reads /proc."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_CHILD = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'print(1, flush=True); input()'])"


@contextmanager
def sleeper() -> Iterator[int]:
    """Run both, and give the number of the parent; behind it both have ended."""
    process = subprocess.Popen(
        [sys.executable, "-c", _CHILD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdout
    process.stdout.readline()
    try:
        yield process.pid
    finally:
        process.communicate(b"\n")
