"""What the daemon and its browser weigh, and how they are, for people who look on.

Theory of operation. The kernel is asked in a thread: weighing a browser reads the page tables of a dozen
processes, and a process in an uninterruptible wait may hold the reader. Whoever asks while a reading is under
way waits for that one, so there is never more than one thread at it; whoever has waited too long is told
everything but what the kernel knows.
"""

import asyncio
import os
from collections import Counter
from collections.abc import Callable

import structlog

from wad.browser import procfs
from wad.browser.procfs import Memory
from wad.core.values import dataclass
from wad.link.commands import Commands
from wad.reports.documents import Daemon, Document

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Weight:
    """What a process takes together with all that belongs to it; `cpu` and `age` are in seconds."""

    processes: int
    memory: Memory | None
    cpu: float
    age: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What the kernel told of the daemon, and of the browser `of` that number; None for what is not known."""

    of: int | None = None
    daemon: Weight | None = None
    browser: Weight | None = None


UNKNOWN = Reading()


def weigh_alone(pid: int) -> Weight | None:
    """Weigh one process. Blocks for milliseconds."""
    found = procfs.process(pid)
    if found is None:
        return None
    return Weight(1, procfs.memory([pid]), found.cpu, procfs.age(found))


def weigh_family(pid: int) -> Weight | None:
    """Weigh a process with its group and all that descends from it. Blocks for tens of milliseconds.

    Chromium's two crash handlers leave both, and are not counted: 2 MiB of 236 (measured, Chromium 156).
    """
    family = procfs.family(pid)
    leader = next((each for each in family if each.pid == pid), None)
    if leader is None:
        return None
    memory = procfs.memory(each.pid for each in family)
    return Weight(len(family), memory, sum(each.cpu for each in family), procfs.age(leader))


def read(browser: int | None) -> Reading:
    """Weigh this process, and the browser of that number."""
    return Reading(browser, weigh_alone(os.getpid()), weigh_family(browser) if browser is not None else None)


class Vitals:
    """Asks the daemon's parts and the kernel. `within` is the deadline for the kernel, in seconds.

    `heartbeats` gives how often the page answered (True) and did not (False), `messages` what tells of
    messages.
    """

    def __init__(
        self,
        commands: Commands,
        heartbeats: Callable[[], Counter[bool]],
        who: Daemon,
        within: float,
        read: Callable[[int | None], Reading] = read,
        *,
        messages: Callable[[], Document] = dict,
    ) -> None:
        self._messages = messages
        self._commands = commands
        self._heartbeats = heartbeats
        self._who = who
        self._within = within
        self._read = read
        self._job: asyncio.Task[Reading] | None = None

    def close(self) -> None:
        """Wait for no reading any more."""
        if self._job is not None:
            self._job.cancel()

    async def document(self) -> Document:
        """Tell everything; what is not known is null."""
        reading = await self._reading()
        beats = self._heartbeats()
        return {
            "success": True,
            "instance": self._who.instance,
            "daemon": self._daemon(reading.daemon),
            "browser": self._browser(reading),
            "viewers": self._commands.audience.watching,
            "heartbeats": {"answered": beats[True], "missed": beats[False]},
            "attempts": self._commands.session.status.attempts,
            **self._messages(),
        }

    async def _reading(self) -> Reading:
        """Ask the kernel, or wait for whoever does so already."""
        if self._job is None or self._job.done():
            work = asyncio.to_thread(self._read, self._commands.browser.pid)
            self._job = asyncio.create_task(work, name="wad-vitals")
            self._job.add_done_callback(_note)
        # Others wait for the same reading: whoever gives up must not end it.
        await asyncio.wait([self._job], timeout=self._within)
        if not self._job.done():
            log.warning("vitals_late", within=self._within)
            return UNKNOWN
        return UNKNOWN if self._job.cancelled() or self._job.exception() else self._job.result()

    def _daemon(self, weight: Weight | None) -> Document:
        return {
            "version": self._who.version,
            "pid": os.getpid(),
            "uptime": _seconds(weight.age if weight else None),
            "tasks": len(asyncio.all_tasks()),
            **_taken(weight),
        }

    def _browser(self, reading: Reading) -> Document:
        now = self._commands.browser
        # A reading may have begun when another browser ran, or none.
        weight = reading.browser if reading.of == now.pid else None
        return {
            "running": now.running,
            "version": now.version,
            "pid": now.pid,
            "uptime": _seconds(weight.age if weight else None),
            "restarts": self._commands.browser_deaths,
            "processes": weight.processes if weight else None,
            **_taken(weight),
        }


def _taken(weight: Weight | None) -> Document:
    memory = weight.memory if weight else None
    return {
        "memoryBytes": memory.bytes if memory else None,
        "memoryKind": memory.kind if memory else None,
        "cpuSeconds": _seconds(weight.cpu if weight else None),
    }


def _seconds(value: float | None) -> float | None:
    return round(value, 2) if value is not None else None


def _note(job: asyncio.Task[Reading]) -> None:
    """Log why a reading failed; having asked also keeps asyncio from doing so."""
    cause = None if job.cancelled() else job.exception()
    if cause is not None:
        log.error("vitals_failed", exc_info=cause)
