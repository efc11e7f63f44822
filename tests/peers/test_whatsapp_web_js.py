"""whatsapp-web.js 1.34.7, unchanged, links to the sandbox, and shows its known fault on it."""

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

from wad.sandbox import PhoneRefusedError, Sandbox, SandboxOptions

HERE = Path(__file__).parent
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
async def peer(sandbox: Sandbox, profile: Path, *words: str) -> AsyncIterator[Peer]:
    """Run the client; it and its browser are one process group, which is ended on every path."""
    node = _tool("this test needs node", "node", "nodejs")
    browser = _tool("this test needs Chromium", *BROWSERS)
    if not (HERE / "node_modules" / "whatsapp-web.js").is_dir():
        pytest.fail(
            "whatsapp-web.js is not installed: run script/bootstrap --test (npm ci in tests/peers)",
            pytrace=False,
        )
    process = await asyncio.create_subprocess_exec(
        node,
        HERE / "whatsapp-web.js",
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


async def shown(sandbox: Sandbox) -> str:
    """Return the live code on the page's screen, waiting until there is one."""
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end:
        for page in (await sandbox.phone.state())["pages"]:
            if page.get("shown") and page["shown"] == page["live"]:
                return page["shown"]
        await asyncio.sleep(0.01)
    raise AssertionError("no code is shown")


async def test_links(io_loop, tmp_path):
    """It shows the code the page shows, without what stands before it there, is authenticated and ready once that was scanned, and hears the logout."""
    account = {"wid": "4915112345678@c.us", "platform": "iphone", "pushname": "Ada"}
    async with running(tmp_path, clock=4.0) as sandbox, peer(sandbox, tmp_path / "profile") as client:
        _, code = await client.next("qr", "failed")
        assert (await shown(sandbox)).endswith(f"#{code}")
        await sandbox.phone.scan(code=code, number="4915112345678", name="Ada", platform="iphone")
        assert await client.next("authenticated", "failed") == ("authenticated", None)
        assert await client.next("ready", "failed") == ("ready", account)
        await sandbox.phone.logout()
        assert await client.next("disconnected", "failed") == ("disconnected", "LOGOUT")


async def test_links_by_a_reload(io_loop, tmp_path):
    """It follows a page that loads itself anew after the scan, too."""
    async with (
        running(tmp_path, clock=4.0, pairing="reload") as sandbox,
        peer(sandbox, tmp_path / "profile") as client,
    ):
        _, code = await client.next("qr", "failed")
        await sandbox.phone.scan(code=code)

        assert (await client.next("ready", "failed"))[0] == "ready"


async def test_links_by_number(io_loop, tmp_path):
    """Asked to pair with a number it is given the code the page shows, and is ready once that was typed."""
    number = "4915112345678"
    async with (
        running(tmp_path, clock=4.0) as sandbox,
        peer(sandbox, tmp_path / "profile", number) as client,
    ):
        _, code = await client.next("code", "failed")
        state = (await sandbox.phone.state())["pages"][0]
        await sandbox.phone.enter_code(code=code, number=number, name="Ada")
        event, account = await client.next("ready", "failed")

    assert state["linkCode"] == code
    assert ("ready", f"{number}@c.us", "Ada") == (event, account["wid"], account["pushname"])
    assert "qr" not in [name for name, _ in client.events]


@pytest.mark.parametrize("link_code", ["screen", "unseen"])
async def test_changes_its_mind(io_loop, tmp_path, link_code):
    """From the code to scan to one to type and back: the page takes the latter no more, and links by a new one to scan."""
    async with (
        running(tmp_path, clock=4.0, link_code=link_code) as sandbox,
        peer(sandbox, tmp_path / "profile") as client,
    ):
        _, picture = await client.next("qr", "failed")
        code = await client.call("requestPairingCode", "4915112345678")
        await client.call("cancelPairingCode")
        again = await shown(sandbox)
        with pytest.raises(PhoneRefusedError, match="the page refused it"):
            await sandbox.phone.enter_code(code=code)
        await sandbox.phone.scan(code=again)
        event, _ = await client.next("ready", "failed")

    assert event == "ready"
    assert not again.endswith(picture)


@pytest.mark.parametrize("link_code", ["screen", "unseen"])
async def test_asks_again_and_again(io_loop, tmp_path, link_code):
    """It asks for another code by the clock, whatever became of the one before, which is dead then."""
    async with (
        running(tmp_path, clock=4.0, link_code=link_code) as sandbox,
        peer(sandbox, tmp_path / "profile") as client,
    ):
        await client.next("qr", "failed")
        first = await client.call("requestPairingCode", "4915112345678", None, 3000)
        event, second = await client.next("code", "failed")
        with pytest.raises(PhoneRefusedError, match="the code is wrong"):
            await sandbox.phone.enter_code(code=first)
        await sandbox.phone.enter_code(code=second)
        ready, _ = await client.next("ready", "failed")

    assert (event, ready) == ("code", "ready")
    assert first != second


async def test_goes_silent(io_loop, tmp_path):
    """When the batch is spent it says nothing more, though the page waits under a button. The fault is its own."""
    async with (
        running(tmp_path, clock=4.0, navigating_iframes=False) as sandbox,
        peer(sandbox, tmp_path / "profile") as client,
    ):
        await client.next("qr", "failed")
        last = await shown(sandbox)
        await sandbox.phone.clock(factor=100)
        await sandbox.phone.spend()
        # 300 s of the sandbox's clock, longer than any batch lives.
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(client.next("qr", "failed", "disconnected"), 3)

        page = (await sandbox.phone.state())["pages"][0]
        assert (page["state"], page["shown"], page["live"]) == ("UNPAIRED_IDLE", last, None)
