"""The real daemon as a process of its own, asked over HTTP and followed by its log.

Whatever happens to a test, nothing of the daemon is left behind it: `Daemon` ends its process group, and
every process that names its state directory.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from daemon_client import Asker, Document, until
from daemon_processes import kill_all, processes_of
from free_ports import free_port

import wad

_SHOWN_LINES = 25
_AS_PACKAGED = Path(__file__).parents[1] / "as_packaged"
# A daemon that retries as fast as a test wants to see it.
HASTY = {
    "WAD_LINK_BACKOFF_FIRST": "0.2",
    "WAD_LINK_BACKOFF_MAX": "1",
    "WAD_LINK_BROWSER_CLOSE": "3",
    "WAD_LINK_BROWSER_TERM": "0.5",
}
# Ends with whoever started it, be it by SIGKILL; its browser ends with it, since the pipe between them closes.
_MORTAL = ("setpriv", "--pdeathsig", "KILL", "--")
# Debian's small build of the same Chromium: from its start to a link it takes half of the processor time. It is for
# tests of what a daemon tells and is told; wherever the browser or the link is what is tried, it is the usual one.
SMALL_BROWSER = {"WAD_BROWSER_EXECUTABLE": "chromium-headless-shell"}
# No name can be resolved, so that a live daemon never asks the real servers, wherever the tests run.
UNRESOLVED = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"


class Daemon(Asker):
    """One state directory, and the daemon that runs on it; it may be started several times."""

    def __init__(
        self,
        state: Path,
        *flags: str,
        env: Mapping[str, str] | None = None,
        wrapper: tuple[str, ...] = (),
        program: tuple[str, ...] = ("-m", "wad"),
    ) -> None:
        self.state = state
        super().__init__(free_port())
        self.log = state.parent / f"{state.name}-{self.port}.log"
        self.process: subprocess.Popen[bytes] | None = None
        self._flags = flags or ("--sandbox",)
        self._env = env or {}
        self._wrapper = wrapper
        self._program = program
        self._mark = 0
        self._lines: list[Document] = []

    async def __aenter__(self) -> Self:
        """Start it and wait until it answers."""
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End all of it, and show the log's end where the test failed."""
        self.kill()
        self.close()
        if error is not None and self.log.exists():
            sys.stdout.write("\n".join(self.text().splitlines()[-_SHOWN_LINES:]) + "\n")

    @property
    def folder(self) -> Path:
        """Where the profile is."""
        return self.state / ("sandbox" if "--sandbox" in self._flags else "live")

    def launch(self) -> None:
        """Start the process, and wait for nothing."""
        self._mark = self.log.stat().st_size if self.log.exists() else 0
        self._lines = []
        wrapper = (*_MORTAL, *self._wrapper)
        folder = ("--state-dir", str(self.state), "--listen", f"127.0.0.1:{self.port}")
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*wrapper, sys.executable, *self._program, *self._flags, *folder],
                env=environment(self._env),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    async def start(self) -> None:
        """Start the daemon and wait until it serves."""
        self.launch()
        await self.wait_line("wad_ready")

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the daemon itself."""
        assert self.process is not None
        self.process.send_signal(number)

    async def ended(self) -> int:
        """Wait for the daemon's end and return its exit code."""
        process = self.process
        assert process is not None
        await until(lambda: process.poll() is not None, "the daemon's end")
        return process.returncode

    async def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal, wait for the end, and return the exit code."""
        self.send(number)
        return await self.ended()

    async def gone(self) -> list[int]:
        """Wait until no process of it is left; its helpers need a moment to see that it died."""
        await until(lambda: not processes_of(self.state), "the end of all processes")
        return processes_of(self.state)

    def kill(self) -> None:
        """End everything that belongs to this daemon, whatever state it is in."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        kill_all(self.state)

    def text(self) -> str:
        """Return all that the daemon has written since the first start."""
        return self.log.read_text("utf-8", "replace") if self.log.exists() else ""

    def lines(self) -> list[Document]:
        """Return the log's entries since the last start; each is read once, however often one looks."""
        with self.log.open("rb") as log:
            log.seek(self._mark)
            whole = log.read().rpartition(b"\n")
        self._mark += len(whole[0] + whole[1])
        for line in whole[0].splitlines():
            if line.startswith(b"{") and line.endswith(b"}"):
                self._lines.append(json.loads(line))
        return list(self._lines)

    def events(self) -> list[str]:
        """Return what the log's entries say."""
        return [str(line["event"]) for line in self.lines()]

    async def states(self) -> list[str]:
        """Return the transitions since the last start, as ``idle -> qr``, up to the state that is told now.

        The log has a thread of its own, so that its line may come after the answer over HTTP.
        """
        if self.process is not None and self.process.poll() is None:
            now = (await self.status())["currentState"]
            await until(
                lambda: (self._transitions() or ["-> idle"])[-1].endswith(f"-> {now}"), f"the log of {now}"
            )
        return self._transitions()

    def _transitions(self) -> list[str]:
        prefix = "[WA] state="
        return [event.removeprefix(prefix) for event in self.events() if event.startswith(prefix)]

    async def wait_line(self, event: str | None = None, **wanted: Any) -> Document:
        """Wait for a line of the log with these values, and fail at once when the daemon ends before."""
        wanted |= {} if event is None else {"event": event}

        def look() -> Document | None:
            found = next((line for line in self.lines() if wanted.items() <= line.items()), None)
            if found is None and self.process is not None and self.process.poll() is not None:
                raise AssertionError(f"the daemon ended before {wanted}: {self.text()}")
            return found

        return await until(look, f"a line with {wanted}")


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """Return the daemon's environment: this one's without its settings and folders, and `settings`."""
    dropped = ("WAD_", "XDG_", "NOTIFY_", "LISTEN_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    root = Path(wad.__file__).parents[1]
    basic = {
        "PYTHONPATH": os.pathsep.join([str(_AS_PACKAGED), str(root)]),
        "WAD_LOG_FORMAT": "json",
        "WAD_SANDBOX_CLOCK": "20",
    }
    return {**kept, **basic, **settings}


async def link_once(state: Path) -> None:
    """Make a state directory with a linked session, closed properly."""
    async with Daemon(state) as daemon:
        await daemon.link()
        assert await daemon.stop() == 0
