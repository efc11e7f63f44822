"""What the parts share: programs with all that they start, what those take, and on which core they run."""

import asyncio
import os
import signal
import subprocess
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import IO

from wad.browser import procfs

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
# Far more than anything takes, also on a busy machine.
PATIENCE = 90.0
MB = 1_000_000
# Without what was compiled before, each start would compile anew: no installation does.
# wad and its libraries as the package has them: neither client libraries nor what draws a developer's terminal.
AS_PACKAGED = os.pathsep.join([str(ROOT / "tests" / "as_packaged"), str(ROOT)])
_NOT_INHERITED = ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "NOTIFY_SOCKET")
_TICKS = os.sysconf("SC_CLK_TCK")


def tree(pid: int) -> list[int]:
    """Give `pid` and all that belongs to it."""
    return [each.pid for each in procfs.family(pid)]


def weight(pids: Iterable[int]) -> float:
    """Give the PSS of processes together, in MB."""
    memory = procfs.memory(pids)
    if memory is None or memory.kind != "pss":
        raise SystemExit("the proportional size cannot be read; be root, or run all as one user")
    return memory.bytes / MB


def tree_cpu(pid: int) -> float:
    """Give the seconds of processor time of all that belongs to `pid`, with what has ended and was waited for."""
    return sum(each.cpu for each in procfs.family(pid))


def own_cpu(pid: int) -> float:
    """Give the seconds of processor time (utime and stime, proc(5)) of one process, its children apart."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def pin(pids: Iterable[int], cores: Iterable[int]) -> None:
    """Have all threads of processes run on these cores alone."""
    for pid in pids:
        with suppress(FileNotFoundError):
            for thread in os.listdir(f"/proc/{pid}/task"):
                with suppress(ProcessLookupError):
                    os.sched_setaffinity(int(thread), cores)


@asynccontextmanager
async def started(
    argv: list[str], env: dict[str, str], complaints: IO[bytes] | None = None
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run a program, and end it with all below it: a peer's browser leaves its group.

    `complaints` takes what it says on stderr, which else is shown with BENCH_STDERR in the environment, or nowhere.
    """
    inherited = {name: value for name, value in os.environ.items() if name not in _NOT_INHERITED}
    process = await asyncio.create_subprocess_exec(
        *argv,
        env={**inherited, **env},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=complaints or (None if os.environ.get("BENCH_STDERR") else subprocess.DEVNULL),
        start_new_session=True,
        limit=2**22,
    )
    try:
        yield process
    finally:
        for each in await asyncio.to_thread(tree, process.pid):
            with suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)
        await process.wait()
