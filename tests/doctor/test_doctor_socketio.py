"""Socket.IO's handshake, with servers that let it through and that do not."""

import pytest
from doctor_harness import http, make_case, on_tcp

from wad.doctor.socketio import check_socketio


def opening(request):
    """Answer as wad does: a websocket is opened, anything else is its health."""
    opens = "GET /socket.io/?EIO=4&transport=websocket" in request and "Upgrade: websocket" in request
    return b"HTTP/1.1 101 Switching Protocols\r\n\r\n" if opens else http()(request)


def checked(folder, direct, front):
    """Check a wad that answers like this behind an nginx that answers like that."""
    with on_tcp(direct) as wad, on_tcp(front) as nginx:
        toml = f'listen = ["127.0.0.1:{wad.port}"]\npublic_url = "http://localhost:{nginx.port}"\n'
        return list(check_socketio(make_case(folder, f"[http]\n{toml}")))


def test_opens(folder):
    """A websocket opens directly and through nginx."""
    found = checked(folder, opening, opening)

    assert ["ok", "ok"] == [each.verdict for each in found]
    assert all(each.said.endswith("a websocket opens") for each in found)


@pytest.mark.parametrize("front", [http(status="400 Bad Request"), http(), lambda _: b""])
def test_front_without_upgrade(folder, front):
    """An nginx that does not pass the upgrade on keeps codes from the page: what to include is named."""
    direct, through = checked(folder, opening, front)

    assert ("ok", "fail") == (direct.verdict, through.verdict)
    assert "wad-proxy.conf" in through.action


def test_unreached(folder):
    """An nginx that does not reach wad says nothing of upgrades."""
    _, through = checked(folder, opening, http(status="503 No"))

    assert "skipped" == through.verdict


def test_no_websocket(folder):
    """A daemon that answers and opens none is a failure of its own."""
    direct, _ = checked(folder, http(), opening)

    assert "fail" == direct.verdict
    assert "answered with 200" in direct.said


def test_nobody(folder):
    """Where nobody listens it is for other checks to say so."""
    with on_tcp(http()) as server:
        toml = f'listen = ["127.0.0.1:{server.port}"]\npublic_url = "http://localhost:{server.port}"\n'
        case = make_case(folder, f"[http]\n{toml}")

    assert ["skipped", "skipped"] == [each.verdict for each in check_socketio(case)]
