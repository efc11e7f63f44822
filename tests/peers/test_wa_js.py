"""wa-js 4, injected unchanged into the sandbox's page, sends and receives on it."""

import base64
import contextlib
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from peer_client import Peer, peer, running
from sandbox_phone import in_mode, shown

from wad.sandbox import Sandbox
from wad.sandbox.samples import DOT, picture, voice

ANNA, ANNA_PN = "+4915112345678", "4915112345678@c.us"
BORIS = "+15550002222"


@contextlib.asynccontextmanager
async def ready(directory: Path) -> AsyncIterator[tuple[Sandbox, Peer]]:
    """Give a sandbox, and a page that is linked to it and into which the library has been injected."""
    async with (
        running(directory, clock=4.0, sync_seconds=0.4, navigating_iframes=False) as sandbox,
        peer(sandbox, directory / "profile", client="wa-js.js") as client,
    ):
        await client.next("ready", "failed")
        await shown(sandbox)
        await sandbox.phone.scan()
        await in_mode(sandbox)
        yield sandbox, client


@pytest.mark.parametrize("migrated", [False, True])
async def test_sends(io_loop, tmp_path, migrated):
    """It sends a text, once and under a key of its own, waits for the server, and sees it delivered and read."""
    async with ready(tmp_path) as (sandbox, client):
        await sandbox.phone.lid(migrated=migrated)
        exists = await client.call("contact.queryExists", ANNA_PN)
        address = exists["lid" if migrated else "wid"]["_serialized"]
        key = f"true_{address}_3EB0AAAAAAAAAAAAAAAAAA"
        result = await client.call("chat.sendTextMessage", ANNA_PN, "Hi", {"messageId": key})
        await client.first(2, "chat.msg_ack_change")
        await sandbox.phone.read()
        acks = await client.first(3, "chat.msg_ack_change")
        messages = (await sandbox.phone.messages())["messages"]

    assert (key, "OK", address) == (result["id"], result["sendMsgResult"]["messageSendResult"], result["to"])
    assert [1, 2, 3] == [each["ack"] for each in acks]
    assert [[key]] * 3 == [each["ids"] for each in acks]
    assert [{"id": key, "to": ANNA, "text": "Hi", "times": 1}] == messages


async def test_receives(io_loop, tmp_path):
    """It sees a message, its edit and its revocation; rows of the system it takes for messages, too."""
    async with ready(tmp_path) as (sandbox, client):
        key = (await sandbox.phone.receive(from_=ANNA, text="Hello"))["id"]
        received = [(await client.next("chat.new_message"))[1] for _ in range(3)]
        await sandbox.phone.edit(text="Hello again")
        _, edited = await client.next("chat.msg_edited")
        await sandbox.phone.revoke()
        _, revoked = await client.next("chat.msg_revoke")

    assert ["e2e_notification", "notification_template", "chat"] == [each["type"] for each in received]
    assert {"id": key, "body": "Hello", "type": "chat"} == received[2]
    assert {"id": key, "body": "Hello again"} == edited
    assert {"refId": key, "type": "sender_revoke"} == revoked


@pytest.mark.parametrize("by_lid", [False, True], ids=["by number", "by LID"])
async def test_a_group(io_loop, tmp_path, by_lid):
    """It knows a group's people, sends to it and hears from it. That it names itself by LID everywhere is its own way."""
    async with ready(tmp_path) as (sandbox, client):
        group = (await sandbox.phone.group(subject="Team", people=ANNA, lid=by_lid))["id"]
        await client.next("chat.new_message")
        member = await client.call("group.iAmMember", group)
        people = await client.call("group.getParticipants", group)
        result = await client.call("chat.sendTextMessage", group, "Hi")
        await client.first(2, "chat.msg_ack_change")
        key = (await sandbox.phone.receive(from_=ANNA, text="Hello", group=group))["id"]
        while (message := (await client.next("chat.new_message"))[1])["id"] != key:
            pass
        messages = (await sandbox.phone.messages())["messages"]

    assert member
    assert 2 == len(people)
    assert "OK" == result["sendMsgResult"]["messageSendResult"]
    assert result["id"].endswith("@lid")
    assert [(result["id"].split("_")[2], group, "Hi", 1)] == [
        (each["id"].split("_")[2], each["to"], each["text"], each["times"]) for each in messages
    ]
    assert "Hello" == message["body"]


async def test_reactions(io_loop, tmp_path):
    """It sees a reaction."""
    async with ready(tmp_path) as (sandbox, client):
        key = (await sandbox.phone.receive(from_=ANNA, text="Hello"))["id"]
        await client.next("chat.new_message")
        await sandbox.phone.react(emoji="x")
        _, reaction = await client.next("chat.new_reaction")

    assert {"msgId": key, "reactionText": "x", "sender": ANNA_PN} == reaction


