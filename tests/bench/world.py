"""The sandboxes' process, as seen by the bench."""

import asyncio
import itertools
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from programs import HERE, PATIENCE, ROOT, started

_numbers = itertools.count()


class World:
    """Sandboxes by name."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._asked: dict[int, asyncio.Future[Any]] = {}
        self._places: dict[str, Place] = {}

    async def read(self) -> None:
        """Take what the process tells, until it ends."""
        async for line in self._process.stdout:
            told = json.loads(line)
            if "event" in told:
                self._places[told["name"]].happened(told["event"], told["text"], told["at"])
                continue
            asked = self._asked.pop(told["number"])
            if "refused" in told:
                asked.set_exception(RuntimeError(told["refused"]))
            else:
                asked.set_result(told["answer"])
        for asked in self._asked.values():
            asked.set_exception(RuntimeError("the sandboxes' process ended"))

    async def ask(self, *request: Any) -> Any:
        """Ask for one thing."""
        number = next(_numbers)
        asked = self._asked[number] = asyncio.get_running_loop().create_future()
        self._process.stdin.write(json.dumps([number, *request]).encode() + b"\n")
        async with asyncio.timeout(PATIENCE):
            return await asked

    async def open(self, **options: Any) -> "Place":
        """Make a sandbox. Frames that navigate are left out: whatsapp-web.js loads itself anew with each move."""
        name = f"s{next(_numbers)}"
        place = self._places[name] = Place(self, name)
        place.url = await self.ask("open", name, {"navigating_iframes": False, **options})
        return place


class Place:
    """One sandbox: its address, its phone, and what happened in it, with times."""

    def __init__(self, world: World, name: str) -> None:
        self.url = ""
        self._world, self._name = world, name
        self._happened: dict[tuple[str, str], float] = {}
        self._news = asyncio.Event()
        self.codes: list[tuple[str, float]] = []

    def happened(self, event: str, text: str, at: float) -> None:
        """Take note; of a text that comes twice the first time counts."""
        if event == "shown":
            self.codes.append((text, at))
        self._happened.setdefault((event, text), at)
        self._news.set()

    async def when(self, event: str, text: str) -> float:
        """Wait until it has happened; gives when."""
        async with asyncio.timeout(PATIENCE):
            while (event, text) not in self._happened:
                self._news.clear()
                await self._news.wait()
        return self._happened[event, text]

    async def next_code(self, after: int) -> float:
        """Wait until more than so many codes have been shown; gives when the next one was."""
        try:
            async with asyncio.timeout(PATIENCE):
                while len(self.codes) <= after:
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise RuntimeError(f"no code is shown: {await self.press('state')}") from None
        return self.codes[after][1]

    async def press(self, command: str, **arguments: Any) -> Any:
        """Have the phone do something; gives what it says."""
        return (await self._world.ask("press", self._name, command, arguments))[1]

    async def timed(self, command: str, **arguments: Any) -> float:
        """Have the phone do something; gives when it began to."""
        return (await self._world.ask("press", self._name, command, arguments))[0]

    async def close(self) -> None:
        """End it."""
        await self._world.ask("close", self._name)


@asynccontextmanager
async def a_world(folder: Path) -> AsyncIterator[World]:
    """Run the process."""
    await asyncio.to_thread(folder.mkdir, parents=True)
    argv = [sys.executable, str(HERE / "sandboxes.py"), str(folder)]
    async with started(argv, {"PYTHONPATH": str(ROOT)}) as process:
        world = World(process)
        reading = asyncio.create_task(world.read())
        try:
            yield world
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
