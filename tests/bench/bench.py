"""Measures, part by part; each part's table is printed at once, and its samples are kept for the report.

Numbers of different runs or machines are not to be compared; the ratios of one run are.
"""

import argparse
import asyncio
import os
import platform
import shlex
import subprocess
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import accounts
import codes
import idle
import messages
import ready
import start
import status
from contestants import Server, present, running
from goals import printed
from programs import ROOT
from samples import PARTS, PEER, WAD, WAD_SHELL, Part
from world import Place, World, a_world

# What is measured of servers that run at the same time: started once for all of these.
_TOGETHER = ("codes", "status", "messages", "idle")


@dataclass(frozen=True)
class Counts:
    """How much is measured. All spans are in seconds."""

    starts: int = 3
    codes: int = 16
    crowd: int = 1000
    loads: int = 5
    load: float = 1.5
    messages: int = 50
    accepted: int = 3000
    idle: float = 300.0
    ready: int = 10
    wads: tuple[int, ...] = (1, 2, 5, 10)
    peers: tuple[int, ...] = (1, 2, 5)
    span: float = 6.0


QUICK = Counts(
    starts=1,
    codes=2,
    crowd=20,
    loads=1,
    load=0.2,
    messages=3,
    accepted=100,
    idle=2.0,
    ready=1,
    wads=(1, 2),
    peers=(1, 2),
    span=0.5,
)


class Bench:
    """One run: which parts, how much of each, where what was measured is kept, and the folder to work in."""

    def __init__(self, parts: list[str], counts: Counts, into: Path, folder: Path) -> None:
        self._parts, self._counts, self._into, self._folder = parts, counts, into, folder
        self._machine = machine()
        self._begun = time.monotonic()

    async def run(self) -> None:
        """Measure."""
        async with a_world(self._folder / "phones") as world:
            if {"start", "memory"} & set(self._parts):
                for part in await start.measure(world, self._folder / "start", self._counts.starts):
                    self._keep(part)
            if set(_TOGETHER) & set(self._parts):
                await self._together(world)
            if "ready" in self._parts:
                self._keep(await ready.measure(self._folder / "ready", self._counts.ready))
            if "accounts" in self._parts:
                wads, peers = list(self._counts.wads), list(self._counts.peers)
                each = {WAD: wads, WAD_SHELL: wads, PEER: peers}
                span = self._counts.span
                self._keep(await accounts.measure(world, self._folder / "accounts", each, span=span))

    async def _together(self, world: World) -> None:
        counts = self._counts
        wanted = present() if "idle" in self._parts else [WAD, PEER]
        rest = Part("messages")
        async with AsyncExitStack() as stack:
            hooks = await stack.enter_async_context(messages.receivers([WAD, PEER]))
            places = {name: await world.open(clock=start.CLOCK) for name in wanted}
            env = {
                "BENCH_CLIENTS": str(counts.crowd + 100),
                "WAD_HTTP_MAX_CONNECTIONS": str(2 * counts.crowd + 100),
                "WEBHOOK": hooks[PEER].url,
            }
            servers: dict[str, Server] = {}
            for name, place in places.items():
                folder = self._folder / "together" / name
                servers[name] = await stack.enter_async_context(running(name, place.url, folder, env))
            if "codes" in self._parts:
                self._keep(await codes.measure(servers, places, codes=counts.codes, size=counts.crowd))
            if "status" in self._parts:
                self._keep(
                    await status.measure(
                        servers[WAD], places[WAD], self._folder, rounds=counts.loads, seconds=counts.load
                    )
                )
            if {"messages", "idle"} & set(self._parts):
                for name in wanted:
                    await _link(servers[name], places[name])
            if "messages" in self._parts:
                rest = await messages.both_ways(servers, places, hooks, counts.messages)
            if "idle" in self._parts:
                self._keep(await idle.measure(servers, places, seconds=counts.idle))
        if "messages" in self._parts:
            alone = await messages.alone(
                world, self._folder / "alone", count=counts.accepted, rounds=counts.messages
            )
            rest.rows += alone.rows
            self._keep(rest)

    def _keep(self, part: Part) -> None:
        if part.name not in self._parts:
            return
        part.machine = self._machine
        part.write(self._into)
        print(f"\n{printed(part.rows)}\n[{part.name}: {time.monotonic() - self._begun:.0f} s]", flush=True)
        for note in part.notes:
            print(note, flush=True)


async def _link(server: Server, place: Place) -> None:
    """Link it by a code of a new page: meanwhile the old one's may all be spent, and whatsapp-web.js silent."""
    await server.initialized()
    async with server.client() as client:
        await client.next("wa:qr")
        await codes.Codes(place).reload()
        await client.next("wa:qr")
        # In this order: a code that is shown at the faster clock may be spent before it is scanned.
        await place.press("scan")
        await place.press("clock", factor=start.CLOCK)
        await server.ready()


def machine() -> dict[str, str]:
    """Tell on what is measured."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    model = [
        line.partition(":")[2]
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if "model name" in line
    ]
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "command": shlex.join(["script/bench", *sys.argv[1:]]),
        "cores": f"{len(os.sched_getaffinity(0))}{f' ({model[0].strip()})' if model else ''}",
        "memory": f"{memory:.1f} GB",
        "kernel": platform.release(),
        "load before": f"{os.getloadavg()[0]:.2f}",
        "Chromium": _said("chromium", "--version"),
        "chromium-headless-shell": _said("chromium-headless-shell", "--version"),
        "Node": _said("node", "--version"),
        "Python": platform.python_version(),
        "commit": _said("git", "-C", str(ROOT), "describe", "--always", "--dirty"),
    }


def _said(*argv: str) -> str:
    try:
        said = subprocess.run(argv, capture_output=True, text=True, check=True, timeout=60).stdout
    except (OSError, subprocess.CalledProcessError):
        return "none"
    return said.strip().removeprefix("Chromium ").partition(" built")[0]


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__)
    parser.add_argument(
        "parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all of them if none is named"
    )
    parser.add_argument(
        "--quick", action="store_true", help="hardly anything of each: whether it works, not how fast"
    )
    parser.add_argument("--idle", type=float, metavar="SECONDS", help="for how long nothing is done")
    parser.add_argument(
        "--into", type=Path, default=ROOT / "build" / "bench", help="the folder for the samples"
    )
    given = parser.parse_args()
    if unknown := set(given.parts) - set(PARTS):
        parser.error(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="wb-", ignore_cleanup_errors=True) as folder:
        counts = QUICK if given.quick else Counts()
        if given.idle is not None:
            counts = replace(counts, idle=given.idle)
        asyncio.run(Bench(given.parts or list(PARTS), counts, given.into, Path(folder)).run())
    print(f"\n{time.monotonic() - begun:.0f} s in all; kept in {given.into}", flush=True)


if __name__ == "__main__":
    main()
