"""Requests whose body has no end, or two: with no token, any Host, and nothing but a socket."""

import asyncio

import pytest
from daemon_harness import Daemon
from hostile_client import HEADS, ask, second_was_answered, send_head


@pytest.mark.parametrize("name", HEADS)
async def test_ambiguous_heads(folder, name):
    """A head that leaves open where its body ends is refused; what follows is no request; wad goes on."""
    async with Daemon(folder / "state", "--sandbox", "--no-autostart") as daemon:
        address = f"127.0.0.1:{daemon.port}"
        answer = await asyncio.to_thread(send_head, address, name)
        alive, _ = await asyncio.to_thread(ask, address)
        ended = await daemon.stop()

    assert b"HTTP/1.1 400 " == answer[:13]
    assert not second_was_answered(answer)
    assert (200, 0) == (alive, ended)
