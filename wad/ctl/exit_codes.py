"""How wadctl ends. Scripts rely upon these numbers.

Those of `status` are those of an init script's (LSB, "Init Script Actions"); 2 is argparse's own; 75 is
EX_TEMPFAIL of sysexits.h.
"""

from enum import IntEnum
from typing import ClassVar


class Exit(IntEnum):
    """The exit codes."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    STATUS_NOT_RUNNING = 3
    STATUS_UNKNOWN = 4
    NO_PERMISSION = 4
    NOT_RUNNING = 7
    TOO_LATE = 75
    # As a shell tells of a command that Ctrl-C ended.
    INTERRUPTED = 130


class CtlError(Exception):
    """A command that came to nothing; the message is for people."""

    exit: ClassVar[Exit] = Exit.FAILED


class UsageError(CtlError):
    """The command line makes no sense."""

    exit = Exit.USAGE


class NoPermissionError(CtlError):
    """The file's mode keeps the caller out."""

    exit = Exit.NO_PERMISSION


class NotRunningError(CtlError):
    """Nobody listens, or whoever listened has left."""

    exit = Exit.NOT_RUNNING


class TooLateError(CtlError):
    """What was waited for did not come in time."""

    exit = Exit.TOO_LATE
