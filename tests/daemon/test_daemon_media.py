"""Files as users of the real daemon send them: each arrives byte for byte, or is refused with a reason."""

import base64
import os

import pytest
from daemon_media import arrived, form, picture, post, send_form, send_media, sha256, sound, upload, video
from daemon_messages import NUMBER, event, linked, send
from file_server import answer, moved, serving

MIB = 1 << 20
PDF = b"%PDF-1.7\n" + os.urandom(200_000)
FETCHING = {"WAD_MESSAGES_PRIVATE_MEDIA": "true", "WAD_LINK_OUTBOX_RETRY": "0.2"}


async def test_a_document_by_every_way(linked_state):
    """As a form, by upload and name, in JSON, and from an address: the phone has the same bytes each time."""
    async with serving() as server, linked(linked_state, **FETCHING) as daemon:
        server.answers["/from/d.pdf"] = answer(PDF)
        server.answers["/moved"] = moved("/from/d.pdf")
        first = await send_form(daemon, PDF, filename="a b.pdf", mimetype="application/pdf", text="here")
        uploaded = await upload(
            daemon, PDF[:-1], {"Content-Disposition": "attachment; filename*=UTF-8''%D0%B6.pdf"}
        )
        second = await send_media(daemon, sha256=uploaded.json["media"]["sha256"])
        encoded = base64.b64encode(PDF[:-2]).decode()
        third = await send_media(daemon, data=encoded, filename="../c.pdf", text="there")
        fourth = await send_media(daemon, data=f"data:application/pdf;base64,{encoded}", kind="document")
        fifth = await send_media(daemon, url=server.url("/moved"))
        told = await arrived(daemon)

    answers = [first, second, third, fourth, fifth]

    assert [each.code for each in answers] == [200] * 5, [each.body for each in answers]
    assert (uploaded.code, uploaded.json["media"]["state"]) == (201, "stored")
    assert [each["content"] for each in told] == [PDF, PDF[:-1], PDF[:-2], PDF[:-2], PDF]
    assert [each["filename"] for each in told] == ["a b.pdf", "ж.pdf", "c.pdf", "c.pdf", "d.pdf"]
    assert [each["caption"] for each in told] == ["here", "", "there", "", ""]
    assert {(each["kind"], each["mimetype"]) for each in told} == {("document", "application/pdf")}
    media = first.json["message"]["media"]
    assert (media["sha256"], media["size"], media["state"]) == (sha256(PDF), len(PDF), "stored")
    assert media["url"] == f"/api/whatsapp/media/{sha256(PDF)}"
    assert first.json["message"]["type"] == "document"


async def test_kinds(linked_state, tmp_path):
    """A picture, a film, a sound, a voice note made of a sound, a sticker: by the bytes, or as it is asked for."""
    film, png, webp, wav = video(tmp_path), picture(tmp_path), picture(tmp_path, "webp"), sound(tmp_path)
    mp3 = sound(tmp_path, "mp3")
    async with linked(linked_state) as daemon:
        answers = [
            await send_form(daemon, png, text="a picture"),
            await send_form(daemon, film, filename="x.bin"),
            await send_form(daemon, mp3),
            await send_form(daemon, wav, kind="voice"),
            await send_form(daemon, webp, kind="sticker"),
            await send_form(daemon, png, kind="document", filename="png.png"),
        ]
        told = await arrived(daemon)

    assert [each.code for each in answers] == [200] * 6, [each.body for each in answers]
    assert [each["kind"] for each in told] == ["image", "video", "audio", "voice", "sticker", "document"]
    assert [each.json["message"]["type"] for each in answers] == [
        *("image", "video", "audio", "ptt", "sticker", "document")
    ]
    assert told[1]["content"] == film
    assert told[2]["content"] == mp3
    assert (told[3]["content"][:4], told[3]["mimetype"]) == (b"OggS", "audio/ogg; codecs=opus")
    assert told[5]["content"] == png


