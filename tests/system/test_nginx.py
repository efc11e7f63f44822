"""The shipped nginx site, by a table: every kind of answer has exactly one right set of CORS headers."""

import socket
import threading
from contextlib import closing, suppress
from dataclasses import dataclass, field

import pytest
from nginx_front import LONG, TOKEN, Harness, running
from nginx_harness import HOST, Answer, ask_unix, visitor

OWN = f"http://{HOST}"
MAY_ASK = ("https://app.example.org", "https://one.example.net", "HTTPS://APP.example.org", LONG, OWN)
MAY_NOT = (
    None,
    "null",
    "https://evil.example",
    "https://app.example.org.evil.example",
    "https://two.labels.example.net",
    "https://example.net",
    "http://app.example.org",
    "https://app.example.org:8443",
    f"https://{HOST}",
    f"{OWN}:8080",
    "https://appxexample.org",
)
ALWAYS = (
    "/health",
    "/whatsapp/status",
    "/api/whatsapp/status",
    "/whatsapp/account",
    "/api/whatsapp/account",
    "/health/",
    "/whatsapp/status/?t=1",
)

LONG_TEXT = b'{"chatId": "15550001111@c.us", "text": "%s"}' % (b"x" * 20_000)


@dataclass(frozen=True)
class Row:
    """A request, and the status it gets while the daemon is up and while it is down."""

    method: str
    path: str
    up: int
    down: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None

    def __str__(self) -> str:
        return f"{self.method} {self.path[:60]}"


TABLE = [
    *(Row(method, path, 200, 200) for path in ALWAYS for method in ("GET", "HEAD")),
    *(Row("POST", path, 405, 503) for path in ALWAYS),
    *(
        Row("OPTIONS", path, 204, 204)
        for path in (*ALWAYS, "/api/whatsapp/start", "/", "/metrics", "/nowhere")
    ),
    *(Row("POST", f"{api}/whatsapp/{name}", 200, 503) for api in ("", "/api") for name in ("stop", "stop/")),
    Row("GET", "/api/whatsapp/start", 405, 503),
    Row("GET", "/api/whatsapp/qr.png", 404, 503),
    Row("GET", "/nowhere", 404, 503),
    Row("GET", "/livez", 200, 503),
    Row("GET", "/", 200, 503),
    Row("HEAD", "/ui/vendor/socket.io.esm.min.js", 200, 503),
    Row("POST", "/", 405, 503),
    Row("GET", "/readyz", 503, 503),
    Row("GET", "/metrics", 404, 404),
    Row("GET", "/metrics/", 404, 404),
    Row("TRACE", "/health", 405, 405),
    Row("GET", "/health", 421, 421, {"Host": "rebound.example"}),
    Row("POST", "/api/whatsapp/stop", 413, 413, body=b"x" * 16385),
    Row("POST", "/whatsapp/status", 413, 413, body=b"x" * 16385),
    Row("GET", "/waha/ping", 200, 503),
    Row("GET", "/waha/api/default/labels", 501, 503),
    # Longer than what other routes take.
    Row("POST", "/waha/api/sendText", 409, 503, body=LONG_TEXT),
    Row("GET", "/accounts/nobody/health", 404, 404),
    Row("GET", "/accounts/", 404, 404),
    Row("GET", "/accounts/-/health", 404, 503),
]


def cors(origin: str, *, preflight: bool = False) -> list[tuple[str, str]]:
    """Give the one right set of headers for an origin that may ask."""
    headers = {
        "access-control-allow-credentials": "true",
        "access-control-allow-headers": "Authorization, Content-Type, Idempotency-Key, If-None-Match, Last-Event-ID, X-Request-ID",
        "access-control-allow-methods": "GET, HEAD, POST, PUT, DELETE, OPTIONS",
        "access-control-allow-origin": origin,
        "access-control-expose-headers": "ETag, Retry-After, X-Request-ID",
        "vary": "Origin",
    }
    if preflight:
        headers["access-control-max-age"] = "600"
    return sorted(headers.items())


