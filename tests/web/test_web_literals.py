"""Hosts that are IP addresses: wad is asked as from another machine, by the address alone."""

import asyncio
import socket
from ipaddress import ip_address

import pytest
from frontend_harness import HOST

from wad.config import parse_address
from wad.web.literals import Listening, is_local, literal

# An address of this machine, as all of 127/8 is, that is none of the loopback names.
OURS = "127.0.0.2"
# Nobody's (RFC 5737, RFC 3849).
THEIRS, THEIRS_SIX = "192.0.2.1", "[2001:db8::1]"


async def curl(*arguments: str) -> str:
    """Type curl, and give what it prints."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec("curl", "-s", *arguments, stdout=pipe)
    return (await process.communicate())[0].decode()


@pytest.mark.parametrize("listen", [OURS, "0.0.0.0"])
async def test_curl_by_the_address(io_loop, open_harness, listen):
    """`curl -i http://ADDRESS:PORT/health` gets its answer, as does the status, without a further setting."""
    harness = open_harness(listen=listen)

    for path in ("/health", "/whatsapp/status"):
        assert "HTTP/1.1 200 OK" in await curl("-i", f"http://{OURS}:{harness.port}{path}")


@pytest.mark.parametrize("six", [True, False])
async def test_curl_by_an_ipv6_address(io_loop, open_harness, six):
    """An IPv6 address is named in brackets; one that wad does not listen on is refused."""
    harness = open_harness(listen="::1" if six else OURS, settings={"allowed_hosts": HOST})
    at = f"[::1]:{harness.port}" if six else f"{OURS}:{harness.port}"

    said = await curl("-i", "-H", "Host: [0:0::1]:80", f"http://{at}/health")

    assert f"HTTP/1.1 {200 if six else 421} " in said


LITERALS = {
    OURS: 200,
    f"{OURS}:80": 200,
    f"[::ffff:{OURS}]": 200,
    "127.0.0.3": 200,
    THEIRS: 421,
    f"{THEIRS}:3002": 421,
    THEIRS_SIX: 421,
    "0.0.0.0": 421,
    "[::]": 421,
    "224.0.0.1": 421,
    "[ff02::1]": 421,
    "127.2": 421,
    "2130706434": 421,
    f"[{OURS}]": 421,
    "::1": 421,
    f"{OURS}.evil.example": 421,
    f"{OURS}@evil.example": 421,
}


@pytest.mark.parametrize("host", LITERALS)
async def test_where_wad_listens_on_all(io_loop, open_harness, host):
    """Any address of this machine may be named, and nothing that only looks like one or is another's."""
    harness = open_harness(listen="0.0.0.0")

    answer = await harness.ask("GET", "/health", {"Host": host})

    assert LITERALS[host] == answer.status or (answer.status, LITERALS[host]) == (400, 421)


async def test_another_address_of_the_machine(io_loop, open_harness):
    """Where wad listens on one address, the machine's others are not its own."""
    harness = open_harness(listen=OURS)
    asked = ("-w", "%{http_code}", "-o", "/dev/null", f"http://{OURS}:{harness.port}/health")

    assert ["200", "421"] == [await curl("-H", f"Host: {host}", *asked) for host in (OURS, "127.0.0.3")]


async def test_page_under_the_address(io_loop, open_harness):
    """The page wad serves under its address may send commands; one of another port of it may not."""
    harness = open_harness(listen="0.0.0.0")
    own = f"{OURS}:{harness.port}"
    origins = (f"http://{own}", f"http://{OURS}:80", f"https://{own}")

    answers = [
        await harness.ask("POST", "/api/whatsapp/start", {"Host": own, "Origin": each}) for each in origins
    ]

    assert [200, 403, 403] == [each.status for each in answers]


def test_listening_beside_the_unix_socket():
    """A Unix socket and a name are no addresses to be named by; several are all accepted."""
    listening = Listening(map(parse_address, ["unix:/run/h", "localhost:1", "10.8.0.1:2", "[fd00::1]:3"]))
    hosts = ("10.8.0.1", "10.8.0.1:9", "[fd00::1]", "10.8.0.2", "localhost")

    assert [True, True, True, False, False] == [listening.named(host, _Gone()) for host in hosts]


class _Gone:
    """A request whose connection is gone."""

    connection = None


def test_an_address_is_known_by_the_kernel(monkeypatch):
    """Loopback is this machine's, a documentation address nobody's; without a descriptor nothing is known."""
    assert [True, False] == [is_local(ip_address(each)) for each in (OURS, THEIRS)]

    def none_left(*_: object) -> None:
        raise OSError("out of descriptors")

    monkeypatch.setattr(socket, "socket", none_left)
    assert not is_local(ip_address(OURS))


@pytest.mark.parametrize("text", ["", "[::1", "::1", "1.2.3", "1.2.3.4:x", "[fe80::1%eth0]", "01.2.3.4"])
def test_no_literal(text):
    """What no browser sends as an address is none."""
    assert literal(text) is None
