"""The files at the sandbox's media server, without a browser: what is kept, and for how long; what is refused."""

import asyncio
import base64
import hashlib
import stat
import time

import pytest
from sandbox_browser import running
from sandbox_chromium import DEADLINE
from tornado.httpclient import AsyncHTTPClient, HTTPError
from tornado.iostream import StreamClosedError
from tornado.tcpclient import TCPClient

from wad.sandbox import mediafiles
from wad.sandbox.mediafiles import LARGEST, SEAL, MediaFiles
from wad.sandbox.samples import noise, picture, voice

CONTENT = b"what was sent" + bytes(SEAL)
NAME = hashlib.sha256(CONTENT).hexdigest()


def named(content: bytes) -> str:
    """Give the name under which a file is uploaded."""
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).decode().rstrip("=")


async def upload(sandbox, content: bytes = CONTENT, name: str | None = None, **headers):
    """Upload a file as the page does."""
    origin = {"Origin": sandbox.url.strip("/"), **headers}
    url = f"{sandbox.url}mms/document/{name or named(content)}"
    return await AsyncHTTPClient().fetch(url, method="POST", body=content, headers=origin)


def files(directory) -> list[str]:
    return sorted(each.name for each in (directory / "sandbox/media").iterdir())


async def until(true) -> None:
    end = time.monotonic() + DEADLINE
    while not true():
        assert time.monotonic() < end, "it did not come"
        await asyncio.sleep(0.01)


async def test_kept(io_loop, tmp_path):
    """A file is private, outlives the sandbox, and is served as it came."""
    async with running(tmp_path) as sandbox:
        answer = await upload(sandbox)
        mode = stat.S_IMODE((tmp_path / "sandbox/media" / NAME).stat().st_mode)
    async with running(tmp_path) as sandbox:
        path = answer.body.decode().partition('"direct_path": "/')[2].rstrip('"}')
        served = await AsyncHTTPClient().fetch(f"{sandbox.url}{path}")

    assert 0o600 == mode
    assert CONTENT == served.body


async def test_what_was_not_finished(io_loop, tmp_path):
    """Halves of files, and files nobody knows of, are gone with the next start; a damaged list knows of none."""
    async with running(tmp_path) as sandbox:
        await upload(sandbox)
    (tmp_path / "sandbox/media/1-1.new").write_bytes(b"half")
    async with running(tmp_path):
        assert [NAME] == files(tmp_path)
    (tmp_path / "sandbox/media.json").write_text('{"files": [1]}')
    async with running(tmp_path):
        assert [] == files(tmp_path)


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ({"Origin": "https://example.org"}, 403),
        ({"name": named(b"something else")}, 400),
        ({"Host": "example.org"}, 421),
    ],
)
async def test_refused(io_loop, tmp_path, options, status):
    """Another site's page, another host's name, and a file that is not what its name says, are refused."""
    async with running(tmp_path) as sandbox:
        with pytest.raises(HTTPError) as refused:
            await upload(sandbox, **options)

    assert status == refused.value.code


async def test_too_large(io_loop, tmp_path):
    """A file that is announced as larger than any is refused before it comes."""
    async with running(tmp_path) as sandbox:
        stream = await begun(sandbox, LARGEST + 1)
        answer = await stream.read_until(b"\r\n")

    assert b"413" in answer
    assert [] == files(tmp_path)


async def begun(sandbox, length: int):
    """Begin an upload, and announce its length."""
    host = sandbox.url.split("/")[2]
    stream = await TCPClient().connect(*host.split(":"))
    lines = (f"POST /mms/image/x HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\n"
             f"Content-Length: {length}\r\n\r\n")  # fmt: skip
    await stream.write(lines.encode())
    return stream


async def test_who_goes_away(io_loop, tmp_path):
    """Of an upload that ends early nothing is left."""
    async with running(tmp_path) as sandbox:
        stream = await begun(sandbox, 1000)
        await stream.write(b"half")
        await until(lambda: files(tmp_path))
        stream.close()
        await until(lambda: not files(tmp_path))


async def test_no_answer(io_loop, tmp_path):
    """A server that is down closes without an answer."""
    async with running(tmp_path) as sandbox:
        await sandbox.phone.media_server(answer="down")
        stream = await begun(sandbox, 10)
        with pytest.raises(StreamClosedError):
            await stream.read_until(b"\r\n")


async def test_room(io_loop, tmp_path, monkeypatch):
    """Where there is no room, the oldest files go."""
    monkeypatch.setattr(mediafiles, "MOST", 250)
    kept = MediaFiles(tmp_path)
    await kept.load()
    made = [await kept.make(b"key", lambda: noise(100)) for _ in range(2)]
    other = [await kept.make(bytes([each]), lambda: noise(100)) for each in range(2)]

    assert made[0].name == made[1].name
    assert (1, 2) == (made[0].uploads, made[1].uploads)
    assert sorted(each.name for each in other) == sorted(each.name for each in (tmp_path / "media").iterdir())


async def test_a_sender_that_fails(io_loop, tmp_path):
    """Of what was not made to its end nothing is left."""
    kept = MediaFiles(tmp_path)
    await kept.load()

    def half():
        yield b"half"
        raise OSError("no more")

    with pytest.raises(OSError, match="no more"):
        await kept.make(b"key", half)

    assert [] == list((tmp_path / "media").iterdir())


def test_samples():
    """A size has its bytes, a seed its picture; a voice note is as long as was asked for."""
    assert b"".join(noise(100_000)) == b"".join(noise(100_000))
    assert 100_000 == len(b"".join(noise(100_000)))
    assert picture("a") != picture("b")
    assert len(voice(1)) < len(voice(3))
