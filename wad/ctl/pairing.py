"""Pairing by phone number: asking for the code, showing it, and waiting until it was entered."""

import time

from wad.ctl import words
from wad.ctl.client import Client, Line, connect
from wad.ctl.exit_codes import CtlError, Exit, TooLateError
from wad.ctl.screen import Screen
from wad.ctl.socket_path import Place
from wad.ctl.waiting import ENDS, NotReachedError

_HOW = (
    "Enter it on the phone: WhatsApp, Linked devices, Link a device, Link with phone number instead.",
    "WhatsApp may show a notification there that leads to the same place.",
)
# Of all reasons those that end a pairing begin so.
_PAIRING = "pairing_"
_CONFIRMING = "confirming"


def pair(place: Place, number: str, screen: Screen, *, timeout: float, json: bool, wait: bool) -> int:
    """Show a code for the phone of that number; with `wait` go on until it is linked.

    Raises TooLateError after `timeout` seconds, NotReachedError where there will be no code, CtlError where
    the number is refused or the code was not entered in time.
    """
    until = time.monotonic() + timeout
    with connect(place.path) as watch:
        # Such a watcher counts as waiting for a code.
        watch.demand("watch qr")
        with connect(place.path) as client:
            answer = client.demand(f"pair {number}")
        try:
            line = _given(watch, answer, until, screen)
            _show(line, screen, place, json=json)
            if wait and line.document["currentState"] not in words.LINKED:
                _tell(_entered(watch, until, screen), screen, place, json=json)
        finally:
            screen.settle()
    return Exit.DONE


def _given(watch: Client, answer: Line, until: float, screen: Screen) -> Line:
    """Wait for the code, or for a link that came about without it."""
    while True:
        screen.progress("asking WhatsApp for a pairing code")
        line = _next(watch, until, "there is no pairing code yet")
        document = line.document
        if document["seq"] <= answer.document["seq"]:
            continue
        if document["pairingCode"] or document["currentState"] in words.LINKED:
            return line
        if document["phase"] in ENDS or (document["reason"] or "").startswith(_PAIRING):
            raise NotReachedError(line)


def _entered(watch: Client, until: float, screen: Screen) -> Line:
    """Wait until the link is ready."""
    while True:
        line = _next(watch, until, "nobody has entered the code")
        document = line.document
        if document["isReady"]:
            return line
        if document["phase"] in ENDS:
            raise NotReachedError(line)
        waits = document["pairingCode"] or document["phase"] == _CONFIRMING
        if document["currentState"] not in words.LINKED and not waits:
            raise CtlError("the code was not entered in time, or is gone; ask for another one")
        screen.progress(words.headline(document))


def _next(watch: Client, until: float, missing: str) -> Line:
    try:
        return watch.next(until)
    except TooLateError as exc:
        raise TooLateError(f"waited too long; {missing}") from exc


def _show(line: Line, screen: Screen, place: Place, *, json: bool) -> None:
    code = line.document["pairingCode"]
    if json or not code:
        _tell(line, screen, place, json=json)
        return
    screen.settle()
    end = words.clock(line.document["pairingCodeExpiresAt"])
    screen.say(f"{code[:4]}-{code[4:]}", *_HOW, f"It is good until {end}.")


def _tell(line: Line, screen: Screen, place: Place, *, json: bool) -> None:
    screen.settle()
    if json:
        screen.say(line.text)
    else:
        screen.status(line.document["currentState"], words.status(line.document, place.call))
