"""How a code is shown: drawn as large as the terminal has room for, as a file, or as the daemon's line."""

import base64
import os
from pathlib import Path
from typing import Final

from wad.core.values import dataclass
from wad.ctl import words
from wad.ctl.client import Line, connect
from wad.ctl.exit_codes import CtlError
from wad.ctl.screen import Screen
from wad.ctl.socket_path import Place

_HOW: Final = "Scan it with the phone: WhatsApp, Linked devices, Link a device."
# Below the code: how, until when, and the shell's prompt.
_BELOW: Final = 3
_PICTURE: Final = "data:image/png;base64,"
# Whoever sees the code can take the account.
_MODE: Final = 0o600


@dataclass(frozen=True, slots=True)
class Drawing:
    """How a code is to be shown: `small` with fewer lines, `output` as this file, `json` as it came."""

    place: Place
    screen: Screen
    json: bool = False
    small: bool = False
    output: Path | None = None

    def ask(self) -> Line:
        """Ask for the live code, for a smaller one where there is no room for the usual one."""
        with connect(self.place.path) as client:
            line = client.ask("qr small" if self.small else "qr")
            if self.small or self.json or self.output is not None or self._has_room(line):
                return line
            less = client.ask("qr small")
        # An older daemon knows no smaller one.
        return less if less.document.get("success") else line

    def show(self, line: Line, *, alone: bool) -> None:
        """Show it; `alone` clears a terminal first. Raises CtlError where it cannot be shown."""
        if self.output is not None:
            self._write(line)
        elif self.json:
            self.screen.say(line.text)
        elif not self._has_room(line):
            self._explain(line, alone=alone)
        else:
            self.screen.code(line.document["terminal"], alone=alone)
            self.screen.say(_HOW, self._end(line))

    def _has_room(self, line: Line) -> bool:
        room = self.screen.room()
        if room is None or not line.document.get("success"):
            return True
        columns, rows = _size(line)
        return columns <= room.columns and rows <= room.lines

    def _explain(self, line: Line, *, alone: bool) -> None:
        """Say that there is no room, and how the code can be seen; whoever watches may make some."""
        columns, rows = _size(line)
        said = f"the code needs {columns} columns and {rows} lines, more than the terminal has"
        ways = ["Make it larger, or its letters smaller.", *self._page()]
        ways.append(f"Or have a picture: {self.place.call} qr --output code.png")
        if not alone:
            raise CtlError("\n  ".join([said, *ways]))
        self.screen.clear()
        self.screen.complain(said)
        for way in ways:
            self.screen.advise(way)

    def _page(self) -> list[str]:
        # Imported late: it looks where this wad's page is, and it is needed here alone.
        from wad.doctor import page_url  # noqa: PLC0415

        url = page_url(self.place.path)
        return [] if url is None else [f"Or open the page: {url}"]

    def _write(self, line: Line) -> None:
        """Put the picture in place at once: whoever looks at the file never sees half of it."""
        assert self.output is not None  # noqa: S101 - for the type checker
        picture = base64.b64decode(str(line.document["qrCode"]).removeprefix(_PICTURE))
        part = self.output.with_name(f".{self.output.name}.{os.getpid()}")
        try:
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MODE), "wb") as file:
                file.write(picture)
            part.replace(self.output)
        except OSError as exc:
            part.unlink(missing_ok=True)
            raise CtlError(f"{self.output} cannot be written: {exc.strerror}") from exc
        self.screen.say(line.text if self.json else f"{self.output} has the code. {self._end(line)}")

    @staticmethod
    def _end(line: Line) -> str:
        return f"It is good until {words.clock(line.document['qrExpiresAt'])}."


def _size(line: Line) -> tuple[int, int]:
    """Give the columns and lines that a code takes, with what stands below it."""
    lines = str(line.document["terminal"]).splitlines()
    return max(map(len, lines)), len(lines) + _BELOW
