"""Other people's clients as processes of their own, and a sandbox for them."""

import asyncio
import contextlib
import json
import os
import shutil
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from wad.sandbox import Sandbox, SandboxOptions

HERE = Path(__file__).parent
PACKAGES = {"whatsapp-web.js": "whatsapp-web.js", "wa-js.js": "@wppconnect/wa-js"}
DEADLINE = 25.0
# No headless shell among them but as a last resort: peers are used with the full browser.
BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chromium-headless-shell",
)


class Peer:
    """The client in its process: its events in the order they came."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._seen = 0
        self.events: list[tuple[str, object]] = []

    async def next(self, *names: str) -> tuple[str, object]:
        """Return the next event of one of these kinds, passing over others."""
        async with asyncio.timeout(DEADLINE):
            while line := await self._process.stdout.readline():
                told = json.loads(line)
                self.events.append((told["event"], told["value"]))
                if told["event"] in names:
                    return self.events[-1]
        raise AssertionError(f"the client ended; it said {[name for name, _ in self.events]}")

    async def first(self, count: int, name: str) -> list[object]:
        """Return the values of the first events of a kind, of those too that were passed over."""
        while len(found := [value for each, value in self.events if each == name]) < count:
            await self.next(name)
        return found[:count]

    async def call(self, method: str, *values: object) -> object:
        """Call one of the client's methods, and return what it gives."""
        self._process.stdin.write(json.dumps([method, *values]).encode() + b"\n")
        await self._process.stdin.drain()
        name, value = await self.next(method, "failed")
        assert name == method, value
        return value


def _tool(sentence: str, *names: str) -> str:
    found = os.environ.get("WAD_BROWSER_EXECUTABLE") if "chromium" in names else None
    found = found or next(filter(None, map(shutil.which, names)), None)
    if found is None:
        pytest.fail(f"{sentence}: run script/bootstrap --test", pytrace=False)
    return found


@contextlib.asynccontextmanager
async def peer(
    sandbox: Sandbox, profile: Path, *words: str, client: str = "whatsapp-web.js"
) -> AsyncIterator[Peer]:
    """Run a client; it and its browser are one process group, which is ended on every path."""
    node = _tool("this test needs node", "node", "nodejs")
    browser = _tool("this test needs Chromium", *BROWSERS)
    if not (HERE / "node_modules" / PACKAGES[client]).is_dir():
        pytest.fail(
            f"{PACKAGES[client]} is not installed: run script/bootstrap --test (npm ci in tests/peers)",
            pytrace=False,
        )
    process = await asyncio.create_subprocess_exec(
        node,
        HERE / client,
        sandbox.url,
        browser,
        profile,
        *words,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,
        limit=2**20,
    )
    try:
        yield Peer(process)
    finally:
        await _end(process, profile)


async def _end(process: asyncio.subprocess.Process, profile: Path) -> None:
    """End the client's group, and its browser's, which puppeteer puts into another one."""
    browsers = _browsers(profile)
    for group in (process.pid, *browsers):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)
    await process.wait()
    end = time.monotonic() + DEADLINE
    while _browsers(profile):
        assert time.monotonic() < end, "the client's browser did not end"
        await asyncio.sleep(0.01)


def _browsers(profile: Path) -> set[int]:
    """Return the process groups of what runs with this profile."""
    groups = set()
    for each in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            command = (each / "cmdline").read_bytes()
            if b"--user-data-dir=" + bytes(profile) in command:
                groups.add(os.getpgid(int(each.name)))
    return groups - {os.getpgrp()}


@contextlib.asynccontextmanager
async def running(directory: Path, **options) -> AsyncIterator[Sandbox]:
    sandbox = Sandbox(directory / "sandbox", SandboxOptions(seed=7, **options))
    await sandbox.start()
    try:
        yield sandbox
    finally:
        await sandbox.stop()
