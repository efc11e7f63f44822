"""Files as users of the real daemon fetch them: the very bytes, in parts, and nothing that a browser would run."""

import asyncio
import hashlib
import http.client
from pathlib import Path

from daemon_client import until
from daemon_media import sha256, upload
from daemon_messages import NUMBER, event, linked

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!DOCTYPE html><script>alert(1)</script>"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)


async def received(daemon, text, **media):
    """Have a message with a file come; gives what its event tells of the file."""
    await daemon.phone("receive", **{"from": f"+{NUMBER}", "text": text, "media": media})
    told = await event(daemon, "message", lambda data: data["text"] == text)
    return told["data"]["media"] | {"message": told["data"]["id"]}


async def stored(daemon, sha):
    """Wait until a file is here, by what its message says."""

    async def look():
        answer = await daemon.fetch("GET", f"/api/whatsapp/media/{sha}", within=60)
        return answer if answer.code == 200 else None

    return await until(look, "the file")


async def test_what_came_is_had_at_the_address_of_its_event(linked_state):
    """The very bytes; whole or in parts, once or again."""
    async with linked(linked_state) as daemon:
        media = await received(
            daemon, "a", kind="document", size=300_000, filename="a b.pdf", mimetype="application/pdf"
        )
        url = media["url"]
        whole = await stored(daemon, media["sha256"])
        head = await daemon.fetch("HEAD", url)

        async def ask(**headers):
            return await daemon.fetch(
                "GET", url, headers={name.replace("_", "-"): value for name, value in headers.items()}
            )

        etag = whole.headers["Etag"]
        parts = {
            "bytes=0-99": await ask(Range="bytes=0-99"),
            "bytes=299000-": await ask(Range="bytes=299000-"),
            "bytes=-5": await ask(Range="bytes=-5"),
            "bytes=-999999": await ask(Range="bytes=-999999"),
            "bytes=299999-400000": await ask(Range="bytes=299999-400000"),
        }
        beyond = await ask(Range="bytes=300000-")
        odd = [await ask(Range=each) for each in ("bytes=0-1,5-6", "lines=1-2", "bytes=9-3", "bytes=-", "x")]
        same = await ask(Range="bytes=0-9", If_Range=etag)
        other = await ask(Range="bytes=0-9", If_Range='"another"')
        known = await ask(If_None_Match=etag)
        unknown = await daemon.get(f"/api/whatsapp/media/{'0' * 64}")
        no_name = await daemon.get("/api/whatsapp/media/..%2f..%2fetc%2fpasswd")
        told = (await daemon.get("/api/whatsapp/events?types=message")).json["events"][0]["data"]["media"]

    content = whole.body

    assert (len(content), sha256(content)) == (300_000, media["sha256"])
    assert (media["filename"], media["mimetype"], media["size"]) == ("a b.pdf", "application/pdf", 300_000)
    assert told["sha256"] == media["sha256"]
    assert (head.code, head.body, head.headers["Content-Length"]) == (200, b"", "300000")
    assert {name: (each.code, each.body) for name, each in parts.items()} == {
        "bytes=0-99": (206, content[:100]),
        "bytes=299000-": (206, content[299_000:]),
        "bytes=-5": (206, content[-5:]),
        "bytes=-999999": (200, content),
        "bytes=299999-400000": (206, content[-1:]),
    }
    assert parts["bytes=-5"].headers["Content-Range"] == "bytes 299995-299999/300000"
    assert (beyond.code, beyond.json["code"], beyond.headers["Content-Range"]) == (
        416,
        "range_not_satisfiable",
        "bytes */300000",
    )
    assert [(each.code, len(each.body)) for each in odd[:2] + odd[3:]] == [(200, 300_000)] * 4
    assert odd[2].code in {200, 416}
    assert (same.code, same.body, other.code, len(other.body)) == (206, content[:10], 200, 300_000)
    assert (known.code, known.body) == (304, b"")
    assert (unknown.code, unknown.json["code"]) == (404, "media_not_found")
    assert no_name.code == 404


async def test_nothing_that_a_browser_runs(linked_state):
    """A picture is shown; a drawing or a page with a script is bytes to be saved; and nobody guesses otherwise."""
    async with linked(linked_state) as daemon:
        found = {}
        for name, content, mimetype in (
            ("x.png", PNG, "text/html"),
            ("x.svg", SVG, "image/svg+xml"),
            ("x.html", HTML, "text/html"),
        ):
            headers = {"Content-Type": mimetype, "Content-Disposition": f'attachment; filename="{name}"'}
            url = (await upload(daemon, content, headers)).json["media"]["url"]
            found[name] = await daemon.get(url)

    kinds = {
        name: (each.headers["Content-Type"], each.headers["Content-Disposition"].partition(";")[0])
        for name, each in found.items()
    }

    assert [each.body for each in found.values()] == [PNG, SVG, HTML]
    assert kinds == {
        "x.png": ("image/png", "inline"),
        "x.svg": ("application/octet-stream", "attachment"),
        "x.html": ("application/octet-stream", "attachment"),
    }
    for each in found.values():
        assert each.headers["X-Content-Type-Options"] == "nosniff"
        assert each.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
        assert each.headers["Cross-Origin-Resource-Policy"] == "same-site"
        assert each.headers["Cache-Control"].startswith("private")


