"""What people see: lines, colours and progress on a terminal, and plain lines everywhere else."""

import os
import sys
from collections.abc import Iterable, Mapping

COLOURS = {"ready": "32", "qr": "33", "authenticated": "33", "disconnected": "31", "blocked": "31"}
COLOURS |= {"ok": "32", "warn": "33", "fail": "31"}  # what the doctor found
# White on black, whatever the terminal's own colours are: on a light one the code would be its own negative.
_CODE = "97;40"
_CLEAR = "\x1b[H\x1b[2J"
_LINE = "\r\x1b[K"


class Screen:
    """Standard output for what was asked for, standard error for everything else."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._terminal = sys.stdout.isatty()
        self._painting = self._terminal and env.get("TERM") != "dumb"
        self.colours = self._painting and not env.get("NO_COLOR")
        # Where somebody looks, and can say that it is enough.
        keys = sys.stdin is not None and sys.stdin.isatty()
        self.interactive = self._painting and keys
        # Where somebody can be asked, though the output may go elsewhere.
        self._asks = keys and sys.stderr.isatty()
        self._lively = sys.stderr.isatty() and env.get("TERM") != "dumb"

    def say(self, *lines: str) -> None:
        """Write lines."""
        sys.stdout.write("".join(f"{line}\n" for line in lines))
        sys.stdout.flush()

    def status(self, state: str, lines: Iterable[str]) -> None:
        """Write lines about the status, the first in the state's colour."""
        first, *others = lines
        self.say(self._painted(COLOURS.get(state), first), *others)

    def code(self, drawing: str, *, alone: bool) -> None:
        """Draw a code; `alone` clears a terminal first."""
        lines = drawing.splitlines()
        if self._terminal and alone:
            sys.stdout.write(_CLEAR)
        # Whoever wants no colours wants a code that can be read.
        self.say(*(f"\x1b[{_CODE}m{line}\x1b[0m" if self._painting else line for line in lines))

    def room(self) -> os.terminal_size | None:
        """Give how much room there is; None where it is no terminal, or one that does not know."""
        if not self._terminal:
            return None
        size = os.get_terminal_size(sys.stdout.fileno())
        return size if size.columns > 0 and size.lines > 0 else None

    def clear(self) -> None:
        """Take an old code from a terminal."""
        if self._terminal:
            sys.stdout.write(_CLEAR)

    def complain(self, message: str) -> None:
        """Tell what went wrong."""
        self.settle()
        sys.stderr.write(f"wadctl: {message}\n")

    def advise(self, action: str) -> None:
        """Tell what to do about it."""
        sys.stderr.write(f"  {action}\n")

    def consents(self, question: str) -> bool:
        """Ask a person, who has to say yes; where nobody can be asked, whoever wrote the script has."""
        if not self._asks:
            return True
        sys.stderr.write(f"{question} [y/N] ")
        sys.stderr.flush()
        return sys.stdin.readline().strip().lower() in {"y", "yes"}

    def progress(self, text: str) -> None:
        """Show how far it has come, on a terminal only, over what was shown before."""
        if self._lively:
            sys.stderr.write(f"{_LINE}{text} …")
            sys.stderr.flush()

    def settle(self) -> None:
        """Take the progress away."""
        if self._lively:
            sys.stderr.write(_LINE)
            sys.stderr.flush()

    def _painted(self, colour: str | None, text: str) -> str:
        return f"\x1b[{colour}m{text}\x1b[0m" if self.colours and colour else text
