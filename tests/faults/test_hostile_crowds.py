"""Crowds that are slow, deaf or too many, at every door of the daemon: each has its end, and others are served."""

import asyncio
import resource
import socket
from contextlib import ExitStack, suppress

import pytest
from daemon_client import until
from daemon_harness import HASTY, Daemon
from daemon_messages import linked
from hostile_client import UPGRADE, resident
from test_hostile_connections import connections_to

IDLE, SLOW, DEAF, EVENTS, SILENT, FLOOD = 500, 100, 60, 150, 100, 2000
MOST_MEMORY = 64 << 20
SETTINGS = {**HASTY, "WAD_LINK_HTTP_HEADER": "2", "WAD_LINK_HTTP_BODY": "2", "WAD_LINK_HTTP_WRITE": "2"}
POST = "POST /api/whatsapp/start HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
# What is sent a byte at a time, over and over: it never ends.
ENDLESS = {
    "heads": (b"GET /livez HTTP/1.1\r\nHost: localhost\r\n", b"X-Word: a\r\n"),
    "bodies": (f"{POST}Content-Length: 9000\r\n\r\n".encode(), b" "),
    "chunks": (f"{POST}Transfer-Encoding: chunked\r\n\r\n".encode(), b"1\r\n \r\n"),
}


@pytest.fixture(autouse=True)
def many_descriptors():
    """Let this process have as many sockets as a crowd has clients."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(before[1], 8192), before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


class Crowd:
    """Connections to one door, closed at the end."""

    def __init__(self, where):
        self._where = where
        self.clients = []

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        for _, writer in self.clients:
            writer.transport.abort()

    async def come(self, count, first=b""):
        """Connect so many more, each of which says the same."""
        for _ in range(count):
            if isinstance(self._where, int):
                reader, writer = await asyncio.open_connection("127.0.0.1", self._where, limit=2**14)
            else:
                reader, writer = await asyncio.open_unix_connection(self._where)
            writer.write(first)
            self.clients.append((reader, writer))

    async def ended(self):
        """Wait until the other side has closed all of them; give what each was told."""
        return await asyncio.gather(*(_rest(reader) for reader, _ in self.clients))


async def _rest(reader):
    told = b""
    with suppress(ConnectionError):
        while piece := await reader.read(65536):
            told = (told + piece)[-4096:]
    return told


async def _dribble(writer, piece):
    """Say one thing after the other, until the other side has closed."""
    with suppress(ConnectionError):
        while not writer.is_closing():
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.1)


async def test_idle_ones(folder):
    """500 that say nothing are closed, and take little; a request meanwhile is answered."""
    async with Daemon(folder / "state", "--sandbox", "--no-autostart", env=SETTINGS) as daemon:
        before = resident(daemon.process.pid)
        async with Crowd(daemon.port) as crowd:
            await crowd.come(IDLE)
            status = await daemon.status()
            grown = resident(daemon.process.pid) - before
            told = await crowd.ended()
        ended = await daemon.stop()
    print(f"{IDLE} idle connections: {grown >> 10} KiB")

    assert status["success"]
    assert {b""} == set(told)
    assert grown < MOST_MEMORY
    assert 0 == ended


@pytest.mark.parametrize("what", ENDLESS)
async def test_slow_ones(folder, what):
    """Heads and bodies that come byte by byte and have no end are cut off at their deadline, not put off by bytes."""
    first, piece = ENDLESS[what]
    async with Daemon(folder / "state", "--sandbox", "--no-autostart", env=SETTINGS) as daemon:
        async with Crowd(daemon.port) as crowd:
            await crowd.come(SLOW, first)
            dribbling = [asyncio.create_task(_dribble(writer, piece)) for _, writer in crowd.clients]
            status = await daemon.status()
            await crowd.ended()
            for each in dribbling:
                each.cancel()
            await asyncio.wait(dribbling)
        ended = await daemon.stop()

    assert status["success"]
    assert 0 == ended


async def test_followers_that_never_read(linked_state):
    """Streams of events nobody reads are closed once the kernel takes no more; one that reads has every event."""
    ask = b"GET /api/whatsapp/events/stream?after=0 HTTP/1.1\r\nHost: localhost\r\n\r\n"
    async with linked(linked_state, **SETTINGS) as daemon:
        pid = daemon.process.pid
        before = resident(pid)
        with ExitStack() as deaf:
            for _ in range(DEAF):
                client = deaf.enter_context(socket.socket())
                client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                client.connect(("127.0.0.1", daemon.port))
                client.sendall(ask)
            await until(lambda: connections_to(daemon.port) >= DEAF, "all followers")
            for _ in range(EVENTS // 10):
                await asyncio.gather(*(receive(daemon, "x" * 15_000) for _ in range(10)))
            count = await received(daemon)
            grown = resident(pid) - before
            await until(lambda: connections_to(daemon.port) <= 4, "the end of all deaf followers")
        status = await daemon.status()
        ended = await daemon.stop()
    print(f"{DEAF} deaf followers of {count} events of 15 KB: {grown >> 20} MiB")

    assert status["isReady"]
    assert EVENTS == count
    assert grown < MOST_MEMORY
    assert 0 == ended


async def receive(daemon, text):
    """Have a message come."""
    await daemon.phone("receive", **{"from": "+15550001111"}, text=text)


async def received(daemon):
    """Follow the events to the last message; give how many there were."""
    after, found = 0, 0
    while found < EVENTS:
        path = f"/api/whatsapp/events?after={after}&limit=20&types=message&wait=9"
        told = (await daemon.get(path)).json
        after, found = told["next"], found + len(told["events"])
    return found


async def test_the_control_socket(folder):
    """100 that say nothing, one that never ends its line, one that sends bytes: each is told why, and closed."""
    async with Daemon(folder / "state", "--sandbox", "--no-autostart", env=SETTINGS) as daemon:
        path = str(daemon.state / "run/control.sock")
        before = resident(daemon.process.pid)
        async with Crowd(path) as silent, Crowd(path) as loud:
            await loud.come(1, b"x" * (4 << 20))
            await loud.come(1, bytes(range(256)) * 1024 + b"\n")
            said = await loud.ended()
            await silent.come(SILENT)
            over_http = await daemon.status()
            told = await silent.ended()

            async def served():
                async with Crowd(path) as friend:
                    await friend.come(1, b"version\n")
                    return b'"success":true' in await friend.clients[0][0].readline()

            await until(served, "an answer")
            grown = resident(daemon.process.pid) - before
        ended = await daemon.stop()
    print(f"{SILENT} silent control connections: {grown >> 10} KiB")

    assert b"line_too_long" in said[0]
    assert b"garbage" in said[1] or b"line_too_long" in said[1]
    assert all(b"too_late" in each or b"too_many_connections" in each for each in told)
    assert over_http["success"]
    assert grown < MOST_MEMORY
    assert 0 == ended


def frame(text):
    """Give a client's frame of text, masked with zeros."""
    return b"\x81\xff" + len(text).to_bytes(8, "big") + b"\0\0\0\0" + text