def asked(harness: Harness, row: Row, origin: str | None) -> Answer:
    headers = dict(row.headers) if origin is None else {**row.headers, "Origin": origin}
    return harness.nginx.ask(row.method, row.path, headers, row.body)


def refused(answer: Answer, code: str) -> None:
    """Judge an error by the contract's shape."""
    assert "application/json; charset=UTF-8" == answer.headers["Content-Type"]
    assert {"success", "error", "code", "requestId"} == set(answer.json)
    assert (False, code) == (answer.json["success"], answer.json["code"])
    assert answer.json["requestId"] == answer.headers["X-Request-ID"]


@pytest.mark.parametrize("state", ["up", "down"])
@pytest.mark.parametrize("row", TABLE, ids=str)
def test_every_answer_has_its_status_and_one_set_of_cors_headers(row, state, request):
    """Whatever is answered, a listed or own origin is echoed once, and nobody else's at all."""
    harness = request.getfixturevalue(state)
    for origin in MAY_ASK:
        answer = asked(harness, row, origin)

        assert getattr(row, state) == answer.code
        if row.headers.get("Host") is None or origin != OWN:
            assert cors(origin, preflight=row.method == "OPTIONS") == answer.cors


@pytest.mark.parametrize("state", ["up", "down"])
@pytest.mark.parametrize("row", TABLE, ids=str)
def test_no_other_origin_is_let_in(row, state, request):
    """Neither no origin, nor null, nor one that merely looks like a listed one gets a header."""
    harness = request.getfixturevalue(state)
    for origin in MAY_NOT:
        answer = asked(harness, row, origin)

        assert [("vary", "Origin")] == answer.cors
        # Commands of foreign pages are refused by the daemon itself, if it is there.
        foreign = row.method == "POST" and origin is not None and row.up != 413 and state == "up"
        assert (403 if foreign else getattr(row, state)) == answer.code


@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
@pytest.mark.parametrize("origin", [*MAY_ASK, *MAY_NOT], ids=str)
def test_daemon_and_nginx_agree(up, method, origin):
    """An origin is to nginx what it is to the daemon: headers and status."""
    headers = {} if origin is None else {"Origin": origin}
    direct = ask_unix(up.socket, method, "/api/whatsapp/stop", headers)
    through = up.nginx.ask(method, "/api/whatsapp/stop", headers)

    assert (direct.code, direct.cors) == (through.code, through.cors)


@pytest.mark.parametrize("path", ALWAYS)
def test_down_documents_have_the_daemons_keys(up, down, path):
    """With the daemon down the status routes have the usual keys, in the usual order, and types."""
    real, made = (harness.nginx.ask("GET", path).json for harness in (up, down))

    def shape(document):
        return {key: shape(value) for key, value in document.items()} if isinstance(document, dict) else None

    assert list(real) == list(made)
    assert shape(real) == shape(made)


def test_down_documents_tell_that_nobody_answers(down):
    """The status is disconnected, health degraded, and there is no account."""
    health, status, _, account = (down.nginx.ask("GET", path).json for path in ALWAYS[:4])

    assert ("degraded", False, "disconnected") == (
        health["status"],
        health["server"]["ready"],
        health["whatsapp"]["status"],
    )
    assert ("disconnected", "disconnected", False, None) == (
        status["status"],
        status["currentState"],
        status["hasQr"],
        status["qrCode"],
    )
    assert {"success": True, "account": None, "hasActiveAccount": False} == account


def test_down_times_are_spelt_as_the_daemon_spells_them(up, down):
    """JavaScript and people read the same form whoever answers."""
    times = [harness.nginx.ask("GET", "/health").json["timestamp"] for harness in (up, down)]

    assert ["dddd-dd-ddTdd:dd:dd.dddZ"] * 2 == ["".join("d" if c.isdigit() else c for c in t) for t in times]


