"""Hours in minutes: the sandbox's clock runs sixty times as fast, and every minute of its own something breaks.

A hundred clients follow, messages go both ways, and what the daemon takes is looked at all the while. It must not
grow: `grown` says by how much it may. `script/soak` runs it for long.

The sandbox is in this process: it keeps every message, as WhatsApp and a phone do, and would be taken for wad.
"""

import asyncio
import itertools
import json
import os
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import astuple, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from daemon_client import until
from daemon_harness import Daemon
from message_kills import BRISK, PEOPLE
from tornado.httpclient import HTTPClientError
from tornado.websocket import WebSocketClientConnection, WebSocketClosedError, websocket_connect

from wad.browser import procfs
from wad.sandbox import Sandbox, SandboxOptions

CLOCK = 60
SETTINGS = {
    **BRISK,
    # Reached soon, so that deleting is part of what goes on and on.
    "WAD_MESSAGES_KEEP_EVENTS": "500",
}
CLIENTS = 100
# Seconds of this world's clock from one fault to the next: a minute of the sandbox's would leave no time to mend.
_BETWEEN = 10.0
_MIB = 1 << 20
_PROGRAM = Path(__file__).with_name("wad_elsewhere.py")
_SOCKET = "/socket.io/?EIO=4&transport=websocket"


@dataclass(frozen=True)
class Sample:
    """What the daemon took at a moment, in seconds since the beginning; memory and files in MiB."""

    at: float
    descriptors: int
    threads: int
    tasks: int
    memory: float
    database: float
    wal: float


# What each may have grown by at most, from the first third's median to the last one's: shares of the first, and what
# is granted besides: the daemon's own work is no straight line.
BOUNDS = {
    "descriptors": (0.05, 8.0),
    "threads": (0.0, 4.0),
    "tasks": (0.05, 8.0),
    "memory": (0.10, 4.0),
    "database": (0.25, 2.0),
    "wal": (0.25, 4.0),
}


