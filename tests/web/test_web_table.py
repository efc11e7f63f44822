"""Who may ask, for every route: generated from the route table, so that no route can be forgotten."""

import re
from itertools import product

import pytest
from frontend_harness import LISTED, TEXT, TOKEN
from web_harness import Cell, cells

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
NAMES = [f"{cell.method} {cell.path}" for cell in CELLS]
ROUTES = {cell.path: cell.route for cell in CELLS}
ASKED = list(product(TOKENS, ORIGINS, HOSTS))


def expected(cell: Cell, token: str, origin: str, host: str) -> int:
    """Say what the contract wants."""
    if host == "foreign":
        return 421
    if cell.method != "GET" and origin in ("unlisted", "null"):
        return 403
    if cell.route.protection is Protection.TOKEN and token != "right":
        return 401
    return answered(cell)


def answered(cell: Cell) -> int:
    """Say what whoever may ask is answered, where the link waits for a scan and nothing was sent."""
    if cell.path == "/readyz":
        return 503
    if cell.path.endswith(("/messages", "/seen", "/typing")) and cell.method == "POST":
        return 409
    if cell.path.endswith("/media") and cell.method == "POST":
        return 201
    # Of people nothing is known before the scan; no number is named, and somebody's is no group's.
    if "/groups/" in cell.path or cell.path.endswith("/check"):
        return 422
    if re.search("/(chats|contacts)(/|$)", cell.path):
        return 409
    # A webhook is set before it is deleted; then it is gone.
    absent = "/media/" in cell.path or ("/messages/" in cell.path and not cell.path.startswith("/sandbox/"))
    return 404 if absent or cell.path.endswith(("/replay", "/skip")) else 200


BODIES = {
    ("POST", "pair"): b'{"phone": "+1 555 123-45-67"}',
    ("POST", "messages"): b'{"to": "+15550001111", "text": "hello"}',
    ("POST", "media"): b"a file",
    ("PUT", "reaction"): b'{"text": ""}',
}


def body_for(cell: Cell) -> bytes:
    """Give the body without which a request would be refused for another cause."""
    if "/webhooks/" in cell.path and cell.method == "PUT":
        # Of a type that does not happen here, so that nothing is ever brought to this address.
        return b'{"url": "https://wad.invalid/", "events": ["message"]}'
    plain = b'{"text": "hello"}' if cell.method == "PUT" else b""
    return BODIES.get((cell.method, cell.path.rpartition("/")[2]), plain)


def test_paths():
    """The table holds the contract's paths."""
    paths = {(cell.method, cell.path) for cell in CELLS}

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
        ("GET", "/sandbox/phone/media"),
        ("GET", "/sandbox/phone/media/scan"),
        ("POST", "/api/whatsapp/messages"),
        ("POST", "/whatsapp/messages"),
        ("GET", "/api/whatsapp/messages/scan"),
        ("PUT", "/api/whatsapp/messages/scan"),
        ("DELETE", "/api/whatsapp/messages/scan"),
        ("PUT", "/api/whatsapp/messages/scan/reaction"),
        ("POST", "/api/whatsapp/chats/15550001111@c.us/seen"),
        ("GET", "/api/whatsapp/events"),
        ("GET", "/whatsapp/events/stream"),
        ("GET", "/api/whatsapp/limits"),
        ("PUT", "/api/whatsapp/webhooks/scan"),
        ("GET", "/"),
        ("GET", "/ui/vendor/socket.io.esm.min.js"),
    } <= paths


@pytest.mark.parametrize(("token", "origin", "host"), ASKED)
async def test_who_may_ask(io_loop, open_harness, token, origin, host):
    """Every route answers by token, Origin and Host as the contract says, and shows secrets to nobody else."""
    harness = open_harness(token=TOKEN)
    headers = {"Host": HOSTS[host], "Authorization": TOKENS[token], "Origin": ORIGINS[origin]}
    await harness.open_messages()
    for cell in CELLS:
        if harness.session.status.code is None:
            harness.show_code()

        answer = await harness.ask(cell.ends, cell.path, headers, body_for(cell))

        asked = (cell.method, cell.path)
        assert (asked, expected(cell, token, origin, host)) == (asked, answer.status)
        check_origin(answer, origin)
        check_secrets(answer, cell.route, allowed=token == "right" and host == "good")


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
    if answer.status >= 400 and answer.body:
        assert {"success", "error", "code", "requestId"} == set(answer.json)
    elif route.protection is Protection.OPEN:
        assert allowed == ("authRequired" not in answer.json)


@pytest.mark.parametrize("cell", CELLS, ids=NAMES)
async def test_preflight(io_loop, open_harness, cell):
    """Preflights need no token, and tell a listed origin everything it may send; others they tell nothing."""
    harness = open_harness(token=TOKEN)

    listed = await harness.ask(
        "OPTIONS", cell.path, {"Origin": LISTED, "Access-Control-Request-Method": cell.method}
    )
    other = await harness.ask("OPTIONS", cell.path, {"Origin": "https://evil.example"})

    assert (listed.status, listed.body) == (204, b"")
    assert listed.headers["Access-Control-Allow-Origin"] == LISTED
    assert listed.headers["Access-Control-Allow-Credentials"] == "true"
    assert cell.method in listed.headers["Access-Control-Allow-Methods"]
    assert (
        (listed.headers["Access-Control-Allow-Headers"])
        == "Authorization, Content-Type, Idempotency-Key, If-None-Match, Last-Event-ID, X-Request-ID"
    )
    assert not [name for name in other.headers if name.startswith("Access-Control")]


@pytest.mark.parametrize("path", ROUTES)
async def test_methods(io_loop, harness, path):
    """Any other method is answered with 405, and the ones there are."""
    for method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "BREW"} - set(ROUTES[path].methods):
        answer = await harness.ask(method, path, {"Content-Length": "0"})

        assert (method, 405) == (method, answer.status)
        assert ", ".join(ROUTES[path].methods) == answer.headers["Allow"]


@pytest.mark.parametrize("method", ["GET", "POST", "BREW"])
async def test_foreign_host_everywhere(io_loop, harness, method):
    """A foreign host learns nothing, not even which addresses and methods there are."""
    for path in ("/health", "/nothing/here", "/"):
        answer = await harness.ask(method, path, {"Host": "rebound.example"})

        assert (answer.status, answer.json["code"]) == (421, "host_refused")


@pytest.mark.parametrize("cell", CELLS, ids=NAMES)
async def test_slash_and_head(io_loop, harness, cell):
    """A trailing slash changes nothing, but that /docs leads to the address without; HEAD is GET without its body."""
    await harness.open_messages()
    harness.show_code()
    plain = await harness.ask(cell.ends, cell.path)
    harness.show_code()
    slashed = await harness.ask(cell.ends, f"{cell.path.rstrip('/')}/")
    harness.show_code()

    assert slashed.status == (308 if cell.route.handler is DocsHandler else plain.status)
    if cell.ends == "GET":
        head = await harness.ask("HEAD", cell.path)
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
