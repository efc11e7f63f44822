"""The browser process: started, talked to, watched, and closed without remains.

Rules of this file:

* Whatever happens to `Chromium.start` (an error, a timeout, a cancellation, a `close` meanwhile), nothing
  of it is left.
* The browser is asked to close, then told to, then killed: killed at once, it may lose a new session.
* Its closing belongs to a task of its own, which no caller's cancellation stops.
"""

import asyncio
import os
import signal
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import structlog

from wad.browser.cdp import PipeConnection, call
from wad.browser.executables import find_executable, not_spawned
from wad.browser.flags import command_line
from wad.browser.options import LaunchOptions
from wad.browser.process import BrowserExit, Process, kill_members
from wad.browser.profile import Profile
from wad.browser.proxy import ProxyLogin
from wad.browser.sandboxing import forbids_sandbox
from wad.browser.spawn import Spawned, environment, spawn
from wad.browser.useragent import user_agent
from wad.core.errors import (
    BrowserError,
    BrowserHungError,
    ProfileLockedError,
    SandboxForbiddenError,
)

if TYPE_CHECKING:
    from pyppeteer.browser import Browser

_log = structlog.get_logger()

_PROFILE_IN_USE: Final = 21  # Chromium's RESULT_CODE_PROFILE_IN_USE
_SOCKET: Final = "/org.chromium.Chromium.XXXXXX/SingletonSocket"
_SOCKET_PATH: Final = 108  # bytes of a Unix socket's path, its end included
_TOLD_LINES: Final = 5  # of stderr, in an error's message; all of them are in `stderr_tail`