# What is sent behind the entry.
PACKETS = {
    "a megabyte": b"42" + b'["x","' + b"a" * (1 << 20) + b'"]',
    "attachments that never come": b'451-["x",{"_placeholder":true,"num":0}]',
    "a million attachments": b'451000000-["x"]',
    "an acknowledgement of nothing": b"43999999999[]",
    "deep": b"42" + b"[" * 8000,
}


async def test_packets_without_measure(folder):
    """Each is passed over or ends its own connection; what it announces takes no memory."""
    async with Daemon(folder / "state", "--sandbox", "--no-autostart", env=SETTINGS) as daemon:
        before = resident(daemon.process.pid)
        async with Crowd(daemon.port) as crowd:
            for packet in PACKETS.values():
                await crowd.come(20, UPGRADE.encode() + frame(b"40") + frame(packet))
            async with Crowd(daemon.port) as friend:
                await friend.come(1, UPGRADE.encode() + frame(b"40"))
                await friend.clients[0][0].readuntil(b"wa:state")
            grown = resident(daemon.process.pid) - before
        status = await daemon.status()
        ended = await daemon.stop()
    print(f"{20 * len(PACKETS)} packets: {grown >> 10} KiB")

    assert status["success"]
    assert grown < MOST_MEMORY
    assert 0 == ended


async def test_two_thousand_at_once(folder):
    """Of 2,000 handshakes as many get a place as there are, the rest is told so; the next that asks is answered."""
    async with Daemon(folder / "state", "--sandbox", "--no-autostart", env=SETTINGS) as daemon:
        before = resident(daemon.process.pid)
        async with Crowd(daemon.port) as crowd:
            await asyncio.gather(*(crowd.come(FLOOD // 20, UPGRADE.encode()) for _ in range(20)))
            status = await daemon.status()
            grown = resident(daemon.process.pid) - before
            told = await crowd.ended()
        after = await daemon.status()
        async with Crowd(daemon.port) as friend:
            await friend.come(1, UPGRADE.encode() + frame(b"40"))
            await friend.clients[0][0].readuntil(b"wa:state")
        ended = await daemon.stop()
    taken = sum(each.startswith(b"HTTP/1.1 101") for each in told)
    print(f"{FLOOD} at once: {taken} taken, {grown >> 20} MiB")

    assert (True, True) == (status["success"], after["success"])
    assert 0 < taken < FLOOD
    assert grown < MOST_MEMORY
    assert 0 == ended
