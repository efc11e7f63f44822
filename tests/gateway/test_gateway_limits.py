"""Clients that are slow, silent or gone harm nobody but themselves."""

import asyncio
from contextlib import AsyncExitStack

import pytest
from frontend_harness import TOKEN
from gateway_harness import TRANSPORTS, open_harness, python_client, session, until
from gateway_raw import (
    ENTER,
    LEAVE,
    closed,
    deaf_websocket,
    poller,
    websocket,
)

from wad.core.deadlines import Deadlines
from wad.core.events import Authenticated

HASTY = Deadlines(socketio_connect=0.2)


async def gone(harness, sid):
    """Return when the session is no longer known."""
    async with session() as http:
        while harness.gateway.connections.get(sid) is not None:
            async with http.get(f"{harness.url}/nothing"):
                pass


async def test_silent_websocket(io_loop):
    """A websocket that does not enter the namespace in time is closed."""
    async with open_harness(deadlines=HASTY) as harness, websocket(harness) as opened:
        await closed(opened)

        assert 0 == len(harness.gateway.connections)


async def test_silent_poller(io_loop):
    """A polling client that does not enter the namespace in time is let go, and its session is over."""
    async with open_harness(deadlines=HASTY) as harness, poller(harness) as client:
        assert ["6"] == await client.poll()

        await client.poll()

        assert 400 == client.answer
        assert 400 == await client.say(ENTER)
        assert {} == harness.gateway._engine.sockets


async def test_entered_in_time(io_loop):
    """Whoever has entered stays."""
    async with (
        open_harness(deadlines=HASTY) as harness,
        websocket(harness) as inside,
        websocket(harness) as outside,
    ):
        await inside.send_str(ENTER)
        await closed(outside)
        harness.show_code()
        while not (await inside.receive_str()).startswith('42["wa:qr"'):
            pass

        assert 1 == len(harness.gateway.connections)


async def test_left(io_loop):
    """Whoever leaves the namespace again has as long as whoever has not entered."""
    async with open_harness(deadlines=HASTY) as harness, websocket(harness) as opened:
        await opened.send_str(ENTER)
        await opened.send_str(LEAVE)
        await closed(opened)

        assert (0, 0) == (len(harness.gateway.connections), harness.audience.watching)


async def test_refused(io_loop):
    """Whoever has no token stays no longer, however often it asks."""
    async with open_harness(TOKEN, deadlines=HASTY) as harness, websocket(harness) as opened:
        for _ in range(3):
            await opened.send_str(ENTER)

            assert (await opened.receive_str()).startswith('44{"message":')
        await closed(opened)


async def test_unfinished_upgrade(io_loop):
    """A websocket that begins to take a session over and never does is closed; the session is polled on."""
    async with open_harness(deadlines=HASTY) as harness, poller(harness) as client:
        await client.say(ENTER)
        await client.event("wa:state")
        for words in ([], ["2probe"]):
            async with websocket(harness, client.sid) as opened:
                for word in words:
                    await opened.send_str(word)
                await closed(opened)
            harness.show_code()
            await client.event("wa:state")


async def test_two_upgrades(io_loop):
    """Of two websockets only one takes a session over."""
    async with open_harness() as harness, poller(harness) as client:
        await client.say(ENTER)
        await client.event("wa:state")
        async with websocket(harness, client.sid) as first, websocket(harness, client.sid) as second:
            for opened in (first, second):
                await opened.send_str("2probe")

                assert "3probe" == await opened.receive_str()
            await first.send_str("5")
            while (await first.receive_str()) != "6":
                pass
            await second.send_str("5")
            await closed(second)
            harness.show_code()
            while not (await first.receive_str()).startswith('42["wa:qr"'):
                pass


