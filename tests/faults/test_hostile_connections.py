"""Clients that hold connections: that send and never read, or say nothing, in greater number than descriptors."""

import asyncio
import os
import signal
import socket
from contextlib import ExitStack, suppress
from pathlib import Path

from daemon_client import until
from daemon_harness import HASTY, SMALL_BROWSER, Daemon
from daemon_processes import browsers_of

# As many as one process of the machine had; each client pipelines what it will never read.
DESCRIPTORS = 256
CLIENTS = 260
REQUESTS = b"GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n" * 200
FEW = ("prlimit", f"--nofile={DESCRIPTORS}:{DESCRIPTORS}", "--")
LISTENS = "0A"
SETTINGS = {**HASTY, **SMALL_BROWSER, "WAD_LINK_HTTP_WRITE": "2"}


def connections_to(port: int) -> int:
    """Count the connections that whoever listens at a port of IPv4 has taken and still holds.

    Counting all sockets of the daemon would count those of its browser's page, which come and go as it loads. The
    kernel gives an inode of 0 to a connection nobody has taken yet, and to one its holder has closed.
    """
    _head, *rows = Path("/proc/net/tcp").read_text().splitlines()
    held = [row.split() for row in rows]
    return sum(
        int(row[1].partition(":")[2], 16) == port and row[3] != LISTENS and row[9] != "0" for row in held
    )


def deaf_client(port: int, stack: ExitStack) -> None:
    """Send requests without reading an answer, as many as are taken; keep the connection."""
    client = stack.enter_context(socket.socket())
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.connect(("127.0.0.1", port))
    client.settimeout(0)
    with suppress(OSError):
        for _ in range(20):
            client.send(REQUESTS)


async def control(daemon: Daemon, line: bytes) -> bytes:
    """Ask over the control socket."""
    reader, writer = await asyncio.open_unix_connection(str(daemon.state / "run" / "control.sock"))
    writer.write(line)
    answer = await reader.readline()
    writer.close()
    return answer


async def test_deaf_crowd(folder):
    """260 clients that never read, and 256 descriptors: HTTP and the control socket answer all the while.

    A killed browser is replaced, the log stays small, and in the end no connection of theirs is left.
    """
    daemon = Daemon(folder / "state", env=SETTINGS, wrapper=FEW)
    async with daemon:
        await daemon.new_code()
        with ExitStack() as stack:
            for _ in range(CLIENTS):
                await asyncio.to_thread(deaf_client, daemon.port, stack)
            crowded = connections_to(daemon.port)
            old = browsers_of(daemon.state)
            os.killpg(os.getpgid(old[0]), signal.SIGKILL)
            over_http = await daemon.wait(reason="browser_crashed")
            over_control = await control(daemon, b"status\n")
            await daemon.new_code()
            await until(lambda: connections_to(daemon.port) <= 4, "the end of all deaf connections")
        size = daemon.log.stat().st_size
        ended = await daemon.stop()
    print(f"{crowded} connections in the crowd of {CLIENTS}; log {size >> 10} KiB")

    assert 0 < crowded < DESCRIPTORS - 60
    assert (True, True) == (over_http["success"], b'"success":true' in over_control)
    assert old != browsers_of(daemon.state)
    assert size < 64 * 1024
    assert 0 == ended


async def test_silent_crowd(folder):
    """As many that connect and say nothing: whoever asks is answered at once."""
    async with Daemon(folder / "state", "--sandbox", "--no-autostart", wrapper=FEW) as daemon:
        with ExitStack() as stack:
            for _ in range(CLIENTS):
                stack.enter_context(socket.create_connection(("127.0.0.1", daemon.port)))
            status = await daemon.status()
            told = await control(daemon, b"version\n")
        ended = await daemon.stop()

    assert status["success"]
    assert b'"success":true' in told
    assert 0 == ended
