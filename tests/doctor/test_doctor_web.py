"""HTTP asked directly: servers that are wrong in one way each."""

import os
import socket

import pytest
from doctor_harness import HEALTH, STATUS, as_nobody, http, lines, make_case, on_tcp, on_unix, the

from wad.doctor import web
from wad.doctor.case import Told, WouldStartError
from wad.doctor.cors import check_cors
from wad.doctor.web import check_browser, check_http, page_of


def at(folder, server, more="", **others):
    """Give a case whose HTTP is this server's."""
    return make_case(folder, f'[http]\nlisten = ["127.0.0.1:{server.port}"]\n{more}', **others)


def test_http(folder):
    """A daemon that answers 200 is right, on TCP and on a Unix socket."""
    path = folder / "http.sock"
    with on_tcp(http()) as tcp, on_unix(path, http()):
        case = make_case(folder, f'[http]\nlisten = ["127.0.0.1:{tcp.port}", "unix:{path}"]\n')
        found = list(check_http(case))

    expected = [f"ok: 127.0.0.1:{case.config.http.listen[0].port}: /health answers 200"]
    assert [*expected, f"ok: unix:{path}: /health answers 200"] == lines(found)


def test_everywhere(folder):
    """A daemon that listens on every interface is asked on loopback."""
    with on_tcp(http()) as server:
        toml = f'[http]\ninsecure = true\nlisten = ["0.0.0.0:{server.port}"]\n'
        found = the(check_http(make_case(folder, toml)))

    assert "ok" == found.verdict


def test_host(folder):
    """The Host is one that is allowed; a server that refuses it does so by 421."""
    asked = []

    def reply(request):
        asked.append(request)
        return http(status="421 Misdirected Request")(request)

    with on_tcp(reply) as server:
        found = the(check_http(at(folder, server, 'allowed_hosts = ["wad.example.org"]\n')))
        host = f"Host: wad.example.org:{server.port}\r\n"

    assert host in asked[0]
    assert "fail" == found.verdict
    assert "allowed_hosts" in found.action


@pytest.mark.parametrize(
    "reply",
    [http(body="{}"), http(body="hello"), http(status="503 No"), lambda _: b"SSH-2.0\r\n", lambda _: b""],
    ids=["no wad", "no JSON", "503", "no HTTP", "hangs up"],
)
def test_somebody_else(folder, reply):
    """What answers and is no wad is a failure; the seed's 503 as well."""
    with on_tcp(reply) as server:
        found = the(check_http(at(folder, server)))

    assert "fail" == found.verdict
    assert found.action


def test_nobody(folder):
    """An address nobody listens on is a failure."""
    with on_tcp(http()) as server:
        case = at(folder, server)
    found = the(check_http(case))

    assert "fail" == found.verdict
    assert "Connection refused" in found.said


def test_hung(folder, monkeypatch):
    """A server that takes the connection and says nothing is given up on."""
    monkeypatch.setattr(web, "QUICK", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        case = make_case(folder, f'[http]\nlisten = ["127.0.0.1:{listening.getsockname()[1]}"]\n')
        found = the(check_http(case))

    assert "fail" == found.verdict
    assert "no answer within" in found.said


def test_not_asked(folder):
    """A socket for nginx alone is skipped, and so are a port of the kernel's choice and a stopped wad."""
    path = folder / "http.sock"
    with on_unix(path, http()):
        path.chmod(0o600 if os.geteuid() == 0 else 0)
        case = make_case(folder, f'[http]\nlisten = ["unix:{path}", "127.0.0.1:0"]\n')
        with as_nobody():
            found = list(check_http(case))
    stopped = the(check_http(make_case(folder, told=Told(error=WouldStartError()))))

    assert ["skipped"] * 3 == [each.verdict for each in (*found, stopped)]


@pytest.mark.parametrize("check", [check_cors, check_browser])
def test_silent(folder, check):
    """Without HTTP nothing is said of what it would tell."""
    with on_tcp(http()) as server:
        case = at(folder, server)

    assert "skipped" == the(check(case)).verdict


DYING = HEALTH.replace('"restarts": 0', '"restarts": 3')
BROWSERS = [
    (HEALTH, "ok", "Chromium 156.0 runs"),
    (HEALTH.replace('"restarts": 0', '"restarts": 1'), "ok", "Chromium 156.0 runs, it died or hung once"),
    (DYING, "warn", "Chromium 156.0 runs, it died or hung 3 times"),
    (
        DYING.replace('"uptime": 3600', '"uptime": 864000'),
        "ok",
        "Chromium 156.0 runs, it died or hung 3 times",
    ),
    (HEALTH.replace('Attempts": 0', 'Attempts": 1'), "ok", "Chromium 156.0 runs, 1 failure in a row"),
    (HEALTH.replace('"running": true', '"running": false'), "warn", "no browser runs"),
]


@pytest.mark.parametrize(("body", "verdict", "said"), BROWSERS)
def test_browser(folder, body, verdict, said):
    """A browser that dies over and over, or is missing under a ready link, is warned of."""
    with on_tcp(http(body=body)) as server:
        found = the(check_browser(at(folder, server, told=Told(STATUS, "0.1.0"))))

    assert (verdict, said) == (found.verdict, found.said)


NOT_RUNNING = HEALTH.replace('"running": true', '"running": false')


@pytest.mark.parametrize(
    ("body", "verdict", "said"),
    [
        (NOT_RUNNING, "ok", "no browser runs, and none is wanted now"),
        (NOT_RUNNING.replace('Attempts": 0', 'Attempts": 2'), "warn", "no browser runs, 2 failures in a row"),
    ],
)
def test_browser_of_no_link(folder, body, verdict, said):
    """A browser that does not run is right where nothing is linked, and never beside failures in a row."""
    with on_tcp(http(body=body)) as server:
        case = at(folder, server, told=Told(STATUS | {"isReady": False}, "0.1.0"))
        found = the(check_browser(case))

    assert (verdict, said) == (found.verdict, found.said)


def test_page(folder):
    """The page is where it is public, else where wad answers on this machine, if it does."""
    toml = '[http]\npublic_url = "https://wad.example.org/"\n'
    with on_tcp(http()) as server:
        case = at(folder, server)
        here = page_of(case)
        expected = f"http://127.0.0.1:{server.port}/"

    assert [expected, "https://wad.example.org/", None] == [
        here,
        page_of(make_case(folder, toml)),
        page_of(case),
    ]