class Soak:
    """One daemon, its clients, and what is done to it."""

    def __init__(self, state: Path) -> None:
        self.samples: list[Sample] = []
        self.faults: list[tuple[float, str]] = []
        self.accepted = self.received = 0
        self._opened: list[WebSocketClientConnection] = []
        self._state = state
        self._sandbox = Sandbox(state / "phone", SandboxOptions(clock=CLOCK))
        self._daemon: Daemon
        self._begun = 0.0

    async def run(self, seconds: float) -> None:
        """Run so long; the daemon is linked first, and at the end."""
        await self._sandbox.start()
        settings = {**SETTINGS, "WHATSAPP_WEB": self._sandbox.url}
        self._daemon = Daemon(self._state, "--no-autostart", env=settings, program=(str(_PROGRAM),))
        try:
            await self._daemon.start()
            await self._daemon.post("/api/whatsapp/start")
            await self._daemon.new_code()
            await self._press("scan")
            await self._daemon.wait(currentState="ready")
            self._begun = asyncio.get_running_loop().time()
            works = [self._follow() for _ in range(CLIENTS)]
            works += [self._send(), self._receive(), self._sample(), self._break()]
            with suppress(TimeoutError):
                # What fails among them ends all of it.
                async with asyncio.timeout(seconds), asyncio.TaskGroup() as tasks:
                    for work in works:
                        tasks.create_task(work)
            await self._daemon.wait(currentState="ready")
            assert await self._daemon.stop() == 0
        finally:
            self._daemon.kill()
            self._daemon.close()
            await self._sandbox.stop()

    async def _press(self, command: str, **arguments: Any) -> None:
        await self._sandbox.phone.command(command, arguments)

    def _now(self) -> float:
        return asyncio.get_running_loop().time() - self._begun

    async def _follow(self) -> None:
        """Follow by Socket.IO, and come again whenever the connection is lost."""
        while True:
            with suppress(OSError, WebSocketClosedError, HTTPClientError):
                await self._followed(await self._entered())

    async def _entered(self) -> WebSocketClientConnection:
        """Connect; one that has come while nobody waits for it any more is closed."""
        coming = asyncio.ensure_future(websocket_connect(f"ws://127.0.0.1:{self._daemon.port}{_SOCKET}"))
        try:
            return await asyncio.shield(coming)
        except asyncio.CancelledError:
            with suppress(OSError, HTTPClientError):
                (await coming).close()
            raise

    async def _followed(self, opened: WebSocketClientConnection) -> None:
        self._opened.append(opened)
        try:
            await opened.write_message("40")
            while (packet := await opened.read_message()) is not None:
                if packet == "2":
                    await opened.write_message("3")
        finally:
            self._opened.remove(opened)
            opened.close()

    async def _send(self) -> None:
        for number in itertools.count():
            draft = {
                "to": PEOPLE[number % len(PEOPLE)],
                "text": f"out {number}",
                "clientRef": f"soak-{number}",
            }
            answer = await self._daemon.fetch("POST", "/api/whatsapp/messages", draft)
            self.accepted += answer.code == 202
            await asyncio.sleep(0.5)

    async def _receive(self) -> None:
        for number in itertools.count():
            who = PEOPLE[number % len(PEOPLE)]
            await self._press("receive", **{"from": who, "text": f"in {number}"})
            self.received += 1
            await asyncio.sleep(0.5)

    async def _break(self) -> None:
        """Have one fault after the other, each mended before the next, and a fifth of the clients leave with each."""
        faults: list[Callable[[], Awaitable[Any]]] = [
            self._kill_browser,
            self._kill_renderer,
            self._lose_network,
            self._reload_page,
            self._reload_configuration,
        ]
        for fault in itertools.cycle(faults):
            await asyncio.sleep(_BETWEEN)
            self.faults.append((self._now(), fault.__name__.strip("_").replace("_", " ")))
            for opened in list(self._opened)[: CLIENTS // 5]:
                opened.close()
            await fault()
            await self._daemon.wait(currentState="ready")

    def _processes(self, kind: bytes) -> list[int]:
        pid = int(
            next(line["pid"] for line in reversed(self._daemon.lines()) if line["event"] == "browser_started")
        )
        if not kind:
            return [pid]
        return [each.pid for each in procfs.family(pid) if kind in procfs.command_line(each.pid)]

    async def _kill_browser(self) -> None:
        for pid in self._processes(b""):
            os.kill(pid, signal.SIGKILL)
        await self._daemon.wait(isReady=False)

    async def _kill_renderer(self) -> None:
        for pid in self._processes(b"--type=renderer"):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        await self._daemon.wait(isReady=False)

    async def _lose_network(self) -> None:
        await self._press("offline")
        await self._daemon.wait(currentState="disconnected")
        await self._press("online")

    async def _reload_page(self) -> None:
        await self._press("reload")

    async def _reload_configuration(self) -> None:
        self._daemon.send(signal.SIGHUP)

    async def _sample(self) -> None:
        path = (await self._daemon.wait_line("control_serves"))["path"]
        # Those who come are no growth.
        await until(lambda: len(self._opened) == CLIENTS, "all clients")
        while True:
            await asyncio.sleep(1)
            self.samples.append(await asyncio.to_thread(self._look, self._now(), await _tasks(path)))

    def _look(self, at: float, tasks: int) -> Sample:
        assert self._daemon.process is not None
        proc = Path("/proc", str(self._daemon.process.pid))
        memory = procfs.memory([self._daemon.process.pid])
        assert memory is not None
        file = self._daemon.folder / "messages.sqlite"
        sizes = [each.stat().st_size / _MIB if each.exists() else 0.0 for each in (file, Path(f"{file}-wal"))]
        counts = [len(list((proc / name).iterdir())) for name in ("fd", "task")]
        return Sample(at, *counts, tasks, memory.bytes / _MIB, *sizes)

    def table(self) -> str:
        """Give all samples as CSV."""
        lines = [",".join(Sample.__dataclass_fields__)]
        lines += [",".join(f"{value:.2f}" for value in astuple(each)) for each in self.samples]
        return "\n".join(lines) + "\n"


def thirds(samples: list[Sample]) -> dict[str, tuple[float, float]]:
    """Give the medians of the first and of the last third of what was seen."""
    third = len(samples) // 3
    first, last = samples[:third], samples[-third:]
    return {
        name: (median(getattr(each, name) for each in first), median(getattr(each, name) for each in last))
        for name in BOUNDS
    }


def grown(samples: list[Sample]) -> list[str]:
    """Tell what grew by more than it may."""
    found = []
    for name, (first, last) in thirds(samples).items():
        share, granted = BOUNDS[name]
        if last > first * (1 + share) + granted:
            found.append(f"{name}: {first:.1f}, and {last:.1f} at the end")
    return found


async def _tasks(path: str) -> int:
    """Ask how many tasks the daemon's loop has."""
    reader, writer = await asyncio.open_unix_connection(path, limit=1 << 20)
    try:
        writer.write(b"vitals\n")
        await writer.drain()
        return int(json.loads(await reader.readline())["daemon"]["tasks"])
    finally:
        writer.close()
