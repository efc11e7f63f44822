"""Work in a thread that can be given up on.

The loop's own threads are waited for when the process ends: one that hangs on a dead disk would keep the
daemon from ending, and some of them all other work from being done.
"""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")


def begin(work: Callable[[], T], name: str) -> asyncio.Future[T]:
    """Give what will come of `work` in a thread of this name; the process ends without waiting for it."""
    outcome: Future[T] = Future()

    def run() -> None:
        try:
            outcome.set_result(work())
        except Exception as error:  # noqa: BLE001 - whoever awaits the outcome is told
            outcome.set_exception(error)

    awaited = asyncio.wrap_future(outcome)
    awaited.add_done_callback(_look)
    threading.Thread(target=run, name=name, daemon=True).start()
    return awaited


def _look(outcome: asyncio.Future[Any]) -> None:
    """Look at a failure, or asyncio would log it: whoever waited may have given up."""
    if not outcome.cancelled():
        outcome.exception()