async def test_places_contacts_and_polls(linked_state):
    """Each is one message of its kind."""
    async with linked(linked_state) as daemon:
        to = {"to": f"+{NUMBER}"}
        query = "/api/whatsapp/messages?wait=sent&timeout=60"
        bodies = [
            {"location": {"latitude": 52.5, "longitude": 13.4, "name": "Berlin"}},
            {"contacts": [{"name": "Ann; Lee", "phone": "+15550002222"}]},
            {"poll": {"name": "Tea?", "options": ["yes", "no"]}},
        ]
        answers = [await daemon.fetch("POST", query, to | body) for body in bodies]
        told = (await daemon.get("/sandbox/phone/contents")).json["contents"]
        await daemon.phone("vote", options=["no"])
        vote = await event(daemon, "poll.vote")

    assert [each.code for each in answers] == [200] * 3, [each.body for each in answers]
    assert [each["kind"] for each in told] == ["location", "contacts", "poll"]
    assert (told[0]["lat"], told[0]["lng"]) == (52.5, 13.4)
    assert [each.json["message"]["type"] for each in answers] == ["location", "vcard", "poll_creation"]
    assert answers[2].json["message"]["poll"] == {"name": "Tea?", "options": ["yes", "no"], "multiple": False}
    assert vote["data"]["options"] == ["no"]


async def test_what_is_refused(linked_state):
    """At once, with a code, a sentence that says what to do, and nothing kept of it."""
    async with linked(linked_state, WAD_MESSAGES_MEDIA_MIB="1") as daemon:
        large = bytes(MIB + 1)
        answers = {
            "too large a form": await send_form(daemon, large),
            "too large a body": await upload(daemon, large),
            "too large by its length": await upload(daemon, bytes(3 * MIB)),
            "too large a text": await send_form(daemon, PDF, text="x" * 65_537),
            "no picture": await send_form(daemon, PDF, kind="image"),
            "no sound": await send_form(daemon, PDF, kind="voice"),
            "no such kind": await send_form(daemon, PDF, kind="hologram"),
            "empty": await upload(daemon, b""),
            "empty in a form": await send_form(daemon, b""),
            "no file": await send_form(daemon, text="hello"),
            "no form": await post(
                daemon, "/api/whatsapp/messages", b"x", {"Content-Type": "multipart/form-data"}
            ),
            "broken form": await post(
                daemon,
                "/api/whatsapp/messages",
                b"--m\r\nnonsense",
                {"Content-Type": "multipart/form-data; boundary=m"},
            ),
            "cut-off form": await post(daemon, "/api/whatsapp/messages", form(PDF)[0][:-10], form(PDF)[1]),
            "both": await send(daemon, "", media={"data": "eA=="}, poll={"name": "x", "options": ["a", "b"]}),
            "two sources": await send_media(daemon, data="eA==", url="http://example.org/"),
            "no source": await send_media(daemon, kind="image"),
            "no base64": await send_media(daemon, data="%%%"),
            "unknown name": await send_media(daemon, sha256="0" * 64),
            "no name": await send_media(daemon, sha256="../x"),
            "no address": await send_media(daemon, url="file:///etc/passwd"),
            "text beside a place": await send(daemon, "x", location={"latitude": 1, "longitude": 1}),
        }
        told = await arrived(daemon)
        listed = (await daemon.get("/api/whatsapp/outbox")).json["messages"]
        left = list((daemon.folder / "media/incoming").rglob("*"))

    codes = {name: (each.code, each.json["code"]) for name, each in answers.items()}
    invalid = (422, "invalid_message")

    assert codes == {
        "too large a form": (422, "too_large"),
        "too large a body": (422, "too_large"),
        "too large by its length": (413, "body_too_large"),
        "too large a text": (422, "too_large"),
        "no picture": (422, "unsupported_media"),
        "no sound": (422, "unsupported_media"),
        "no such kind": invalid,
        "empty": (400, "invalid_form"),
        "empty in a form": (400, "invalid_form"),
        "no file": invalid,
        "no form": (400, "invalid_form"),
        "broken form": (400, "invalid_form"),
        "cut-off form": (400, "invalid_form"),
        "both": invalid,
        "two sources": invalid,
        "no source": invalid,
        "no base64": invalid,
        "unknown name": invalid,
        "no name": invalid,
        "no address": invalid,
        "text beside a place": invalid,
    }
    assert "1 MiB" in answers["too large a body"].json["error"]
    assert "send it as a document" in answers["no picture"].json["error"]
    assert (told, listed, left) == ([], [], [])


