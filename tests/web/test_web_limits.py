"""Limits on time: each test lets one clock run out, with all the others far away."""

import asyncio

import pytest
from web_harness import hang_up, parse, request_bytes

from wad.core.deadlines import Deadlines

SHORT = 0.02
HEAD = request_bytes("GET", "/health", {"Host": "localhost"})
POST = request_bytes("POST", "/api/whatsapp/start", {"Host": "localhost", "Content-Length": "100"})


@pytest.mark.parametrize("unix", [False, True])
@pytest.mark.parametrize("sent", [b"", HEAD[:10], HEAD[:-1]], ids=["nothing", "part", "all but the end"])
async def test_headers(io_loop, open_harness, sent, unix):
    """Whoever does not send a whole head in time is hung up on."""
    harness = open_harness(deadlines=Deadlines(http_header=SHORT))
    reader, writer = await harness.dial(unix=unix)
    writer.write(sent)

    assert b"" == await reader.read()
    await hang_up(writer)


async def test_body(io_loop, open_harness):
    """Whoever announces a body and does not send it in time is hung up on, and nothing was done."""
    harness = open_harness(deadlines=Deadlines(http_body=SHORT))
    reader, writer = await harness.dial()
    writer.write(POST + b"{")

    assert b"" == await reader.read()
    assert [] == harness.inbox.commands
    await hang_up(writer)


async def test_idle(io_loop, open_harness):
    """A connection that is kept is closed when it was idle long enough."""
    harness = open_harness(deadlines=Deadlines(http_idle=SHORT))
    reader, writer = await harness.dial()
    writer.write(HEAD)
    answer = parse(await reader.readuntil(b"\r\n\r\n"))
    await reader.readexactly(int(answer.headers["Content-Length"]))

    assert b"" == await reader.read()
    await hang_up(writer)


async def test_first_only(io_loop, open_harness):
    """The clock for the first head does not end a connection that has begun in time."""
    harness = open_harness(deadlines=Deadlines(http_header=SHORT))
    reader, writer = await harness.dial()
    writer.write(HEAD)
    answer = parse(await reader.readuntil(b"\r\n\r\n"))
    await reader.readexactly(int(answer.headers["Content-Length"]))
    # A timer set later, for longer, runs out after the connection's own would have.
    await asyncio.sleep(2 * SHORT)
    writer.write(HEAD)

    assert 200 == parse(await reader.readuntil(b"\r\n\r\n")).status
    await hang_up(writer)
