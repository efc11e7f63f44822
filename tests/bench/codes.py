"""From the moment at which the page is told to show another code to the clients: to one, and to each of very many."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from contestants import Server
from programs import HERE, PATIENCE, started
from samples import PEER, WAD, Part
from start import CLOCK
from world import Place

# A batch of the servers' has six; whatsapp-web.js falls silent behind the last, and is given another page in time.
_IN_BATCH = 6


class Codes:
    """New codes of one page, as many as are wanted."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._used = 1

    async def renew(self) -> float:
        """Have the page show another one; gives when it was told to."""
        self._used += 1
        return await self._place.timed("next_ref")

    @property
    def spent(self) -> bool:
        """Whether there is no other one in this batch."""
        return self._used == _IN_BATCH

    async def reload(self) -> None:
        """Begin another batch: with a page that is loaded anew, which shows one by itself."""
        seen = len(self._place.codes)
        await self._place.press("clock", factor=CLOCK)
        await self._place.press("reload")
        await self._place.next_code(seen)
        # A code lives so long that none comes while another one is waited for.
        await self._place.press("clock", factor=1.0)
        self._used = 1


class Crowd:
    """The process of the many clients."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def enter(self, port: int) -> None:
        """Have all of them come to a server that shows a code, and wait until each was told it."""
        self._process.stdin.write(b"%d\n" % port)
        assert await self._told() == "in"
        await self.told()

    async def told(self) -> list[float]:
        """Wait until each was told a code; gives when each was."""
        return await self._told()

    async def _told(self) -> Any:
        async with asyncio.timeout(PATIENCE):
            if not (line := await self._process.stdout.readline()):
                raise SystemExit("the clients' process ended")
        return json.loads(line)


@asynccontextmanager
async def a_crowd(size: int) -> AsyncIterator[Crowd]:
    """Run them."""
    async with started([sys.executable, str(HERE / "crowd.py"), str(size)], {}) as process:
        yield Crowd(process)


async def measure(servers: dict[str, Server], places: dict[str, Place], *, codes: int, size: int) -> Part:
    """Have servers that show a code show `codes` more to one client, and as many to `size` clients, by turns."""
    part = Part("codes")
    names = [WAD, PEER]
    pages = {name: Codes(places[name]) for name in names}
    one = await _to_one(servers, pages, codes)
    many: dict[str, list[float]] = {name: [] for name in names}
    async with a_crowd(size) as crowd:
        for _ in range(2):
            for name in names:
                many[name] += await _to_many(crowd, servers[name], pages[name], max(1, codes // 4))
    for name in names:
        part.add("codes.one", name, "ms", one[name])
    for name in names:
        part.add("codes.many", name, "ms", many[name])
    part.notes.append(
        f"Many clients are {size:,}, each told {len(many[WAD]) // size} codes; all their times are one row."
    )
    return part


async def _to_one(servers: dict[str, Server], pages: dict[str, Codes], codes: int) -> dict[str, list[float]]:
    taken: dict[str, list[float]] = {name: [] for name in pages}
    for name, page in pages.items():
        async with servers[name].client() as client:
            await client.next("wa:qr")
            await servers[name].initialized()
            await page.reload()
            await client.next("wa:qr")
    while len(taken[PEER]) < codes:
        for name, page in pages.items():
            async with servers[name].client() as client:
                await client.next("wa:qr")
                if page.spent:
                    await page.reload()
                    await client.next("wa:qr")
                while not page.spent and len(taken[name]) < codes:
                    shown = await page.renew()
                    _, at = await client.next("wa:qr")
                    taken[name].append((at - shown) * 1000)
    return taken


async def _to_many(crowd: Crowd, server: Server, page: Codes, codes: int) -> list[float]:
    taken: list[float] = []
    await crowd.enter(server.port)
    for _ in range(codes):
        if page.spent:
            await page.reload()
            await crowd.told()
        shown = await page.renew()
        taken += [(at - shown) * 1000 for at in await crowd.told()]
    return taken
