"""The status with a code, over and over: the server on one core, those who ask on another one; beside Express alone."""

import asyncio
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from contestants import Server, express
from programs import HERE, PATIENCE, own_cpu, pin, started, tree
from samples import EXPRESS, WAD, Part
from tornado.httpclient import AsyncHTTPClient
from world import Place

_PATH = "/whatsapp/status"
_CONNECTIONS = 16
_TRIES = 5


@dataclass(frozen=True)
class Sample:
    """Requests in a second, and for each of them the processor time in µs; the share of its core that was used."""

    rate: float
    cost: float
    busy: float
    asking: float


async def measure(wad: Server, place: Place, folder: Path, *, rounds: int, seconds: float) -> Part:
    """Measure wad, which shows a code, and Express with the same body, by turns, with and without a condition."""
    # A code that lives for ten times as long: the answer must stay the same meanwhile.
    await place.press("clock", factor=0.1)
    async with wad.client() as client:
        await client.next("wa:qr")
        await place.press("next_ref")
        await client.next("wa:qr")
    document = await wad.ask(_PATH)
    body = folder / "status.json"
    body.write_text(json.dumps(document))
    cores = sorted(os.sched_getaffinity(0))
    part = Part("status")
    taken: dict[tuple[str, str], list[Sample]] = {}
    async with express(body) as other:
        servers = {WAD: wad, EXPRESS: other}
        for server in servers.values():
            pin(await asyncio.to_thread(tree, server.pid), cores[-1:])
            pin([server.pid], cores[:1])
        for number in range(rounds + 1):
            for status in ("200", "304"):
                for name, server in servers.items():
                    sample = await _sample(server, status, seconds, cores[-1])
                    # The first time finds everything cold.
                    if number:
                        taken.setdefault((status, name), []).append(sample)
        pin(await asyncio.to_thread(tree, wad.pid), cores)
    await place.press("clock", factor=1.0)
    for status in ("200", "304"):
        for name in servers:
            part.add(f"status.{status}", name, "a second", [each.rate for each in taken[status, name]])
        for name in servers:
            part.add(f"status.{status}.cpu", name, "µs", [each.cost for each in taken[status, name]])
    samples = [each for some in taken.values() for each in some]
    part.notes.append(
        f"The body has {len(json.dumps(document)):,} bytes. The servers used {min(each.busy for each in samples):.0%} to "
        f"{max(each.busy for each in samples):.0%} of their core, those who asked at most "
        f"{max(each.asking for each in samples):.0%} of theirs, over {_CONNECTIONS} connections."
    )
    return part


async def _sample(server: Server, status: str, seconds: float, core: int) -> Sample:
    for _ in range(_TRIES):
        etag = await _etag(server) if status == "304" else ""
        before = own_cpu(server.pid)
        told = await _load(server.port, seconds, etag, core)
        used = own_cpu(server.pid) - before
        if set(told["statuses"]) == {status}:
            count = told["statuses"][status]
            return Sample(count / told["seconds"], used / count * 1e6, used / told["seconds"], told["busy"])
    raise SystemExit(f"{server.name} gave {told['statuses']} instead of {status}")


async def _etag(server: Server) -> str:
    answer = await AsyncHTTPClient().fetch(f"http://127.0.0.1:{server.port}{_PATH}")
    return answer.headers["ETag"]


async def _load(port: int, seconds: float, etag: str, core: int) -> dict:
    argv = ["taskset", "-c", str(core), sys.executable, str(HERE / "load.py")]
    argv += [str(port), _PATH, str(seconds), str(_CONNECTIONS), etag]
    async with started(argv, {}) as process, asyncio.timeout(PATIENCE + seconds):
        return json.loads(await process.stdout.readline())
