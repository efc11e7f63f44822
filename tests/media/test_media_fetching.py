"""Fetching files from addresses that somebody gave: from real servers, good and bad, within bounds."""

import asyncio
import hashlib
import os
import ssl
import subprocess

import pytest
from file_server import answer, moved, serving

from wad.core.errors import MediaTooLargeError, MediaUnreachableError, MessageError, StoreFullError
from wad.media.fetching import Fetcher, checked_url
from wad.media.files import MediaFiles

WITHIN = 30
CONTENT = os.urandom(300_000)


async def made(folder, *, private=True, patience=WITHIN, most=1 << 20, quota=8 << 20, **more):
    """Give files, and what fetches into them."""
    files = MediaFiles(folder / "media", most=most, quota=quota, patience=WITHIN)
    await files.open()
    return files, Fetcher(files, private=private, patience=patience, **more)


def stray(folder):
    """Give what is left of files that are not whole."""
    return list((folder / "media/incoming").iterdir())


async def refused(folder, server, path="/", **more):
    """Give why a file is not fetched."""
    _, fetcher = await made(folder, **more)
    with pytest.raises(MediaUnreachableError) as raised:
        await fetcher.fetch(server.url(path))
    assert stray(folder) == []
    return raised.value.kind


async def test_a_file_is_fetched(tmp_path):
    """Whole, with what its server says of it; its name is the header's, or else the address's."""
    async with serving() as server:
        headers = {"Content_Type": "application/pdf", "Content_Disposition": 'attachment; filename="a b.pdf"'}
        server.answers["/x?y=1"] = answer(CONTENT, **headers)
        server.answers["/in%20a/folder.bin"] = answer(CONTENT)
        files, fetcher = await made(tmp_path)
        first = await fetcher.fetch(server.url("/x?y=1#part"))
        second = await fetcher.fetch(server.url("/in%20a/folder.bin"))
        content = files.path(first.file.sha256).read_bytes()

    assert content == CONTENT
    assert first.file.sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert (first.mimetype, first.filename) == ("application/pdf", "a b.pdf")
    assert (second.mimetype, second.filename) == (None, "folder.bin")
    assert "\r\nAccept-Encoding: identity\r\n" in server.heads[0]


async def test_an_address_in_any_language(tmp_path):
    """What is no ASCII goes out as RFC 3987 has it."""
    async with serving() as server:
        server.answers["/%D0%B6.pdf"] = answer(CONTENT)
        _, fetcher = await made(tmp_path)
        found = await fetcher.fetch(server.url("/ж.pdf"))

    assert found.filename == "ж.pdf"


async def test_a_chunked_answer(tmp_path):
    """Its size is known at its end alone."""

    async def pieces():
        yield b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        for start in range(0, len(CONTENT), 50_000):
            yield b"c350\r\n" + CONTENT[start : start + 50_000] + b"\r\n"
        yield b"0\r\n\r\n"

    async with serving() as server:
        server.answers["/"] = pieces
        _, fetcher = await made(tmp_path)
        found = await fetcher.fetch(server.url())

    assert found.file.sha256 == hashlib.sha256(CONTENT).hexdigest()


async def test_redirects_are_followed(tmp_path):
    """Five of them, relative ones too; no sixth."""
    async with serving() as server:
        for number in range(6):
            server.answers[f"/{number}"] = moved(f"{number + 1}")
        server.answers["/6"] = answer(CONTENT)
        files, fetcher = await made(tmp_path)
        found = await fetcher.fetch(server.url("/1"))
        kind = await refused(tmp_path, server, "/0")

    assert found.filename == "6"
    assert await files.find(found.file.sha256)
    assert kind == "too_many_redirects"


@pytest.mark.parametrize(
    "where",
    [
        "",
        "ftp://example.org/x",
        "http://user:pw@example.org/",
        "file:///etc/passwd",
        "http://[::1",
        "javascript:1",
    ],
)
async def test_a_redirect_to_nowhere(tmp_path, where):
    """What nobody could have given as an address is none here either."""
    async with serving() as server:
        server.answers["/"] = moved(where) if where else answer(status="302 Found", Location="\x80")
        kind = await refused(tmp_path, server)

    assert kind in {"bad_redirect", "HTTP 404"}


async def test_private_addresses_are_closed(tmp_path):
    """By name, by number, however it is written; nothing is sent there."""
    async with serving() as server:
        server.answers["/"] = answer(CONTENT)
        _, fetcher = await made(tmp_path, private=False)
        kinds = []
        for host in (
            "127.0.0.1",
            "localhost",
            "0x7f000001",
            "2130706433",
            "127.1",
            "[::ffff:127.0.0.1]",
            "0.0.0.0",
        ):
            with pytest.raises(MediaUnreachableError) as raised:
                await fetcher.fetch(server.url(host=host))
            kinds.append(raised.value.kind)

    assert set(kinds) == {"private_address"}
    assert server.asked == []


async def test_a_redirect_to_a_private_address(tmp_path, monkeypatch):
    """The address that a public server names is judged as the first one was."""
    public = {"192.0.2.1"}
    monkeypatch.setattr("wad.net.addresses.is_public", lambda address: address in public)
    async with serving() as inside, serving() as outside:
        inside.answers["/"] = answer(CONTENT)
        outside.answers["/"] = moved(inside.url())
        _, fetcher = await made(
            tmp_path, private=False, resolver=_Leading({"outside.test": "127.0.0.1"}, public)
        )
        with pytest.raises(MediaUnreachableError) as raised:
            await fetcher.fetch(outside.url(host="outside.test"))

    assert raised.value.kind == "private_address"
    assert outside.asked == ["/"]
    assert inside.asked == []


