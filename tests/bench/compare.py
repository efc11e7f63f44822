"""From nothing to a code, and the memory it takes: wad with each browser, and whatsapp-web.js, side by side.

All of them link to the same sandbox, one after the other, `--rounds` times; the medians are compared. Memory is
the proportional set size (PSS) of the whole tree of processes, the daemon or node included, while the code is
shown. Numbers of different runs or machines are not to be compared; the ratios of one run are.
"""

import argparse
import asyncio
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from wad.browser import procfs
from wad.sandbox import Sandbox, SandboxOptions

ROOT = Path(__file__).parents[2]
PEERS = ROOT / "tests" / "peers"
PATIENCE = 60.0
# The sandbox's own waits are shortened: they are WhatsApp's, and the same for all.
CLOCK = 5.0


@dataclass(frozen=True)
class Sample:
    """One start: seconds to the code, and MiB of PSS while it is shown."""

    seconds: float
    memory: float


def tree(pid: int) -> list[int]:
    """Give `pid` and all that belongs to it."""
    return [each.pid for each in procfs.family(pid)]


def weight(pid: int) -> float:
    """Give the PSS of all that belongs to `pid`, in MiB."""
    memory = procfs.memory(tree(pid))
    if memory is None or memory.kind != "pss":
        raise SystemExit("the proportional size cannot be read; be root, or run all as one user")
    return memory.bytes / 2**20


@asynccontextmanager
async def started(argv: list[str], env: dict[str, str]) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run a program, and end it with all below it: a peer's browser leaves its group."""
    process = await asyncio.create_subprocess_exec(
        *argv,
        env={**os.environ, **env},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        limit=2**20,
    )
    try:
        yield process
    finally:
        for each in await asyncio.to_thread(tree, process.pid):
            with suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)
        await process.wait()


async def measure(argv: list[str], env: dict[str, str], mark: bytes) -> Sample:
    """Start a program, wait for the line that tells of a code, and weigh its tree."""
    begun = time.perf_counter()
    async with started(argv, env) as process, asyncio.timeout(PATIENCE):
        async for line in process.stdout:
            if mark in line:
                seconds = time.perf_counter() - begun
                return Sample(seconds, await asyncio.to_thread(weight, process.pid))
    raise SystemExit(f"{argv[0]} ended without a code")


async def wad_with(browser: str, sandbox: Sandbox, folder: Path) -> Sample:
    """Measure a wad that drives `browser`. Its program is tests/bench/follow.py: wad against a given page."""
    argv = [sys.executable, str(Path(__file__).with_name("follow.py")), sandbox.url, browser, str(folder)]
    return await measure(argv, {"PYTHONPATH": str(ROOT)}, b"[WA] event=qr")


async def whatsapp_web_js(sandbox: Sandbox, folder: Path) -> Sample:
    """Measure whatsapp-web.js, unchanged but for its address, with Debian's chromium."""
    argv = ["node", str(PEERS / "whatsapp-web.js"), sandbox.url, "/usr/bin/chromium", str(folder)]
    return await measure(argv, {}, b'"qr"')


CONTESTANTS: dict[str, Callable[[Sandbox, Path], Awaitable[Sample]]] = {
    "wad, chromium": lambda sandbox, folder: wad_with("chromium", sandbox, folder),
    "wad, chromium-headless-shell": lambda sandbox, folder: wad_with(
        "chromium-headless-shell", sandbox, folder
    ),
    "whatsapp-web.js 1.34.7, chromium": whatsapp_web_js,
}


async def run(rounds: int) -> None:
    """Measure everybody in turn, so that a machine that grows slower is slow for all."""
    samples: dict[str, list[Sample]] = {name: [] for name in CONTESTANTS}
    for _ in range(rounds):
        for name, contestant in CONTESTANTS.items():
            with tempfile.TemporaryDirectory(prefix="wb-", ignore_cleanup_errors=True) as folder:
                sandbox = Sandbox(
                    Path(folder, "phone"), SandboxOptions(clock=CLOCK, navigating_iframes=False)
                )
                await sandbox.start()
                samples[name].append(await contestant(sandbox, Path(folder, "profile")))
                await sandbox.stop()
    report(samples)


def report(samples: dict[str, list[Sample]]) -> None:
    """Print medians and ratios to the first."""
    medians = {
        name: Sample(statistics.median(s.seconds for s in taken), statistics.median(s.memory for s in taken))
        for name, taken in samples.items()
    }
    base = next(iter(medians.values()))
    print(f"{'':34}{'to a code':>12}{'ratio':>8}{'memory':>12}{'ratio':>8}")
    for name, each in medians.items():
        times, weight = each.seconds / base.seconds, each.memory / base.memory
        print(f"{name:34}{each.seconds:>10.2f} s{times:>8.2f}{each.memory:>8.0f} MiB{weight:>8.2f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    asyncio.run(run(parser.parse_args().rounds))
