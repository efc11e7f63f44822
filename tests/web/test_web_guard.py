"""Hosts, origins, tokens and forwarded headers, beyond what the route table's test asks of every route."""

import pytest
from frontend_harness import HOST, LISTED, TOKEN
from web_harness import configured

START = "/api/whatsapp/start"
PROXY = {"trusted_proxies": "127.0.0.0/8"}


@pytest.mark.parametrize(
    ("host", "accepted"),
    [
        ("localhost", True),
        ("LOCALHOST:3002", True),
        ("localhost.", True),
        ("127.0.0.1:1", True),
        ("[::1]:3002", True),
        (HOST, True),
        (f"{HOST}:443", True),
        ("10.8.0.1:3002", False),
        (f"{HOST}.evil.example", False),
        ("localhost:port", False),
        ("", False),
    ],
)
async def test_hosts(io_loop, harness, host, accepted):
    """On TCP only our own names are served, with any port, spelt in any case."""
    answer = await harness.ask("GET", "/health", {"Host": host})

    assert (200 if accepted else 421) == answer.status


@pytest.mark.parametrize(
    "host", [f"evil.example/{HOST}", f"user@{HOST}", "evil.example#localhost", f"x, {HOST}"]
)
async def test_malformed_hosts(io_loop, open_harness, host):
    """What is no host is never taken for one of ours. Newer Tornados refuse most of it as no HTTP."""
    harness = open_harness(settings=PROXY)

    direct = await harness.ask("GET", "/health", {"Host": host})
    forwarded = await harness.ask("GET", "/health", {"X-Forwarded-Host": host.replace(", ", ",x")})

    assert direct.status in (400, 421)
    assert 421 == forwarded.status


async def test_no_host(io_loop, harness):
    """A request that names no host is not served on TCP: Tornado would take it for one to 127.0.0.1."""
    reader, writer = await harness.dial()
    writer.write(b"GET /health HTTP/1.0\r\n\r\n")

    assert b" 421 " in (await reader.read()).partition(b"\r\n")[0]
    writer.close()


async def test_unix_host(io_loop, harness):
    """Over the Unix socket any host is served, and a page under it is our own."""
    headers = {"Host": "anything.example", "Origin": "http://anything.example"}

    assert 200 == (await harness.ask("GET", "/health", headers, unix=True)).status
    assert 200 == (await harness.ask("POST", START, headers, unix=True)).status
    stranger = {**headers, "Origin": "http://evil.example"}
    assert 403 == (await harness.ask("POST", START, stranger, unix=True)).status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": LISTED}, 200),
        ({"Origin": "http://localhost:3002"}, 200),
        ({"Origin": f"https://{HOST}"}, 200),
        ({"Origin": "https://localhost:3002"}, 403),
        ({"Origin": "http://localhost"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": ""}, 403),
        ({"Origin": f"{LISTED}.evil.example"}, 403),
        ({"Origin": f"{LISTED}, {LISTED}"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": LISTED}, 200),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost:3002"}, 403),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost:3002"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
    ],
)
async def test_origins(io_loop, harness, headers, status):
    """A command is taken from our own pages, from listed ones, and from what is no page at all."""
    answer = await harness.ask("POST", START, {"Host": "localhost:3002", **headers})

    assert status == answer.status
    assert (1 if status == 200 else 0) == len(harness.inbox.commands)


