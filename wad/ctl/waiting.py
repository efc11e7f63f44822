"""Waiting for what a command leads to.

Theory of operation. The watch is opened first, then the command is sent on a connection of its own; so no
change is missed, and every line of the watch with a greater ``seq`` than the answer's came after it. On a
very busy machine the answer is the status before the command: each goal therefore says in which phases its
command has begun to work. That a code was there before a reset proves nothing.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from wad.core.values import dataclass
from wad.ctl.client import Client, Line, connect
from wad.ctl.exit_codes import CtlError, TooLateError
from wad.ctl.screen import Screen
from wad.ctl.words import headline

Document = dict[str, Any]

# A person must act, or somebody has stopped it: no use to wait for the phone's turn.
ENDS = frozenset({"stopped", "held_up", "reset_pending"})


@dataclass(frozen=True, slots=True)
class Goal:
    """When a command has done its work: `begun` judges the phase, `done` the document.

    In a phase of `ends` it never will.
    """

    begun: Callable[[str], bool]
    done: Callable[[Document], bool]
    ends: frozenset[str] = ENDS


def _shown_or_linked(document: Document) -> bool:
    return bool(document.get("hasQr")) or document.get("currentState") == "ready"


def _shown(document: Document) -> bool:
    return bool(document.get("hasQr"))


def _stopped(document: Document) -> bool:
    return document.get("phase") == "stopped"


_STOPPING = frozenset({"stopping", "stopped"})
_FORGETTING = frozenset({"resetting", "logging_out"})
GOALS = {
    "start": Goal(lambda phase: phase not in _STOPPING, _shown_or_linked),
    "stop": Goal(_STOPPING.__contains__, _stopped, ends=frozenset()),
    "reset": Goal(_FORGETTING.__contains__, _shown),
    "logout": Goal(_FORGETTING.__contains__, _shown),
}


class NotReachedError(CtlError):
    """The link came to where nothing more happens by itself; the message says why."""

    def __init__(self, line: Line) -> None:
        document = line.document
        action = document.get("action")
        super().__init__(headline(document) + (f". {action}" if action else ""))


def carry_out(path: Path, verb: str, within: float, screen: Screen) -> tuple[Line, bool]:
    """Send a command, wait for its goal, and give the line that tells of it; True if that is a status.

    Raises TooLateError after `within` seconds. A command that was refused is not waited for.
    """
    until = time.monotonic() + within
    with connect(path) as watch:
        watch.demand("watch")
        with connect(path) as client:
            answer = client.ask(verb)
        goal = GOALS[verb]
        if not answer.document.get("success"):
            return answer, False
        if goal.begun(answer.document["phase"]) and goal.done(answer.document):
            return answer, False
        try:
            return _follow(watch, goal, answer.document, until, screen), True
        finally:
            screen.settle()


def _follow(watch: Client, goal: Goal, answer: Document, until: float, screen: Screen) -> Line:
    begun = goal.begun(answer["phase"])
    last = str(answer["phase"]).replace("_", " ")
    while True:
        screen.progress(last)
        try:
            line = watch.next(until)
        except TooLateError as exc:
            raise TooLateError(f"waited too long; it is still {last}") from exc
        if line.document["seq"] <= answer["seq"]:
            continue
        last, phase = headline(line.document), line.document["phase"]
        begun = begun or goal.begun(phase)
        if begun and goal.done(line.document):
            return line
        if begun and phase in goal.ends:
            raise NotReachedError(line)
