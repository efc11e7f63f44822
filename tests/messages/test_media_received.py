"""Files that came: fetched as the operator wants, checked, kept within bounds, and given out."""

import asyncio

import pytest
from fake_message_page import FakeMessagePage
from messages_harness import WITHIN, opened

from wad.core.deadlines import Deadlines
from wad.core.errors import (
    BrowserError,
    MediaBusyError,
    MediaExpiredError,
    MediaTooLargeError,
    MediaUnreachableError,
    NoSuchMediaError,
)
from wad.messages import media as module
from wad.store import media as store


async def came(house, content, text="here", **media):
    """Have a message with a file come; gives what its event tells of the file."""
    house.page.receive(text, file=content, **media)
    return (await house.event("message", lambda data: data["text"] == text)).data["media"]


async def state_of(house, sha256):
    """Give a file's state."""
    row = await house.messages.desk.read(lambda connection: store.find(connection, sha256))
    return row.state


async def until(house, sha256, state):
    """Wait until a file is in a state."""
    async with asyncio.timeout(WITHIN):
        while await state_of(house, sha256) != state:  # noqa: ASYNC110 - no event tells of it
            await asyncio.sleep(0)


async def given(house, sha256):
    """Give a file's content, as whoever asks for it gets it."""
    found = await house.messages.media.give(sha256, WITHIN)
    return await asyncio.to_thread(found.path.read_bytes)


def lying(folder):
    """Give the names of all files."""
    return sorted(path.name for path in (folder / "media").rglob("*") if path.is_file())


async def test_eager_fetches_as_they_come(tmp_path):
    """Told at once, with its address; here a moment later, and the message then says so."""
    async with opened(tmp_path) as house:
        await house.link()
        media = await came(house, b"content" * 1000, filename="a.bin")
        await until(house, media["sha256"], "stored")
        content = await given(house, media["sha256"])
        ref = (await house.events("message"))[0].data["id"]
        later = await house.messages.message(ref)

    assert (media["state"], media["url"]) == ("remote", f"/api/whatsapp/media/{media['sha256']}")
    assert content == b"content" * 1000
    assert later["media"]["state"] == "stored"
    assert house.page.asked["download"] == 1


async def test_lazy_fetches_when_somebody_asks(tmp_path):
    """Once, however many ask at once."""
    async with opened(tmp_path, media="lazy") as house:
        await house.link()
        media = await came(house, b"content")
        before = house.page.asked["download"]
        contents = await asyncio.gather(*(given(house, media["sha256"]) for _ in range(5)))

    assert before == 0
    assert contents == [b"content"] * 5
    assert house.page.asked["download"] == 1


async def test_never_fetches_none(tmp_path):
    """Whoever asks."""
    async with opened(tmp_path, media="never") as house:
        await house.link()
        media = await came(house, b"content")
        with pytest.raises(NoSuchMediaError, match="media under"):
            await house.messages.media.give(media["sha256"], WITHIN)

    assert house.page.asked["download"] == 0


async def test_the_same_file_in_two_messages_is_fetched_once(tmp_path):
    """It has one name, and lies there once."""
    async with opened(tmp_path) as house:
        await house.link()
        media = await came(house, b"content", "one")
        await until(house, media["sha256"], "stored")
        await came(house, b"content", "two")
        await given(house, media["sha256"])
        files = lying(tmp_path)

    assert files == [media["sha256"]]
    assert house.page.asked["download"] == 1


async def test_one_that_has_expired(tmp_path):
    """It is not asked for again; the same file in a later message can be had."""
    async with opened(tmp_path) as house:
        await house.link()
        house.page.receive("here", file=b"content", key="A1")
        house.page.contents[house.page.receive("x", key="A1", file=b"content")] = None
        media = (await house.event("message")).data["media"]
        await until(house, media["sha256"], "expired")
        with pytest.raises(MediaExpiredError):
            await house.messages.media.give(media["sha256"], WITHIN)
        again = await came(house, b"content", "again")
        await until(house, again["sha256"], "stored")

    assert again["sha256"] == media["sha256"]
    assert house.page.asked["download"] == 2


async def test_one_that_is_damaged_is_kept_nowhere(tmp_path):
    """Another content than its message named."""
    async with opened(tmp_path, media="lazy") as house:
        await house.link()
        media = await came(house, b"content")
        house.page.contents = dict.fromkeys(house.page.contents, b"another")
        with pytest.raises(MediaUnreachableError):
            await house.messages.media.give(media["sha256"], WITHIN)
        files = lying(tmp_path)
        house.page.contents = dict.fromkeys(house.page.contents, b"content")
        content = await given(house, media["sha256"])

    assert files == []
    assert content == b"content"


