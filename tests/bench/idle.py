"""What is used while nothing happens: all contestants linked and ready, all of them at the same time."""

import asyncio
import itertools
from collections.abc import Callable

from contestants import Server
from programs import own_cpu, tree_cpu
from samples import Part
from world import Place

_WINDOWS = 10
# For what came before to be over.
_SETTLE = 5.0


async def measure(servers: dict[str, Server], places: dict[str, Place], *, seconds: float) -> Part:
    """Watch them for so long, in ten windows; sandboxes go by the real clock."""
    part = Part("idle")
    for place in places.values():
        await place.press("clock", factor=1.0)
    await asyncio.sleep(min(_SETTLE, seconds))
    looks: dict[str, Callable[[int], float]] = {"idle.tree": tree_cpu, "idle.own": own_cpu}
    readings = []
    loop = asyncio.get_running_loop()
    begun = loop.time()
    for number in range(_WINDOWS + 1):
        await asyncio.sleep(begun + number * seconds / _WINDOWS - loop.time())
        readings.append(await asyncio.to_thread(_look, servers, looks))
    for figure in looks:
        for name in servers:
            used = [each[figure, name] for each in readings]
            shares = [
                (after - before) / (seconds / _WINDOWS) * 100 for before, after in itertools.pairwise(used)
            ]
            part.add(figure, name, "% of a core", shares)
    part.notes.append(f"All at once for {seconds:g} s, in {_WINDOWS} windows.")
    return part


def _look(
    servers: dict[str, Server], looks: dict[str, Callable[[int], float]]
) -> dict[tuple[str, str], float]:
    return {
        (figure, name): look(each.pid) for figure, look in looks.items() for name, each in servers.items()
    }
