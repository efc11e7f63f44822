"""How long a start takes until the daemon serves (READY=1 to whoever started it), and what of it are imports."""

import asyncio
import re
import socket
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import IO

from contestants import command
from programs import AS_PACKAGED, PATIENCE, started
from samples import PEER, WAD, Part

# No name is looked up, so that WhatsApp's own servers are never asked.
_ENV = {
    "PYTHONPATH": AS_PACKAGED,
    "WAD_BROWSER_ARGUMENTS": "--host-resolver-rules=MAP * ~NOTFOUND",
    "NODE_ENV": "production",
}
_DEAREST = 10
_IMPORT = re.compile(rb"^import time:\s+(\d+) \|\s+\d+ \| +(\S+)$", re.MULTILINE)


async def measure(folder: Path, rounds: int) -> Part:
    """Start each so many times, by turns."""
    part = Part("ready")
    figures = {"ready": (), "ready.no-autostart": ("--no-autostart",)}
    taken: dict[str, list[float]] = {figure: [] for figure in (*figures, "peer")}
    # The first start finds the disk cold, and compiles.
    for number in range(rounds + 1):
        for figure, flags in figures.items():
            seconds = await _until_ready(folder / f"{figure}{number}", flags)
            if number:
                taken[figure].append(seconds)
        if number:
            taken["peer"].append(await _until_listening(folder / f"peer{number}"))
    part.add("ready", WAD, "s", taken["ready"])
    part.add("ready", PEER, "s", taken["peer"])
    part.add("ready.no-autostart", WAD, "s", taken["ready.no-autostart"])
    await _imports(part, folder / "imports")
    return part


async def _until_ready(
    folder: Path, flags: tuple[str, ...], python: tuple[str, ...] = (), complaints: IO[bytes] | None = None
) -> float:
    await asyncio.to_thread(folder.mkdir, parents=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(str(folder / "notify"))
        ear.settimeout(0)
        env = {
            **_ENV,
            "NOTIFY_SOCKET": str(folder / "notify"),
            "WAD_CONTROL_SOCKET": str(folder / "control.sock"),
        }
        state = ("--state-dir", str(folder / "state"), "--listen", "127.0.0.1:0")
        begun = time.perf_counter()
        async with (
            started([sys.executable, *python, "-m", "wad", *state, *flags], env, complaints),
            asyncio.timeout(PATIENCE),
        ):
            while b"READY=1" not in await asyncio.get_running_loop().sock_recv(ear, 4096):
                pass
            return time.perf_counter() - begun


async def _until_listening(folder: Path) -> float:
    begun = time.perf_counter()
    # Nobody is at this address: the page comes later.
    async with (
        started(command(PEER, "http://127.0.0.1:9/", folder), _ENV) as process,
        asyncio.timeout(PATIENCE),
    ):
        await process.stdout.readuntil(b'"listening"')
        return time.perf_counter() - begun


async def _imports(part: Part, folder: Path) -> None:
    """Add what Python says of its imports: their own time in ms, by packages, the dearest first."""
    with tempfile.TemporaryFile() as told:
        await _until_ready(folder, ("--no-autostart",), ("-X", "importtime"), told)
        told.seek(0)
        found = _IMPORT.findall(told.read())
    costs: Counter[str] = Counter()
    for microseconds, module in found:
        costs[module.decode().partition(".")[0]] += int(microseconds)
    part.add("import.all", WAD, "ms", [costs.total() / 1000])
    for name, cost in costs.most_common(_DEAREST):
        part.add(f"import.{name}", WAD, "ms", [cost / 1000])
    part.notes.append("Imports are measured once, by `python -X importtime`, which itself slows them down.")