async def test_a_token_is_needed(linked_state, folder):
    """Without it nobody learns whether there is such a file, and nothing that is sent is kept."""
    (folder / "token").write_text("a-token-of-many-letters")
    (folder / "token").chmod(0o600)
    async with linked(linked_state, WAD_HTTP_TOKEN_FILE=str(folder / "token")) as daemon:
        stranger = [
            await upload(daemon, b"x" * 100_000),
            await daemon.get(f"/api/whatsapp/media/{'0' * 64}"),
        ]
        left = [each for each in (daemon.folder / "media").rglob("*") if each.is_file()]
        daemon.headers["Authorization"] = "Bearer a-token-of-many-letters"
        friend = await upload(daemon, b"x" * 100_000)
        had = await daemon.get(friend.json["media"]["url"])

    assert [(each.code, each.json["code"]) for each in stranger] == [(401, "unauthorized")] * 2
    assert left == []
    assert (friend.code, had.code, len(had.body)) == (201, 200, 100_000)


async def test_one_that_has_expired(linked_state):
    """The phone uploads it again; one that it has lost too is gone for good, and says so."""
    async with linked(linked_state, WAD_MESSAGES_MEDIA="lazy") as daemon:
        media = await received(daemon, "a", kind="image")
        await daemon.phone("expire", id=media["message"], phone="has")
        again = await daemon.fetch("GET", media["url"], within=90)
        lost = await received(daemon, "b", kind="document", size=5000)
        await daemon.phone("expire", id=lost["message"], phone="gone")
        gone = await daemon.fetch("GET", lost["url"], within=90)
        once_more = await daemon.fetch("GET", lost["url"])

    assert (again.code, sha256(again.body)) == (200, media["sha256"])
    assert (gone.code, gone.json["code"]) == (410, "media_expired")
    assert (once_more.code, once_more.json["code"]) == (410, "media_expired")


async def test_one_that_is_not_what_it_is_said_to_be(linked_state):
    """Another content than the message named is given to nobody."""
    async with linked(linked_state, WAD_MESSAGES_MEDIA="lazy") as daemon:
        media = await received(daemon, "a", kind="document", size=5000, sha256="ab" * 32)
        answer = await daemon.fetch("GET", media["url"], within=90)
        left = [each for each in (daemon.folder / "media").rglob("*") if each.is_file()]

    assert media["sha256"] == "ab" * 32
    assert (answer.code, answer.json["code"]) == (502, "media_unreachable")
    assert left == []


async def test_never_means_never(linked_state):
    """What came is told, and not fetched, whoever asks; what was sent is had."""
    async with linked(linked_state, WAD_MESSAGES_MEDIA="never") as daemon:
        media = await received(daemon, "a", kind="document", size=5000)
        answer = await daemon.get(media["url"])

    assert (answer.code, answer.json["code"]) == (404, "media_not_found")


async def test_a_client_that_goes_away_in_the_middle(linked_state):
    """Of an upload nothing is left, of a download nothing is open, and the log has no fault."""
    async with linked(linked_state) as daemon:
        content = bytes(range(256)) * 16384
        url = (await upload(daemon, content)).json["media"]["url"]

        def leave():
            for _ in range(5):
                connection = http.client.HTTPConnection("127.0.0.1", daemon.port)
                connection.request("GET", url)
                connection.getresponse().read(1000)
                connection.close()
                connection = http.client.HTTPConnection("127.0.0.1", daemon.port)
                connection.putrequest("POST", "/api/whatsapp/media")
                connection.putheader("Content-Length", "1000000")
                connection.endheaders()
                connection.send(content[:300_000])
                connection.close()

        await asyncio.to_thread(leave)
        incoming = daemon.folder / "media/incoming"
        await until(lambda: not list(incoming.iterdir()), "nothing that is half")

        def open_files():
            links = [each.readlink() for each in Path(f"/proc/{daemon.process.pid}/fd").iterdir()]
            return [each for each in links if "/media/" in str(each)]

        await until(lambda: not open_files(), "nothing that is open")
        whole = await daemon.get(url)
        faults = [line for line in daemon.lines() if line["level"] == "error"]

    assert hashlib.sha256(whole.body).hexdigest() == sha256(content)
    assert faults == []


async def test_who_sends_nothing_any_more_is_cut_off(linked_state):
    """A slow line may take long for a file; one on which nothing comes holds no connection."""
    async with linked(linked_state, WAD_LINK_HTTP_FILE_PAUSE="1", WAD_LINK_HTTP_BODY="1") as daemon:
        reader, writer = await asyncio.open_connection("127.0.0.1", daemon.port)
        head = "POST /api/whatsapp/media HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 10\r\n\r\n"
        writer.write(head.encode() + b"0")
        # Longer than any body may otherwise take.
        for _ in range(6):
            await asyncio.sleep(0.3)
            writer.write(b"1")
        for _ in range(3):
            await asyncio.sleep(0.3)
            writer.write(b"2")
        slow = await asyncio.wait_for(reader.readuntil(b"\r\n"), 30)
        writer.close()
        reader, writer = await asyncio.open_connection("127.0.0.1", daemon.port)
        writer.write(head.encode() + b"0")
        idle = await asyncio.wait_for(reader.read(), 30)
        writer.close()
        incoming = daemon.folder / "media/incoming"
        # The connection is closed first, and what had come on it is deleted then.
        await until(lambda: not list(incoming.iterdir()), "nothing half to be left")

    assert slow == b"HTTP/1.1 201 Created\r\n"
    assert idle == b""
