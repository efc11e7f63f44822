"""A running browser: its death, its group, its last words.

Theory of operation: a pidfd becomes readable when the process dies. It is a zombie then, and while it is one
its number cannot be given to another process group: so first the rest of its group is killed, then it is
reaped. No signal is ever sent to a number after that.
"""

import asyncio
import os
import signal
from contextlib import suppress
from typing import Final

import structlog

from wad.browser.procfs import command_line, members
from wad.browser.spawn import Spawned
from wad.browser.stderr_tail import Tail
from wad.core.values import dataclass

_log = structlog.get_logger()

POLL: Final = 0.01  # seconds between two looks at a group that was killed; it is empty after 5 to 50 ms
GONE_TIMEOUT: Final = (
    5.0  # seconds; a process in an uninterruptible wait (a dead disk) must not hold us longer
)


@dataclass(frozen=True)
class BrowserExit:
    """How the browser ended: a `returncode`, or the `signal` that killed it; neither if others reaped it."""

    returncode: int | None
    signal: int | None
    stderr_tail: tuple[str, ...]

    def __str__(self) -> str:
        if self.signal is not None:
            with suppress(ValueError):
                return f"killed by {signal.Signals(self.signal).name}"
            return f"killed by signal {self.signal}"
        return "how is not known" if self.returncode is None else f"exit code {self.returncode}"


def kill_members(leader: int, mark: bytes) -> bool:
    """Kill those of a living browser's group whose arguments hold `mark`; False where there is none. Blocks.

    A number that is looked up and used at once is nobody else's yet. Raises OSError.
    """
    found = [pid for pid in members(leader) if pid != leader and mark in command_line(pid)]
    for pid in found:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)
    return bool(found)


class Process:
    """Watches a spawned program until its end; owns its pidfd and its stderr. Needs a running loop."""

    def __init__(self, spawned: Spawned) -> None:
        self._loop = asyncio.get_running_loop()
        self.pid = spawned.pid
        self.tail = Tail(spawned.stderr)
        self.exited: asyncio.Future[BrowserExit] = self._loop.create_future()
        self._reaped = False
        self._pidfd = spawned.pidfd
        self._loop.add_reader(self._pidfd, self._died)

    def signal_group(self, number: signal.Signals) -> None:
        """Send a signal to the process and its helpers; nothing happens when they are gone."""
        # PermissionError: all that is left belongs to root (a setuid sandbox); it dies with the others.
        if not self._reaped:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, number)

    async def wait_gone(self) -> None:
        """Wait until the process is reaped and none of its group lives; logs what is left after 5 s."""
        left = [self.pid]
        try:
            async with asyncio.timeout(GONE_TIMEOUT):
                await asyncio.shield(self.exited)
                while left := self._living():  # noqa: ASYNC110 # the kernel sends no event for others' children
                    await asyncio.sleep(POLL)
        except TimeoutError:
            _log.error("browser_processes_left", pids=left)

    def _living(self) -> list[int]:
        """Give what lives of the group; the leader's number stands for what cannot be looked at now."""
        try:
            with suppress(PermissionError):
                os.killpg(self.pid, 0)  # takes no descriptor, but counts zombies, too
            return [*members(self.pid)]
        except ProcessLookupError:
            return []
        except OSError:
            return [self.pid]

    def _died(self) -> None:
        self._loop.remove_reader(self._pidfd)
        self.signal_group(signal.SIGKILL)
        returncode, number = self._reap()
        os.close(self._pidfd)
        self.tail.close()
        if not self.exited.done():
            self.exited.set_result(BrowserExit(returncode, number, self.tail.lines))

    def _reap(self) -> tuple[int | None, int | None]:
        self._reaped = True
        try:
            result = os.waitid(os.P_PIDFD, self._pidfd, os.WEXITED)
        except ChildProcessError:  # somebody else waited for all children
            return None, None
        if result is None or result.si_code == os.CLD_EXITED:
            return (result.si_status if result else None), None
        return None, result.si_status
