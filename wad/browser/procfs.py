"""What the kernel tells of processes, in /proc (proc(5)). Weighing takes milliseconds for each: off the loop.

Rules of this file:

* A process may end between two looks. What is gone is left out; that is no error.
* What may not be read is not known; that is no error either.
* What cannot be read for want of descriptors or memory is neither: that is raised.
"""

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

from wad.core.values import dataclass

PROC: Final = Path("/proc")
_TICKS: Final = os.sysconf("SC_CLK_TCK")
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
_NANO: Final = 1_000_000_000
# The time that ran, the time that waited, and the number of turns.
_SCHEDSTAT: Final = 3
# Zombies, which others reap, are dead.
_DEAD: Final = frozenset("ZX")


@dataclass(frozen=True, slots=True)
class Process:
    """A living process. `cpu` is in seconds, with those of its children that have ended and were waited for.

    `started` is in seconds since the machine's start.
    """

    pid: int
    parent: int
    group: int
    cpu: float
    started: float


class Memory(NamedTuple):
    """How many bytes, and how they were counted: as ``pss``, or as ``rss``: shared pages more than once."""

    bytes: int
    kind: str


class Scheduled(NamedTuple):
    """For how many seconds processes ran, and for how many they could have run and waited for a processor."""

    ran: float
    waited: float


def processes(proc: Path = PROC) -> Iterator[Process]:
    """Yield every living process that may be seen."""
    for entry in proc.iterdir():
        if entry.name.isdecimal() and (found := process(int(entry.name), proc)) is not None:
            yield found


def process(pid: int, proc: Path = PROC) -> Process | None:
    """Give a process, None if it is dead. Raises OSError where nothing can be opened."""
    stat = _read(proc / str(pid) / "stat").decode("ascii", "replace")
    if not stat:
        return None
    # The name may hold spaces and parentheses; what follows the last one may not.
    state, parent, group, *others = stat.rpartition(")")[2].split()
    if state in _DEAD:
        return None
    cpu = sum(int(ticks) for ticks in others[8:12]) / _TICKS
    return Process(pid, int(parent), int(group), cpu, int(others[16]) / _TICKS)


def command_line(pid: int, proc: Path = PROC) -> bytes:
    """Give a process' arguments, each ended by a NUL; none of a dead one. Raises as `process` does."""
    return _read(proc / str(pid) / "cmdline")


def boot() -> str:
    """Give the kernel's name for the time since the machine's start (random(4)). Raises OSError."""
    return (PROC / "sys/kernel/random/boot_id").read_text("ascii").strip()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return b""


def members(group: int) -> Iterator[int]:
    """Yield the living processes of a process group."""
    return (each.pid for each in processes() if each.group == group)


def family(leader: int, proc: Path = PROC) -> list[Process]:
    """Give a process, its group, and whatever descends from any of them."""
    living = list(processes(proc))
    found: dict[int, Process] = {}
    new = [each for each in living if leader in (each.pid, each.group)]
    while new:
        found |= {each.pid: each for each in new}
        new = [each for each in living if each.parent in found and each.pid not in found]
    return list(found.values())


def memory(pids: Iterable[int], proc: Path = PROC) -> Memory | None:
    """Weigh processes together: by PSS if every one's may be read, else by RSS; None if all are gone."""
    weights = [(_pss(proc / str(pid)), _rss(proc / str(pid))) for pid in pids]
    living = [(pss, rss) for pss, rss in weights if rss]
    if not living:
        return None
    shares = [pss for pss, _ in living if pss is not None]
    if len(shares) == len(living):
        return Memory(sum(shares), "pss")
    return Memory(sum(rss for _, rss in living), "rss")


def _pss(folder: Path) -> int | None:
    """Give the proportional share in bytes; other users' and undumpable processes do not tell theirs."""
    with suppress(OSError):
        for line in (folder / "smaps_rollup").read_text("ascii", "replace").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return None


def _rss(folder: Path) -> int:
    """Give what is resident in bytes; 0 for what is dead."""
    with suppress(OSError):
        return int((folder / "statm").read_text("ascii").split()[1]) * _PAGE
    return 0


def scheduled(pids: Iterable[int], proc: Path = PROC) -> Scheduled:
    """Add up what the main threads of processes had of the processor since they began; the dead had nothing.

    Of ``schedstat`` (Documentation/scheduler/sched-stats.rst); a kernel without it tells of no waiting.
    """
    ran = waited = 0
    for pid in pids:
        numbers = _read(proc / str(pid) / "schedstat").split()
        if len(numbers) == _SCHEDSTAT:
            ran, waited = ran + int(numbers[0]), waited + int(numbers[1])
    return Scheduled(ran / _NANO, waited / _NANO)


def age(of: Process) -> float:
    """Give for how many seconds a process has lived."""
    return max(0.0, time.clock_gettime(time.CLOCK_BOOTTIME) - of.started)