@pytest.mark.parametrize("trouble", [MediaUnreachableError("down"), BrowserError("gone"), TimeoutError()])
async def test_trouble_is_tried_again(tmp_path, monkeypatch, trouble):
    """By itself, until it works."""
    monkeypatch.setattr(module, "_PAUSES", (0.01,) * 5)
    async with opened(tmp_path) as house:
        await house.link()
        page, inner, failed = house.page, house.page.download, []

        async def download(message_id, take):
            if len(failed) < 3:
                failed.append(message_id)
                await take(b"half")
                raise trouble
            await inner(message_id, take)

        page.download = download
        media = await came(house, b"content")
        await until(house, media["sha256"], "stored")
        files = lying(tmp_path)

    assert len(failed) == 3
    assert files == [media["sha256"]]


async def test_trouble_without_end_is_given_up(tmp_path, monkeypatch):
    """And tried once more whenever somebody asks."""
    monkeypatch.setattr(module, "_PAUSES", (0.01,) * 2)
    async with opened(tmp_path) as house:
        await house.link()
        house.page.receive("here", file=b"content", key="A1")
        (ref,) = house.page.contents
        house.page.contents[ref] = MediaUnreachableError("down")
        media = (await house.event("message")).data["media"]
        await until(house, media["sha256"], "failed")
        tried = house.page.asked["download"]
        with pytest.raises(MediaUnreachableError):
            await house.messages.media.give(media["sha256"], WITHIN)
        house.page.contents[ref] = b"content"
        content = await given(house, media["sha256"])

    assert tried == 3
    assert content == b"content"


async def test_one_that_is_too_large(tmp_path):
    """It is not begun where its message says so, and ended where it turns out."""
    async with opened(tmp_path, most=10_000) as house:
        await house.link()
        media = await came(house, bytes(10_001))
        await until(house, media["sha256"], "failed")
        asked = house.page.asked["download"]
        with pytest.raises(MediaTooLargeError):
            await house.messages.media.give(media["sha256"], WITHIN)
        liar = house.page.receive("more", file=b"small")
        house.page.contents[liar] = bytes(20_000)
        other = (await house.event("message", lambda data: data["text"] == "more")).data["media"]
        await until(house, other["sha256"], "failed")
        files = lying(tmp_path)

    assert asked == 0
    assert files == []


async def test_without_a_link(tmp_path):
    """It is said that it comes, and it does once the link is back."""
    async with opened(tmp_path, media="lazy") as house:
        await house.link()
        media = await came(house, b"content")
        house.lose()
        with pytest.raises(MediaBusyError):
            await house.messages.media.give(media["sha256"], WITHIN)
        house.ready()
        content = await given(house, media["sha256"])

    assert content == b"content"


async def test_who_waits_no_longer_is_told_so(tmp_path):
    """The fetching goes on."""
    async with opened(tmp_path, media="lazy") as house:
        await house.link()
        leave, inner = asyncio.Event(), house.page.download

        async def slow(message_id, take):
            await leave.wait()
            await inner(message_id, take)

        house.page.download = slow
        media = await came(house, b"content")
        with pytest.raises(MediaBusyError, match="try again"):
            await house.messages.media.give(media["sha256"], 0.01)
        leave.set()
        content = await given(house, media["sha256"])

    assert content == b"content"
    assert house.page.asked["download"] == 1


async def test_files_that_many_ask_for_take_turns(tmp_path):
    """The page holds each of them whole: a few at once are enough."""
    async with opened(tmp_path, media="lazy") as house:
        await house.link()
        inner, under_way, most = house.page.download, [], []

        async def counted(message_id, take):
            under_way.append(message_id)
            most.append(len(under_way))
            await asyncio.sleep(0)
            await inner(message_id, take)
            under_way.remove(message_id)

        house.page.download = counted
        medias = [await came(house, bytes([number]) * 100, f"n{number}") for number in range(12)]
        await asyncio.gather(*(given(house, each["sha256"]) for each in medias))

    assert 1 < max(most) <= 4