async def test_deaf_client(io_loop):
    """While one client reads nothing another one hears each of a thousand changes, and memory stays bounded."""
    async with open_harness() as harness, python_client(harness) as client:
        await client.argument("wa:state")
        deaf = await deaf_websocket(harness)
        heard = []
        harness.show_code()
        await client.next("qr")
        for change in range(1000):
            harness.apply(Authenticated(change % 100))
            heard.append((await client.argument("wa:state"))["seq"])
        last = harness.session.status.seq
        mailboxes = [viewer.mailbox for viewer, _, _ in harness.gateway._viewers.values()]
        unsent = [len(each.websocket._writing) for each in harness.gateway.connections._open.values()]
        deaf.close()

        assert list(range(last - 999, last + 1)) == heard
        assert [(0, False), (0, True)] == [(len(each), each._behind) for each in mailboxes]
        assert [0, 1] == unsent


async def test_catches_up(io_loop):
    """A client that fell behind is told the present as soon as it reads again."""
    async with open_harness() as harness, poller(harness) as client:
        await client.say(ENTER)
        await client.event("wa:state")
        harness.show_code()
        for change in range(1000):
            harness.apply(Authenticated(change % 100))
            await asyncio.sleep(0)
        harness.link()
        heard = []
        while not heard or heard[-1]["state"] != "ready":
            heard.append((await client.event("wa:state"))[1])

        assert len(heard) < 1000
        assert ["ready"] == await client.event("ready")


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_dead_client(io_loop, transport):
    """A client that answers no ping is forgotten."""
    async with open_harness() as harness, AsyncExitStack() as stack:
        harness.gateway._engine.ping_interval = harness.gateway._engine.ping_timeout = 0.2
        if transport == "websocket":
            opened = await stack.enter_async_context(websocket(harness))
            await opened.send_str(ENTER)
            await closed(opened)
        else:
            client = await stack.enter_async_context(poller(harness))
            await client.say(ENTER)
            await gone(harness, client.sid)

        assert 0 == len(harness.gateway.connections)
        assert 0 == harness.audience.watching


async def test_vanishes_while_polling(io_loop):
    """A client whose connection breaks while it polls no longer counts as looking."""
    async with open_harness() as harness, poller(harness) as client:
        await client.say(ENTER)
        for name in ("wa:state", "connection-state"):
            await client.event(name)
        polling = asyncio.create_task(client.poll())
        await until(lambda: harness.gateway._engine.sockets[client.sid].queue._getters)
        polling.cancel()
        await asyncio.wait([polling])
        await gone(harness, client.sid)

        assert 0 == harness.audience.watching


async def test_crowd(io_loop):
    """Five hundred clients behind one address are told each change."""
    async with open_harness() as harness, AsyncExitStack() as stack:
        opened = []
        for _ in range(500):
            opened.append(await stack.enter_async_context(websocket(harness)))
            # At once: whoever says nothing for some seconds is shown out, and a busy machine takes longer for all.
            await opened[-1].send_str(ENTER)
        harness.show_code()
        for each in opened:
            while not (await each.receive_str()).startswith('42["wa:qr"'):
                pass

        assert 500 == harness.audience.watching


async def test_close_with_deaf_client(io_loop):
    """Closing waits for nobody who does not read."""
    async with open_harness() as harness, python_client(harness) as client:
        await client.argument("wa:state")
        deaf = await deaf_websocket(harness)
        while not any(each.websocket._writing for each in harness.gateway.connections._open.values()):
            harness.show_code(harness.session.status.seq)
            await client.argument("wa:state")
        await harness.gateway.close()

        assert 0 == len(harness.gateway.connections._transports)
        deaf.close()


async def test_nothing_waits_for_the_next_ping_of_who_is_hung_up(io_loop):
    """Engine.IO's task would hold all that belongs to the session until then, 25 seconds and more."""
    async with open_harness() as harness, session() as http:
        for _ in range(5):
            async with http.get(f"{harness.url}/socket.io/?EIO=4&transport=polling") as answer:
                assert 200 == answer.status
        engine = harness.gateway._engine
        assert 5 == len(engine._pings)
        for sid in list(engine.sockets):
            harness.gateway.connections.hang_up(sid)
        await until(lambda: not engine.sockets)
        await until(lambda: not any("_send_ping" in repr(task.get_coro()) for task in engine.tasks))

        assert {} == engine._pings
