"""Several accounts on one machine: each a server with a browser of its own, linked to a sandbox of its own."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

from contestants import Server, running
from programs import tree, tree_cpu, weight
from samples import Part, Row
from start import CLOCK
from world import World

_WINDOWS = 3
_AT_ONCE = 2
_SETTLE = 2.0


async def measure(world: World, folder: Path, counts: dict[str, list[int]], *, span: float) -> Part:
    """Start one contestant's up to each of its counts, and look at all of them together; then the next one's."""
    part = Part("accounts")
    for name, each in counts.items():
        part.rows += await _grow(world, folder / name, name, counts=each, span=span)
    # As they are told: each count's contestants side by side.
    order = ["tree", "cpu", "per_gb"]
    part.rows.sort(key=lambda row: (order.index(row.figure.split(".")[2]), int(row.figure.split(".")[1])))
    return part


async def _grow(world: World, folder: Path, name: str, *, counts: list[int], span: float) -> list[Row]:
    places = {}
    part = Part("accounts")
    async with AsyncExitStack() as stack:
        servers: list[Server] = []
        gate = asyncio.Semaphore(_AT_ONCE)

        async def another(number: int) -> None:
            async with gate:
                place = places[number] = await world.open(clock=CLOCK)
                server = await stack.enter_async_context(running(name, place.url, folder / str(number)))
                async with server.client() as client:
                    await client.next("wa:qr")
                    await place.press("scan")
                    await server.ready()
                await place.press("clock", factor=1.0)
                servers.append(server)

        for count in counts:
            await asyncio.gather(*(another(number) for number in range(len(servers), count)))
            await asyncio.sleep(min(_SETTLE, span))
            await _look(part, name, servers, span)
    for place in places.values():
        await place.close()
    return part.rows


async def _look(part: Part, name: str, servers: list[Server], span: float) -> None:
    memory, used = [], [await asyncio.to_thread(_cpu, servers)]
    for _ in range(_WINDOWS):
        await asyncio.sleep(span / _WINDOWS)
        used.append(await asyncio.to_thread(_cpu, servers))
        # Weighing takes none of their time, but the machine's: it is no part of a window.
        memory.append(await asyncio.to_thread(_memory, servers))
        used.append(await asyncio.to_thread(_cpu, servers))
    windows = list(zip(used[0::2], used[1::2], strict=False))
    figure = f"accounts.{len(servers)}"
    part.add(f"{figure}.tree", name, "MB", memory)
    part.add(f"{figure}.cpu", name, "% of a core", [(b - a) / (span / _WINDOWS) * 100 for a, b in windows])
    part.add(f"{figure}.per_gb", name, "a GB", [len(servers) * 1000 / each for each in memory])


def _cpu(servers: list[Server]) -> float:
    return sum(tree_cpu(each.pid) for each in servers)


def _memory(servers: list[Server]) -> float:
    return weight(pid for each in servers for pid in tree(each.pid))
