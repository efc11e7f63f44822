"""A daemon that moves large files, measured alone: the sandbox, which keeps every file, is in this process."""

import asyncio
import hashlib
import http.client
import random
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path

from daemon_client import until
from daemon_harness import SMALL_BROWSER, Daemon
from message_kills import BRISK

from wad.browser import procfs
from wad.sandbox import Sandbox, SandboxOptions

MIB = 1 << 20
MARK = "a-mark-that-is-in-no-file"
_PROGRAM = Path(__file__).with_name("wad_elsewhere.py")
_PIECE = 256 * 1024


class Elsewhere:
    """The daemon, the phone, and how files are moved between them."""

    def __init__(self, daemon, sandbox):
        self.daemon = daemon
        self.sandbox = sandbox
        self.peak = 0.0
        # Not the loop's own threads: clients that wait there would keep the sandbox from its files.
        self._threads = ThreadPoolExecutor(32)

    async def _in_thread(self, work, *arguments):
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)

    async def press(self, command, **arguments):
        """Press a button of the phone."""
        return await self.sandbox.phone.command(command, arguments)

    def memory(self):
        """Give what the daemon's own process has of memory, in MiB; what it shares counts by its share."""
        found = procfs.memory([self.daemon.process.pid])
        return found.bytes / MIB

    @asynccontextmanager
    async def measured(self):
        """Look at the memory all the while; `peak` is the most that was seen."""
        self.peak = self.memory()

        async def look():
            while True:
                self.peak = max(self.peak, await asyncio.to_thread(self.memory))
                await asyncio.sleep(0.05)

        task = asyncio.create_task(look())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def send(self, path, to, pause=0.0, **fields):
        """Send a file as a form, from the disk; gives the answer's status and body."""
        return await self._in_thread(self._send, path, {"to": to, **fields}, pause)

    def _send(self, path, fields, pause):
        parts = "".join(
            f'--{MARK}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in fields.items()
        )
        parts += f'--{MARK}\r\nContent-Disposition: form-data; name="file"; filename="{path.name}"\r\n\r\n'
        head, tail = parts.encode(), f"\r\n--{MARK}--\r\n".encode()
        connection = http.client.HTTPConnection("127.0.0.1", self.daemon.port, timeout=120)
        connection.putrequest("POST", "/api/whatsapp/messages")
        connection.putheader("Content-Type", f"multipart/form-data; boundary={MARK}")
        connection.putheader("Content-Length", str(len(head) + path.stat().st_size + len(tail)))
        connection.endheaders()
        connection.send(head)
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                connection.send(piece)
                if pause:
                    time.sleep(pause)
        connection.send(tail)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, body

    async def fetch(self, sha256):
        """Fetch a file once it is there; gives its size and its content's name."""

        async def look():
            return await self._in_thread(self._fetch, sha256)

        return await until(look, "the file", within=120)

    def _fetch(self, sha256):
        connection = http.client.HTTPConnection("127.0.0.1", self.daemon.port, timeout=120)
        connection.request("GET", f"/api/whatsapp/media/{sha256}")
        answer = connection.getresponse()
        found, size = hashlib.sha256(), 0
        while piece := answer.read(_PIECE):
            found.update(piece)
            size += len(piece)
        connection.close()
        return (size, found.hexdigest()) if answer.status == 200 else None

    async def arrived(self, count):
        """Wait until so many files are with the phone; gives what it tells of them."""

        async def look():
            told = (await self.press("media"))["media"]
            return told if len(told) >= count else None

        return await until(look, f"{count} files", within=240)


def file_of(folder, name, size, seed):
    """Make a file of chance; gives its path and its content's name."""
    path = folder / name
    chance, found = random.Random(seed), hashlib.sha256()
    with path.open("wb") as file:
        for _ in range(size // MIB):
            piece = chance.randbytes(MIB)
            file.write(piece)
            found.update(piece)
    return path, found.hexdigest()


@asynccontextmanager
async def elsewhere(state):
    """Give a daemon that is linked to a sandbox in this process."""
    sandbox = Sandbox(state / "phone", SandboxOptions(clock=20))
    await sandbox.start()
    settings = {**BRISK, **SMALL_BROWSER, "WHATSAPP_WEB": sandbox.url}
    daemon = Daemon(state, "--no-autostart", env=settings, program=(str(_PROGRAM),))
    try:
        await daemon.start()
        await daemon.post("/api/whatsapp/start")
        await daemon.new_code()
        await sandbox.phone.command("scan", {})
        await daemon.wait(currentState="ready")
        yield Elsewhere(daemon, sandbox)
    finally:
        daemon.kill()
        daemon.close()
        await sandbox.stop()