_IMAGE = {"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}
_SCRIPT = {"Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "script"}
READ_ACROSS = {
    "picture": ("/api/whatsapp/qr.png", _IMAGE, 403),
    "drawing": ("/api/whatsapp/qr.svg", _IMAGE, 403),
    "frame": ("/api/whatsapp/qr.txt", {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}, 403),
    "unlisted": ("/api/whatsapp/qr.png", {"Sec-Fetch-Mode": "cors", "Origin": "https://evil.example"}, 403),
    "monitor": ("/readyz", _SCRIPT, 403),
    "history": ("/whatsapp/history", _SCRIPT, 403),
    "always answers": ("/whatsapp/status", _SCRIPT, 200),
    "link": ("/api/whatsapp/qr.png", {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}, 200),
}


@pytest.mark.parametrize("case", READ_ACROSS)
async def test_reading_across_sites(io_loop, harness, case):
    """Another site's page gets no code and no monitor's answer, and whoever it has ask is not looking.

    A person who follows a link is answered, and listed sites are.
    """
    harness.show_code()
    path, headers, status = READ_ACROSS[case]
    across = {"Host": "localhost:3002", "Sec-Fetch-Site": "cross-site", **headers}

    answer = await harness.ask("GET", path, across)
    counted = harness.audience.questions
    listed = await harness.ask("GET", path, {**across, "Origin": LISTED})

    assert (status, 0) == (answer.status, counted)
    assert "same-site" == answer.headers["Cross-Origin-Resource-Policy"]
    assert 403 != listed.status


async def test_own_origin_reads(io_loop, harness):
    """Our own page may read too; another scheme is another origin."""
    own = await harness.ask("GET", "/health", {"Host": "localhost:3002", "Origin": "http://localhost:3002"})
    other = await harness.ask(
        "GET", "/health", {"Host": "localhost:3002", "Origin": "https://localhost:3002"}
    )

    assert "http://localhost:3002" == own.headers["Access-Control-Allow-Origin"]
    assert "Access-Control-Allow-Origin" not in other.headers


@pytest.mark.parametrize(
    ("given", "status"),
    [
        (f"Bearer {TOKEN}", 200),
        (f"bearer {TOKEN}", 200),
        (f"Bearer  {TOKEN}", 200),
        (TOKEN, 401),
        (f"Basic {TOKEN}", 401),
        (f"Bearer {TOKEN}x", 401),
        (f"Bearer {TOKEN[:-1]}", 401),
        ("Bearer", 401),
        ("Bearer \xff", 401),
        ("", 401),
    ],
)
async def test_tokens(io_loop, open_harness, given, status):
    """The token goes behind the word Bearer, whole; who is refused is told how it is done."""
    harness = open_harness(token=TOKEN)

    answer = await harness.ask("POST", START, {"Authorization": given})

    assert status == answer.status
    assert (status == 401) == ("Www-Authenticate" in answer.headers)
    assert TOKEN.encode() not in answer.body


async def test_token_not_in_query(io_loop, open_harness):
    """A token in the address is none: addresses end up in logs."""
    harness = open_harness(token=TOKEN)

    answer = await harness.ask("POST", f"{START}?token={TOKEN}&access_token={TOKEN}")

    assert 401 == answer.status


@pytest.mark.parametrize(
    ("settings", "unix", "believed"), [({}, False, False), (PROXY, False, True), ({}, True, True)]
)
async def test_forwarded(io_loop, open_harness, settings, unix, believed):
    """What a proxy says of the scheme and host counts from the Unix socket and from trusted proxies only."""
    harness = open_harness(
        settings={
            **settings,
            "public_url": "http://elsewhere.example",
            "allowed_hosts": "shop.example,localhost",
        }
    )
    said = {
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "shop.example",
        "Origin": "https://shop.example",
    }

    answer = await harness.ask("POST", START, {"Host": "localhost", **said}, unix=unix)

    assert (200 if believed else 403) == answer.status


async def test_forwarded_host_is_judged(io_loop, open_harness):
    """A trusted proxy on TCP that passes on a foreign host is refused like anybody."""
    harness = open_harness(settings=PROXY)

    foreign = await harness.ask("GET", "/health", {"X-Forwarded-Host": "rebound.example"})
    ours = await harness.ask("GET", "/health", {"Host": "10.8.0.1:3002", "X-Forwarded-Host": HOST})

    assert (421, 200) == (foreign.status, ours.status)


async def test_forged_host(io_loop, harness):
    """Whoever is no trusted proxy cannot talk itself in with a forwarded host."""
    answer = await harness.ask("GET", "/health", {"Host": "rebound.example", "X-Forwarded-Host": "localhost"})

    assert 421 == answer.status


@pytest.mark.parametrize(
    ("chain", "client"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("203.0.113.9, 127.0.0.2", "203.0.113.9"),
        ("203.0.113.9, nonsense", "127.0.0.1"),
        ("", "127.0.0.1"),
    ],
)
async def test_client(io_loop, open_harness, chain, client):
    """The log names the last address in the chain that is no proxy of ours: the ones before can be forged."""
    harness = open_harness(settings=PROXY)

    seen = []
    harness.guard.caller, judge = (
        lambda request: seen.append(judge(request)) or seen[-1],
        harness.guard.caller,
    )
    await harness.ask("GET", "/health", {"X-Forwarded-For": chain})

    assert {client} == {caller.address for caller in seen}


async def test_reload(io_loop, open_harness):
    """Another configuration is in force from the next request on."""
    harness = open_harness(token=TOKEN)
    before = await harness.ask("POST", START, {"Origin": "https://new.example"})
    harness.guard.adopt(configured(allowed_origins="https://new.example"), None)

    after = await harness.ask("POST", START, {"Origin": "https://new.example"})

    assert (403, 200) == (before.status, after.status)


async def test_a_proxy_writes_the_headers(io_loop, open_harness):
    """Told not to, wad writes none of CORS' headers, and judges as before; a reload turns it round."""
    harness = open_harness(settings={"cors": "false"})
    preflight = {"Origin": LISTED, "Access-Control-Request-Method": "POST"}
    asked = [("GET", "/health"), ("OPTIONS", START), ("POST", START), ("GET", "/nowhere")]

    silent = [await harness.ask(*each, preflight) for each in asked]
    foreign = await harness.ask("POST", START, {"Origin": "https://evil.example"})
    harness.guard.adopt(configured(), None)
    loud = await harness.ask("GET", "/health", preflight)

    assert [200, 204, 200, 404] == [answer.status for answer in silent]
    assert [] == [name for answer in silent for name in answer.headers if name.startswith("Access-Control-")]
    assert 403 == foreign.status
    assert LISTED == loud.headers["Access-Control-Allow-Origin"]
