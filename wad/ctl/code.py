"""Showing the code, once or until the phone has scanned it."""

import time
from pathlib import Path

from wad.ctl import words
from wad.ctl.client import Line, connect
from wad.ctl.exit_codes import CtlError, Exit, TooLateError
from wad.ctl.screen import Screen
from wad.ctl.waiting import ENDS, NotReachedError

# The phone has scanned it: no code is needed.
_SCANNED = frozenset({"authenticated", "ready"})
_LINKED = "It is linked already: no code is needed."
_HOW = "Scan it with the phone: WhatsApp, Linked devices, Link a device."


def show(path: Path, screen: Screen, *, json: bool) -> int:
    """Draw the live code. Whoever is linked already needs none, so that is no failure."""
    with connect(path) as client:
        line = client.ask("qr")
    if json:
        screen.say(line.text)
    elif line.document.get("success"):
        _draw(line, screen, alone=False)
    elif line.document.get("currentState") in _SCANNED:
        screen.say(_LINKED)
    else:
        raise CtlError(str(line.document.get("error")))
    shown = line.document.get("success") or line.document.get("currentState") in _SCANNED
    return Exit.DONE if shown else Exit.FAILED


def show_until_scanned(path: Path, screen: Screen, *, timeout: float | None, json: bool) -> int:
    """Draw each new code until one was scanned. Raises NotReachedError if no more codes will come."""
    until = None if timeout is None else time.monotonic() + timeout
    with connect(path) as watch:
        # Such a watcher counts as waiting for the code: codes are renewed for it.
        line = watch.demand("watch qr")
        shown: str | None = None
        first = line
        while line.document.get("currentState") not in _SCANNED:
            if line.document["phase"] in ENDS:
                raise NotReachedError(line)
            shown = _redraw(path, line, shown, screen, json=json)
            try:
                line = watch.next(until)
            except TooLateError as exc:
                raise TooLateError("waited too long; nobody has scanned the code") from exc
    if not json:
        if line is not first:
            screen.clear()
        screen.say("Scanned." if line is not first else _LINKED)
    return Exit.DONE


def _redraw(path: Path, line: Line, shown: str | None, screen: Screen, *, json: bool) -> str | None:
    """Draw the present code if it is another than the one with the end `shown`; give the one drawn now."""
    expires: str | None = line.document["qrExpiresAt"]
    if expires is None:
        if shown is not None:
            screen.clear()
        screen.progress(words.headline(line.document))
        return None
    if expires == shown:
        return shown
    with connect(path) as client:
        answer = client.ask("qr")
    if not answer.document.get("success"):
        return None  # gone in between; the watch will tell
    screen.settle()
    if json:
        screen.say(answer.text)
    else:
        _draw(answer, screen, alone=True)
    return str(answer.document["qrExpiresAt"])


def _draw(line: Line, screen: Screen, *, alone: bool) -> None:
    screen.code(line.document["terminal"], alone=alone)
    screen.say(_HOW, f"It is good until {words.clock(line.document['qrExpiresAt'])}.")
