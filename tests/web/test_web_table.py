"""Who may ask, for every route: generated from the route table, so that no route can be forgotten."""

from itertools import product

import pytest
from frontend_harness import LISTED, TEXT, TOKEN
from web_harness import cells

from wad.web.apidocs import DocsHandler
from wad.web.app import make_app
from wad.web.handlers import LiveHandler
from wad.web.openapi.handler import OpenApiHandler
from wad.web.pages import PageHandler
from wad.web.routes import Protection, Route

TOKENS = {"none": None, "wrong": "Bearer another-token-of-length", "right": f"Bearer {TOKEN}"}
ORIGINS = {"none": None, "listed": LISTED, "unlisted": "https://evil.example", "null": "null"}
HOSTS = {"good": "localhost", "foreign": "rebound.example"}


CELLS = list(cells())
ASKED = list(product(TOKENS, ORIGINS, HOSTS))


def expected(route: Route, token: str, origin: str, host: str) -> int:
    """Say what the contract wants."""
    if host == "foreign":
        return 421
    if route.method == "POST" and origin in ("unlisted", "null"):
        return 403
    if route.protection is Protection.TOKEN and token != "right":
        return 401
    # The link waits for a scan, so it is not ready.
    return 503 if route.pattern == "/readyz" else 200


def body_for(path: str) -> bytes:
    """Give the body without which a request for `path` would be refused for another cause."""
    return b'{"phone": "+1 555 123-45-67"}' if path.endswith("/pair") else b""


def test_paths():
    """The table holds the contract's paths."""
    paths = {(route.method, path) for route, path in CELLS}

    assert {
        ("GET", "/health"),
        ("GET", "/whatsapp/status"),
        ("GET", "/api/whatsapp/status"),
        ("GET", "/whatsapp/account"),
        ("POST", "/api/whatsapp/start"),
        ("POST", "/api/whatsapp/stop"),
        ("POST", "/api/whatsapp/reset"),
        ("POST", "/whatsapp/reset"),
        ("POST", "/api/whatsapp/logout"),
        ("POST", "/whatsapp/logout"),
        ("POST", "/api/whatsapp/pair"),
        ("POST", "/whatsapp/pair"),
        ("POST", "/api/whatsapp/pair/cancel"),
        ("GET", "/api/whatsapp/qr.png"),
        ("GET", "/api/whatsapp/qr.svg"),
        ("GET", "/api/whatsapp/qr.txt"),
        ("GET", "/api/whatsapp/screenshot.png"),
        ("GET", "/livez"),
        ("GET", "/readyz"),
        ("POST", "/sandbox/phone/scan"),
        ("GET", "/sandbox/phone/messages"),
        ("GET", "/"),
        ("GET", "/ui/vendor/socket.io.esm.min.js"),
    } <= paths


@pytest.mark.parametrize(("token", "origin", "host"), ASKED)
async def test_who_may_ask(io_loop, open_harness, token, origin, host):
    """Every route answers by token, Origin and Host as the contract says, and shows secrets to nobody else."""
    harness = open_harness(token=TOKEN)
    headers = {"Host": HOSTS[host], "Authorization": TOKENS[token], "Origin": ORIGINS[origin]}
    for route, path in CELLS:
        if harness.session.status.code is None:
            harness.show_code()

        answer = await harness.ask(route.method, path, headers, body_for(path))

        assert (path, expected(route, token, origin, host)) == (path, answer.status)
        check_origin(answer, origin)
        check_secrets(answer, route, allowed=token == "right" and host == "good")


def check_origin(answer, origin):
    """Only a listed origin may read the answer, whatever the status; it is named once."""
    echoed = [LISTED] if origin == "listed" else []
    assert echoed == answer.headers.get_list("Access-Control-Allow-Origin")
    assert answer.headers["Vary"] == "Origin"