class _Leading:
    """Gives addresses of names; those of its names count as public ones."""

    def __init__(self, names, public):
        self._names = names
        self._public = public

    async def resolve(self, host, port, family=0):  # noqa: ARG002 - Tornado's
        address = self._names.get(host, host)
        (self._public.add if host in self._names else self._public.discard)(address)
        return [(2, (address, port))]


async def test_a_body_without_end(tmp_path):
    """It is read to the limit, and no further: neither by its size nor by its time does it hold anybody up."""

    async def endless():
        yield b"HTTP/1.1 200 OK\r\n\r\n"
        while True:
            yield bytes(65536)

    async with serving() as server:
        server.answers["/"] = endless
        _, fetcher = await made(tmp_path)
        with pytest.raises(MediaTooLargeError, match="1 MiB"):
            await fetcher.fetch(server.url())
        sent = server.sent
        with pytest.raises(StoreFullError):
            await (await made(tmp_path, quota=1 << 19))[1].fetch(server.url())

    assert stray(tmp_path) == []
    # What the kernels on both sides hold is beyond it.
    assert sent < 16 << 20


async def test_an_announced_length_beyond_the_limit(tmp_path):
    """Nothing of it is waited for."""
    async with serving() as server:
        server.answers["/"] = b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n" + bytes(2 << 20)
        _, fetcher = await made(tmp_path)
        with pytest.raises(MediaTooLargeError):
            await fetcher.fetch(server.url())


async def test_a_server_that_trickles(tmp_path):
    """The whole time is bounded, not only the pauses."""

    async def slow():
        yield b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"
        while True:
            yield b"x"
            await asyncio.sleep(0.01)

    async with serving() as server:
        server.answers["/"] = slow
        kind = await refused(tmp_path, server, patience=0.5)

    assert kind == "timeout"


async def test_a_server_that_says_nothing(tmp_path):
    """It has taken the question, and never answers."""

    async def silent():
        await asyncio.Event().wait()
        yield b""

    async with serving() as server:
        server.answers["/"] = silent
        kind = await refused(tmp_path, server, patience=0.3)

    assert kind == "timeout"


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf", "broke_off"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "broke_off"),
        (b"HTTP/1.1 200 OK\r\nContent-Le", "closed"),
        (b"", "closed"),
        (b"nonsense\r\n\r\n", "closed"),
        (answer(status="404 Not Found"), "HTTP 404"),
        (answer(b"busy", status="503 Service Unavailable"), "HTTP 503"),
        (answer(status="204 No Content"), "HTTP 204"),
        (answer(CONTENT, status="206 Partial Content"), "HTTP 206"),
        (answer(CONTENT, Content_Encoding="gzip"), "encoded"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 100_000 + b"\r\n\r\n", "closed"),
    ],
)
async def test_answers_that_are_no_file(tmp_path, said, kind):
    """Nothing is kept of one that is not whole, or is not what was asked for."""
    async with serving() as server:
        server.answers["/"] = said
        found = await refused(tmp_path, server)

    assert found == kind


async def test_nobody_is_there(tmp_path):
    """A port that nobody listens on, and a name that nobody has."""
    async with serving() as server:
        pass
    kind = await refused(tmp_path, server)
    _, fetcher = await made(tmp_path)
    with pytest.raises(MediaUnreachableError) as raised:
        await fetcher.fetch("http://nobody.invalid/")

    assert kind == "refused"
    assert raised.value.kind == "unknown_host"


def certified(folder):
    """Make a key, and a certificate for this machine that nobody has signed; gives their files."""
    key, certificate = folder / "key.pem", folder / "cert.pem"
    subprocess.run(
        [
            *(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
            ),
            *("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "2"),
            *("-keyout", key, "-out", certificate),
        ],
        check=True,
        capture_output=True,
    )
    return key, certificate


async def test_certificates_are_checked(tmp_path):
    """Of a server that anybody could be nothing is taken."""
    key, certificate = certified(tmp_path)
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate, key)
    async with serving(tls) as server:
        server.answers["/"] = answer(CONTENT)
        kind = await refused(tmp_path, server)
        trust = ssl.create_default_context(cafile=str(certificate))
        _, fetcher = await made(tmp_path, trust=trust)
        found = await fetcher.fetch(server.url(host="localhost"))

    assert kind == "certificate"
    assert found.file.size == len(CONTENT)


@pytest.mark.parametrize(
    "url",
    [
        *(None, 7, "", "example.org", "ftp://example.org/", "file:///etc/passwd", "http://", "http:///x"),
        *("http://user@example.org/", "http://u:p@example.org/", "http://example.org:0/", "http://[::1/"),
        *("http://example.org/a b", "http://example.org/\r\nX: y", "http://example.org:99999/", "data:,x"),
        "http://example.org/" + "x" * 5000,
    ],
)
def test_what_is_no_address_of_a_file(url):
    """It is refused where it is given; the sentence repeats nothing of it."""
    with pytest.raises(MessageError) as raised:
        checked_url(url)
    assert "example" not in str(raised.value)