def test_head_has_no_body(down):
    """HEAD with the daemon down is answered like GET, without the body."""
    answer = down.nginx.ask("HEAD", "/whatsapp/status")

    assert (200, b"") == (answer.code, answer.body)


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/api/whatsapp/stop", "daemon_unavailable"),
        ("/livez", "daemon_unavailable"),
        ("/metrics", "not_found"),
    ],
)
def test_nginx_refuses_in_the_contracts_shape(down, path, code):
    """An error of nginx's own looks like one of wad's, and is never kept by a cache."""
    answer = down.nginx.ask("POST", path)

    refused(answer, code)
    assert "no-store" == answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (Row("TRACE", "/health", 405, 405), "method_not_allowed"),
        (Row("GET", "/health", 421, 421, {"Host": "rebound.example"}), "host_refused"),
        (Row("POST", "/health", 413, 413, body=b"x" * 16385), "body_too_large"),
        (Row("GET", "/" + "x" * 9000, 414, 414), "request_uri_too_long"),
        (Row("GET", "/health", 400, 400, {"X-Long": "x" * 9000}), "bad_request"),
    ],
    ids=str,
)
def test_what_nginx_refuses_before_the_daemon_is_json(up, row, code):
    """What never reaches wad is refused in its shape all the same.

    Of the last two nginx has not read the Origin when it gives up, so there are no CORS headers.
    """
    answer = asked(up, row, None)

    assert row.up == answer.code
    refused(answer, code)


@pytest.mark.parametrize(("given", "kept"), [("my-id.1", True), ('a"b', False), ("x" * 129, False)])
def test_request_id_comes_back(down, given, kept):
    """A request's id comes back from nginx, too, unless JSON could not hold it as it is."""
    answer = down.nginx.ask("POST", "/api/whatsapp/start", {"X-Request-ID": given})

    assert kept == (given == answer.json["requestId"])
    refused(answer, "daemon_unavailable")


def test_request_id_reaches_the_daemon(up):
    """The daemon gets the id as it was sent, quotes and all."""
    answer = up.nginx.ask("GET", "/nowhere", {"X-Request-ID": 'a"b'})

    assert 'a"b' == answer.json["requestId"]


def test_etag_is_answered_with_304(up):
    """A frontend that has the body gets 304 through nginx, with CORS headers."""
    etag = up.nginx.ask("GET", "/whatsapp/status").headers["ETag"]

    answer = up.nginx.ask("GET", "/whatsapp/status", {"If-None-Match": etag, "Origin": MAY_ASK[0]})

    assert (304, cors(MAY_ASK[0])) == (answer.code, answer.cors)


# Accounts.


@pytest.mark.parametrize(
    ("path", "status"), [("whatsapp/status", 200), ("health", 200), ("readyz", 503), ("metrics", 404)]
)
def test_accounts_have_the_same_routes(up, path, status):
    """Below its path an account answers as the first one does."""
    answer = up.nginx.ask("GET", f"/accounts/second/{path}", {"Origin": MAY_ASK[0]})

    assert (status, cors(MAY_ASK[0])) == (answer.code, answer.cors)


def test_account_is_the_one_named(up):
    """The second account wants a token, the first does not; 401 has its CORS headers."""
    origin = {"Origin": MAY_ASK[0]}
    first = up.nginx.ask("POST", "/api/whatsapp/stop", origin)
    second = up.nginx.ask("POST", "/accounts/second/api/whatsapp/stop", origin)
    allowed = up.nginx.ask(
        "POST", "/accounts/second/api/whatsapp/stop", {**origin, "Authorization": f"Bearer {TOKEN}"}
    )

    assert [200, 401, 200] == [first.code, second.code, allowed.code]
    assert [cors(MAY_ASK[0])] * 3 == [first.cors, second.cors, allowed.cors]


def test_account_that_is_down_still_answers(up):
    """An account whose daemon is down has its status routes; a command to it is refused."""
    status = up.nginx.ask("GET", "/accounts/down/whatsapp/status")
    command = up.nginx.ask("POST", "/accounts/down/api/whatsapp/start")

    assert (200, "disconnected") == (status.code, status.json["status"])
    assert 503 == command.code
    refused(command, "daemon_unavailable")


