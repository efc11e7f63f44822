"""Webhooks that somebody sets over HTTP to lead wad to where only wad may go: nothing is connected to."""

import asyncio
import socket
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from daemon_client import until
from daemon_messages import linked

sys.path.insert(0, str(Path(__file__).parents[1] / "webhooks"))

from receiver import listening  # found once the path is set

# Ways to write this machine's address, that of a cloud's metadata, and others that are nobody's.
HERE = (
    "127.0.0.1",
    "localhost",
    "localhost.",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0177.0.0.1",
    "017700000001",
    "0.0.0.0",
    "0",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b:1::7f00:1]",
    "[2002:7f00:1::]",
)
ELSEWHERE = (
    "169.254.169.254",
    "2852039166",
    "0xa9fea9fe",
    "[::ffff:169.254.169.254]",
    "[fd00:ec2::254]",
    "[fe80::1]",
    "[fe80::1%25lo]",
    "10.0.0.1",
    "192.168.1.1",
    "172.16.0.1",
    "100.64.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "[ff02::1]",
)


@asynccontextmanager
async def everywhere():
    """Listen on all of this machine's addresses; give the port, and where connections are noted."""
    met = []

    def note(_, writer):
        met.append(writer.get_extra_info("peername"))
        writer.close()

    listening = socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True)
    async with await asyncio.start_server(note, sock=listening):
        yield listening.getsockname()[1], met


async def put(daemon, name, url):
    """Set a webhook; give the answer's code."""
    return (await daemon.fetch("PUT", f"/api/whatsapp/webhooks/{name}", {"url": url})).code


async def stopped(daemon):
    """Have an event happen, and wait until each webhook has tried; give what became of each."""
    await daemon.post("/api/whatsapp/stop")

    async def look():
        hooks = (await daemon.get("/api/whatsapp/webhooks")).json["webhooks"]
        return hooks if all(each["lastError"] for each in hooks) else None

    await daemon.wait(currentState="idle")
    return {each["name"]: each["lastError"] for each in await until(look, "an attempt of each webhook")}


async def test_nothing_behind_the_wall_is_reached(linked_state):
    """By whichever way an address is written: it is told by its kind, and nobody was connected to."""
    hosts = {f"h{number}": host for number, host in enumerate((*HERE, *ELSEWHERE))}
    async with everywhere() as (port, met), linked(linked_state) as daemon:
        codes = {
            host: await put(daemon, name, f"http://{host}:{port}/latest/meta-data/")
            for name, host in hosts.items()
        }
        errors = await stopped(daemon)
        assert 0 == await daemon.stop()

    told = {host: errors.get(name, codes[host]) for name, host in hosts.items()}
    print(told)
    assert [] == met
    # What is no address for the system is no way in either.
    assert {"private_address", "unknown_host", 422} >= set(told.values())
    assert {"private_address"} == {
        told[host] for host in ("127.0.0.1", "2130706433", "169.254.169.254", "[::1]")
    }


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a_redirect_leads_nowhere(folder, linked_state, status):
    """Whoever may be reached cannot send wad on: the answer is a failure like others."""
    async with listening() as outer, listening() as inner:
        outer.answer(*[(status, {"Location": inner.url})] * 9)
        async with linked(linked_state, WAD_MESSAGES_PRIVATE_WEBHOOKS="true") as daemon:
            assert 200 == await put(daemon, "a", outer.url)
            errors = await stopped(daemon)
            assert 0 == await daemon.stop()

    assert outer.requests
    assert [] == inner.requests
    assert errors["a"] is not None
