"""Limits of the control socket, who may reach it, and what the log tells of it."""

import asyncio
import json
import os
import socket
import stat
import tracemalloc

import pytest
from control_harness import Harness
from frontend_harness import TEXT
from structlog.testing import capture_logs

from wad.control.lines import LIMIT
from wad.control.listener import LONGEST_PATH
from wad.control.server import CONNECTIONS
from wad.core.deadlines import Deadlines
from wad.service.listen import ListenError

HASTY = Deadlines(control_first_line=0.05)
# Where a request has to come in time first, on a machine that may be busy with other tests.
BRISK = Deadlines(control_first_line=0.5)


@pytest.mark.parametrize(("size", "code"), [(LIMIT, "unknown_command"), (LIMIT + 1, "line_too_long")])
@pytest.mark.parametrize("ending", [b"\n", b""])
async def test_long_line(io_loop, harness, size, code, ending):
    """Four KiB to the byte are taken; a longer line ends the connection with a reason."""
    answer = await harness.send(b"x" * size + ending)

    assert [code] == [json.loads(line)["code"] for line in answer.splitlines()]


@pytest.mark.parametrize(
    "data", [b"x" * 2**20, b"{" * 2**20 + b"\n", b"\0" * 2**20, b'{"\xff' + b"x" * 2**20]
)
async def test_huge_line(io_loop, harness, data):
    """A megabyte is answered with the reason, whoever sends on, and takes no memory."""
    await harness.ask(b"version")
    tracemalloc.start()
    try:
        async with await harness.dial() as client:
            client.writer.write(data)
            answer = await client.hear()
            rest = await client.rest()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert "line_too_long" == answer["code"]
    assert b"" == rest
    assert peak < 2 * len(data) + 2**19  # the test's own copies


async def flood(client):
    """Send for ever."""
    while True:
        client.writer.write(b"x" * 65536)
        await client.writer.drain()


async def test_endless(io_loop, open_harness):
    """One who sends for ever is cut off though it never ends its line."""
    harness = await open_harness(deadlines=HASTY)
    async with await harness.dial() as client:
        with pytest.raises(ConnectionError):
            await flood(client)


@pytest.mark.parametrize("data", [b"", b"stat", b"\n\n", b"sing\n", b"{}\n", b"sing\nstat"])
async def test_no_request(io_loop, open_harness, data):
    """One who sends no request in time is told so and cut off, whatever else it sends."""
    harness = await open_harness(deadlines=HASTY)
    async with await harness.dial() as client:
        client.writer.write(data)
        answers = (await client.rest()).splitlines()

    assert "too_late" == json.loads(answers[-1])["code"]


async def test_dribbling(io_loop, open_harness):
    """Once a line has begun it must end in time, however steadily its bytes come."""
    harness = await open_harness(deadlines=BRISK)
    async with await harness.dial() as client:
        await client.ask(b"version")
        client.writer.write(b"s")
        answer = await client.rest()

    assert "too_late" == json.loads(answer)["code"]


async def test_idle(io_loop, open_harness):
    """After its first request a client may rest."""
    harness = await open_harness(deadlines=BRISK)
    async with await harness.dial() as client, await harness.dial() as other:
        await client.ask(b"version")
        await other.rest()  # its time is over, and the first one's was so before

        assert (await client.ask(b"version"))["success"]


@pytest.mark.parametrize(
    "data", [b"\xff\xfe\n", b"\0\n", b"status\0\n", b"\x1b[2J\n", bytes(range(0x80, 0xC0)) + b"\xff\n"]
)
async def test_garbage(io_loop, harness, data):
    """What is no text ends the connection with a reason."""
    async with await harness.dial() as client:
        client.writer.write(data)
        answers = (await client.rest()).splitlines()

    assert "garbage" == json.loads(answers[-1])["code"]


async def test_connections(io_loop, harness):
    """Beyond the limit a connection is refused with a reason; when one leaves, there is room again."""
    clients = [await harness.dial() for _ in range(CONNECTIONS)]
    for client in clients:
        await client.ask(b"version")
    async with await harness.dial() as refused:
        answer = json.loads(await refused.rest())
    async with clients.pop() as leaving:
        pass
    while leaving and len(harness.server._tasks) >= CONNECTIONS:
        await asyncio.wait(set(harness.server._tasks), return_when=asyncio.FIRST_COMPLETED)
    again = await harness.ask(b"version")
    for client in clients:
        async with client:
            pass

    assert "too_many_connections" == answer["code"]
    assert again["success"]


async def test_pipelining(io_loop, harness):
    """A thousand requests in one write are answered, in their order, while another client is served."""
    async with await harness.dial() as busy:
        busy.writer.write(
            b"".join(b'{"jsonrpc":"2.0","id":%d,"method":"version"}\n' % n for n in range(1000))
        )
        assert (await harness.ask(b"version"))["success"]

        assert list(range(1000)) == [(await busy.hear())["id"] for _ in range(1000)]


