"""The examples as somebody runs them who has copied their folder: each is a program with two variables set."""

import asyncio
import os
import shutil
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from daemon_harness import HASTY, SMALL_BROWSER, Daemon

TESTS = Path(__file__).parents[1]
EXAMPLES = TESTS.parent / "examples"
TOKEN = "a-token-of-decent-length"
# The Socket.IO client, and the judge of webhooks' signatures, are those of the gateway's tests, as npm gives them.
PEERS = TESTS / "gateway" / "node_modules"
LANGUAGES = ("curl", "javascript", "python")
# For one example, on a machine that others share.
_SECONDS = 40


@dataclass(frozen=True)
class Ran:
    """What came of a program."""

    code: int | None
    out: str
    err: str


def _argv(language: str, folder: Path, name: str) -> list[str]:
    if language == "curl":
        return [str(folder / f"{name}.sh")]
    if language == "javascript":
        return ["node", str(folder / f"{name}.mjs")]
    return [sys.executable, str(folder / f"{name.replace('-', '_')}.py")]


class Reader:
    """Somebody who tries the examples of one language on a daemon."""

    def __init__(self, language: str, folder: Path, daemon: Daemon, token: str | None) -> None:
        self.folder = folder / language
        self._language = language
        self._environment = {
            "PATH": os.environ["PATH"],
            "PYTHONDONTWRITEBYTECODE": "1",
            "WAD_URL": f"http://127.0.0.1:{daemon.port}",
            **({"WAD_TOKEN": token} if token else {}),
        }
        shutil.copytree(EXAMPLES / language, self.folder, ignore=shutil.ignore_patterns("node_modules"))
        (self.folder / "node_modules").symlink_to(PEERS)

    async def run(self, name: str, *arguments: str, **variables: str) -> Ran:
        """Run an example to its end; `variables` are set differently for once."""
        async with self.running(name, *arguments, variables=variables) as process:
            out, err = await asyncio.wait_for(process.communicate(), _SECONDS)
        return Ran(process.returncode, out.decode(), err.decode())

    @asynccontextmanager
    async def running(
        self, name: str, *arguments: str, variables: Mapping[str, str] | None = None
    ) -> AsyncIterator[Process]:
        """Run an example while the body runs, which may read what it prints."""
        process = await asyncio.create_subprocess_exec(
            *_argv(self._language, self.folder, name),
            *arguments,
            cwd=self.folder,
            env={**self._environment, **(variables or {})},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=PIPE,
            stderr=PIPE,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, 9)
            await process.communicate()


async def line(process: Process) -> str:
    """Give the next line a program prints."""
    assert process.stdout is not None
    return (await asyncio.wait_for(process.stdout.readline(), _SECONDS)).decode().strip()


async def line_with(process: Process, text: str) -> str:
    """Read what a program prints up to a line that begins with `text`."""
    heard: list[str] = []
    while not heard or not heard[-1].startswith(text):
        heard.append(await line(process))
        assert heard[-1], heard
    return heard[-1]


@asynccontextmanager
async def daemon_in(
    folder: Path, *flags: str, token: str | None = TOKEN, clock: str = "20", **more: str
) -> AsyncIterator[Daemon]:
    """Run a sandbox, with a token unless told otherwise; its page's time goes `clock` times as fast as ours.

    `more` is added to its environment.
    """
    settings = {**HASTY, **SMALL_BROWSER, "WAD_SANDBOX_CLOCK": clock, **more}
    if token is not None:
        file = folder / "token"
        file.write_text(token)
        file.chmod(0o600)
        settings["WAD_HTTP_TOKEN_FILE"] = str(file)
    daemon = Daemon(folder / "state", *flags, env=settings)
    daemon.headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with daemon:
        yield daemon
