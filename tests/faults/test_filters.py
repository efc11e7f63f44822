"""Who stands between this machine and WhatsApp, told from a network that is not there: the real address, answered by others.

The browser is told to find every name on this machine. Most of these filters have a certificate that the browser
takes, as a company's own has.
"""

import asyncio
import socket
import struct
from contextlib import asynccontextmanager, suppress

import pytest
from daemon_harness import HASTY, SMALL_BROWSER, Daemon
from doctor_harness import make_certificate

PORTAL = "https://portal.example/login?token=secret"
PAGE = b"<!doctype html><html><body><h1>Access denied by the office</h1></body></html>"


def http(status, *heads, body=PAGE):
    """Give an answer's bytes."""
    lines = [
        f"HTTP/1.1 {status}",
        "Content-Type: text/html",
        f"Content-Length: {len(body)}",
        *heads,
        "Connection: close",
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


# What is answered, over which kind of TLS, and what is told: state, reason, and what was refused.
TRUSTED, UNKNOWN, NONE = "trusted", "unknown", "none"
FILTERS = {
    "refuses in WhatsApp's name": (TRUSTED, http("403 Forbidden"), "blocked", "hosts_blocked", "HTTP_403"),
    "names the law": (TRUSTED, http("451 No"), "blocked", "hosts_blocked", "HTTP_451"),
    "has a page of its own": (TRUSTED, http("200 OK"), "blocked", "hosts_blocked", None),
    "leads to its portal": (
        TRUSTED,
        http("302 Found", f"Location: {PORTAL}"),
        "blocked",
        "hosts_blocked",
        "REDIRECTED",
    ),
    "leads in a circle": (
        TRUSTED,
        http("302 Found", "Location: /"),
        "blocked",
        "hosts_blocked",
        "ERR_TOO_MANY_REDIRECTS",
    ),
    "has a certificate of its own": (
        UNKNOWN,
        http("200 OK"),
        "blocked",
        "hosts_blocked",
        "ERR_CERT_AUTHORITY_INVALID",
    ),
    "speaks no TLS": (NONE, http("200 OK"), "blocked", "hosts_blocked", "ERR_SSL_PROTOCOL_ERROR"),
    "resets": (NONE, None, "disconnected", "network_unreachable", None),
    "closes": (TRUSTED, b"", "disconnected", "network_unreachable", None),
    "its servers have a fault": (
        TRUSTED,
        http("502 Bad Gateway"),
        "disconnected",
        "service_unavailable",
        None,
    ),
}


@asynccontextmanager
async def standing_between(folder, tls, answer):
    """Answer whoever comes, and give the port."""

    async def serve(reader, writer):
        with suppress(OSError, asyncio.IncompleteReadError):
            if answer is None:
                reset = struct.pack("ii", 1, 0)
                writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
            else:
                head = await reader.readuntil(b"\r\n\r\n") if tls != NONE else await reader.read(1)
                writer.write(http("200 OK") if b"portal.example" in head else answer)
                await writer.drain()
        writer.close()

    context = None if tls == NONE else make_certificate(folder)[0]
    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    async with server:
        yield server.sockets[0].getsockname()[1]


@pytest.mark.parametrize("kind", FILTERS)
async def test_a_filter_that(folder, kind):
    """A person is told what was refused where somebody forbids it; where nobody answers wad goes on trying."""
    tls, answer, state, reason, cause = FILTERS[kind]
    async with standing_between(folder, tls, answer) as port:
        arguments = [f"--host-resolver-rules=MAP * 127.0.0.1:{port}"]
        arguments += ["--ignore-certificate-errors"] if tls == TRUSTED else []
        settings = {
            **HASTY,
            **SMALL_BROWSER,
            "WAD_BROWSER_ARGUMENTS": ",".join(arguments),
            "WAD_LINK_PAGE_LOAD": "4",
            "WAD_LINK_FIRST_CODE": "4",
        }
        async with Daemon(folder / "state", "--no-autostart", env=settings) as daemon:
            await daemon.post("/api/whatsapp/start")
            status = await daemon.wait(currentState=state)
            text = daemon.text()

    assert reason == status["reason"]
    assert cause == status.get("blockedReason")
    assert "secret" not in text + str(status)


async def test_a_filter_of_sockets_alone(folder):
    """A page that comes and gets no socket says who is not reached; once it gets one there is a code."""
    settings = {**HASTY, **SMALL_BROWSER, "WAD_LINK_PAGE_LOAD": "6", "WAD_LINK_FIRST_CODE": "3"}
    async with Daemon(folder / "state", "--sandbox", "--no-autostart", env=settings) as daemon:
        await daemon.phone("refuse_sockets")
        await daemon.post("/api/whatsapp/start")
        status = await daemon.wait(currentState="disconnected")
        await daemon.phone("accept_sockets")
        after = await daemon.new_code()

    assert "network_unreachable" == status["reason"]
    assert ("qr", None) == (after["currentState"], after["reason"])