async def test_an_address_that_gives_no_file(linked_state):
    """The message fails with a reason of its own; private addresses are closed unless they are opened."""
    async with serving() as server, linked(linked_state, **FETCHING) as daemon:
        sent = await send_media(daemon, url=server.url("/absent"))
        server.answers["/html"] = answer(b"<html>log in first</html>", Content_Type="text/html")
        wrong = await send_media(daemon, url=server.url("/html"), kind="image")
        await daemon.stop()
        text = daemon.text()
    async with serving() as closed, linked(linked_state, WAD_LINK_OUTBOX_RETRY="0.2") as daemon:
        private = await send_media(daemon, url=closed.url("/"))

    assert (sent.code, sent.json["code"]) == (502, "media_unreachable")
    assert (wrong.code, wrong.json["code"]) == (422, "unsupported_media")
    assert (private.code, private.json["code"]) == (502, "media_unreachable")
    assert len(server.asked) == 5
    assert closed.asked == []
    assert server.url() not in text


async def test_the_same_form_sent_twice_is_one_message(linked_state):
    """As with a text: the same key and the same file is the same message; another file is a mistake."""
    async with linked(linked_state) as daemon:
        key = {"Idempotency-Key": "a"}
        first = await send_form(daemon, PDF, query="", headers=key, text="x")
        again = await send_form(daemon, PDF, query="", headers=key, text="x")
        other = await send_form(daemon, PDF[:-1], query="", headers=key, text="x")
        await event(daemon, "message.own", lambda data: data["clientRef"] == "a")
        told = await arrived(daemon)

    assert (first.code, again.code) == (202, 200)
    assert first.json["message"]["id"] == again.json["message"]["id"]
    assert (other.code, other.json["code"]) == (422, "idempotency_conflict")
    assert [each["content"] for each in told] == [PDF]


async def test_a_message_in_json_beside_its_file(linked_state):
    """What a form's texts cannot say is in one field, as JSON."""
    async with linked(linked_state) as daemon:
        body, headers = form(PDF, message=f'{{"to": "+{NUMBER}", "expiresIn": 60, "text": "from JSON"}}')
        sent = await post(daemon, "/api/whatsapp/messages?wait=sent&timeout=60", body, headers)
        body, headers = form(PDF, message="[1]")
        wrong = await post(daemon, "/api/whatsapp/messages", body, headers)

    assert (sent.code, sent.json["message"]["text"]) == (200, "from JSON")
    assert (wrong.code, wrong.json["code"]) == (400, "invalid_json")


@pytest.mark.parametrize("of", ["error", "down"])
async def test_a_media_server_in_trouble_holds_up_its_chat_alone(linked_state, of):
    """Other chats go on, and once it is back the message goes out, once and in its order."""
    async with linked(linked_state, WAD_LINK_OUTBOX_RETRY="0.2") as daemon:
        await daemon.phone("media_server", answer=of, of="uploads")
        await send_form(daemon, PDF, query="")
        await send(daemon, "behind it")
        other = await send(daemon, "elsewhere", query="?wait=sent&timeout=60", to="+15550001112")
        before = await arrived(daemon)
        await daemon.phone("media_server", answer="normal")
        await event(daemon, "message.own", lambda data: data["text"] == "behind it")
        own = [
            each["data"]["type"]
            for each in (await daemon.get("/api/whatsapp/events?types=message.own")).json["events"]
        ]
        told = await arrived(daemon)

    assert other.code == 200
    assert before == []
    assert own == ["chat", "document", "chat"]
    assert [each["content"] for each in told] == [PDF]
