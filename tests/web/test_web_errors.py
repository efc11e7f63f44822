"""Errors: always JSON, always with their request's id, never with a secret; and the limits on bodies."""

import json

import pytest
from frontend_harness import LISTED, TEXT, TOKEN
from structlog.testing import capture_logs
from web_harness import hang_up, parse, request_bytes

from wad.web.body import LIMIT as BODY_LIMIT

START = "/api/whatsapp/start"
SCAN = "/sandbox/phone/scan"


def chunked(*pieces):
    """Give pieces as a chunked body."""
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in (*pieces, b""))


@pytest.mark.parametrize(
    "path", ["//", "/nothing", "/api/whatsapp", "/whatsapp/status/more", "//health", "/%FF"]
)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "OPTIONS", "BREW"])
async def test_not_found(io_loop, harness, method, path):
    """An address that is none is answered with 404 whatever is asked of it."""
    answer = await harness.ask(method, path, {"Origin": LISTED, "Content-Length": "0"})

    assert 404 == answer.status
    assert (False, "not_found") == (answer.json["success"], answer.json["code"])
    assert LISTED == answer.headers["Access-Control-Allow-Origin"]


@pytest.mark.parametrize("path", ["/nothing", "/health", START])
async def test_request_id(io_loop, open_harness, path):
    """A request's id comes back in the header, and in the body of an error."""
    harness = open_harness(token=TOKEN)

    answer = await harness.ask("GET", path, {"X-Request-ID": "abc-123"})

    assert "abc-123" == answer.headers["X-Request-Id"]
    assert answer.status == 200 or answer.json["requestId"] == "abc-123"


@pytest.mark.parametrize("given", [None, "", "a b", "\xff", "x" * 129])
async def test_made_request_id(io_loop, harness, given):
    """Whoever gives no id, or none fit for a log line, gets one of ours."""
    answer = await harness.ask("GET", "/nothing", {"X-Request-ID": given})

    assert 32 == len(answer.headers["X-Request-Id"])
    assert answer.json["requestId"] == answer.headers["X-Request-Id"]


BODIES = {
    "declared": ({"Content-Length": str(BODY_LIMIT + 1)}, b"x" * (BODY_LIMIT + 1)),
    "declared, not sent": ({"Content-Length": str(BODY_LIMIT + 1)}, b""),
    "declared, endless": ({"Content-Length": "9" * 30}, b"x" * 1000),
    "declared, unreadable": ({"Content-Length": "9" * 5000}, b""),
    "expecting": ({"Content-Length": str(BODY_LIMIT + 1), "Expect": "100-continue"}, b""),
    "long": ({"Content-Length": "900000"}, b"x" * 900000),
    "chunked": ({"Content-Length": None, "Transfer-Encoding": "chunked"}, chunked(*[b"x" * 1000] * 20)),
    "chunked, unended": (
        {"Content-Length": None, "Transfer-Encoding": "chunked"},
        chunked(b"x" * 20000)[:-5],
    ),
}


@pytest.mark.parametrize("path", [START, SCAN, "/nothing", "/health"])
@pytest.mark.parametrize("case", BODIES)
async def test_too_large(io_loop, harness, case, path):
    """A body beyond 16 KiB is answered with 413, in JSON with CORS headers, however it is sent."""
    headers, body = BODIES[case]
    reader, writer = await harness.dial()
    writer.write(request_bytes("POST", path, {"Host": "localhost", "Origin": LISTED, **headers}) + body)

    head = await reader.readuntil(b"\r\n\r\n")
    answer = parse(head)
    content = await reader.readexactly(int(answer.headers["Content-Length"]))
    writer.write_eof()
    rest = await reader.read()
    await hang_up(writer)

    assert (413, LISTED) == (answer.status, answer.headers["Access-Control-Allow-Origin"])
    assert "body_too_large" == json.loads(content)["code"]
    assert b"" == rest
    assert [] == harness.inbox.commands == harness.phone.pressed


@pytest.mark.parametrize(("size", "status"), [(BODY_LIMIT, 200), (BODY_LIMIT + 1, 413)])
async def test_limit(io_loop, harness, size, status):
    """Sixteen KiB to the byte are taken."""
    body = b'{"code": "' + b"x" * (size - 12) + b'"}'

    assert status == (await harness.ask("POST", SCAN, body=body)).status


