"""Showing the code, once or until the phone has scanned it."""

import time

from wad.ctl import words
from wad.ctl.client import Line, connect
from wad.ctl.drawing import Drawing
from wad.ctl.exit_codes import CtlError, Exit, TooLateError
from wad.ctl.screen import Screen
from wad.ctl.waiting import ENDS, NotReachedError

_LINKED = "It is linked already: no code is needed."


def show(screen: Screen, drawing: Drawing) -> int:
    """Show the live code. Whoever is linked already needs none, so that is no failure.

    Raises CtlError where there is no code, or no room for it.
    """
    line = drawing.ask()
    linked = line.document.get("currentState") in words.LINKED
    if line.document.get("success"):
        drawing.show(line, alone=False)
    elif drawing.json:
        screen.say(line.text)
    elif linked:
        screen.say(_LINKED)
    else:
        raise CtlError(str(line.document.get("error")))
    return Exit.DONE if linked or line.document.get("success") else Exit.FAILED


def show_until_scanned(screen: Screen, drawing: Drawing, timeout: float | None) -> int:
    """Show each new code until one was scanned. Raises NotReachedError if no more codes will come."""
    until = None if timeout is None else time.monotonic() + timeout
    with connect(drawing.place.path) as watch:
        # Such a watcher counts as waiting for the code: codes are renewed for it.
        line = watch.demand("watch qr")
        shown: str | None = None
        first = line
        while line.document.get("currentState") not in words.LINKED:
            if line.document["phase"] in ENDS:
                raise NotReachedError(line)
            shown = _show_next(line, shown, screen, drawing)
            try:
                line = watch.next(until)
            except TooLateError as exc:
                raise TooLateError("waited too long; nobody has scanned the code") from exc
    if not drawing.json:
        if line is not first:
            screen.clear()
        screen.say("Scanned." if line is not first else _LINKED)
    return Exit.DONE


def _show_next(line: Line, shown: str | None, screen: Screen, drawing: Drawing) -> str | None:
    """Show the present code if it is another than the one with the end `shown`; give the one shown now."""
    expires: str | None = line.document["qrExpiresAt"]
    if expires is None:
        if shown is not None:
            screen.clear()
        screen.progress(words.headline(line.document))
        return None
    if expires == shown:
        return shown
    answer = drawing.ask()
    if not answer.document.get("success"):
        return None  # gone in between; the watch will tell
    screen.settle()
    drawing.show(answer, alone=True)
    return str(answer.document["qrExpiresAt"])
