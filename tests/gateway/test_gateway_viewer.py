"""One client's mailbox, and what is still sent of what is in it."""

import asyncio

from gateway_harness import open_harness, text, until
from structlog.testing import capture_logs

from wad.reports import presenter, qr
from wad.web.gateway.event_names import Message
from wad.web.gateway.viewer import Mailbox, Viewer


async def take(mailbox):
    """Take all there is."""
    taken = []
    while len(mailbox):
        taken += await mailbox.take()
    return taken


async def test_order(io_loop):
    """The present comes first, then what is put in, in that order."""
    mailbox = Mailbox(lambda: [Message("now")])
    mailbox.put([Message("a"), Message("b")])
    mailbox.put([Message("c")])

    assert ["now", "a", "b", "c"] == [each.event for each in await take(mailbox)]


async def test_waits(io_loop):
    """Whoever takes from an empty mailbox waits for the next message."""
    mailbox = Mailbox(lambda: [Message("now")])
    await mailbox.take()
    taking = asyncio.create_task(mailbox.take())
    await asyncio.sleep(0)

    assert not taking.done()

    mailbox.put([Message("a")])

    assert ["a"] == [each.event for each in await taking]


async def test_full(io_loop):
    """A full mailbox is emptied, stays empty until somebody takes from it, and then tells the present."""
    presents = iter(["first", "second"])
    mailbox = Mailbox(lambda: [Message(next(presents))], room=3)
    for number in range(10):
        mailbox.put([Message(str(number))])

    assert 0 == len(mailbox)

    assert ["second"] == [each.event for each in await mailbox.take()]
    mailbox.put([Message("after")])

    assert ["after"] == [each.event for each in await take(mailbox)]


async def test_at_once(io_loop):
    """What waits is given together, but never more than a client that does not read may be sent."""
    mailbox = Mailbox(list)
    mailbox.put([Message(str(number)) for number in range(20)])
    taken = [len(await mailbox.take()) for _ in range(3)]

    assert [8, 8, 4] == taken


async def test_idle(io_loop):
    """A mailbox is idle while somebody waits for what comes next, and nothing has come."""
    mailbox = Mailbox(lambda: [Message("now")])
    was = [mailbox.idle]
    await mailbox.take()
    was.append(mailbox.idle)
    taking = asyncio.create_task(mailbox.take())
    await asyncio.sleep(0)
    was.append(mailbox.idle)
    mailbox.put([Message("a")])
    was.append(mailbox.idle)
    await taking

    assert [False, False, True, False] == was


async def sent(harness, until):
    """Run a viewer until it has sent a message, and give what it sent."""
    events = []
    done = asyncio.Event()

    async def send(told):
        events.extend(told)
        if until in dict(told):
            done.set()

    viewer = Viewer(harness.commands, harness.presenter, send)
    running = asyncio.create_task(viewer.run())
    await done.wait()
    running.cancel()
    await asyncio.wait([running])
    return events


async def test_expires_on_the_way(io_loop):
    """A code whose time ends before its turn has come is not sent."""
    async with open_harness() as harness:
        harness.show_code()
        code = harness.session.status.code
        heard = []

        async def send(told):
            if not heard:
                # While the client takes the present, the code is told once more, and its time ends.
                viewer.mailbox.put([Message("again", code=code), Message("behind it")])
                harness.clock.ahead = code.expires_at - harness.clock() + harness.clock.ahead
            heard.extend(event for event, _ in told)

        viewer = Viewer(harness.commands, harness.presenter, send)
        running = asyncio.create_task(viewer.run())
        await until(lambda: "behind it" in heard)
        running.cancel()
        await asyncio.wait([running])

    assert "wa:qr" in heard
    assert "again" not in heard


async def test_undrawable(io_loop, monkeypatch):
    """A code that cannot be drawn costs the picture only; the log says so without the code."""

    def fail(code):
        raise RuntimeError(code)

    monkeypatch.setitem(presenter._MAKERS, presenter.Kind.PNG, fail)
    with capture_logs() as logged:
        async with open_harness() as harness:
            harness.show_code()
            heard = await sent(harness, "connection-state")

    assert ["wa:state", "connection-state"] == [event for event, _ in heard]
    assert "picture_failed" in {line["event"] for line in logged}
    assert text(1) not in repr(logged)


async def test_picture(io_loop):
    """A code is sent as its picture's data URL."""
    async with open_harness() as harness:
        harness.show_code()
        heard = dict(await sent(harness, "qr"))

    assert qr.data_url(qr.png(text(1))) == heard["wa:qr"] == heard["qr"]
