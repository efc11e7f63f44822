"""From nothing to a code at a client, to ready, and the memory at both: one contestant after the other, by turns."""

import asyncio
from pathlib import Path

from contestants import present, running
from programs import tree_cpu
from samples import Part
from world import World

# In seconds, before each weighing: so that what only the start needs, of whichever browser, is gone.
_SETTLE = 1.0
# The sandbox's own waits are shortened: they are WhatsApp's, and the same for all.
CLOCK = 5.0


async def measure(world: World, folder: Path, rounds: int) -> tuple[Part, Part]:
    """Give the part `start` and the part `memory`."""
    names = present()
    taken: dict[tuple[str, str], list[float]] = {}
    for number in range(rounds):
        for name in names:
            for figure, value in (await once(world, folder / f"{number}-{name}", name)).items():
                taken.setdefault((figure, name), []).append(value)
    start, memory = Part("start"), Part("memory")
    for figure in (
        "start",
        "start.cpu",
        "memory.code",
        "memory.code.own",
        "memory.ready",
        "memory.ready.own",
    ):
        for name in names:
            part, unit = (start, "s") if figure.startswith("start") else (memory, "MB")
            part.add(figure, name, unit, taken[figure, name])
    return start, memory


async def once(world: World, folder: Path, name: str) -> dict[str, float]:
    """Start a contestant, and look at it twice."""
    place = await world.open(clock=CLOCK)
    async with running(name, place.url, folder) as server, server.client() as client:
        _, at = await client.next("wa:qr")
        used = await asyncio.to_thread(tree_cpu, server.pid)
        await asyncio.sleep(_SETTLE)
        code = await server.weights()
        await place.press("scan")
        await server.ready()
        await asyncio.sleep(_SETTLE)
        ready = await server.weights()
    await place.close()
    return {
        "start": at - server.begun,
        "start.cpu": used,
        "memory.code": code[0],
        "memory.code.own": code[1],
        "memory.ready": ready[0],
        "memory.ready.own": ready[1],
    }
