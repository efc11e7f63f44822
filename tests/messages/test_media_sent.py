"""Files on their way out: had, judged, uploaded before their message's turn; nothing pretended, nothing twice."""

import asyncio
import base64

import pytest
from fake_message_page import FakeMessagePage
from file_server import answer, serving
from messages_harness import WITHIN, opened

from wad.core.errors import IdempotencyError, MediaTooLargeError, MessageError, UnsupportedMediaError
from wad.store import media as store

TO = "15551110000@c.us"
PDF = b"%PDF-1.7\n" + bytes(range(256))
WAV = b"RIFF\x24\x08\x00\x00WAVEfmt " + bytes(100)


class Gated(FakeMessagePage):
    """A page whose uploads wait for a word."""

    def __init__(self):
        super().__init__()
        self.gate = asyncio.Event()
        self.begun = asyncio.Queue()

    async def upload(self, key, file):
        """Take a file up once it may."""
        self.begun.put_nowait(key)
        await self.gate.wait()
        await super().upload(key, file)


def data(content):
    """Give a content as JSON holds it."""
    return base64.b64encode(content).decode()


async def send(house, content=PDF, to=TO, text=None, **more):
    """Accept a message with a file; gives its document."""
    ref = {"clientRef": more.pop("ref")} if "ref" in more else {}
    media = more if content is None else {"data": data(content), **more}
    document, _ = await house.messages.send({"to": to, "text": text, "media": media, **ref})
    return document


async def sent(house, count=1):
    """Wait until so many own messages were told; gives them."""
    while True:
        newest = house.journal.newest
        found = await house.events("message.own")
        if len(found) >= count:
            break
        assert await house.journal.wait(newest, WITHIN)
    return [each.data for each in found]


def lying(folder):
    """Give the names of all files."""
    return sorted(path.name for path in (folder / "media").rglob("*") if path.is_file())


async def test_a_file_goes_out_with_its_caption(tmp_path):
    """Under its name, as what it is; its message says what it is from the first moment."""
    async with opened(tmp_path) as house:
        await house.link()
        accepted = await send(house, filename="a.pdf", text="here")
        (own,) = await sent(house)

    assert house.page.carried == [(("document", "application/pdf", "a.pdf", PDF), "here")]
    assert accepted["media"] == own["media"]
    assert (own["media"]["state"], own["media"]["size"], own["type"]) == ("stored", len(PDF), "document")


async def test_a_chats_order_is_kept_and_others_go_on(tmp_path):
    """While a file is being uploaded the chat's next text waits; other chats' do not."""
    page = Gated()
    async with opened(tmp_path, page) as house:
        await house.link()
        await send(house, ref="file")
        await house.send("behind", TO)
        await page.begun.get()
        await house.send("elsewhere", "+15552220000")
        await house.event("message.own", lambda told: told["text"] == "elsewhere")
        before = [each.data["text"] for each in await house.events("message.own")]
        page.gate.set()
        told = await sent(house, 3)

    assert before == ["elsewhere"]
    assert [each["type"] for each in told] == ["chat", "document", "chat"]
    assert told[2]["text"] == "behind"


async def test_an_upload_is_lost_with_its_document(tmp_path):
    """It is done again; the message goes out once."""
    page = Gated()
    async with opened(tmp_path, page) as house:
        await house.link()
        await send(house)
        await page.begun.get()
        page.reload()
        page.gate.set()
        # A new document makes itself heard.
        house.messages.outbox.reconcile()
        house.messages.inbox.ring()
        await sent(house)

    assert len(page.carried) == 1
    assert page.asked["upload"] == 2


async def test_one_that_is_withdrawn_meanwhile_is_not_sent(tmp_path):
    """Nor is anything done for it any more."""
    page = Gated()
    async with opened(tmp_path, page) as house:
        await house.link()
        document = await send(house, ref="a")
        await page.begun.get()
        withdrawn = await house.messages.withdraw(document["id"])
        await house.send("next", TO)
        await sent(house)

    assert withdrawn["state"] == "cancelled"
    assert page.carried == []
    assert page.asked["upload"] == 0


@pytest.mark.parametrize("refused", ["too_large", "unsupported_media"])
async def test_what_the_page_does_not_take_fails(tmp_path, refused):
    """Its message fails with that reason; the next goes on."""
    async with opened(tmp_path) as house:
        await house.link()
        house.page.takes = refused
        await send(house)
        await house.send("next", TO)
        failed = await house.event("message.failed")
        await sent(house)

    assert failed.data["error"]["code"] == refused
    assert house.page.carried == []


async def test_an_address_is_fetched_when_it_is_due(tmp_path):
    """A server that is in trouble for a moment is asked again; its redirects are followed."""
    async with serving() as server, opened(tmp_path) as house:
        await house.link()
        answers = iter([answer(status="503 Busy"), answer(PDF, Content_Type="text/plain")])

        async def next_answer():
            yield next(answers)

        server.answers["/a.pdf"] = next_answer
        accepted = await send(house, None, url=server.url("/a.pdf"))
        (own,) = await sent(house)

    assert (accepted["media"]["state"], accepted["media"]["sha256"]) == ("remote", None)
    assert (own["media"]["filename"], own["media"]["mimetype"], own["media"]["size"]) == (
        *("a.pdf", "application/pdf"),
        len(PDF),
    )
    assert len(server.asked) == 2


