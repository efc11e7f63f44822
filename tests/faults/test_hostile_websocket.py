"""One websocket client that sends what is no message, without end, and never reads."""

import asyncio

import pytest
from daemon_harness import Daemon
from hostile_client import BEGIN, CONTINUATION, PING, ask, flooded, resident

FLOODS = {"pings": (PING, b""), "continuations": (CONTINUATION, BEGIN)}
# The kernel's own buffers take a few MiB before anybody reads; the daemon itself reads a quarter of one.
MOST_TAKEN = 16 << 20
MOST_GROWTH = 32 << 20


@pytest.mark.parametrize("name", FLOODS)
async def test_flood(folder, name):
    """Four floods end each other's connection only: the status is answered, memory stays, SIGTERM is heard."""
    frame, first = FLOODS[name]
    async with Daemon(folder / "state", "--sandbox", "--no-autostart") as daemon:
        address = f"127.0.0.1:{daemon.port}"
        await asyncio.to_thread(ask, address)
        before = resident(daemon.process.pid)
        taken, longest = await asyncio.to_thread(flooded, address, frame, first, 4)
        growth = resident(daemon.process.pid) - before
        ended = await daemon.stop()
    print(f"taken {taken >> 10} KiB, longest status {1000 * longest:.0f} ms, grown by {growth >> 10} KiB")

    assert 4 * MOST_TAKEN > taken
    assert MOST_GROWTH > growth
    assert 0 == ended
