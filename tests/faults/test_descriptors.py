"""A daemon whose file descriptors are taken away for a while, and given back."""

import asyncio
import os
import resource
import signal
from contextlib import contextmanager

import pytest
from daemon_client import PATIENCE
from daemon_harness import HASTY, Daemon
from daemon_processes import browsers_of

# Those that are open stay so; none can be opened.
NONE_MORE = 3
RESET = b"POST /api/whatsapp/reset HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n\r\n"


@contextmanager
def without_descriptors(daemon):
    """Let the running daemon open nothing."""
    assert daemon.process is not None
    limits = resource.prlimit(daemon.process.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(daemon.process.pid, resource.RLIMIT_NOFILE, (NONE_MORE, limits[1]))
    try:
        yield
    finally:
        resource.prlimit(daemon.process.pid, resource.RLIMIT_NOFILE, limits)


async def kill_browser_meanwhile(daemon):
    """Kill the browser while nothing can be opened, until wad has tried to start another one."""
    with without_descriptors(daemon):
        for pid in browsers_of(daemon.state):
            os.kill(pid, signal.SIGKILL)
        await daemon.wait_line("browser_died")
        return await daemon.wait_line(event="link_trouble")


async def test_a_linked_daemon_is_linked_again(linked_state):
    """The lack is told by its name, and the link comes back by itself once there are descriptors."""
    async with Daemon(linked_state, env=HASTY) as daemon:
        await daemon.wait(currentState="ready")
        told = await kill_browser_meanwhile(daemon)
        after = await daemon.wait(currentState="ready")
        alive = await daemon.get("/livez")

    assert "too_many_open_files" == told["reason"]
    assert after["isReady"]
    assert 200 == alive.code


@pytest.mark.parametrize("command", ["start", "stop", "reset"])
async def test_commands_work_afterwards(folder, command):
    """What is asked for after the lack is done, not only answered."""
    ends = {"start": "waiting_for_scan", "stop": "stopped", "reset": "waiting_for_scan"}
    async with Daemon(folder / "state", env=HASTY) as daemon:
        await daemon.new_code()
        await kill_browser_meanwhile(daemon)
        mark = daemon.folder / "profile" / "mark-of-the-test"
        mark.touch()
        await daemon.post(f"/api/whatsapp/{command}")
        status = await daemon.wait(phase=ends[command])
        kept = mark.exists()

    assert ends[command] == status["phase"]
    assert (command != "reset") == kept


async def test_a_reset_meanwhile_is_done_afterwards(folder):
    """A reset that is taken in the midst of it, over a connection that is open already, ends with a code."""
    async with Daemon(folder / "state", env=HASTY) as daemon:
        await daemon.new_code()
        mark = daemon.folder / "profile" / "mark-of-the-test"
        mark.touch()
        async with asyncio.timeout(PATIENCE):
            reader, writer = await asyncio.open_connection("127.0.0.1", daemon.port)
            writer.write(b"GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            await reader.readuntil(b"\r\n\r\n")
            with without_descriptors(daemon):
                writer.write(RESET)
                await daemon.wait_line("profile_kept")
        await daemon.new_code()
        writer.close()

    assert not mark.exists()
