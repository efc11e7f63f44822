"""Requests whose body has no end, or two: with no token, any Host, and nothing but a socket."""

import asyncio

from daemon_harness import Daemon
from hostile_client import HEADS, ask, second_was_answered, send_head


async def test_ambiguous_heads(folder):
    """A head that leaves open where its body ends is refused; what follows is no request; wad goes on."""
    answers, alive = {}, {}
    async with Daemon(folder / "state", "--sandbox", "--no-autostart") as daemon:
        address = f"127.0.0.1:{daemon.port}"
        for name in HEADS:
            answers[name] = await asyncio.to_thread(send_head, address, name)
            alive[name], _ = await asyncio.to_thread(ask, address)
        ended = await daemon.stop()

    assert dict.fromkeys(HEADS, b"HTTP/1.1 400 ") == {name: each[:13] for name, each in answers.items()}
    assert [] == [name for name, answer in answers.items() if second_was_answered(answer)]
    assert (dict.fromkeys(HEADS, 200), 0) == (alive, ended)
