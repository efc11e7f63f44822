"""Messages over HTTP: a daemon that is linked, what it is asked to send, and the events it tells."""

import asyncio
import os
import sys
from contextlib import asynccontextmanager

from daemon_client import until
from daemon_harness import HASTY, SMALL_BROWSER, Daemon

# What nobody but the two who talk may read anywhere.
SECRET = "a-text-that-is-nobodys-business"
NUMBER = "15550001111"
BRISK = {**HASTY, **SMALL_BROWSER, "WAD_MESSAGES_CHAT_INTERVAL": "0.01", "WAD_LOG_LEVEL": "debug"}


@asynccontextmanager
async def linked(state, **env):
    """Give a daemon that is linked."""
    async with Daemon(state, env={**BRISK, **env}) as daemon:
        await daemon.wait(currentState="ready")
        yield daemon


async def send(daemon, text, query="", headers=None, **more):
    """Send a text; gives the answer."""
    body = {"to": f"+{NUMBER}", "text": text} | more
    return await daemon.fetch("POST", f"/api/whatsapp/messages{query}", body, headers)


async def events(daemon, *types, after=0):
    """Give the events of these types."""
    path = f"/api/whatsapp/events?after={after}&limit=1000&types={','.join(types)}"
    return (await daemon.get(path)).json["events"]


async def event(daemon, kind, wanted=lambda _: True):
    """Wait for an event, as a program does that polls for long."""

    async def look():
        found = [each for each in await events(daemon, kind) if wanted(each["data"])]
        return found[0] if found else None

    return await until(look, f"an event {kind}")


async def wadctl(daemon, *words, stdin=b""):
    """Run wadctl; gives its exit code and what it said."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "wad.ctl", "--socket", str(daemon.state / "control.sock"), *words),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    said, _ = await process.communicate(stdin)
    return process.returncode, said.decode()
