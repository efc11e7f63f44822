"""wadctl on a terminal, as a person has it before them."""

import asyncio
import fcntl
import os
import pty
import struct
import sys
import termios
from contextlib import suppress


async def on_terminal(harness, *words, columns=80, rows=50, keys=b"", **variables):
    """Run wadctl on a terminal, type `keys`, and give what is seen there, with its exit code."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("4H", rows, columns, 0, 0))
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path), "TERM": "xterm", **variables}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "wad.ctl", "--socket", str(harness.path), *words),
        env=env,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    os.write(ours, keys)
    seen = asyncio.create_task(asyncio.to_thread(read_all, ours))
    code = await process.wait()
    return (await seen).decode().replace("\r\n", "\n"), code


def read_all(terminal):
    """Read until the other side is closed, which a terminal tells by an error."""
    pieces = []
    with suppress(OSError):
        while piece := os.read(terminal, 65536):
            pieces.append(piece)
    os.close(terminal)
    return b"".join(pieces)