def test_account_without_slash_is_led_to_its_page(up):
    """The page uses relative addresses, so its own must end with a slash."""
    answer = up.nginx.ask("GET", "/accounts/second")

    assert (308, "/accounts/second/") == (answer.code, answer.headers["Location"])


@pytest.mark.parametrize("path", ["/accounts/%73econd/health", "/accounts/x/../second/health"])
def test_account_is_found_however_it_is_spelt(up, path):
    """An address that means the second account never reaches the first."""
    answer = up.nginx.ask("GET", path)

    assert True is answer.json.get("authRequired", answer.json["whatsapp"].get("accountInfo") is None)
    assert 200 == answer.code


# Limits.


def test_commands_are_limited_and_reading_is_not(up):
    """The eleventh command at once from one address is refused with CORS headers; reading and preflight go on."""
    source = visitor()
    origin = {"Origin": MAY_ASK[0]}
    codes = [up.nginx.ask("POST", "/api/whatsapp/stop", origin, source=source).code for _ in range(11)]
    limited = up.nginx.ask("POST", "/accounts/second/whatsapp/reset", origin, source=source)
    others = [
        up.nginx.ask(method, path, origin, source=source).code
        for method, path in [
            ("GET", "/whatsapp/status"),
            ("OPTIONS", "/api/whatsapp/stop"),
            ("POST", "/socket.io/"),
        ]
    ]

    assert [200] * 11 == codes
    assert (429, cors(MAY_ASK[0])) == (limited.code, limited.cors)
    assert "3" == limited.headers["Retry-After"]
    refused(limited, "rate_limited")
    assert [200, 204] == others[:2]
    assert 429 != others[2]


def test_500_readers_behind_one_address_are_all_answered(up):
    """An office of 500 that reads at the same moment is answered 500 times."""
    source = visitor()
    request = f"GET /whatsapp/status HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode()
    connections = [
        socket.create_connection(("127.0.0.1", up.nginx.port), 30, source_address=(source, 0))
        for _ in range(500)
    ]
    for connection in connections:
        connection.sendall(request)
    answers = set()
    for connection in connections:
        with closing(connection):
            answers.add(connection.recv(65536).split(b"\r\n")[0])

    assert {b"HTTP/1.1 200 OK"} == answers


# Ways to be down.


def refuse(_: socket.socket) -> None:
    """Listen to nobody."""


def hang(listening: socket.socket) -> None:
    """Let others connect, and say nothing."""
    listening.listen()


def hang_up(listening: socket.socket) -> None:
    """Accept one after the other, and hang up."""
    listening.listen()
    threading.Thread(target=_hang_up, args=(listening,), daemon=True).start()


def _hang_up(listening: socket.socket) -> None:
    while True:
        try:
            listening.accept()[0].close()
        except OSError:
            return


@pytest.mark.parametrize("behave", [refuse, hang, hang_up])
def test_down_is_down_however(free_folder, behave):
    """A daemon that refuses, hangs or hangs up is the same to a frontend: 200 on status, 503 on a command."""
    path = free_folder / "http.sock"
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listening.bind(str(path))
    behave(listening)
    with closing(listening), running(free_folder, f"unix:{path}") as nginx:
        status = nginx.ask("GET", "/whatsapp/status", {"Origin": MAY_ASK[0]})
        command = nginx.ask("POST", "/api/whatsapp/reset", {"Origin": MAY_ASK[0]})
        with suppress(OSError):  # wakes the one who accepts; who does not listen cannot be shut down
            listening.shutdown(socket.SHUT_RDWR)

    assert (200, cors(MAY_ASK[0])) == (status.code, status.cors)
    assert (503, cors(MAY_ASK[0])) == (command.code, command.cors)
    refused(command, "daemon_unavailable")


def test_tcp_upstream(free_folder):
    """On another host: the site differs in one line, and a port nobody listens on is a daemon that is down."""
    with running(free_folder, "127.0.0.1:9") as nginx:
        answer = nginx.ask("GET", "/health")

    assert (200, "degraded") == (answer.code, answer.json["status"])
