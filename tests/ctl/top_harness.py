"""`wadctl top` on a real pseudo-terminal, and what stands on it."""

import asyncio
import fcntl
import os
import re
import struct
import sys
import termios
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from control_harness import ROOT

# For one condition, on a machine that others share.
PATIENCE = 30.0
# A whole picture: from the corner, each line to its end, and the rest of the screen.
_PICTURE = re.compile(r"\x1b\[H((?:(?!\x1b\[H).)*)\x1b\[J", re.DOTALL)
_PAINT = re.compile(r"\x1b\[[0-9;]*m")
_REST_OF_LINE = "\x1b[K"


class Terminal:
    """A terminal of some size with the program on it."""

    def __init__(self, columns: int, rows: int) -> None:
        self.master, self.slave = os.openpty()
        self.resize(columns, rows)
        self.before = self.modes()
        self.written = ""
        self.process: Process
        self._heard = asyncio.Event()

    def resize(self, columns: int, rows: int) -> None:
        """Change the size; the kernel tells whoever is on the terminal."""
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def modes(self) -> list[Any]:
        """Give how the terminal treats what is typed and written."""
        return termios.tcgetattr(self.slave)

    def type(self, keys: bytes) -> None:
        """Press keys."""
        os.write(self.master, keys)

    def hear(self) -> None:
        """Take what was written."""
        self.written += os.read(self.master, 65536).decode()
        self._heard.set()

    @property
    def raw(self) -> str:
        """The last picture, as it was written."""
        found = _PICTURE.findall(self.written)
        return found[-1] if found else ""

    @property
    def lines(self) -> list[str]:
        """The lines of the last picture, without colours."""
        # The terminal puts a return of its own before each line feed.
        rows = re.split("\r*\n", _PAINT.sub("", self.raw))
        assert all(row.endswith(_REST_OF_LINE) for row in rows if self.raw)
        return [row.removesuffix(_REST_OF_LINE) for row in rows]

    @property
    def text(self) -> str:
        """The last picture as one text."""
        return "\n".join(self.lines)

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait for what is written until something holds."""
        async with asyncio.timeout(PATIENCE):
            while not holds():
                self._heard.clear()
                await self._heard.wait()

    async def shows(self, *words: str) -> None:
        """Wait until these stand on the screen."""
        try:
            await self.until(lambda: all(word in self.text for word in words))
        except TimeoutError:
            raise AssertionError(f"not on the screen: {words}\n{self.text}") from None

    async def ended(self) -> int:
        """Wait for the end, and give the exit code."""
        async with asyncio.timeout(PATIENCE):
            return await self.process.wait()

    @property
    def given_back(self) -> bool:
        """Whether the terminal is as it was: its modes, the screen, the cursor, the wrapping of lines."""
        last = {what: self.written.rfind(f"\x1b[?{what}") for what in ("1049l", "25h", "7h")}
        taken = {what: self.written.rfind(f"\x1b[?{what}") for what in ("1049h", "25l", "7l")}
        return self.before == self.modes() and min(last.values()) > max(*taken.values(), 0)


@asynccontextmanager
async def top(
    path: Path, *options: str, columns: int = 100, rows: int = 40, **variables: str
) -> AsyncIterator[Terminal]:
    """Run `wadctl top` on a terminal of its own."""
    terminal = Terminal(columns, rows)
    loop = asyncio.get_running_loop()
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8", "TERM": "xterm"}
    argv = [sys.executable, "-m", "wad.ctl", "--socket", str(path), "top", *options]
    terminal.process = await asyncio.create_subprocess_exec(
        *argv,
        env=env | variables,
        stdin=terminal.slave,
        stdout=terminal.slave,
        stderr=terminal.slave,
        start_new_session=True,
        # Whoever controls the terminal is told of its size.
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    )
    loop.add_reader(terminal.master, terminal.hear)
    try:
        yield terminal
    finally:
        loop.remove_reader(terminal.master)
        if terminal.process.returncode is None:
            terminal.process.kill()
            await terminal.process.wait()
        os.close(terminal.master)
        os.close(terminal.slave)
