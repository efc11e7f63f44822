"""`wadctl top` itself: a picture that lives on a terminal, or one look at wad everywhere else."""

import json
import select
import signal
import sys
import time
from contextlib import closing
from datetime import UTC, datetime
from typing import Any, Final

from wad.ctl.client import connect
from wad.ctl.exit_codes import CtlError, Exit
from wad.ctl.screen import Screen
from wad.ctl.socket_path import Place
from wad.ctl.top.feed import Feed
from wad.ctl.top.lines import Size
from wad.ctl.top.terminal import Terminal
from wad.ctl.top.view import Known, draw
from wad.service.signals import Signals

_ESCAPE: Final = b"\x1b"
# With Ctrl-C and Ctrl-D.
_LEAVE: Final = frozenset(b"qQ\x03\x04")
_ENDS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_CHANGES: Final = (signal.SIGWINCH, signal.SIGCONT)
# In seconds: how old the times on the screen may be.
_REDRAW: Final = 1.0
# For what is no terminal: no line is cut, and the history has some twenty lines.
_PAPER: Final = Size(1000, 40)
# What may not be left lying in a file.
_CODES: Final = frozenset({"qrCode", "pairingCode"})
# What the vitals tell of messages: keys of their own for a program.
_OF_MESSAGES: Final = ("outbox", "webhooks")


def show(place: Place, screen: Screen, *, interval: float, once: bool, as_json: bool) -> int:
    """Show it until the user leaves; at once if that is wanted, or where nobody could leave.

    Raises CtlError where wad cannot be asked when it begins.
    """
    if once or as_json or not screen.interactive:
        return _look(place, screen, as_json=as_json)
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]
    with closing(Feed(place.path, interval)) as feed:
        feed.open()
        with Signals((*_ENDS, *_CHANGES)) as signals, Terminal(colours=screen.colours) as terminal:
            return _live(place, feed, signals, terminal)


def _look(place: Place, screen: Screen, *, as_json: bool) -> int:
    with connect(place.path) as client:
        status = client.ask("status").document
        if "currentState" not in status:
            raise CtlError(str(status.get("error")))
        history, vitals = (client.demand(verb).document for verb in ("history", "vitals"))
    if as_json:
        bare = {key: value for key, value in status.items() if key not in _CODES}
        # An older wad has none of them.
        messages = {key: vitals.pop(key) for key in _OF_MESSAGES if key in vitals}
        screen.say(json.dumps({"status": bare, "history": history, "vitals": vitals, **messages}))
        return Exit.DONE
    known = Known(place, status, history["transitions"], vitals)
    screen.say(*(line.text for line in draw(known, _PAPER, datetime.now(UTC))))
    return Exit.DONE


def _live(place: Place, feed: Feed, signals: Signals, terminal: Terminal) -> int:
    while True:
        terminal.show(draw(_known(place, feed), terminal.size(), datetime.now(UTC)))
        ready = _wait(feed, signals, terminal)
        if signals in ready and (came := signals.take()):
            for number in _ENDS:
                if number in came:
                    # As a shell tells of what a signal has ended.
                    return 128 + number
            _change(came, terminal)
        if terminal in ready and _leaves(terminal.key()):
            return Exit.DONE
        if feed in ready:
            feed.hear()
        feed.tick()


def _wait(feed: Feed, signals: Signals, terminal: Terminal) -> list[Any]:
    """Wait until there is something to do, or the times on the screen are old; give what is ready."""
    sources: list[Any] = [signals, terminal, *([feed] if feed.fileno() is not None else [])]
    within = min(_REDRAW, max(0.0, feed.wake_at - time.monotonic()))
    ready, _, _ = select.select(sources, [], [], within)
    return ready


def _leaves(key: bytes) -> bool:
    """Tell whether somebody wants to leave; what begins with an escape is an arrow or some such key."""
    if key.startswith(_ESCAPE):
        return key == _ESCAPE
    return not key or not _LEAVE.isdisjoint(key)


def _change(came: frozenset[int], terminal: Terminal) -> None:
    if signal.SIGCONT in came:
        terminal.take()  # the shell has had it meanwhile
    terminal.forget()


def _known(place: Place, feed: Feed) -> Known:
    return Known(
        place,
        feed.status,
        feed.history or (),
        feed.vitals,
        feed.browser.kept,
        feed.daemon.kept,
        feed.away,
        silent=feed.silent,
        live=True,
    )
