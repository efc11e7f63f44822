"""Who gets in: host and origin are judged before Engine.IO sees a request, the token in the namespace."""

import pytest
from frontend_harness import HOST, LISTED, TOKEN
from gateway_harness import TRANSPORTS, node_client, open_harness, python_client
from gateway_raw import POLLING, UPGRADE, WEBSOCKET, poller, status
from socketio.exceptions import ConnectionError as CannotConnect

EVIL = "https://evil.example"
# Name, the configured list, the headers, and whether they are let in or with which status refused.
CASES = [
    ("no origin", "", {}, None),
    ("no origin, no list", LISTED, {}, None),
    ("listed", LISTED, {"Origin": LISTED}, None),
    ("unlisted", LISTED, {"Origin": EVIL}, 403),
    ("empty list", "", {"Origin": EVIL}, 403),
    ("empty list, listed elsewhere", "", {"Origin": LISTED}, 403),
    ("null", LISTED, {"Origin": "null"}, 403),
    ("null, empty list", "", {"Origin": "null"}, 403),
    ("empty origin", "", {"Origin": ""}, 403),
    ("rebound", "", {"Host": "evil.example", "Origin": "http://evil.example"}, 421),
    ("rebound, listed", LISTED, {"Host": "evil.example", "Origin": LISTED}, 421),
    ("rebound, no origin", LISTED, {"Host": "evil.example"}, 421),
    ("own", "", {"Host": HOST, "Origin": f"https://{HOST}"}, None),
    ("like own", "", {"Host": HOST, "Origin": f"https://{HOST}.evil.example"}, 403),
    ("cross-site without origin", "", {"Sec-Fetch-Site": "cross-site"}, 403),
    ("cross-site, listed", LISTED, {"Sec-Fetch-Site": "cross-site", "Origin": LISTED}, None),
    ("claims to be same-site", "", {"Sec-Fetch-Site": "same-origin", "Origin": EVIL}, 403),
]
# A POST without a session is refused behind the judgement, and so tells both apart.
REQUESTS = [
    pytest.param(("GET", POLLING, {}, 200), id="polling"),
    pytest.param(("POST", POLLING, {}, 400), id="post"),
    pytest.param(("OPTIONS", POLLING, {"Access-Control-Request-Method": "POST"}, 204), id="preflight"),
    pytest.param(("GET", WEBSOCKET, UPGRADE, 101), id="websocket"),
]


@pytest.mark.parametrize("asked", REQUESTS)
@pytest.mark.parametrize("case", [case[1:] for case in CASES], ids=[case[0] for case in CASES])
async def test_origins(io_loop, asked, case):
    """Every kind of request is judged alike, and Engine.IO learns nothing of those refused."""
    (method, target, extra, success), (listed, headers, refusal) = asked, case
    async with open_harness(allowed_origins=listed) as harness:
        answer, _ = await status(harness, method, target, {**extra, **headers})

        assert (refusal or success) == answer
        if refusal:
            assert {} == harness.gateway._engine.sockets


@pytest.mark.parametrize(("method", "success"), [("GET", 200), ("OPTIONS", 204), ("POST", 400)])
async def test_cors_headers(io_loop, method, success):
    """A listed site may read the answers; the headers are there once, and nobody else gets them."""
    async with open_harness() as harness:
        answer, headers = await status(harness, method, POLLING, {"Origin": LISTED})
        _, bare = await status(harness, method, POLLING, {})
        _, refused = await status(harness, method, POLLING, {"Origin": EVIL})

    assert success == answer
    assert (LISTED, "true") == (
        headers["access-control-allow-origin"],
        headers["access-control-allow-credentials"],
    )
    assert "no-store" == headers["cache-control"]
    assert "set-cookie" not in headers
    for others in (bare, refused):
        assert [] == [name for name in others if name.startswith("access-control")]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "HEAD", "PATCH"])
async def test_methods(io_loop, method):
    """Other methods are named as not allowed."""
    async with open_harness() as harness:
        answer, headers = await status(harness, method, POLLING, {})

    assert (405, "GET, POST, OPTIONS") == (answer, headers["allow"])


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize(
    "settings",
    [{"auth": {"token": TOKEN}}, {"headers": {"Authorization": f"Bearer {TOKEN}"}}],
    ids=["auth", "header"],
)
async def test_token(io_loop, transport, settings):
    """The right token opens, in the handshake's auth or in the header."""
    async with open_harness(TOKEN) as harness, python_client(harness, transport, **settings) as client:
        assert "idle" == (await client.argument("wa:state"))["state"]


WRONG = [None, {}, {"token": ""}, {"token": "wrong"}, {"token": TOKEN + "x"}, {"token": None}, {"token": 7}]
WRONG += [{"token": [TOKEN]}, {"token": "\ud800"}, [TOKEN], TOKEN, 7, True]


@pytest.mark.parametrize("auth", WRONG, ids=repr)
async def test_wrong_token(io_loop, auth):
    """Whatever is not the token is refused, with what to do; nobody counts as looking, and nothing is told."""
    async with open_harness(TOKEN) as harness:
        harness.show_code()
        async with node_client(harness, "websocket", auth=auth) as client:
            name, argument = await client.next()

            assert ("connect_error", {"code": "unauthorized"}) == (name, argument["data"])
            assert "auth: {token: …}" in argument["message"]
            assert 0 == harness.audience.watching


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_wrong_token_python(io_loop, transport):
    """The Python client is refused as well."""
    async with open_harness(TOKEN) as harness:
        harness.show_code()
        with pytest.raises(CannotConnect):
            async with python_client(harness, transport, auth={"token": "wrong"}):
                pass


async def test_no_token_configured(io_loop):
    """Where no token is configured whatever is given opens."""
    async with open_harness() as harness, python_client(harness, auth={"token": "any"}) as client:
        assert "idle" == (await client.argument("wa:state"))["state"]


async def test_other_namespace(io_loop):
    """There is one namespace only."""
    async with open_harness() as harness, poller(harness) as client:
        await client.say("40/admin,")

        assert (await client.poll())[0].startswith("44/admin,")
