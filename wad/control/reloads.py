"""Reloading of the configuration, asked for by many: one at a time, and never more than one waiting."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

Facts = Mapping[str, Any] | None
Reload = Callable[[], Awaitable[Facts]]


class Reloads:
    """Runs `reload`, which gives what is worth telling of it, or raises what it has logged."""

    def __init__(self, reload: Reload) -> None:
        self._reload = reload
        self._turn = asyncio.Lock()
        self._waiting: asyncio.Task[Facts] | None = None
        self._tasks: set[asyncio.Task[Facts]] = set()

    def ask(self) -> asyncio.Task[Facts]:
        """Give the task of a reload that has not begun yet: it sees all that was written before the call."""
        if self._waiting is None:
            self._waiting = asyncio.create_task(self._run(), name="wad-control-reload")
            self._tasks.add(self._waiting)
            self._waiting.add_done_callback(self._done)
        return self._waiting

    async def close(self) -> None:
        """Cancel what is under way, and wait for its end."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _run(self) -> Facts:
        async with self._turn:
            self._waiting = None
            return await self._reload()

    def _done(self, task: asyncio.Task[Facts]) -> None:
        """Look at a failure, or asyncio would log it again: whoever asked may have gone without waiting."""
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()
