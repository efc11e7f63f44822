"""The daemon inside the test's own process: all of it, with the page at an address of the test's choice.

Some phases last for milliseconds, and no request from outside is sure to meet them. Here the test hears of
every change the moment it happens, and shares the event loop with the daemon.
"""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any
from unittest import mock

from daemon_client import PATIENCE, Asker, Document, until
from daemon_harness import HASTY
from daemon_processes import browsers_of, kill_all
from free_ports import free_port

from wad import daemon
from wad.config import load
from wad.core.status import Phase, Status
from wad.link.session import Change, Session
from wad.sandbox import Sandbox, SandboxOptions


class Inside(Asker):
    """The daemon, its session, and the stand-in it drives as if that were WhatsApp Web."""

    def __init__(self, state: Path, sandbox: Sandbox, port: int) -> None:
        super().__init__(port)
        self.state = state
        self.sandbox = sandbox
        self.changes: list[Change] = []
        self._session: Session | None = None
        self._other: subprocess.Popen[bytes] | None = None

    @property
    def session(self) -> Session:
        """The daemon's session, once it runs."""
        assert self._session is not None
        return self._session

    @property
    def profile(self) -> Path:
        """Where the browser's profile is."""
        return self.state / "live" / "profile"

    def make_session(self) -> Session:
        """Stand in for the daemon's own making of its session, and listen to it from the first change on."""
        self._session = Session()
        self._session.subscribe(self.changes.append)
        return self._session

    async def press(self, command: str, **arguments: Any) -> Document:
        """Press a button of the phone."""
        return await self.sandbox.phone.command(command, arguments)

    async def until_phase(self, *phases: Phase) -> Status:
        """Wait until the session is in one of the phases."""
        return await self.session.wait_for(lambda status: status.phase in phases, PATIENCE)

    async def until_code(self) -> str:
        """Wait for a live code and return its text."""
        status = await self.session.wait_for(lambda status: status.code is not None, PATIENCE)
        assert status.code is not None
        return status.code.text

    def when(self, phase: Phase, act: Callable[[], Awaitable[Document]]) -> asyncio.Future[Document]:
        """Do something the moment `phase` is entered for the first time; return what will come of it."""
        outcome: asyncio.Future[Document] = asyncio.get_running_loop().create_future()

        async def go() -> None:
            try:
                outcome.set_result(await act())
            except Exception as error:  # noqa: BLE001 - whoever awaits the outcome is told
                outcome.set_exception(error)

        def look(change: Change) -> None:
            if change.after.phase is phase is not change.before.phase:
                unsubscribe()
                tasks.append(asyncio.ensure_future(go()))

        tasks: list[asyncio.Future[None]] = []
        unsubscribe = self.session.subscribe(look)
        return outcome

    def freeze_browser(self) -> None:
        """Let the browser stand still, so that the page cannot go on by itself."""
        for pid in browsers_of(self.state):
            os.killpg(os.getpgid(pid), signal.SIGSTOP)

    def mark_profile(self) -> Path:
        """Put a file into the profile which is there exactly as long as this profile is."""
        self.profile.mkdir(parents=True, exist_ok=True)
        mark = self.profile / "mark-of-the-test"
        mark.touch()
        return mark

    def lend_profile(self) -> Path:
        """Have another living process use the profile, as a browser started by hand would."""
        program = ["-c", "import time; time.sleep(600)", f"--user-data-dir={self.profile}", "-"]
        self._other = subprocess.Popen([sys.executable, *program])
        lock = self.profile / "SingletonLock"
        lock.symlink_to(f"{socket.gethostname()}-{self._other.pid}")
        return lock

    def take_back_profile(self) -> bool:
        """End that process; return whether there was one, living."""
        if self._other is None:
            return False
        alive = self._other.poll() is None
        self._other.kill()
        self._other.wait()
        return alive


@asynccontextmanager
async def inside(
    folder: Path,
    *,
    options: SandboxOptions | None = None,
    env: Mapping[str, str] | None = None,
    begin: bool = True,
) -> AsyncIterator[Inside]:
    """Run the daemon in this loop, without autostart; the stand-in serves already unless told not to."""
    port = free_port()
    sandbox = Sandbox(folder / "phone", options or SandboxOptions(clock=20, port=free_port()))
    harness = Inside(folder / "state", sandbox, port)
    flags = {"listen": [f"127.0.0.1:{port}"], "state_dir": str(harness.state), "no_autostart": True}
    config = load(flags, {**HASTY, **(env or {})})
    if begin:
        await sandbox.start()
    page = sandbox.url if begin else f"http://127.0.0.1:{options.port if options else 0}/"
    with mock.patch.multiple(daemon, WHATSAPP_WEB=page, Session=harness.make_session):
        running = asyncio.create_task(daemon.run(config))
        try:
            await until(lambda: _serves(harness, running), "the daemon")
            yield harness
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running
            harness.close()
            harness.take_back_profile()
            await sandbox.stop()
            kill_all(harness.state)


async def _serves(harness: Inside, running: "asyncio.Task[None]") -> bool:
    if running.done():
        running.result()
    try:
        return (await harness.get("/livez")).code == 200
    except OSError:
        return False
