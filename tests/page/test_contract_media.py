"""Files, places, contacts and polls in the page: the fake and a real Chromium with the stand-in keep to the same."""

import hashlib
import struct
import zlib

import pytest
from driver_harness import on_both
from messages_ear import CHAT, FROM, Ear, linked, reloaded, sent

from wad.core.errors import (
    BrowserError,
    MediaExpiredError,
    MediaTooLargeError,
    MediaUnreachableError,
    MessageRefusedError,
    UploadLostError,
)
from wad.core.message import FileToSend, MediaKind, Message, Order, Place, Poll, SendEnded, Voted


def png(side=48):
    """Give a picture of one colour."""
    rows = b"".join(b"\0" + b"\x20\x80\x60" * side for _ in range(side))
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    ]
    made = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + made


CONTENTS = {
    MediaKind.DOCUMENT: (b"%PDF-1.4\n" + bytes(range(256)) * 700, "application/pdf", "Bill of May.pdf"),
    MediaKind.IMAGE: (png(), "image/png", None),
}


def given(tmp_path, kind):
    """Give a file that is to be sent."""
    content, mimetype, name = CONTENTS[kind]
    path = tmp_path / "file"
    path.write_bytes(content)
    return FileToSend(path, kind, mimetype, name)


async def arrived(world):
    """Give what really arrived, by the phone's word."""
    return (await world.act("media"))["media"]


@on_both
async def test_a_document_goes_out_whole(kind, tmp_path):
    """Under its own name and type, with a caption; the message's id is the key's."""
    file = given(tmp_path, MediaKind.DOCUMENT)
    async with linked(kind) as (world, page, ear):
        await page.upload("3EB0AA", file)
        ref = await sent(page, text="the bill", uploaded=True)
        ended = await ear.until(SendEnded)
        told = await arrived(world)

    content = CONTENTS[MediaKind.DOCUMENT][0]

    assert ref == f"true_{CHAT}_3EB0AA"
    assert ended.sent
    assert [(each["kind"], each["mimetype"], each["filename"], each["caption"]) for each in told] == [
        ("document", "application/pdf", "Bill of May.pdf", "the bill")
    ]
    assert [(each["size"], each["sha256"]) for each in told] == [
        (len(content), hashlib.sha256(content).hexdigest())
    ]


@on_both
async def test_a_picture_goes_out(kind, tmp_path):
    """As a picture, which the page may make another file of."""
    async with linked(kind) as (world, page, ear):
        await page.upload("3EB0AA", given(tmp_path, MediaKind.IMAGE))
        await sent(page, text="", uploaded=True)
        await ear.until(SendEnded, lambda item: item.sent)
        told = await arrived(world)

    assert [each["kind"] for each in told] == ["image"]
    assert told[0]["mimetype"] in {"image/jpeg", "image/png"}


@on_both
async def test_an_upload_is_lost_with_its_document(kind, tmp_path):
    """Nothing was sent: it is uploaded again, and the message goes out once, under its own key."""
    file = given(tmp_path, MediaKind.DOCUMENT)
    async with linked(kind) as (world, page, _):
        await page.upload("3EB0AA", file)
        await reloaded(world)
        later = Ear(page)
        await later.settle()
        with pytest.raises(UploadLostError):
            await sent(page, uploaded=True)
        kept = await page.look([f"true_{CHAT}_3EB0AA"])
        await page.upload("3EB0AA", file)
        await sent(page, uploaded=True)
        await later.until(SendEnded, lambda item: item.sent)
        told = await arrived(world)

    assert kept == {}
    assert len(told) == 1


async def test_an_upload_that_fails_is_no_message(tmp_path):
    """The media server that is down, and a file that is more than the page takes."""
    file = given(tmp_path, MediaKind.DOCUMENT)
    large = tmp_path / "large"
    with large.open("wb") as made:
        made.truncate(17 << 20)
    async with linked() as (world, page, _):
        await world.act("media_server", answer="error", of="uploads")
        with pytest.raises(BrowserError):
            await page.upload("3EB0AA", file)
        with pytest.raises(MessageRefusedError, match="too_large"):
            await page.upload("3EB0AB", FileToSend(large, MediaKind.AUDIO, "audio/mpeg"))
        with pytest.raises(MessageRefusedError, match="unsupported_media"):
            await page.upload("3EB0AC", FileToSend(file.path, MediaKind.VOICE, "audio/ogg"))
        await world.act("media_server", answer="normal")
        await page.upload("3EB0AA", file)
        kept = await page.look([f"true_{CHAT}_3EB0AA"])
        told = await arrived(world)

    assert kept == {}
    assert told == []


