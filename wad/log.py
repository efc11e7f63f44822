"""The log: its form, and the line for each transition.

Rules of this file:

* A log call never raises and never blocks for long: a full disk or a dead reader must not stop the daemon.
* Neither a code nor a key nor a token is ever logged. `wad.status.Code` hides its text from ``repr``, and
  tracebacks are written without the values of variables.
"""

import logging
import os
import sys
from collections.abc import Callable
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from wad.events import QrIssued
from wad.journal import Journal, entry, under_journal
from wad.session import Change
from wad.status import Phase

log = structlog.get_logger("wad.link")


class _Line:
    """Writes lines to a stream; a stream that is gone costs the line, not the daemon."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def msg(self, message: str) -> None:
        try:
            self._stream.write(message + "\n")
            self._stream.flush()
        except (OSError, ValueError):  # a closed pipe, a full disk; a stream closed at exit
            return

    debug = info = warning = error = critical = exception = log = msg


class _Entry:
    """Sends entries to the journal, with their facts as fields."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def msg(self, **event: Any) -> None:
        self._journal.send(entry(event))

    debug = info = warning = error = critical = exception = log = msg


class _Bridge(logging.Handler):
    """Hands on what libraries log by the standard library's `logging`."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            # A level of a library's own counts as the one below it: structlog knows no others.
            level = min(logging.CRITICAL, max(logging.DEBUG, record.levelno // 10 * 10))
            structlog.get_logger(record.name).log(level, record.getMessage(), exc_info=record.exc_info)
        except Exception:  # noqa: BLE001 - a library's malformed record is not worth an error of ours
            return


def configure(form: str, level: str, stream: TextIO | None = None) -> None:
    """Set the log up for the process: `form` is auto, console, journal or json; `level` debug to error.

    "auto" sends to the journal where standard error leads there, writes lines for people to a terminal, and
    JSON elsewhere. Lines go to `stream`, by default standard error.
    """
    out = stream if stream is not None else sys.stderr
    threshold = logging.getLevelNamesMapping()[level.upper()]
    render, factory = _sink(_resolved(form, out), out)
    structlog.configure(
        processors=[*_shared(), *render],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=factory,
        cache_logger_on_first_use=False,  # tests capture; the cost is microseconds a line
    )
    root = logging.getLogger()
    root.handlers[:] = [_Bridge()]
    # Libraries at INFO tell what they send and receive: a code would be among it.
    root.setLevel(max(threshold, logging.WARNING))


def _resolved(form: str, out: TextIO) -> str:
    if form != "auto":
        return form
    if under_journal(os.environ):
        return "journal"
    return "console" if out.isatty() else "json"


def _sink(form: str, out: TextIO) -> tuple[list[Processor], Callable[..., Any]]:
    """Give the last processors of a form, and what makes the loggers they end in."""
    if form == "journal":
        sender = _Entry(Journal())
        return [structlog.processors.format_exc_info, _as_fields], lambda *_: sender
    line = _Line(out)
    return (_for_people(colors=out.isatty()) if form == "console" else _as_json()), lambda *_: line


def _as_fields(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Hand the facts on as they are; structlog passes a mapping as keyword arguments."""
    return event


def _shared() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def _for_people(*, colors: bool) -> list[Processor]:
    # Not the default tracebacks: with rich installed they show the values of variables.
    plain = structlog.dev.plain_traceback
    # By position, for the name differs: pad_event in Debian's structlog, pad_event_to in later ones.
    no_padding = 0
    return [structlog.dev.ConsoleRenderer(no_padding, colors=colors, exception_formatter=plain)]


def _as_json() -> list[Processor]:
    return [
        structlog.processors.format_exc_info,
        _event_first,
        structlog.processors.JSONRenderer(default=str),
    ]


def _event_first(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Put what a reader looks for to the front of the line."""
    front = {key: event[key] for key in ("timestamp", "level", "event") if key in event}
    return {**front, **event}


# The words the old server's readers grep for, beside the line of each transition.
_MILESTONES: dict[Phase, str] = {
    Phase.SYNCING: "[WA] event=authenticated",
    Phase.LINKED: "[WA] event=ready",
}


def log_change(change: Change) -> None:
    """Write the lines for one change of the status: a subscriber of `wad.session.Session`."""
    before, after = change.before, change.after
    facts: dict[str, Any] = {"phase": after.phase, "reason": after.reason, "seq": after.seq}
    if before.state is not after.state:
        line = f"[WA] state={before.state} -> {after.state}"
        log.info(line, state_from=before.state, state_to=after.state, **facts)
    elif before.reason != after.reason:
        log.info("reason_changed", state=after.state, **facts)
    elif before.phase is not after.phase:
        log.debug("phase_changed", before=before.phase, **facts)
    _log_milestone(change, log.info)


def _log_milestone(change: Change, write: Callable[..., Any]) -> None:
    pairing = change.after.pairing
    if pairing is not None and pairing != change.before.pairing:
        write("[WA] event=pairing-code", expires_at=pairing.expires_at.isoformat())
    elif isinstance(change.event, QrIssued) and change.after.code != change.before.code:
        code = change.after.code
        write("[WA] event=qr", expires_at=code.expires_at.isoformat() if code else None)
    elif change.before.phase is not change.after.phase and change.after.phase in _MILESTONES:
        write(_MILESTONES[change.after.phase])
