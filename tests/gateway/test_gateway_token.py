"""Another token: clients that came with the old one are ended, come again, and are refused with the reason."""

import json

import pytest
from frontend_harness import TOKEN
from gateway_harness import TRANSPORTS, node_client, open_harness, python_client, session, until
from gateway_raw import poller

from wad.web.gateway.connections import POLICY

NEW = "another-token-of-length"


def change(harness, token=NEW):
    """Put another token in force, as a reload does."""
    return harness.guard.adopt(harness.guard._config, token)


@pytest.mark.parametrize("transport", [*TRANSPORTS, "polling,websocket"])
async def test_a_browsers_client_is_told_why(io_loop, transport):
    """It tries again by itself, is refused as unauthorized, and gives up; nobody counts as looking."""
    async with (
        open_harness(TOKEN) as harness,
        node_client(harness, transport, comes_back=True, auth={"token": TOKEN}) as client,
    ):
        await client.next("wa:state")
        (connection,) = harness.gateway.connections._open.values()
        await until(lambda: "websocket" not in transport or connection.websocket)
        change(harness)
        why = await client.argument("disconnect")
        refused = await client.argument("connect_error")

        assert why in {"transport close", "transport error"}
        assert {"code": "unauthorized"} == refused["data"]
        assert "auth: {token: …}" in refused["message"]
        assert 0 == harness.audience.watching
        assert 0 == len(harness.guard.lasting)


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize(
    "settings",
    [{"auth": {"token": TOKEN}}, {"headers": {"Authorization": f"Bearer {TOKEN}"}}],
    ids=["auth", "header"],
)
async def test_however_the_token_came(io_loop, transport, settings):
    """In the handshake's auth or in a header: the client is ended."""
    async with open_harness(TOKEN) as harness, python_client(harness, transport, **settings) as client:
        await client.next("wa:state")
        change(harness)
        await client.next("disconnect")


async def test_a_websockets_close_frame_says_why(io_loop):
    """1008, a policy's violation, and a sentence."""
    async with open_harness(TOKEN) as harness, session() as http:
        url = f"{harness.url}/socket.io/?EIO=4&transport=websocket"
        async with http.ws_connect(url) as opened:
            await opened.receive()
            await opened.send_str(f"40{json.dumps({'token': TOKEN})}")
            await until(lambda: len(harness.guard.lasting) == 1)
            viewer, _, _ = next(iter(harness.gateway._viewers.values()))
            await until(lambda: not viewer.mailbox)
            await until(lambda: not next(iter(harness.gateway.connections._transports))._writing)
            change(harness)
            while not (told := await opened.receive()).type.name.startswith("CLOSE"):
                pass

    assert (POLICY, "this token is no longer the right one") == (told.data, told.extra)


async def test_nothing_is_taken_from_whoever_is_ended(io_loop):
    """What a client says behind the change is not heard, not even a new entry with the new token."""
    async with open_harness(TOKEN) as harness, poller(harness) as client:
        await client.say(f"40{json.dumps({'token': TOKEN})}")
        await until(lambda: len(harness.guard.lasting) == 1)
        sid = next(iter(harness.gateway._engine.sockets))
        change(harness)

        assert not harness.gateway._passes(sid, f"0{json.dumps({'token': NEW})}")
        await until(lambda: not harness.gateway._engine.sockets)
        assert {} == harness.gateway._viewers


@pytest.mark.parametrize("token", [TOKEN, None], ids=["the same", "none"])
async def test_who_may_stay_stays(io_loop, token):
    """The same token again, or none wanted any more, ends nobody: the client goes on being told."""
    async with open_harness(TOKEN) as harness, python_client(harness, auth={"token": TOKEN}) as client:
        await client.next("wa:state")
        change(harness, token)
        harness.show_code()

        assert (await client.argument("wa:qr")).startswith("data:image/png")
        assert 1 == len(harness.guard.lasting)


async def test_who_has_left_is_forgotten(io_loop):
    """Nothing is kept of a client that went."""
    async with open_harness(TOKEN) as harness:
        async with python_client(harness, auth={"token": TOKEN}) as client:
            await client.next("wa:state")
        await until(lambda: not harness.gateway._viewers)

        assert 0 == len(harness.guard.lasting)
