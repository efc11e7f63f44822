"""Who was let in and stays: streams, long polls, clients of Socket.IO. Another token has each judged again.

Rules of this file: whoever may no longer be there hears nothing more from the very turn of the loop on in
which the token is changed, not even what had been read for him by then.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager


class RevokedError(Exception):
    """The caller was let in, and may no longer be there."""


class Lasting:
    """All who stay."""

    def __init__(self) -> None:
        self._open: dict[object, tuple[Callable[[], bool], Callable[[], object]]] = {}

    def __len__(self) -> int:
        return len(self._open)

    def add(self, who: object, may_stay: Callable[[], bool], end: Callable[[], object]) -> None:
        """Take somebody who stays; `end` is called once he no longer may."""
        self._open[who] = may_stay, end

    def remove(self, who: object) -> None:
        """Forget somebody who has left."""
        self._open.pop(who, None)

    def judge(self) -> None:
        """End those who may no longer stay."""
        for who, (may_stay, end) in list(self._open.items()):
            if not may_stay():
                self.remove(who)
                end()

    @asynccontextmanager
    async def during(self, may_stay: Callable[[], bool]) -> AsyncIterator[None]:
        """Run the body for as long as the caller may stay; raises RevokedError when he no longer may.

        The task is cancelled and not timed out: that would come a turn later, behind what woke the body.
        """
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a coroutine runs in one
        mark = object()
        self.add(mark, may_stay, task.cancel)
        try:
            yield
        except asyncio.CancelledError:
            revoked = mark not in self._open
            if not revoked or task.uncancel() > 0:
                raise
            raise RevokedError from None
        finally:
            self.remove(mark)