MEDIA = {
    "image": ("image/png", {"type": "image", "caption": "Look"}),
    "document": ("application/pdf", {"type": "document", "filename": "a.pdf"}),
    "voice": ("audio/ogg", {"type": "audio", "isPtt": True}),
    "sticker": ("image/webp", {"type": "sticker"}),
}
CONTENTS = {
    "image": picture("a peer's"),
    "document": b"%PDF-1.4 nothing",
    "voice": voice(2),
    "sticker": DOT,
}


@pytest.mark.parametrize("kind", MEDIA)
async def test_media(io_loop, tmp_path, kind):
    """It sends a medium, waits for the server, and downloads one that came."""
    mimetype, options = MEDIA[kind]
    data = base64.b64encode(CONTENTS[kind]).decode()
    async with ready(tmp_path) as (sandbox, client):
        await client.call("contact.queryExists", ANNA_PN)
        file = f"data:{mimetype};base64,{data}"
        result = await client.call("chat.sendFileMessage", ANNA_PN, file, {**options, "createChat": True})
        [told] = (await sandbox.phone.media())["media"]
        received = await sandbox.phone.receive(from_=ANNA, media={"kind": kind, "data": data})
        while (await client.next("chat.new_message"))[1]["id"] != received["id"]:
            pass
        got = await client.call("chat.downloadMedia", received["id"])

    assert ("OK", result["id"], kind) == (
        result["sendMsgResult"]["messageSendResult"],
        told["id"],
        told["kind"],
    )
    if kind != "image":
        assert hashlib.sha256(CONTENTS[kind]).hexdigest() == told["sha256"]
    assert got.endswith(f";base64,{data}")


async def test_places_contacts_polls(io_loop, tmp_path):
    """It sends a place, a contact and a poll, and sees a vote."""
    async with ready(tmp_path) as (sandbox, client):
        await client.call("contact.queryExists", ANNA_PN)
        await client.call(
            "chat.sendLocationMessage",
            ANNA_PN,
            {"lat": 52.5, "lng": 13, "name": "Here", "createChat": True, "waitForAck": True},
        )
        await client.call("chat.sendVCardContactMessage", ANNA_PN, ANNA_PN)
        await client.call("chat.sendCreatePollMessage", ANNA_PN, "When?", ["Now", "Later"])
        told = (await sandbox.phone.contents())["contents"]
        await sandbox.phone.vote(options=["Later"])
        _, vote = await client.next("chat.poll_response")

    assert [("location", 52.5), ("contacts", None), ("poll", None)] == [
        (each["kind"], each.get("lat")) for each in told
    ]
    assert ["Now", "Later"] == told[2]["options"]
    assert {"msgId": told[2]["id"], "sender": ANNA_PN, "names": ["Later"]} == vote


async def test_chats_and_people(io_loop, tmp_path):
    """It lists chats and gives their messages, pictures' addresses, and tells of seen and of writing."""
    async with ready(tmp_path) as (sandbox, client):
        for text in ("one", "two"):
            key = (await sandbox.phone.receive(from_=ANNA, text=text, name="annie"))["id"]
        while (await client.next("chat.new_message"))[1]["id"] != key:
            pass
        [chat] = await client.call("chat.list")
        messages = await client.call("chat.getMessages", ANNA_PN, {"count": 10})
        picture = await client.call("contact.getProfilePictureUrl", ANNA_PN)
        own = await client.call("profile.getMyProfilePicture")
        seen = await client.call("chat.markIsRead", ANNA_PN)
        await client.call("chat.markIsComposing", ANNA_PN)
        # An answer of the servers' says that they have read what was told before.
        await client.call("contact.getProfilePictureUrl", "15550002222@c.us")
        told = await sandbox.phone.presence()

    assert (ANNA_PN, "annie") == (chat["id"], chat["name"])
    assert ["one", "two"] == [each["body"] for each in messages if each["type"] == "chat"]
    assert picture.endswith(f"/pps/image/{ANNA_PN}?tag=1")
    assert "/pps/image/" in own["eurl"]
    assert 2 == seen["unreadCount"]
    assert [(ANNA, "composing")] == [(each["to"], each["state"]) for each in told["presence"]]


async def test_coming_and_going(io_loop, tmp_path):
    """It sees who joins and leaves a group."""
    async with ready(tmp_path) as (sandbox, client):
        group = (await sandbox.phone.group(subject="Team", people=ANNA))["id"]
        await sandbox.phone.group(id=group, join=BORIS)
        _, joined = await client.next("group.participant_changed")
        await sandbox.phone.group(id=group, leave=BORIS)
        _, left = await client.next("group.participant_changed")

    boris = f"{BORIS.strip('+')}@c.us"
    assert [("join", [boris]), ("leave", [boris])] == [
        (each["action"], each["participants"]) for each in (joined, left)
    ]
