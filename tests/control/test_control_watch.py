"""Watching: the present first, then every change; whoever is slow or dead is no burden to anybody."""

import asyncio
import json

from frontend_harness import TEXT

from wad.control.watchers import BACKLOG
from wad.core.deadlines import Deadlines
from wad.core.events import Authenticated, BrowserClosed, QrExpired, StartRequested, StopRequested


async def collect(client, until):
    """Give the phases a watcher is told of, up to `until`."""
    phases = []
    while until not in phases[-1:]:
        phases.append((await client.hear())["phase"])
    return phases


async def test_every_change(io_loop, harness):
    """Each of two watchers is told the present, and then every change in its order, once."""
    async with await harness.dial() as one, await harness.dial() as two:
        present = [await client.ask(b"watch") for client in (one, two)]
        harness.link()
        lines = [[await client.hear() for _ in range(harness.session.status.seq)] for client in (one, two)]

    seqs = [present[0]["seq"], *(line["seq"] for line in lines[0])]
    assert present[0] == present[1]
    assert lines[0] == lines[1]
    assert list(range(harness.session.status.seq + 1)) == seqs
    assert ["waiting_for_scan", "syncing", "linked"] == [line["phase"] for line in lines[0][-3:]]


async def test_no_code_in_lines(io_loop, harness):
    """A watcher is told that there is a code and until when, but not the code: logs are made of such lines."""
    harness.show_code()

    line = await harness.ask(b"watch")

    assert (True, "2026-11-23T05:11:00.123Z") == (line["hasQr"], line["qrExpiresAt"])
    assert "qrCode" not in line
    assert TEXT not in json.dumps(line)


async def test_twice(io_loop, harness):
    """A second watch on one connection is refused, and the first goes on."""
    async with await harness.dial() as client:
        await client.ask(b"watch")
        refused = await client.ask(b"watch")
        harness.apply(StartRequested())
        change = await client.hear()

    assert "already_watching" == refused["code"]
    assert "starting" == change["phase"]


async def test_commands_meanwhile(io_loop, harness):
    """A watcher may send commands, and sees what they lead to."""
    async with await harness.dial() as client:
        await client.say(b"watch", b"start", b"stop")
        lines = [await client.hear() for _ in range(5)]

    told = [line["phase"] for line in lines if "accepted" not in line]
    answered = [line["phase"] for line in lines if "accepted" in line]
    assert ["stopped", "starting", "stopping"] == told
    assert ["starting", "stopping"] == answered


async def test_half_closed(io_loop, harness):
    """A watcher that has no more to say, as behind a pipe, is told of changes all the same."""
    async with await harness.dial() as client:
        client.writer.write(b"watch")
        client.writer.write_eof()
        present = await client.hear()
        harness.apply(StartRequested())

        assert ("stopped", "starting") == (present["phase"], (await client.hear())["phase"])


async def gone(harness):
    """Wait until the server has forgotten every connection."""
    while harness.server._tasks:
        await asyncio.wait(set(harness.server._tasks))


async def test_hang_up(io_loop, open_harness):
    """A watcher that hangs up is forgotten, even if nothing ever changes and it had half-closed before."""
    harness = await open_harness(deadlines=Deadlines(control_first_line=0.5))
    for half in (False, True):
        async with await harness.dial() as client:
            client.writer.write(b"watch\n")
            if half:
                client.writer.write_eof()
            await client.hear()

        await gone(harness)
    assert {} == harness.server._watchers._watchers


async def test_viewer(io_loop, harness):
    """With `qr` a watcher counts as waiting for a code as long as it is connected."""
    async with await harness.dial() as client:
        await client.ask(b"watch qr")
        watching = harness.audience.watching
    await gone(harness)

    assert (1, 0) == (watching, harness.audience.watching)


async def test_viewer_brings_code_back(io_loop, harness):
    """Where codes ended for want of viewers, a new one brings them back; a mere watcher does not."""
    harness.show_code()
    harness.apply(QrExpired())
    harness.apply(BrowserClosed())
    merely = await harness.ask(b"watch")
    present = await harness.ask(b"watch qr")

    assert ("stopped", "qr_expired") == (merely["phase"], merely["reason"])
    assert "starting" == present["phase"]
    assert [StartRequested()] == harness.inbox.commands


async def test_slow_watcher(io_loop, harness):
    """One who does not read is cut off once it is too far behind; another one misses nothing meanwhile."""
    async with await harness.dial() as slow, await harness.dial() as fast:
        slow.reader._transport.pause_reading()
        slow.writer.write(b"watch\n")
        seqs = [(await fast.ask(b"watch"))["seq"]]
        while len(harness.server._tasks) > 1:
            harness.apply(StartRequested(), StopRequested())
            seqs += [(await fast.hear())["seq"] for _ in range(2)]

        assert list(range(len(seqs))) == seqs
        assert len(seqs) > BACKLOG


async def test_dead_reader(io_loop, open_harness):
    """One who takes nothing for too long is cut off though it is not far behind; answers go on at once."""
    harness = await open_harness(deadlines=Deadlines(control_first_line=0.5))
    async with await harness.dial() as dead:
        await dead.ask(b"version")
        dead.reader._transport.pause_reading()
        dead.writer.write(b"help\n" * 200)
        dead.writer.write_eof()
        assert (await harness.ask(b"version"))["success"]
        await gone(harness)


async def test_closing(io_loop, harness):
    """When the daemon ends, watchers see the end of the stream, and nothing is left of them."""
    async with await harness.dial() as client:
        await client.ask(b"watch qr")
        await harness.server.close()

        assert b"" == await client.rest()
    assert set() == harness.server._tasks
    assert 0 == harness.audience.watching


async def test_progress(io_loop, harness):
    """The chats' progress comes line by line."""
    harness.show_code()
    async with await harness.dial() as client:
        await client.ask(b"watch")
        harness.apply(*(Authenticated(number) for number in (0, 50, 100)))

        assert [0, 50, 100] == [(await client.hear())["progress"] for _ in range(3)]