async def test_an_address_without_a_file_fails(tmp_path):
    """After some tries, with a reason; what is wrong with a file that came is said at once."""
    async with serving() as server, opened(tmp_path, most=100_000) as house:
        await house.link()
        server.answers["/html"] = answer(b"<html>")
        server.answers["/large"] = answer(bytes(100_001))
        for path, ref, kind in (("/no", "a", None), ("/html", "b", "image"), ("/large", "c", None)):
            await send(house, None, url=server.url(path), ref=ref, **({"kind": kind} if kind else {}))
        for ref in "abc":
            await house.event("message.failed", lambda told, ref=ref: told["clientRef"] == ref)
        failed = {
            each.data["clientRef"]: each.data["error"]["code"]
            for each in await house.events("message.failed")
        }

    assert failed == {"a": "media_unreachable", "b": "unsupported_media", "c": "too_large"}
    assert [server.asked.count(path) for path in ("/no", "/html", "/large")] == [4, 1, 1]


async def test_what_is_wrong_is_refused_at_once(tmp_path):
    """With a sentence, before anything is accepted; and nothing is left of it in the outbox."""
    async with opened(tmp_path, most=1000) as house:
        await house.link()
        with pytest.raises(MediaTooLargeError):
            await send(house, bytes(1001))
        with pytest.raises(UnsupportedMediaError, match="as a document"):
            await send(house, PDF, kind="image")
        with pytest.raises(MessageError, match="empty"):
            await send(house, b"")
        with pytest.raises(MessageError, match="sha256"):
            await send(house, None, sha256="0" * 64)
        with pytest.raises(MessageError, match="base64"):
            await send(house, None, data="not base64!")
        waiting = (await house.messages.waiting())["depth"]

    assert waiting == 0


async def test_the_same_message_with_the_same_file(tmp_path):
    """Is one, also when the file has another name by now, or has gone since."""
    async with opened(tmp_path) as house:
        await house.link()
        first = await send(house, ref="a")
        sha256 = first["media"]["sha256"]
        await sent(house)
        by_name = await send(house, None, sha256=sha256, ref="b")
        await sent(house, 2)
        uploaded = await house.messages.media.decoded(data(PDF))
        await house.messages.media.add(uploaded, None, "another.pdf")
        again = await send(house, None, sha256=sha256, ref="b")
        await house.messages.media.files.remove(sha256)
        gone = await send(house, None, sha256=sha256, ref="b")
        with pytest.raises(IdempotencyError):
            await send(house, PDF + b"x", ref="b")

    assert by_name["id"] == again["id"] == gone["id"] != first["id"]
    assert len(house.page.carried) == 2


async def test_what_waits_keeps_its_file(tmp_path):
    """However little room there is, and however long it waits; it goes out after a restart, too."""
    now = [1_800_000_000.0]
    page = Gated()
    settings = {"now": lambda: now[0], "media_age": 10.0, "quota": 5000, "most": 2000, "expires_in": 1e6}
    async with opened(tmp_path, page, **settings) as house:
        await house.link()
        house.lose()
        waiting = await send(house, PDF, ref="a")
        other = await house.messages.media.decoded(data(bytes(1500)))
        await house.messages.media.add(other)
        now[0] += 100
        await house.messages.media.trim()
        left = lying(tmp_path)
        session = house.session
    page.gate.set()
    async with opened(tmp_path, page, session, **settings) as house:
        house.ready()
        await sent(house)

    assert left == [waiting["media"]["sha256"]]
    assert [file[3] for file, _ in page.carried] == [PDF]


async def test_a_file_that_is_being_accepted_does_not_go(tmp_path):
    """A trim that has chosen it by then lets it be."""
    async with opened(tmp_path, media_age=0.0) as house:
        await house.link()
        media = house.messages.media
        file = await media.decoded(data(PDF))
        await media.add(file)
        async with media.accepted({"sha256": file.sha256}):
            await media.trim()
            during = lying(tmp_path)
        await media.trim()
        after = lying(tmp_path)
        row = await house.messages.desk.read(lambda connection: store.find(connection, file.sha256))

    assert during == [file.sha256]
    assert (after, row.state) == ([], "expired")


async def test_a_full_disk_is_waited_for(tmp_path):
    """What was accepted fails for no room of its own: it is tried until there is some."""
    async with serving() as server, opened(tmp_path, quota=1000, most=1000) as house:
        await house.link()
        server.answers["/a"] = answer(bytes(600))
        house.lose()
        blocking = await send(house, bytes(700), to="+15552220000")
        await send(house, None, url=server.url("/a"), ref="a")
        page, inner = house.page, house.page.upload
        gate = asyncio.Event()

        async def upload(key, file):
            await gate.wait()
            await inner(key, file)

        page.upload = upload
        house.ready()
        async with asyncio.timeout(WITHIN):
            while len(server.asked) < 2:  # noqa: ASYNC110 - the server has no event for it
                await asyncio.sleep(0.01)
        gate.set()
        await house.event("message.own", lambda told: told["id"] == blocking["id"])
        await house.messages.media.trim(600)
        await house.event("message.own", lambda told: told["clientRef"] == "a")


async def test_a_reset_ends_all_of_it(tmp_path):
    """The message fails, its file goes, and the upload that was under way leads to nothing."""
    page = Gated()
    async with opened(tmp_path, page) as house:
        await house.link()
        await send(house)
        await page.begun.get()
        await house.forget()
        page.gate.set()
        left = lying(tmp_path)

    assert left == []
    assert page.carried == []
