"""One call of wadctl, and what a row of its table of commands has."""

from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

from wad.core.values import dataclass
from wad.ctl.client import Line, connect
from wad.ctl.exit_codes import CtlError, Exit
from wad.ctl.screen import Screen
from wad.ctl.socket_path import Place


@dataclass(frozen=True, slots=True)
class Context:
    """One call of wadctl."""

    place: Place
    options: Namespace
    screen: Screen

    @property
    def path(self) -> Path:
        """The control socket."""
        return self.place.path

    def ask(self, verb: str) -> Line:
        """Ask on a connection of its own."""
        with connect(self.path) as client:
            return client.ask(verb)

    def tell(self, line: Line, *lines: str) -> int:
        """Print an answer, as it came or in these words. Raises CtlError if it tells of a failure."""
        failed = not line.document.get("success")
        if self.options.json:
            self.screen.say(line.text)
            return Exit.FAILED if failed else Exit.DONE
        if failed:
            raise CtlError(str(line.document.get("error") or line.document.get("message")))
        self.screen.say(*lines)
        return Exit.DONE


@dataclass(frozen=True, slots=True)
class Task:
    """One row of the table: what a command does, and which options it has.

    `forgets` is what a person is asked first. `not_running` and `failed` replace the ordinary exit codes for
    those ends.
    """

    run: Callable[[Context], int]
    help: str
    waits: bool = False
    watches: bool = False
    words: str = ""
    count: str = "+"
    forgets: str = ""
    cancels: bool = False
    lives: bool = False
    checks: bool = False
    follows: bool = False
    not_running: Exit | None = None
    failed: Exit | None = None
