"""The log: its form, and where its lines go.

Rules of this file:

* A log call never raises and never waits: a full disk or a dead reader must not stop the daemon, nor one that
  does not read. Lines for standard error are written by a thread of their own (`wad.log.writer`).
* Neither a code nor a key nor a token is ever logged. `wad.core.status.Code` hides its text from ``repr``,
  and tracebacks are written without the values of variables.
* The process has one writer, one journal, one memory of what repeats: whoever sets the log up anew, as a
  reload does, takes them over.
"""

import logging
import os
from collections.abc import Callable
from functools import cached_property
from typing import Any, TextIO, cast

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from wad.core.deadlines import LOG_FLUSH
from wad.log.journal import Journal, entry, under_journal
from wad.log.losses import Losses
from wad.log.repeats import Repeats
from wad.log.writer import Stream, Writer

_STDERR = 2


class _Process:
    """What the process has of the log, made when it is first wanted."""

    def __init__(self) -> None:
        self.losses = Losses()
        self.repeats = Repeats()

    @cached_property
    def writer(self) -> Writer:
        """What writes to standard error."""
        return Writer(_STDERR, self.losses)

    @cached_property
    def journal(self) -> Journal:
        """The way to journald."""
        return Journal()

    def flush(self) -> None:
        """Wait for what is still to be written, if anything ever was."""
        if "writer" in self.__dict__:
            self.writer.flush(LOG_FLUSH)


_process = _Process()


class _Line:
    """Hands lines to `put`, which neither waits nor raises."""

    def __init__(self, put: Callable[[str], None]) -> None:
        self.msg = put
        self.debug = self.info = self.warning = self.error = self.critical = self.exception = put


def _onto(stream: TextIO) -> Callable[[str], None]:
    """Give what writes lines to a stream, here and now; one that is gone costs the line, not the daemon."""

    def put(line: str) -> None:
        try:
            stream.write(line + "\n")
            stream.flush()
        except (OSError, ValueError):  # a closed pipe, a full disk; a stream closed at exit
            return

    return put


class _Entry:
    """Sends entries to the journal, with their facts as fields; tells of those that were lost meanwhile."""

    def __init__(self, journal: Journal, losses: Losses, notice: Callable[[int], Any]) -> None:
        self._journal = journal
        self._losses = losses
        self._notice = notice

    def msg(self, **event: Any) -> None:
        if self._journal.send(entry(event)):
            self._losses.tell(self._say)
        else:
            self._losses.add()

    debug = info = warning = error = critical = exception = msg

    def _say(self, lost: int) -> bool:
        told = self._notice(lost)
        return told is None or self._journal.send(entry(told[1]))


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
    JSON elsewhere. Lines go to standard error by the writer's thread; or to `stream`, in the caller's.
    """
    threshold = logging.getLevelNamesMapping()[level.upper()]
    terminal = stream.isatty() if stream is not None else os.isatty(_STDERR)
    form = _resolved(form, terminal=terminal)
    repeats = _process.repeats if stream is None else Repeats()
    wrapper, render = structlog.make_filtering_bound_logger(threshold), _rendering(form, colors=terminal)
    sink = _sink(form, stream, _notice([*_shared(), _STAMP, *render], wrapper))
    structlog.configure(
        processors=[*_shared(), repeats, _STAMP, *render],
        wrapper_class=wrapper,
        logger_factory=lambda *_: sink,
        cache_logger_on_first_use=False,  # tests capture; the cost is microseconds a line
    )
    root = logging.getLogger()
    root.handlers[:] = [_Bridge()]
    # Libraries at INFO tell what they send and receive: a code would be among it.
    root.setLevel(max(threshold, logging.WARNING))


def lines_dropped() -> int:
    """Give how many lines were lost since the process began."""
    return _process.losses.total


def tell_repeated() -> None:
    """Write how often lines came again that are still held back: before the daemon's last line."""
    _process.repeats.tell(structlog.get_config()["logger_factory"]())


def standard_error() -> TextIO:
    """Give a stream for what others say on standard error: it does not wait either."""
    return cast(TextIO, Stream(_process.writer.put))


def flush() -> None:
    """Wait, at the end of the process and for a bounded time, until what was logged is written."""
    _process.flush()


def _resolved(form: str, *, terminal: bool) -> str:
    if form != "auto":
        return form
    if under_journal(os.environ):
        return "journal"
    return "console" if terminal else "json"


def _sink(form: str, stream: TextIO | None, notice: Callable[[int], Any]) -> _Line | _Entry:
    """Give what the loggers end in. `notice` renders the line that tells of lost ones."""
    if form == "journal":
        return _Entry(_process.journal, _process.losses, notice)
    if stream is not None:
        return _Line(_onto(stream))
    _process.writer.notice = notice
    return _Line(_process.writer.put)


def _notice(processors: list[Processor], wrapper: Any) -> Callable[[int], Any]:
    """Give what renders the line that tells of lost ones, as all lines are; None below the level."""

    def render(count: int) -> Any:
        log = structlog.wrap_logger(structlog.ReturnLogger(), processors=processors, wrapper_class=wrapper)
        return log.warning("log_lines_dropped", count=count)

    return render


def _rendering(form: str, *, colors: bool) -> list[Processor]:
    """Give the last processors of a form."""
    if form == "journal":
        return [_as_fields]
    return _for_people(colors=colors) if form == "console" else _as_json()


def _as_fields(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Hand the facts on as they are; structlog passes a mapping as keyword arguments."""
    return event


def _shared() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.format_exc_info,
    ]


_STAMP = structlog.processors.TimeStamper(fmt="iso", utc=True)


def _for_people(*, colors: bool) -> list[Processor]:
    # Not the default tracebacks: with rich installed they show the values of variables.
    plain = structlog.dev.plain_traceback
    # By position, for the name differs: pad_event in Debian's structlog, pad_event_to in later ones.
    no_padding = 0
    return [structlog.dev.ConsoleRenderer(no_padding, colors=colors, exception_formatter=plain)]


def _as_json() -> list[Processor]:
    return [
        _event_first,
        structlog.processors.JSONRenderer(default=str),
    ]


def _event_first(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Put what a reader looks for to the front of the line."""
    front = {key: event[key] for key in ("timestamp", "level", "event") if key in event}
    return {**front, **event}
