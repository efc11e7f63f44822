"""wadctl from its command line to its exit code."""

import os
import sys
from collections.abc import Sequence

from wad.ctl import parser, socket_path
from wad.ctl.commands import OVERVIEW, TASKS
from wad.ctl.exit_codes import CtlError, Exit, NotRunningError, UsageError
from wad.ctl.remedies import remedy
from wad.ctl.screen import Screen
from wad.ctl.socket_path import Place
from wad.ctl.task import Context, Task


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command with `argv` (by default the process's own), and give its exit code."""
    options = parser.make()[0].parse_args(argv)
    screen = Screen(os.environ)
    try:
        place = socket_path.place(options.socket, options.instance, os.environ)
    except UsageError as error:
        screen.complain(str(error))
        return Exit.USAGE
    task = OVERVIEW if options.verb is None else TASKS[options.verb]
    return _run(task, Context(place, options, screen))


def _run(task: Task, context: Context) -> int:
    screen = context.screen
    try:
        return task.run(context)
    except CtlError as error:
        return _fail(task, context.place, screen, error)
    except (LookupError, TypeError, ValueError) as error:
        told = f"the daemon's answer is not understood ({error!r}); is it of another version?"
        return _fail(task, context.place, screen, CtlError(told))
    except KeyboardInterrupt:
        screen.settle()
        return Exit.INTERRUPTED
    except BrokenPipeError:
        # The reader has seen enough, as head does. Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.FAILED


def _fail(task: Task, place: Place, screen: Screen, error: CtlError) -> int:
    """Say what went wrong and, where that can be known, what to do; give the exit code."""
    code = _exit(task, error)
    screen.complain(str(error))
    if action := remedy(place, error, code):
        screen.advise(action)
    return code


def _exit(task: Task, error: CtlError) -> int:
    if error.exit is Exit.USAGE:
        return Exit.USAGE
    instead = task.not_running if isinstance(error, NotRunningError) else task.failed
    return error.exit if instead is None else instead
