"""Bounds on connections: how many there are, who makes room for whom, and what a lack of descriptors does."""

import asyncio
import gc
import os
import resource
import socket
from contextlib import contextmanager

import pytest
from structlog.testing import capture_logs
from web_harness import hang_up, parse, request_bytes

from wad.core.deadlines import Deadlines
from wad.service.descriptors import KEPT_BACK, connections_within_limit
from wad.web.connections.slots import peer_of
from wad.web.connections.stream import ClientStream

HEALTH = request_bytes("GET", "/health", {"Host": "localhost"})
FOREVER = Deadlines(http_header=3600, http_idle=3600, http_write=3600)


async def until(holds):
    """Return as soon as something holds for which nobody can be asked to tell us."""
    while not holds():  # noqa: ASYNC110 - there is no event for it
        await asyncio.sleep(0)


@contextmanager
def no_descriptors():
    """Let this process open nothing more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    lowest_free = os.dup(0)
    os.close(lowest_free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest_free, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


async def answered(reader):
    """Read one answer, and give its status."""
    answer = parse(await reader.readuntil(b"\r\n\r\n"))
    await reader.readexactly(int(answer.headers["Content-Length"]))
    return answer.status


async def ask_over(harness, **how):
    """Open a connection, ask once, and keep it."""
    reader, writer = await harness.dial(**how)
    writer.write(HEALTH)
    assert 200 == await answered(reader)
    return reader, writer


async def test_idle_ones_make_room(io_loop, open_harness):
    """At the bound for one address the longest idle connection gives its slot to a newcomer."""
    harness = open_harness(deadlines=FOREVER, most=4)
    kept = [await ask_over(harness) for _ in range(3)]

    late = await ask_over(harness)
    ended = await kept[0][0].read()
    kept[1][1].write(HEALTH)

    assert b"" == ended
    assert 200 == await answered(kept[1][0])
    assert 3 == len(harness.server.slots)
    for _, writer in [*kept, late]:
        await hang_up(writer)


async def test_silent_ones_make_room(io_loop, open_harness):
    """Whoever has never asked anything gives way, too."""
    harness = open_harness(deadlines=FOREVER, most=4)
    silent = [await harness.dial() for _ in range(12)]

    reader, writer = await ask_over(harness)

    assert 3 >= len(harness.server.slots)
    for _, each in [*silent, (reader, writer)]:
        await hang_up(each)


async def test_a_body_on_its_way_makes_room(io_loop, open_harness):
    """A request whose body does not come is waited for, and holds no slot against others."""
    harness = open_harness(deadlines=FOREVER, most=4)
    slow = [await harness.dial() for _ in range(3)]
    for _, writer in slow:
        writer.write(request_bytes("POST", "/health", {"Host": "localhost", "Content-Length": "9"}))
        await writer.drain()

    late = await ask_over(harness)

    for _, writer in [*slow, late]:
        await hang_up(writer)


async def test_the_proxys_stay(io_loop, open_harness):
    """Connections over the Unix socket are a proxy's: idle or not they are not taken away."""
    harness = open_harness(deadlines=FOREVER, most=4)
    proxys = [await ask_over(harness, unix=True) for _ in range(3)]
    direct = [await ask_over(harness) for _ in range(3)]
    for reader, writer in proxys:
        writer.write(HEALTH)

        assert 200 == await answered(reader)
    for _, writer in [*proxys, *direct]:
        await hang_up(writer)


async def test_full_of_proxys(io_loop, open_harness):
    """Where nobody can make room a newcomer waits in the kernel until somebody leaves."""
    harness = open_harness(deadlines=FOREVER, most=4)
    proxys = [await ask_over(harness, unix=True) for _ in range(4)]
    reader, writer = await harness.dial()
    writer.write(HEALTH)
    waiting = asyncio.create_task(answered(reader))
    proxys[0][1].write(HEALTH)
    still_served = await answered(proxys[0][0])
    before = waiting.done()
    await hang_up(proxys[0][1])

    assert (200, False, 200) == (still_served, before, await waiting)
    for _, each in [*proxys[1:], (reader, writer)]:
        await hang_up(each)