class Chromium:
    """One browser, from its start to its end; for the next one make another object.

    After `start`: `connection`, `browser` (pyppeteer's), `version` ("156.0.8078.79"), `user_agent` (its own,
    without "Headless") and `exited`, which is resolved at once when it dies.
    """

    connection: PipeConnection
    browser: "Browser"
    version: str
    user_agent: str
    says_headless: bool
    exited: asyncio.Future[BrowserExit]

    def __init__(self, options: LaunchOptions, profile: Profile) -> None:
        self._options = options
        self._profile = profile
        self._process: Process | None = None
        self._starting: asyncio.Task[None] | None = None
        self._closing: asyncio.Task[None] | None = None
        self._killed = False

    @property
    def pid(self) -> int | None:
        """The started program's number, None before; a launcher's where its child is the browser."""
        return self._process.pid if self._process else None

    @property
    def stderr_tail(self) -> tuple[str, ...]:
        """The last 50 lines the browser wrote, oldest first, without what may be secret."""
        return self._process.tail.lines if self._process else ()

    async def start(self) -> None:
        """Start the browser, connect, and ask for its version, within ``start_timeout``.

        Raises BrowserMissingError, SandboxForbiddenError, ProfileLockedError, StorageFullError,
        TooManyOpenFilesError;
        BrowserHungError when it does not answer; BrowserError with its exit code and last words when it ends,
        or when it is closed meanwhile.
        """
        if self._starting or self._closing:
            raise BrowserError("this browser was started or closed before; make another")
        self._starting = asyncio.get_running_loop().create_task(self._launch(), name="browser-start")
        try:
            async with asyncio.timeout(self._options.start_timeout):
                await self._starting
        except TimeoutError as exc:
            await self._abandon()
            raise BrowserHungError(self._told("the browser did not answer in time")) from exc
        except asyncio.CancelledError as exc:
            await self._abandon()
            if _is_cancelled():
                raise
            raise BrowserError("the browser was closed while it started") from exc
        except BaseException:
            await self._abandon()
            raise

    async def _launch(self) -> None:
        executable = find_executable(self._options.executable, self._options.kind)
        await asyncio.to_thread(self._profile.prepare)
        # Nothing is awaited before it is attached: cancelled in between, it would live on unseen.
        process = self._attach(await self._spawn(executable))
        await asyncio.to_thread(self._profile.record, process.pid)
        try:
            await self._handshake()
        except BrowserHungError:
            raise
        except BrowserError as exc:
            raise await self._ended(exc) from exc

    async def _spawn(self, executable: Path) -> Spawned:
        profile = self._profile
        env = environment(os.environ, profile.home, _temporary_folder(profile))
        try:
            # Both take up to a tenth of a second, the second in another process.
            library = asyncio.get_running_loop().run_in_executor(None, _library)
            agent = await user_agent(executable, env)
            self._library = await library
            extra = (*([f"--user-agent={agent}"] if agent else []), *self._options.flags)
            sandbox = self._options.sandbox
            return spawn(command_line(executable, profile.path, extra, sandbox=sandbox), env)
        except OSError as exc:
            raise not_spawned(executable, exc) from exc

    def _attach(self, spawned: Spawned) -> Process:
        process = self._process = Process(spawned)
        # A shield: whoever waits for it with a timeout cancels it, and must not cancel ours.
        self.exited = asyncio.shield(process.exited)
        self.connection = PipeConnection(spawned.reads, spawned.writes)
        process.exited.add_done_callback(
            lambda done: self.connection.lose(f"the browser ended: {done.result()}")
        )
        return process

    async def _handshake(self) -> None:
        """Ask who it is, which also tells that it is up."""
        timeout = self._options.start_timeout
        answer = await call(self.connection, "Browser.getVersion", None, timeout)
        product, _, self.version = str(answer["product"]).partition("/")
        self.says_headless = product.startswith("Headless")
        self.user_agent = str(answer["userAgent"]).replace("Headless", "")
        self.browser = await self._library.create(self.connection, [], False, None)  # noqa: FBT003 # pyppeteer's signature
        if self._options.proxy_credentials is not None:
            await ProxyLogin(self.connection, self._options.proxy_credentials).enable(timeout)
        _log.info("browser_started", pid=self.pid, version=self.version)

    async def _ended(self, cause: BrowserError) -> BrowserError:
        """Return the error for a browser that went away at its start: with its code and last words."""
        process = self._process
        if process is None:
            return cause
        # The pipe may close some milliseconds before the process is dead.
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(process.exited), self._options.term_timeout)
        if not process.exited.done():
            return cause
        result = process.exited.result()
        if result.returncode == _PROFILE_IN_USE:
            return ProfileLockedError(f"the browser says that {self._profile.path} is in use")
        if forbids_sandbox(self.stderr_tail):
            return SandboxForbiddenError("the browser ended at its start: its sandbox is forbidden here")
        return BrowserError(self._told(f"the browser ended at its start, {result}"))

    def _told(self, text: str) -> str:
        return "; ".join((text, *self.stderr_tail[-_TOLD_LINES:]))

    async def _abandon(self) -> None:
        """Leave nothing of a start that failed; it holds no session yet that a kill could damage."""
        self.kill()
        await self.close()

    def kill(self) -> None:
        """Kill the browser and its helpers at once; a session younger than a minute may be lost."""
        self._killed = True
        if self._process:
            self._process.signal_group(signal.SIGKILL)

    async def kill_helper(self, mark: bytes) -> bool:
        """Kill those of the browser's processes whose arguments hold `mark`; False where there is none.

        The browser starts another by itself. Raises OSError where that cannot be looked at.
        """
        leader = self.pid
        return leader is not None and await asyncio.to_thread(kill_members, leader, mark)

    async def close(self) -> None:
        """Close the browser; when this returns no process of its group lives and all fds are closed.

        Takes ``close_timeout`` + ``term_timeout`` + 5 s at the most. Never raises; may be called at any time
        and often. A caller that is cancelled leaves, and the closing goes on; one that failed is done again.
        """
        if self._closing is None or _has_failed(self._closing):
            self._closing = asyncio.get_running_loop().create_task(self._close(), name="browser-close")
        await asyncio.wait([self._closing])
        if _has_failed(self._closing):
            _log.warning("browser_close_failed", error=repr(self._closing.exception()))

    async def _close(self) -> None:
        if self._starting:
            self._starting.cancel()
            await asyncio.wait([self._starting])
        process = self._process
        if process is None:
            return
        try:
            if not self._killed:
                await self._ask_to_close(process)
        except Exception as exc:  # noqa: BLE001 # whatever it is, the rest must happen
            _log.warning("browser_close_failed", error=repr(exc))
        finally:
            process.signal_group(signal.SIGKILL)
            await process.wait_gone()
            self.connection.lose("closed by wad")

    async def _ask_to_close(self, process: Process) -> None:
        """Ask over the pipe, then by SIGTERM, each with its time of grace; one that stands still has none."""
        grace = 0.0 if self.connection.closed else self._options.close_timeout
        # Not awaited: it may end without an answer.
        self.connection.send("Browser.close")
        if await self._closes(process, grace):
            return
        if self._is_silent():
            _log.warning("browser_silent", within=self._options.silent_timeout)
            return
        _log.warning("browser_did_not_close", after=grace)
        process.signal_group(signal.SIGTERM)
        if not await _within(process.exited, self._options.term_timeout):
            _log.warning("browser_killed", after=self._options.term_timeout)

    async def _closes(self, process: Process, grace: float) -> bool:
        """Return whether it ends within its time of grace; False at once when it turns out to stand still."""
        doubt = max(0.0, self._options.silent_timeout - self.connection.silent_for)
        doubt = min(doubt, grace)
        if await _within(process.exited, doubt):
            return True
        return not self._is_silent() and await _within(process.exited, grace - doubt)

    def _is_silent(self) -> bool:
        return not self.connection.closed and self.connection.silent_for >= self._options.silent_timeout


async def _within(exited: asyncio.Future[BrowserExit], seconds: float) -> bool:
    """Return whether the process is dead within `seconds`."""
    await asyncio.wait([exited], timeout=seconds)
    return exited.done()


def _has_failed(closing: asyncio.Task[None]) -> bool:
    return closing.done() and not closing.cancelled() and closing.exception() is not None


def _library() -> "type[Browser]":
    """Import what no daemon needs before it serves."""
    from pyppeteer.browser import Browser as Library  # noqa: PLC0415 - see above

    browser: type[Browser] = Library
    return browser


def _is_cancelled() -> bool:
    """Return whether it is the running task itself that was cancelled, and not one it waited for."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _temporary_folder(profile: Profile) -> Path:
    """Return the profile's own, or the system's where the path of a socket in the former would be too long.

    Chromium puts a socket there, and aborts when its path does not fit.
    """
    fits = len(os.fsencode(profile.tmp)) + len(_SOCKET) < _SOCKET_PATH
    return profile.tmp if fits else Path(tempfile.gettempdir())
