"""A change told to all clients together: who is written to at once, and who finds it in the mailbox."""

import asyncio
from contextlib import asynccontextmanager

from gateway_harness import open_harness, until

from wad.core.events import QrLapsed
from wad.web.gateway.broadcast import Broadcast, Recipient
from wad.web.gateway.event_names import Message
from wad.web.gateway.viewer import Mailbox


class Line:
    """The way to the clients: what was written to whom; whoever is `stuck` takes nothing."""

    def __init__(self):
        self.written = []
        self.stuck = set()
        self.then = lambda: None

    def write(self, sid, frames):
        """Take frames."""
        if sid in self.stuck:
            return False
        self.written.append((sid, frames.decode()))
        self.then()
        return True


def frames(told):
    """Encode events by their names."""
    return " ".join(event for event, _ in told).encode()


@asynccontextmanager
async def broadcasting():
    """Give a harness, a broadcast of its codes, and the line it writes to."""
    async with open_harness() as harness:
        line = Line()
        tasks = []
        broadcast = Broadcast(
            harness.presenter,
            frames=frames,
            write=line.write,
            run=lambda work: tasks.append(asyncio.create_task(work())),
        )
        yield harness, broadcast, line
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def idle(*sids):
    """Give recipients who wait for what comes next."""
    recipients = [Recipient(sid, Mailbox(list)) for sid in sids]
    # Nothing is in it: the first to take from it brings it to where it waits.
    for each in recipients:
        each.mailbox.put([Message("first")])
        await each.mailbox.take()
    takers = [asyncio.create_task(each.mailbox.take()) for each in recipients]
    await asyncio.sleep(0)
    try:
        yield recipients
    finally:
        for taker in takers:
            taker.cancel()
        await asyncio.gather(*takers, return_exceptions=True)


async def test_written_at_once(io_loop):
    """All of a change is one write to each who waits; it goes by the mailbox to who does not, or takes nothing."""
    async with broadcasting() as (_, broadcast, line), idle("a", "b", "c") as recipients:
        line.stuck.add("b")
        busy = Recipient("d", Mailbox(list))
        busy.mailbox.put([Message("before")])
        broadcast.tell([Message("x"), Message("y")], [*recipients, busy])
        await until(lambda: len(line.written) == 2)
        await until(lambda: len(busy.mailbox) == 3)

        assert [("a", "x y"), ("c", "x y")] == line.written
        assert [0, 2, 0] == [len(each.mailbox) for each in recipients]
        assert ["before", "x", "y"] == [each.event for each in await busy.mailbox.take()]


async def test_in_order(io_loop):
    """A change waits for the one before it, although that has a picture to be drawn."""
    async with broadcasting() as (harness, broadcast, line), idle("a") as recipients:
        harness.show_code()
        code = harness.session.status.code
        broadcast.tell([Message("code", code=code)], recipients)
        broadcast.tell([Message("behind it")], recipients)
        await until(lambda: len(line.written) == 2)

    assert [("a", "code"), ("a", "behind it")] == line.written


async def test_ends_on_the_way(io_loop):
    """Whoever was not written to when a code ends finds it in the mailbox, where it is judged anew; nobody twice."""
    sids = [str(number) for number in range(250)]
    async with broadcasting() as (harness, broadcast, line), idle(*sids) as recipients:
        harness.show_code()
        code = harness.session.status.code
        line.then = lambda: harness.apply(QrLapsed()) if len(line.written) == 50 else None
        broadcast.tell([Message("code", code=code)], recipients)
        await until(lambda: sum(len(each.mailbox) for each in recipients) == 150)

        assert [(sid, "code") for sid in sids[:100]] == line.written
        assert [0] * 100 + [1] * 150 == [len(each.mailbox) for each in recipients]


async def test_too_many_wait(io_loop, monkeypatch):
    """Changes behind a picture that is not drawn have a bound: they are put into the mailboxes, in order, once."""
    drawn = asyncio.Event()
    async with broadcasting() as (harness, broadcast, _):
        recipient = Recipient("a", Mailbox(list))

        async def draw():
            await drawn.wait()
            return "picture"

        monkeypatch.setattr(harness.presenter, "data_url", draw)
        harness.show_code()
        code = harness.session.status.code
        broadcast.tell([Message("code", code=code)], [recipient])
        await asyncio.sleep(0)
        for number in range(16):
            broadcast.tell([Message(str(number))], [recipient])

        waiting = len(recipient.mailbox)
        drawn.set()
        broadcast.tell([Message("last")], [recipient])
        await until(lambda: len(recipient.mailbox) == 18)

        told = [each.event for _ in range(3) for each in await recipient.mailbox.take()]

    assert 17 == waiting
    assert ["code", *(str(number) for number in range(16)), "last"] == told


async def test_fails(io_loop, monkeypatch):
    """What cannot be resolved is left to the clients' own tasks, and what comes behind it is told."""
    async with broadcasting() as (harness, broadcast, line), idle("a", "b") as recipients:

        def fail():
            raise RuntimeError

        monkeypatch.setattr(harness.presenter, "data_url", fail)
        harness.show_code()
        broadcast.tell([Message("code", code=harness.session.status.code)], recipients[:1])
        broadcast.tell([Message("behind it")], recipients[1:])
        await until(lambda: line.written)

        assert [("b", "behind it")] == line.written
        assert [1, 0] == [len(each.mailbox) for each in recipients]
