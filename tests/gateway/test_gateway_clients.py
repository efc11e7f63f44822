"""Real clients of Socket.IO are told the present, then every change, over both transports and restarts."""

from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial

import pytest
from gateway_harness import ACCOUNT, node_client, open_harness, python_client

from wad.core.events import (
    Blocked,
    BrowserClosed,
    ConnectionLost,
    LoggedOut,
    ProfileCleared,
    QrExpired,
    QrLapsed,
    ResetRequested,
    StartRequested,
)
from wad.core.reasons import Reason
from wad.core.status import Blockage


@asynccontextmanager
async def javascript(harness, transport="websocket", **settings):
    """Give the browser's client, connected."""
    async with node_client(harness, transport, **settings) as client:
        assert "connect" == (await client.next("connect", "connect_error"))[0]
        yield client


CLIENTS = [
    pytest.param(partial(client, transport=transport), id=f"{client.__name__}-{transport}")
    for client in (python_client, javascript)
    for transport in ("websocket", "polling")
]


async def picture(harness):
    """Give the live code's data URL."""
    return await harness.presenter.data_url()


@pytest.mark.parametrize("connect", CLIENTS)
async def test_whole_story(io_loop, connect):
    """A client hears the state, then its code; a new code; the scan; and under the old names the same."""
    async with open_harness() as harness:
        harness.show_code(1)
        async with connect(harness) as client:
            first, second = await client.next(), await client.next()

            assert ("wa:state", "qr") == (first[0], first[1]["state"])
            assert ("wa:qr", await picture(harness)) == second
            assert await picture(harness) == await client.argument("qr")

            harness.show_code(2)

            assert "qr" == (await client.argument("wa:state"))["state"]
            assert await picture(harness) == await client.argument("wa:qr")
            assert await picture(harness) == await client.argument("qr")

            harness.link()

            assert "authenticated" == (await client.argument("wa:state"))["state"]
            assert "ready" == (await client.argument("wa:state"))["state"]
            assert f"{ACCOUNT.number}@c.us" == (await client.argument("account-connected"))["phoneNumber"]
            assert ("ready", None) == await client.next("ready")


@pytest.mark.parametrize("connect", CLIENTS)
async def test_restart(io_loop, connect):
    """A client comes back by itself when the server has been restarted, and is told what holds then."""
    async with open_harness() as harness:
        harness.show_code(1)
        async with connect(harness, comes_back=True) as client:
            await client.argument("qr")
            for number in (2, 3):
                await harness.close()
                harness.open()
                harness.show_code(number)

                state = await client.until("wa:state", lambda state: state["hasQr"])

                assert harness.session.status.seq == state["seq"]
                assert await picture(harness) == await client.argument("wa:qr")

                harness.show_code(number + 10)

                assert "qr" == (await client.argument("wa:state"))["state"]
                assert await picture(harness) == await client.argument("wa:qr")


async def test_upgrade(io_loop):
    """A client that begins to poll and then takes a websocket, as browsers do, misses nothing and hears nothing twice."""
    async with open_harness() as harness, javascript(harness, "polling,websocket") as client:
        heard = []
        for number in range(1, 30):
            harness.show_code(number)
            heard.append(await client.until("wa:state", lambda state: state["hasQr"]))

            assert await picture(harness) == await client.argument("wa:qr")
        harness.link()
        await client.next("ready")

        assert sorted({each["seq"] for each in heard}) == [each["seq"] for each in heard]
        assert [True] == [each.websocket is not None for each in harness.gateway.connections._open.values()]


async def test_state_document(io_loop):
    """``wa:state`` is the status document without the picture, with the state, the reason and a time in front."""
    async with open_harness() as harness, python_client(harness) as client:
        state = await client.argument("wa:state")
        document = harness.presenter.document()
        del document["qrCode"]

        assert ["state", "reason", "timestamp"] == list(state)[:3]
        assert document == {key: state[key] for key in document}
        assert {"state", "timestamp"} == set(state) - set(document)


async def test_blocked(io_loop):
    """While hosts are blocked the state names what was refused."""
    async with open_harness() as harness, python_client(harness) as client:
        blockage = Blockage("net::ERR_NAME_NOT_RESOLVED", "https://web.whatsapp.com/")
        harness.apply(StartRequested(), Blocked(Reason.HOSTS_BLOCKED, blockage))
        state = await client.until("wa:state", lambda state: state["state"] == "blocked")

        assert "hosts_blocked" == state["reason"]
        assert (blockage.cause, blockage.url) == (state["blockedReason"], state["blockedUrl"])


async def test_old_names(io_loop):
    """The old names tell of a lost connection, a logout and the reset behind it."""
    async with open_harness() as harness, python_client(harness) as client:
        harness.show_code()
        harness.link()
        await client.next("ready")
        harness.apply(ConnectionLost())

        assert "network_unreachable" == await client.argument("disconnected")
        assert {"reason": "network_unreachable"} == await client.argument("account-disconnected")

        harness.link()
        await client.next("ready")
        harness.apply(LoggedOut(), ProfileCleared())

        assert "logged_out" == await client.argument("disconnected")
        assert {"message"} == set(await client.argument("account-reset"))

        harness.apply(ResetRequested())

        assert {"state", "details", "timestamp", "isReady", "reconnectAttempts"} == set(
            await client.until("connection-state", lambda told: told["state"] == "idle")
        )


async def test_replaced_code(io_loop):
    """Of codes that follow each other quickly only those are shown that are still live when it comes to that."""
    async with open_harness() as harness, python_client(harness) as client:
        await client.argument("wa:state")
        for number in range(20):
            harness.show_code(number)
        last = await picture(harness)

        assert last == await client.argument("wa:qr")


async def test_expired_code(io_loop):
    """A code whose time is over is not shown, even while nothing has withdrawn it."""
    async with open_harness() as harness:
        harness.show_code(seconds=30)
        harness.clock.ahead = timedelta(seconds=31)
        async with python_client(harness) as client:
            assert (await client.argument("wa:state"))["hasQr"] is False

            harness.apply(QrLapsed())
            heard = [await client.next("wa:state", "wa:qr", "qr")]

            assert ["wa:state"] == [name for name, _ in heard]


async def test_viewers(io_loop):
    """A client counts as somebody who looks, for as long as it is connected."""
    async with open_harness() as harness:
        async with python_client(harness) as client, python_client(harness, "polling") as other:
            await client.next("wa:state")
            await other.next("wa:state")

            assert 2 == harness.audience.watching
        async with python_client(harness) as client:
            # Whoever went before has been counted out when this one is counted in.
            await client.next("wa:state")

            assert 1 == harness.audience.watching
    assert 0 == harness.audience.watching


async def test_brings_code_back(io_loop):
    """A client that comes after the codes were given up asks for new ones."""
    async with open_harness() as harness:
        harness.show_code()
        harness.apply(QrExpired(), BrowserClosed())

        assert Reason.QR_EXPIRED is harness.session.status.reason

        async with python_client(harness) as client:
            state = await client.until("wa:state", lambda state: state["phase"] == "starting")

            assert state["reason"] is None


async def test_cannot_bring_back(io_loop):
    """Where nothing can be started any more, the present is told all the same."""
    async with open_harness() as harness:
        harness.show_code()
        harness.apply(QrExpired(), BrowserClosed())
        harness.inbox.open = False
        async with python_client(harness) as client:
            assert "qr_expired" == (await client.argument("wa:state"))["reason"]
