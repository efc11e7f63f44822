"""The tasks of a running daemon, shown on SIGUSR1: where each of them stands in the code."""

import asyncio
from itertools import count

import structlog

log = structlog.get_logger(__name__)

_dumps = count(1)


def log_tasks() -> None:
    """Write the stack of every task to the log, for a daemon that seems to hang (SIGUSR1).

    Only places in the code are written, never the values of variables. The lines of one call share a number.
    """
    number = next(_dumps)
    for task in asyncio.all_tasks():
        frames = task.get_stack(limit=5)
        stack = [f"{frame.f_code.co_filename}:{frame.f_lineno} {frame.f_code.co_name}" for frame in frames]
        log.info("task", number=number, name=task.get_name(), stack=stack)
