"""The machine's clock is set while a client's answer is under way: it is neither sent away nor kept for ever."""

import time

import pytest
from gateway_harness import open_harness
from gateway_raw import ENTER, websocket


@pytest.mark.parametrize("by", [3600, -3600], ids=["forward", "back"])
async def test_a_ping_is_as_old_as_it_is(io_loop, monkeypatch, by):
    """Whoever was just asked stays, whoever was asked long ago goes."""
    async with open_harness() as harness, websocket(harness) as client:
        await client.send_str(ENTER)
        (socket,) = harness.gateway._engine.sockets.values()
        socket.last_ping = time.time()
        now = time.time
        monkeypatch.setattr(time, "time", lambda: now() + by)
        assert await socket.check_ping_timeout()
        socket._asked_at -= harness.gateway._engine.ping_timeout + 1
        assert not await socket.check_ping_timeout()


async def test_one_who_answered_is_not_waited_for(io_loop):
    """Between an answer and the next question there is no time to measure."""
    async with open_harness() as harness, websocket(harness) as client:
        await client.send_str(ENTER)
        (socket,) = harness.gateway._engine.sockets.values()
        socket.last_ping = None
        assert socket.last_ping is None
        assert await socket.check_ping_timeout()