def check_secrets(answer, route, *, allowed):
    """Check that the code's text is never there, its picture only for the token, and that errors are JSON."""
    assert TEXT.encode() not in answer.body
    may_be_kept = answer.status == 200 and route.handler in (DocsHandler, PageHandler, OpenApiHandler)
    kept = "no-cache" if may_be_kept else "no-store"
    assert kept == answer.headers["Cache-Control"]
    assert ("nosniff", "same-site", "no-referrer") == (
        answer.headers["X-Content-Type-Options"],
        answer.headers["Cross-Origin-Resource-Policy"],
        answer.headers["Referrer-Policy"],
    )
    # The description names what a code's picture begins with, and Swagger UI has pictures, whoever asks.
    if not allowed and route.handler not in (DocsHandler, OpenApiHandler):
        assert b"data:image/png" not in answer.body
        assert b"PNG" not in answer.body
    if answer.status >= 400:
        assert {"success", "error", "code", "requestId"} == set(answer.json)
    elif route.protection is Protection.OPEN:
        assert allowed == ("authRequired" not in answer.json)


@pytest.mark.parametrize(("route", "path"), CELLS, ids=[path for _, path in CELLS])
async def test_preflight(io_loop, open_harness, route, path):
    """Preflights need no token, and tell a listed origin everything it may send; others they tell nothing."""
    harness = open_harness(token=TOKEN)

    listed = await harness.ask(
        "OPTIONS", path, {"Origin": LISTED, "Access-Control-Request-Method": route.method}
    )
    other = await harness.ask("OPTIONS", path, {"Origin": "https://evil.example"})

    assert (listed.status, listed.body) == (204, b"")
    assert listed.headers["Access-Control-Allow-Origin"] == LISTED
    assert listed.headers["Access-Control-Allow-Credentials"] == "true"
    assert route.method in listed.headers["Access-Control-Allow-Methods"]
    assert (
        (listed.headers["Access-Control-Allow-Headers"])
        == "Authorization, Content-Type, If-None-Match, X-Request-ID"
    )
    assert not [name for name in other.headers if name.startswith("Access-Control")]


@pytest.mark.parametrize(("route", "path"), CELLS, ids=[path for _, path in CELLS])
async def test_methods(io_loop, harness, route, path):
    """Any other method is answered with 405, and the ones there are."""
    for method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "BREW"} - set(route.methods):
        answer = await harness.ask(method, path, {"Content-Length": "0"})

        assert (method, 405) == (method, answer.status)
        assert ", ".join(route.methods) == answer.headers["Allow"]


@pytest.mark.parametrize("method", ["GET", "POST", "BREW"])
async def test_foreign_host_everywhere(io_loop, harness, method):
    """A foreign host learns nothing, not even which addresses and methods there are."""
    for path in ("/health", "/nothing/here", "/"):
        answer = await harness.ask(method, path, {"Host": "rebound.example"})

        assert (answer.status, answer.json["code"]) == (421, "host_refused")


@pytest.mark.parametrize(("route", "path"), CELLS, ids=[path for _, path in CELLS])
async def test_slash_and_head(io_loop, harness, route, path):
    """A trailing slash changes nothing, but that /docs leads to the address without; HEAD is GET without its body."""
    harness.show_code()
    plain = await harness.ask(route.method, path)
    harness.show_code()
    slashed = await harness.ask(route.method, f"{path.rstrip('/')}/")
    harness.show_code()

    assert slashed.status == (308 if route.handler is DocsHandler else plain.status)
    if route.method == "GET":
        head = await harness.ask("HEAD", path)
        assert (plain.status, b"") == (head.status, head.body)
        assert plain.headers["Content-Type"] == head.headers["Content-Type"]
        assert plain.headers["Content-Length"] == head.headers["Content-Length"]


def test_undeclared(io_loop, harness):
    """A route that does not say who may use it keeps the application from being made."""
    forgotten = Route("/new", "GET", LiveHandler, None, {"alive": lambda: True})

    with pytest.raises(ValueError, match="/new does not declare its protection"):
        make_app([*harness.routes, forgotten], harness.guard)


def test_twice(io_loop, harness):
    """Of two routes with one path the second would never be reached: that is refused, too."""
    with pytest.raises(ValueError, match="twice"):
        make_app([*harness.routes, harness.routes[0]], harness.guard)
