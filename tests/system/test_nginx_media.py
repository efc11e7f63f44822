"""Files through the shipped nginx: as large as wad takes them, as they come, and refused by wad alone."""

import hashlib
import os
import socket
from contextlib import closing
from pathlib import Path

import pytest
from nginx_front import TOKEN, running, short_folder, wad
from nginx_harness import HOST, until

MIB = 1 << 20
LARGE = os.urandom(MIB) * 20
SHA256 = hashlib.sha256(LARGE).hexdigest()
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture(scope="module")
def front():
    """Give nginx before a wad with a token, and where that wad's files are."""
    with short_folder() as folder:
        token = folder / "token"
        token.write_text(TOKEN)
        token.chmod(0o600)
        settings = {"WAD_HTTP_TOKEN_FILE": str(token), "WAD_MESSAGES_MEDIA_MIB": "21"}
        with wad(folder / "wad", **settings) as path, running(folder, f"unix:{path}") as nginx:
            yield nginx, folder / "wad/state/sandbox/media"


def kept(media: Path):
    """Give the names of files that lie there, whole or not."""
    return {path.name for path in media.rglob("*") if path.is_file()}


def test_a_large_file_up_and_down(front):
    """Byte for byte, whole and in part; nothing of it is written by nginx on its way."""
    nginx, _ = front
    up = nginx.ask("POST", "/api/whatsapp/media", BEARER, LARGE)
    whole = nginx.ask("GET", f"/api/whatsapp/media/{SHA256}", BEARER)
    part = nginx.ask("GET", f"/whatsapp/media/{SHA256}", BEARER | {"Range": "bytes=-10"})
    spooled = [
        path for name in ("body", "proxy") for path in (nginx.prefix / name).rglob("*") if path.is_file()
    ]

    assert (up.code, up.json["media"]["sha256"]) == (201, SHA256)
    assert (whole.code, whole.body == LARGE) == (200, True)
    assert (part.code, part.body) == (206, LARGE[-10:])
    assert spooled == []
    assert "buffered to a temporary file" not in (nginx.prefix / "error.log").read_text()


def test_a_form_with_a_large_file_reaches_wad(front):
    """Without a session it is refused by wad, in wad's words."""
    nginx, _ = front
    form = (
        b'--m\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n' + LARGE + b"\r\n--m--\r\n"
    )
    headers = BEARER | {"Content-Type": "multipart/form-data; boundary=m"}
    answer = nginx.ask("POST", "/api/whatsapp/messages", headers, form)

    assert (answer.code, answer.json["code"]) == (422, "invalid_recipient")


@pytest.mark.parametrize("path", ["/api/whatsapp/media", "/whatsapp/media/", "/api/whatsapp/messages"])
def test_who_may_not_send_is_refused_before_the_file(front, path):
    """By wad, and at once: the file is not waited for, and nothing is kept of it."""
    nginx, media = front
    before = kept(media)
    head = f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: multipart/form-data; boundary=m\r\n"
    with closing(socket.create_connection(("127.0.0.1", nginx.port), 30)) as client:
        client.sendall(f"{head}Content-Length: {len(LARGE)}\r\n\r\n".encode() + LARGE[:1000])
        said = client.recv(65536)

    assert said.startswith(b"HTTP/1.1 401 ")
    assert kept(media) == before


def test_beyond_the_limit(front):
    """The limit is wad's, and so is the answer."""
    nginx, media = front
    before = kept(media)
    head = f"POST /api/whatsapp/media HTTP/1.1\r\nHost: {HOST}\r\nAuthorization: Bearer {TOKEN}\r\n"
    with closing(socket.create_connection(("127.0.0.1", nginx.port), 30)) as client:
        client.sendall(f"{head}Content-Length: {200 * MIB}\r\n\r\n".encode() + LARGE[:1000])
        said = client.recv(65536)

    assert said.startswith(b"HTTP/1.1 413 ")
    assert b'"body_too_large"' in said
    assert kept(media) == before


def test_a_client_that_breaks_off(front):
    """Its end is handed on, and nothing half is left."""
    nginx, media = front
    before = kept(media)
    head = f"POST /api/whatsapp/media HTTP/1.1\r\nHost: {HOST}\r\nAuthorization: Bearer {TOKEN}\r\n"
    with closing(socket.create_connection(("127.0.0.1", nginx.port), 30)) as client:
        client.sendall(f"{head}Content-Length: {len(LARGE)}\r\n\r\n".encode() + LARGE[: 5 * MIB])
        until(lambda: kept(media) != before, "the first bytes")
    until(lambda: kept(media) == before, "the end of what was half")


def test_all_other_bodies_are_short(front):
    """What holds no file has the limits it had."""
    nginx, _ = front
    answer = nginx.ask("POST", f"/api/whatsapp/media/{SHA256}", BEARER, b"x" * (600 * 1024))
    text = nginx.ask("PUT", "/api/whatsapp/messages/x", BEARER, b"x" * (600 * 1024))

    assert (answer.code, answer.json["code"]) == (413, "body_too_large")
    assert (text.code, text.json["code"]) == (413, "body_too_large")