async def deaf(harness):
    """Send requests until no more are taken, and read nothing."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.settimeout(0)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(client, ("127.0.0.1", harness.port))
    # Far more than the kernel keeps for it.
    sending = asyncio.create_task(loop.sock_sendall(client, HEALTH * 100_000))
    await until(lambda: any(stream.writing() for stream in harness.server.slots.streams()))
    return client, sending


async def ended(client, sending):
    """Wait until the other side has closed."""
    with pytest.raises(ConnectionError):
        await sending
    client.close()


async def test_who_does_not_read_is_closed(io_loop, open_harness):
    """An answer that is not taken within the deadline ends its connection."""
    harness = open_harness(deadlines=Deadlines(http_write=0.05))

    await ended(*await deaf(harness))


async def test_who_does_not_read_makes_room_first(io_loop, open_harness):
    """Of one address' connections the deaf one goes before those that are idle."""
    harness = open_harness(deadlines=FOREVER, most=4)
    kept = [await ask_over(harness) for _ in range(2)]
    client, sending = await deaf(harness)

    late = await ask_over(harness)
    await ended(client, sending)
    kept[0][1].write(HEALTH)

    assert 200 == await answered(kept[0][0])
    for _, writer in [*kept, late]:
        await hang_up(writer)


async def test_lack_of_descriptors(io_loop, open_harness):
    """Without a descriptor nothing is accepted and one line is logged; with one again, who waited is served."""
    harness = open_harness(deadlines=Deadlines(accept_pause=0.02))
    client = socket.socket()
    with capture_logs() as logged:
        with no_descriptors():
            client.connect(("127.0.0.1", harness.port))
            await until(lambda: logged)
        reader, writer = await asyncio.open_connection(sock=client)
        writer.write(HEALTH)

        assert 200 == await answered(reader)
    assert {"accept_paused"} == {line["event"] for line in logged if line["log_level"] != "debug"}
    await hang_up(writer)


@pytest.mark.parametrize(
    ("address", "peer"),
    [
        (("10.8.0.1", 5), "10.8.0.1"),
        (("::ffff:10.8.0.1", 5, 0, 0), "10.8.0.1"),
        (("2001:db8:1:2:3::4", 5, 0, 0), "2001:db8:1:2::/64"),
        (("fe80::1%eth0", 5, 0, 2), "fe80::/64"),
        ("", None),
        (b"\0abstract", None),
    ],
)
def test_one_address(address, peer):
    """An IPv6 network counts as one address, a Unix socket as a proxy."""
    assert peer == peer_of(address, proxy=False)
    assert peer_of(address, proxy=True) is None


@pytest.mark.parametrize(("hard", "most"), [(256, 256 - KEPT_BACK), (60, 16), (2000, 1000)])
def test_descriptors(hard, most):
    """As many connections as are wanted, or as the limit leaves; the soft limit is raised for them."""
    pid = os.fork()
    if pid == 0:  # limits once lowered stay so
        resource.setrlimit(resource.RLIMIT_NOFILE, (50, hard))
        os._exit(0 if most == connections_within_limit(1000) else 1)

    assert 0 == os.waitpid(pid, 0)[1]


@pytest.mark.parametrize("connection", ["close", "keep-alive"])
async def test_nothing_is_kept_of_a_connection_that_is_over(harness, connection):
    """Whichever side ends it: Tornado asks for one more request behind the end, and that must not bring it back."""

    def streams():
        gc.collect()
        return sum(isinstance(each, ClientStream) for each in gc.get_objects())

    before = streams()
    for _ in range(5):
        reader, writer = await harness.dial()
        writer.write(request_bytes("GET", "/health", {"Host": "localhost", "Connection": connection}))
        await reader.readuntil(b"\r\n\r\n")
        await hang_up(writer)
    await until(lambda: not harness.server.slots.streams())
    await until(lambda: streams() <= before)