async def test_too_large_from_elsewhere(io_loop, harness):
    """A foreign host, or a site that is not listed, is refused for that, whatever it sends."""
    body = b"x" * (BODY_LIMIT + 1)

    foreign = await harness.ask("POST", START, {"Host": "rebound.example"}, body)
    unlisted = await harness.ask("POST", START, {"Origin": "https://evil.example"}, body)

    assert (421, 403) == (foreign.status, unlisted.status)


@pytest.mark.parametrize("body", [b"{}", b"x" * (BODY_LIMIT + 1)])
@pytest.mark.parametrize("headers", [{}, {"Origin": "null"}])
async def test_connection_survives(io_loop, harness, headers, body):
    """After an answer, refused or not, the next request goes over the same connection."""
    reader, writer = await harness.dial()
    first = {"Host": "localhost", "Content-Length": str(len(body)), **headers}
    writer.write(request_bytes("POST", START, first) + body)
    answer = parse(await reader.readuntil(b"\r\n\r\n"))
    await reader.readexactly(int(answer.headers["Content-Length"]))
    writer.write(request_bytes("GET", "/health", {"Host": "localhost", "Connection": "close"}))

    assert 200 == parse(await reader.read()).status
    await hang_up(writer)


@pytest.mark.parametrize(
    "body", [b"code=1", b"[]", b"null", b'"x"', b"{", b'{"a": NaN}', b"\xff\xfe", b"[" * 16000, b"1" * 5000]
)
async def test_not_json(io_loop, harness, body):
    """Where JSON is expected anything else is answered with 400 and a sentence."""
    answer = await harness.ask("POST", SCAN, body=body)

    assert (400, "invalid_json") == (answer.status, answer.json["code"])
    assert [] == harness.phone.pressed


@pytest.mark.parametrize(("kind", "status"), [("application/json", 400), ("text/plain", 200)])
async def test_ignored_body(io_loop, harness, kind, status):
    """A command without arguments ignores its body, unless it calls itself JSON and is none."""
    answer = await harness.ask("POST", START, {"Content-Type": kind}, b"nonsense")

    assert status == answer.status


async def test_internal(io_loop, harness):
    """What breaks inside is answered with 500 and nothing of the cause; the cause is in the log, once."""
    harness.show_code()
    harness.phone.refusal = RuntimeError(f"broke with {TEXT}")

    with capture_logs() as logged:
        answer = await harness.ask("POST", SCAN, {"Origin": LISTED})

    assert (500, "internal_error") == (answer.status, answer.json["code"])
    assert LISTED == answer.headers["Access-Control-Allow-Origin"]
    assert b"RuntimeError" not in answer.body
    assert TEXT.encode() not in answer.body
    assert 1 == len([line for line in logged if line["event"] == "request_failed"])


async def test_not_accepted(io_loop, harness):
    """A supervisor that takes no command is told as such, with when to try again."""
    harness.inbox.open = False

    answer = await harness.ask("POST", START)

    assert (503, "not_accepted", "1") == (answer.status, answer.json["code"], answer.headers["Retry-After"])


async def test_log_line(io_loop, open_harness):
    """Each request leaves one line: never its query, its headers or its body."""
    harness = open_harness(token=TOKEN)
    secret = f"{SCAN}?token={TOKEN}"

    with capture_logs() as logged:
        await harness.ask(
            "POST", secret, {"Authorization": f"Bearer {TOKEN}"}, json.dumps({"code": TEXT}).encode()
        )

    assert ["request"] == [line["event"] for line in logged]
    line = logged[0]
    assert ("POST", SCAN, 200, "info") == (line["method"], line["path"], line["status"], line["log_level"])
    assert {"event", "log_level", "method", "path", "status", "milliseconds", "request_id", "client"} == set(
        line
    )
    assert TOKEN not in repr(logged)
    assert TEXT not in repr(logged)


async def test_no_http(io_loop, harness):
    """Bytes that are no HTTP end their connection and disturb nobody."""
    reader, writer = await harness.dial()
    writer.write(b"\x16\x03\x01 hello\r\n\r\n")
    await reader.read()
    await hang_up(writer)

    assert 200 == (await harness.ask("GET", "/health")).status


async def test_server_is_unnamed(io_loop, harness):
    """No header tells which server in which version answers."""
    for path in ("/health", "/nothing"):
        assert "Server" not in (await harness.ask("GET", path)).headers