async def test_client_that_leaves(io_loop, harness):
    """One who leaves without its answer is nobody's trouble, and not worth a line in the log."""
    with capture_logs() as logs:
        for _ in range(5):
            async with await harness.dial() as client:
                client.writer.write(b"status\n" * 50)
        assert (await harness.ask(b"version"))["success"]

    assert [] == logs


@pytest.mark.parametrize("verb", ["start", "stop", "reset", "logout", "reload", "sandbox scan code=" + TEXT])
async def test_audit(io_loop, harness, verb):
    """Each command that changes something leaves one line with who it was, and without what it held."""
    with capture_logs() as logs:
        await harness.ask(verb.encode())

    expected = {
        "event": "control_command",
        "log_level": "info",
        "verb": verb.split()[0],
        "uid": os.getuid(),
        "pid": os.getpid(),
        "outcome": "accepted",
    }
    assert [expected] == logs


@pytest.mark.parametrize("verb", [b"status", b"qr", b"watch qr", b"version", b"help", b"sing", b"\xff"])
async def test_no_audit(io_loop, harness, verb):
    """What changes nothing leaves none."""
    harness.show_code()
    with capture_logs() as logs:
        await harness.ask(verb)

    assert [] == logs


async def test_audit_of_refused(io_loop, harness):
    """A command that was refused leaves its line, too."""
    harness.inbox.open = False
    with capture_logs() as logs:
        await harness.ask(b"reset")

    assert [("reset", "not_accepted")] == [(line["verb"], line["outcome"]) for line in logs]


async def test_mode(io_loop, harness):
    """The socket is its owner's and its group's; the folder that was made for it is its owner's."""
    assert 0o660 == stat.S_IMODE(harness.path.stat().st_mode)
    assert 0o700 == stat.S_IMODE(harness.path.parent.stat().st_mode)


async def test_existing_folder(io_loop, harness, folder):
    """A folder that was there keeps its mode."""
    other = folder / "there"
    other.mkdir(mode=0o755)
    second = Harness(other / "control.sock")
    await second.open()
    await second.close()

    assert 0o755 == stat.S_IMODE(other.stat().st_mode)


async def test_taken(io_loop, harness):
    """A living daemon's socket is never taken over."""
    with pytest.raises(ListenError, match="another process listens"):
        await harness.make_server().start(harness.path)

    assert (await harness.ask(b"version"))["success"]


async def test_dead_socket(io_loop, harness):
    """What a daemon that was killed has left is replaced."""
    with socket.socket(socket.AF_UNIX) as dead:
        path = harness.path.with_name("dead.sock")
        dead.bind(str(path))
    server = harness.make_server()
    await server.start(path)
    reader, writer = await asyncio.open_unix_connection(str(path))
    writer.write(b"version\n")
    answer = await reader.readline()
    writer.close()
    await server.close()

    assert json.loads(answer)["success"]
    assert not path.exists()


async def test_long_path(io_loop, harness, folder):
    """A path that no Unix socket can have is refused in words; the longest one is taken."""
    room = LONGEST_PATH - len(os.fsencode(folder)) - 1
    server = harness.make_server()
    with pytest.raises(ListenError, match="107 at most"):
        await server.start(folder / ("x" * (room + 1)))
    await server.start(folder / ("x" * room))
    await server.close()


async def test_no_folder(io_loop, harness, folder):
    """A folder that cannot be made is named."""
    (folder / "file").touch()
    with pytest.raises(ListenError, match=r"cannot make .*file"):
        await harness.make_server().start(folder / "file" / "control.sock")


async def test_handed_socket(io_loop, harness, folder):
    """A socket that listens already, as systemd hands one over, is used; its file is not ours to remove."""
    path = folder / "handed.sock"
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(path))
    listening.listen()
    server = harness.make_server()
    await server.start(listening)
    reader, writer = await asyncio.open_unix_connection(str(path))
    writer.write(b"version\n")
    answer = await reader.readline()
    writer.close()
    await server.close()
    await server.close()

    assert json.loads(answer)["success"]
    assert path.exists()


async def test_close_ends_reload(io_loop, harness):
    """A reload that never ends does not keep the daemon from ending; whoever waits sees the end."""
    harness.reloader.may_end.clear()
    async with await harness.dial() as client:
        await client.say(b"version", b"reload wait")
        await client.hear()
        await harness.server.close()

        assert b"" == await client.rest()


async def test_silent_phone(io_loop, open_harness):
    """A phone that never answers is given up."""
    harness = await open_harness(deadlines=Deadlines(evaluate=0.02))
    harness.phone.silent = True

    assert "too_late" == (await harness.ask(b"sandbox scan"))["code"]


async def test_late_picture(io_loop, open_harness, monkeypatch):
    """A status does not wait for a picture that takes too long."""
    harness = await open_harness(deadlines=Deadlines(command=0.02))
    harness.show_code()

    async def never(*, authorised):
        await asyncio.get_running_loop().create_future()

    monkeypatch.setattr(harness.presenter, "status", never)

    answer = await harness.ask(b"status")

    assert ("qr", None) == (answer["currentState"], answer["qrCode"])
