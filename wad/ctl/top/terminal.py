"""A whole terminal for one program, which is given back as it was (xterm's control sequences, termios(3))."""

import os
import sys
import termios
from collections.abc import Sequence
from contextlib import suppress
from typing import Final, Self

from wad.ctl.top.lines import Line, Size

# The other screen, no cursor, no wrapping of lines; and all of it back.
_ENTER: Final = "\x1b[?1049h\x1b[?25l\x1b[?7l"
_LEAVE: Final = "\x1b[?7h\x1b[?25h\x1b[?1049l"
_HOME, _REST_OF_LINE, _REST = "\x1b[H", "\x1b[K", "\x1b[J"
# The places in what tcgetattr gives.
_IFLAG, _LFLAG, _CC = 0, 3, 6


class Terminal:
    """While entered, keys come one by one and unseen, and a picture takes the place of what was there."""

    def __init__(self, *, colours: bool) -> None:
        self._colours = colours
        self.forget()
        self._keys = sys.stdin.fileno()
        self._modes = termios.tcgetattr(self._keys)

    def __enter__(self) -> Self:
        """Take the terminal."""
        self.take()
        return self

    def __exit__(self, *_: object) -> None:
        """Give it back; if it is gone there is nothing to be done."""
        with suppress(OSError, termios.error):
            self._write(_LEAVE)
        with suppress(termios.error):
            termios.tcsetattr(self._keys, termios.TCSAFLUSH, self._modes)

    def take(self) -> None:
        """Set it up; again after somebody else had it."""
        modes = termios.tcgetattr(self._keys)
        modes[_LFLAG] &= ~(termios.ICANON | termios.ECHO | termios.ISIG | termios.IEXTEN)
        modes[_IFLAG] &= ~(termios.IXON | termios.ICRNL)
        modes[_CC][termios.VMIN], modes[_CC][termios.VTIME] = 1, 0
        termios.tcsetattr(self._keys, termios.TCSADRAIN, modes)
        self._write(_ENTER)
        self.forget()

    def forget(self) -> None:
        """Draw the next picture anew: what is shown may have been moved about."""
        self._shown = ""

    def fileno(self) -> int:
        """Give what to wait for until `key` has something to tell."""
        return self._keys

    def key(self) -> bytes:
        """Give what came at once, such as all of an arrow's sequence; nothing where the terminal is gone."""
        try:
            return os.read(self._keys, 64)
        except OSError:
            return b""

    def size(self) -> Size:
        """Give the present size; a terminal that does not know its own has 80 by 24."""
        columns, rows = os.get_terminal_size(sys.stdout.fileno())
        return Size(columns or 80, rows or 24)

    def show(self, lines: Sequence[Line]) -> None:
        """Show a picture that has room on the terminal, in one write, unless it is the one that is shown."""
        rows = [f"{self._painted(line)}{_REST_OF_LINE}" for line in lines]
        picture = _HOME + "\r\n".join(rows) + _REST
        if picture != self._shown:
            self._write(picture)
            self._shown = picture

    def _painted(self, line: Line) -> str:
        return f"\x1b[{line.paint}m{line.text}\x1b[0m" if self._colours and line.paint else line.text

    def _write(self, text: str) -> None:
        sys.stdout.write(text)
        sys.stdout.flush()