@on_both
async def test_a_file_that_came_is_told_and_fetched(kind):
    """Its hash is known before; what is fetched in pieces is that file."""
    async with linked(kind) as (world, page, ear):
        media = {"kind": "document", "size": 300_000, "mimetype": "application/pdf", "filename": "a b.pdf"}
        told = await world.act("receive", from_=FROM, text="here", media=media)
        message = await ear.until(Message)
        pieces = []

        async def take(piece):
            pieces.append(piece)

        await page.download(message.id, take)

    content = b"".join(pieces)

    assert (message.type, message.text) == ("document", "here")
    assert (message.media.kind, message.media.mimetype, message.media.filename, message.media.size) == (
        MediaKind.DOCUMENT,
        "application/pdf",
        "a b.pdf",
        300_000,
    )
    assert message.media.sha256 == told["media"]["sha256"] == hashlib.sha256(content).hexdigest()
    assert len(content) == 300_000


@on_both
async def test_who_takes_no_more_ends_the_download(kind):
    """What `take` raises comes out, and the page is asked for no further piece."""
    async with linked(kind) as (world, page, ear):
        await world.act("receive", from_=FROM, text="", media={"kind": "document", "size": 3_000_000})
        message = await ear.until(Message)
        taken = []

        async def refuse(piece):
            taken.append(len(piece))
            raise MediaTooLargeError("enough")

        with pytest.raises(MediaTooLargeError):
            await page.download(message.id, refuse)

    assert len(taken) == 1


@pytest.mark.parametrize(("phone", "raised"), [("has", None), ("gone", MediaExpiredError)])
async def test_an_expired_file_is_asked_for_from_the_phone(phone, raised):
    """WhatsApp's servers have it no more; the phone uploads it once more, or has lost it, too."""
    async with linked() as (world, page, ear):
        told = await world.act("receive", from_=FROM, text="", media={"kind": "image"})
        message = await ear.until(Message)
        await world.act("expire", phone=phone)
        pieces = []

        async def take(piece):
            pieces.append(piece)

        if raised is None:
            await page.download(message.id, take)
        else:
            with pytest.raises(raised):
                await page.download(message.id, take)

    if raised is None:
        assert hashlib.sha256(b"".join(pieces)).hexdigest() == told["media"]["sha256"]


async def test_a_media_server_in_trouble_is_no_expiry():
    """Cut off, and broken off in the middle: to be tried again."""
    async with linked() as (world, page, ear):
        await world.act("receive", from_=FROM, text="", media={"kind": "document", "size": 200_000})
        message = await ear.until(Message)

        async def take(_):
            raise AssertionError("there is nothing to take")

        for answer in ("down", "broken", "error"):
            await world.act("media_server", answer=answer, of="downloads")
            with pytest.raises(MediaUnreachableError):
                await page.download(message.id, take)


CONTACT = "BEGIN:VCARD\nVERSION:3.0\nFN:Ann\nTEL;waid=15550002222:+15550002222\nEND:VCARD"


async def test_places_contacts_and_polls_go_out():
    """Each as what it is."""
    async with linked() as (world, page, ear):
        found = await page.resolve(CHAT)
        chat = found.chat.id
        orders = [
            Order("3EB0AA", chat, "", place=Place(52.5, 13.4, "Berlin")),
            Order("3EB0AB", chat, "", vcards=(CONTACT,)),
            Order("3EB0AC", chat, "", vcards=(CONTACT, CONTACT)),
            Order("3EB0AD", chat, "", poll=Poll("Tea?", ("yes", "no"), multiple=False)),
        ]
        for order in orders:
            await page.send(order)
            await ear.until(SendEnded, lambda item, key=order.key: item.key == key and item.sent)
        told = (await world.act("contents"))["contents"]

    assert [each["kind"] for each in told] == ["location", "contacts", "contacts", "poll"]
    assert (told[0]["lat"], told[0]["lng"]) == (52.5, 13.4)


async def test_places_contacts_polls_and_votes_come():
    """With all that the contract tells of them."""
    async with linked() as (world, _, ear):
        await world.act("receive", from_=FROM, location={"lat": 1.5, "lng": -2.5, "name": "Here"})
        place = await ear.until(Message, lambda item: item.type == "location")
        await world.act("receive", from_=FROM, contacts=[{"name": "Ann", "number": "+15550002222"}])
        contact = await ear.until(Message, lambda item: item.type == "vcard")
        await world.act("receive", from_=FROM, poll={"name": "Tea?", "options": ["yes", "no"]})
        poll = await ear.until(Message, lambda item: item.type == "poll_creation")
        await world.act("vote", options=["no"])
        vote = await ear.until(Voted)

    assert (place.place.latitude, place.place.longitude) == (1.5, -2.5)
    assert "Ann" in contact.vcards[0]
    assert poll.poll == Poll("Tea?", ("yes", "no"), multiple=False)
    assert (vote.id, vote.options, vote.from_me) == (poll.id, ("no",), False)
