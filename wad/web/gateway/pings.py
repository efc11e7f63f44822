"""When a client was last asked whether it is there: Engine.IO measures that by a clock that can be set.

Set forward, every client whose answer is under way would be gone; set back, a dead one would keep its place.
"""

import asyncio
import time
from functools import cache
from typing import Any


class _Measured:
    """Before Engine.IO's own class: `last_ping` is as long ago by the machine's clock as by the loop's."""

    _asked_at: float | None = None

    @property
    def last_ping(self) -> float | None:
        """Seconds since 1970; None where no answer is waited for."""
        if self._asked_at is None:
            return None
        return time.time() - (asyncio.get_running_loop().time() - self._asked_at)

    @last_ping.setter
    def last_ping(self, moment: float | None) -> None:
        self._asked_at = None if moment is None else asyncio.get_running_loop().time()


@cache
def _measured(kind: type) -> type:
    return type(kind.__name__, (_Measured, kind), {})


def measured(socket: Any) -> None:
    """Have a connection of Engine.IO's measured so; it makes them itself, and takes no other class."""
    asked = socket.last_ping
    kind: Any = type(socket)
    socket.__class__ = _measured(kind)
    socket.last_ping = asked