async def test_what_is_not_known_is_not_there(tmp_path):
    """No message has named it."""
    async with opened(tmp_path) as house:
        await house.link()
        with pytest.raises(NoSuchMediaError):
            await house.messages.media.give("0" * 64, WITHIN)


async def test_the_oldest_go_first_and_can_be_had_again(tmp_path):
    """Beyond the quota, and after their time; what came from WhatsApp comes from there again."""
    async with opened(tmp_path, quota=100_000, most=50_000) as house:
        await house.link()
        medias = [await came(house, bytes([number]) * 20_000, f"n{number}") for number in range(4)]
        for each in medias:
            await until(house, each["sha256"], "stored")
        await given(house, medias[0]["sha256"])
        fifth = await came(house, b"5" * 20_000, "n5")
        await until(house, fifth["sha256"], "stored")
        states = [await state_of(house, each["sha256"]) for each in medias]
        content = await given(house, medias[1]["sha256"])

    assert states == ["stored", "remote", "stored", "stored"]
    assert content == b"\x01" * 20_000


async def test_what_nobody_used_for_long_goes(tmp_path):
    """An uploaded file that was never sent, too; asking for one counts as use."""
    now = [1_800_000_000.0]
    async with opened(tmp_path, now=lambda: now[0], media_age=100.0) as house:
        await house.link()
        medias = [await came(house, bytes([number]) * 10, f"n{number}") for number in range(2)]
        for each in medias:
            await until(house, each["sha256"], "stored")
        uploaded = await house.messages.media.decoded("AAAA")
        await house.messages.media.add(uploaded)
        now[0] += 90
        await given(house, medias[1]["sha256"])
        now[0] += 20
        await house.messages.media.trim()
        states = [await state_of(house, each["sha256"]) for each in medias]
        files = lying(tmp_path)
        with pytest.raises(MediaExpiredError):
            await house.messages.media.give(uploaded.sha256, WITHIN)

    assert states == ["remote", "stored"]
    assert files == [medias[1]["sha256"]]


async def test_a_reset_takes_the_files_along(tmp_path):
    """Unless messages are to be kept."""
    async with opened(tmp_path / "a") as house:
        await house.link()
        media = await came(house, b"content")
        await until(house, media["sha256"], "stored")
        await house.forget()
        with pytest.raises(NoSuchMediaError):
            await house.messages.media.give(media["sha256"], WITHIN)
        gone = lying(tmp_path / "a")
    async with opened(tmp_path / "b", keep=True) as house:
        await house.link()
        media = await came(house, b"content")
        await until(house, media["sha256"], "stored")
        await house.forget()
        kept = lying(tmp_path / "b")

    assert gone == []
    assert kept == [media["sha256"]]


async def test_a_restart_sweeps_and_goes_on(tmp_path):
    """What was half is gone, what no row knows too; what is due is fetched."""
    page = FakeMessagePage()
    async with opened(tmp_path, page, media="eager") as house:
        await house.link()
        stored = await came(house, b"stored", "one")
        await until(house, stored["sha256"], "stored")
        page.download = _never
        due = await came(house, b"due", "two")
        async with await house.messages.media.files.begin() as incoming:
            await incoming.write(b"unknown")
            unknown = await incoming.keep()
        session = house.session
    del page.download
    (tmp_path / "media/incoming/half").write_bytes(b"half")
    async with opened(tmp_path, page, session) as house:
        await until(house, due["sha256"], "stored")
        files = lying(tmp_path)

    assert unknown.sha256 not in files
    assert files == sorted([stored["sha256"], due["sha256"]])


async def _never(message_id, take):
    await asyncio.Event().wait()


async def test_a_file_that_somebody_deleted(tmp_path):
    """It is fetched again."""
    async with opened(tmp_path) as house:
        await house.link()
        media = await came(house, b"content")
        await until(house, media["sha256"], "stored")
        house.messages.media.files.path(media["sha256"]).unlink()
        content = await given(house, media["sha256"])

    assert content == b"content"
    assert house.page.asked["download"] == 2


async def test_a_download_that_never_ends(tmp_path, monkeypatch):
    """It has its time."""
    monkeypatch.setattr(module, "_PAUSES", ())
    deadlines = Deadlines(save=WITHIN, outbox_retry=0.01, inbox_poll=WITHIN, media_download=0.05)
    async with opened(tmp_path, deadlines=deadlines) as house:
        await house.link()
        house.page.download = _never
        media = await came(house, b"content")
        await until(house, media["sha256"], "failed")
