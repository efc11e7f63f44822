"""whatsapp-web.js 1.34.7, unchanged, links to the sandbox, sends and receives on it, and shows its known faults."""

import asyncio
import base64
import contextlib
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from peer_client import Peer, peer, running
from sandbox_phone import shown

from wad.sandbox import PhoneRefusedError, Sandbox
from wad.sandbox.people import Person
from wad.sandbox.samples import DOT, picture, voice


async def test_links(io_loop, tmp_path):
    """It shows the code the page shows, without what stands before it there, is authenticated and ready once that was scanned, and hears the logout."""
    account = {"wid": "4915112345678@c.us", "platform": "iphone", "pushname": "Ada"}
    async with running(tmp_path, clock=4.0) as sandbox, peer(sandbox, tmp_path / "profile") as client:
        _, code = await client.next("qr", "failed")
        assert (await shown(sandbox)).endswith(f"#{code}")
        await sandbox.phone.scan(code=code, number="4915112345678", name="Ada", platform="iphone")
        assert await client.next("authenticated", "failed") == ("authenticated", None)
        assert await client.next("ready", "failed") == ("ready", account)
        await sandbox.phone.logout()
        assert await client.next("disconnected", "failed") == ("disconnected", "LOGOUT")


async def test_links_by_a_reload(io_loop, tmp_path):
    """It follows a page that loads itself anew after the scan, too."""
    async with (
        running(tmp_path, clock=4.0, pairing="reload") as sandbox,
        peer(sandbox, tmp_path / "profile") as client,
    ):
        _, code = await client.next("qr", "failed")
        await sandbox.phone.scan(code=code)

        assert (await client.next("ready", "failed"))[0] == "ready"


async def test_links_by_number(io_loop, tmp_path):
    """Asked to pair with a number it is given the code the page shows, and is ready once that was typed."""
    number = "4915112345678"
    async with (
        running(tmp_path, clock=4.0) as sandbox,
        peer(sandbox, tmp_path / "profile", number) as client,
    ):
        _, code = await client.next("code", "failed")
        state = (await sandbox.phone.state())["pages"][0]
        await sandbox.phone.enter_code(code=code, number=number, name="Ada")
        event, account = await client.next("ready", "failed")

    assert state["linkCode"] == code
    assert ("ready", f"{number}@c.us", "Ada") == (event, account["wid"], account["pushname"])
    assert "qr" not in [name for name, _ in client.events]


@pytest.mark.parametrize("link_code", ["screen", "unseen"])
async def test_changes_its_mind(io_loop, tmp_path, link_code):
    """From the code to scan to one to type and back: the page takes the latter no more, and links by a new one to scan."""
    async with (
        running(tmp_path, clock=4.0, link_code=link_code) as sandbox,
        peer(sandbox, tmp_path / "profile") as client,
    ):
        _, picture = await client.next("qr", "failed")
        code = await client.call("requestPairingCode", "4915112345678")
        await client.call("cancelPairingCode")
        again = await shown(sandbox)
        with pytest.raises(PhoneRefusedError, match="the page refused it"):
            await sandbox.phone.enter_code(code=code)
        await sandbox.phone.scan(code=again)
        event, _ = await client.next("ready", "failed")

    assert event == "ready"
    assert not again.endswith(picture)


@pytest.mark.parametrize("link_code", ["screen", "unseen"])
async def test_asks_again_and_again(io_loop, tmp_path, link_code):
    """It asks for another code by the clock, whatever became of the one before, which is dead then."""
    async with (
        running(tmp_path, clock=4.0, link_code=link_code) as sandbox,
        peer(sandbox, tmp_path / "profile") as client,
    ):
        await client.next("qr", "failed")
        first = await client.call("requestPairingCode", "4915112345678", None, 3000)
        event, second = await client.next("code", "failed")
        with pytest.raises(PhoneRefusedError, match="the code is wrong"):
            await sandbox.phone.enter_code(code=first)
        await sandbox.phone.enter_code(code=second)
        ready, _ = await client.next("ready", "failed")

    assert (event, ready) == ("code", "ready")
    assert first != second


ANNA, ANNA_PN = "+4915112345678", "4915112345678@c.us"
BORIS = "+15550002222"


@contextlib.asynccontextmanager
async def ready(directory: Path, **options) -> AsyncIterator[tuple[Sandbox, Peer]]:
    """Give a sandbox, and a client that is linked to it and ready.

    The chats take their time: of a page that is in step before it listens the client never says that it is ready.
    """
    async with (
        running(directory, clock=4.0, **options) as sandbox,
        peer(sandbox, directory / "profile") as client,
    ):
        _, code = await client.next("qr", "failed")
        await sandbox.phone.scan(code=code)
        assert (await client.next("ready", "failed"))[0] == "ready"
        yield sandbox, client


@pytest.mark.parametrize("migrated", [False, True])
async def test_sends(io_loop, tmp_path, migrated):
    """It sends a text, which arrives once, and sees that it was taken, delivered and read."""
    async with ready(tmp_path) as (sandbox, client):
        await sandbox.phone.lid(migrated=migrated)
        if migrated:  # A stranger's LID it would not know: it never asks whether a number exists.
            await sandbox.phone.receive(from_=ANNA)
            await client.next("message")
        message = await client.call("sendMessage", ANNA_PN, "Hi https://example.org")
        await client.first(2, "message_ack")
        await sandbox.phone.read()
        acks = await client.first(3, "message_ack")
        messages = (await sandbox.phone.messages())["messages"]

    key = message["id"]["_serialized"]
    assert [{"id": key, "ack": ack} for ack in (1, 2, 3)] == acks
    assert [{"id": key, "to": ANNA, "text": "Hi https://example.org", "times": 1}] == messages
    assert migrated == ("@lid" in key)


async def test_receives(io_loop, tmp_path):
    """It sees a message, a reaction to it, its edit and its revocation; rows of the system it takes for messages."""
    async with ready(tmp_path) as (sandbox, client):
        key = (await sandbox.phone.receive(from_=ANNA, text="Hello"))["id"]
        received = [(await client.next("message"))[1] for _ in range(3)]
        await sandbox.phone.react(emoji="x")
        _, reaction = await client.next("message_reaction")
        await sandbox.phone.edit(text="Hello again")
        edited = dict([await client.next("message_ack", "message_edit") for _ in range(2)])
        await sandbox.phone.revoke()
        _, revoked = await client.next("message_revoke_everyone")

    assert ["e2e_notification", "notification_template", "chat"] == [each["type"] for each in received]
    assert (key, "Hello", False) == tuple(received[2][each] for each in ("id", "body", "fromMe"))
    assert {"id": key, "reaction": "x", "senderId": ANNA_PN} == reaction
    assert {
        "message_ack": {"id": key, "ack": None},
        "message_edit": {"id": key, "now": "Hello again", "before": "Hello"},
    } == edited
    assert {"type": "revoked", "about": key} == revoked


@pytest.mark.parametrize("by_lid", [False, True], ids=["by number", "by LID"])
async def test_a_group(io_loop, tmp_path, by_lid):
    """It finds a group with its people, sends to it and sees that all have read, and sees who wrote, reacted, edited."""
    async with ready(tmp_path) as (sandbox, client):
        group = (await sandbox.phone.group(subject="Team", people=f"{ANNA},{BORIS}", lid=by_lid))["id"]
        keys = [
            (await sandbox.phone.receive(from_=number, text=number, group=group))["id"]
            for number in (ANNA, BORIS)
        ]
        received = {}
        while len(received) < len(keys):
            _, message = await client.next("message")
            if message["type"] == "chat":
                received[message["id"]] = message
        chat = await client.call("getChatById", group)
        sent = (await client.call("sendMessage", group, "Hi"))["id"]["_serialized"]
        await client.first(2, "message_ack")
        await sandbox.phone.read(by=ANNA)
        await sandbox.phone.read(by=BORIS)
        acks = await client.first(3, "message_ack")
        await sandbox.phone.react(id=sent, emoji="x", from_=BORIS)
        _, reaction = await client.next("message_reaction")
        await sandbox.phone.edit(id=keys[0], text="Hello again")
        _, edited = await client.next("message_edit")
        await sandbox.phone.revoke(id=keys[1], from_=ANNA)
        _, revoked = await client.next("message_revoke_everyone")
        messages = (await sandbox.phone.messages())["messages"]

    people = [Person(number.strip("+")).address(migrated=by_lid) for number in (ANNA, BORIS)]

    assert (True, "Team", False) == (chat["isGroup"], chat["name"], chat["isReadOnly"])
    assert by_lid == chat["groupMetadata"]["isLidAddressingMode"]
    assert {ANNA_PN, f"{BORIS.strip('+')}@c.us", "15551234567@c.us"} == {
        each["id"]["_serialized"] for each in chat["groupMetadata"]["participants"]
    }
    assert [(ANNA, people[0]), (BORIS, people[1])] == [
        (received[key]["body"], received[key]["author"]) for key in keys
    ]
    assert sent.startswith(f"true_{group}_")
    assert by_lid == sent.endswith("@lid")
    assert [{"id": sent, "ack": ack} for ack in (1, 2, 3)] == acks
    assert {"id": sent, "reaction": "x", "senderId": people[1]} == reaction
    assert {"id": keys[0], "now": "Hello again", "before": ANNA} == edited
    assert {"type": "revoked", "about": keys[1]} == revoked
    assert [{"id": sent, "to": group, "text": "Hi", "times": 1}] == messages


MEDIA = {
    "image": (("image/png", "look.png"), {"caption": "Look"}, "image/jpeg"),
    "document": (("application/pdf", "a.pdf"), {"sendMediaAsDocument": True}, "application/pdf"),
    "voice": (("audio/ogg; codecs=opus", None), {"sendAudioAsVoice": True}, "audio/ogg; codecs=opus"),
    "gif": (("video/mp4", "a.mp4"), {"sendVideoAsGif": True}, "video/mp4"),
    "sticker": (("image/webp", None), {"sendMediaAsSticker": True}, None),
}
CONTENTS = {
    "image": picture("a peer's"),
    "document": b"%PDF-1.4 nothing",
    "voice": voice(2),
    "gif": b"no film",
    "sticker": DOT,
}


@pytest.mark.parametrize("kind", MEDIA)
async def test_media(io_loop, tmp_path, kind):
    """It sends a medium, which arrives as the page has prepared it, and downloads one that came."""
    (mimetype, filename), options, arrived = MEDIA[kind]
    data = base64.b64encode(CONTENTS[kind]).decode()
    async with ready(tmp_path) as (sandbox, client):
        medium = {"mimetype": mimetype, "data": data, "filename": filename}
        sent = await client.call("sendMedia", ANNA_PN, medium, options)
        await client.first(2, "message_ack")
        [told] = (await sandbox.phone.media())["media"]
        received = await sandbox.phone.receive(from_=ANNA, text="Look", media={"kind": kind, "data": data})
        while (message := (await client.next("message"))[1])["id"] != received["id"]:
            pass
        got = await client.call("download", received["id"])

    assert (sent["id"]["_serialized"], ANNA, kind, arrived) == tuple(
        told[each] for each in ("id", "to", "kind", "mimetype")
    )
    assert options.get("caption", "") == told["caption"]
    if kind != "image":
        assert hashlib.sha256(CONTENTS[kind]).hexdigest() == told["sha256"]
    assert "Look" == message["body"]
    assert data == got["data"]


async def test_media_that_have_expired(io_loop, tmp_path):
    """It asks for what has expired, gives nothing meanwhile, and gives it once the phone has uploaded it again."""
    async with ready(tmp_path) as (sandbox, client):
        received = await sandbox.phone.receive(from_=ANNA, media={"kind": "image"})
        await client.next("message")
        await sandbox.phone.expire()
        first = await client.call("download", received["id"])
        while (again := await client.call("download", received["id"])) is None:
            pass

    assert first is None
    assert "image/png" == again["mimetype"]


async def test_places_contacts_polls(io_loop, tmp_path):
    """It sends a place, a contact and a poll, sees what came of their kinds, and a vote."""
    async with ready(tmp_path) as (sandbox, client):
        place = {"lat": 52.5, "lng": 13, "name": "Here"}
        for values in ({"location": place}, {"contacts": [{"name": "Boris", "number": BORIS}]}, {"poll": {}}):
            await sandbox.phone.command("receive", {"from": ANNA, **values})
        keys = []
        while len(keys) < 3:
            _, message = await client.next("message")
            if message["type"] in ("location", "vcard", "poll_creation"):
                keys.append(message["id"])
        received = [await client.call("details", key) for key in keys]
        await client.call("sendLocation", ANNA_PN, 52.5, 13, {"name": "Here"})
        await client.call("sendContact", ANNA_PN, ANNA_PN)
        poll = await client.call("sendPoll", ANNA_PN, "When?", ["Now", "Later"])
        await client.first(6, "message_ack")
        told = (await sandbox.phone.contents())["contents"]
        await sandbox.phone.vote(id=poll["id"]["_serialized"], options=["Later"])
        _, vote = await client.next("vote_update")

    assert (52.5, "Here") == (received[0]["location"]["latitude"], received[0]["location"]["name"])
    assert "FN:Boris" in received[1]["vCards"][0]
    assert ["Yes", "No"] == [each["name"] for each in received[2]["pollOptions"]]
    assert ["location", "contacts", "poll"] == [each["kind"] for each in told]
    assert (ANNA_PN, ["Later"]) == (vote["voter"]["_serialized"], vote["names"])


async def test_chats_and_people(io_loop, tmp_path):
    """It lists chats and contacts, gives a chat's messages and a picture's address, tells of seen and of writing."""
    async with ready(tmp_path) as (sandbox, client):
        await sandbox.phone.contact(number=ANNA, name="Anna")
        for text in ("one", "two"):
            await sandbox.phone.receive(from_=ANNA, text=text, name="annie")
        while (await client.next("message"))[1]["body"] != "two":
            pass
        [chat] = await client.call("chatsInShort")
        messages = await client.call("fetchMessages", ANNA_PN, 10)
        contacts = await client.call("getContacts")
        pictured = await client.call("getProfilePicUrl", ANNA_PN)
        own = await client.call("getProfilePicUrl", "15551234567@c.us")
        await client.call("sendSeen", ANNA_PN)
        await client.call("typing", ANNA_PN)
        await sandbox.phone.picture(of=ANNA, there=False)
        # The page asks the servers, whose answer says that they have read what was told before.
        without = await client.call("getProfilePicUrl", ANNA_PN)
        after = {each["id"]: each["unreadCount"] for each in await client.call("chatsInShort")}
        told = await sandbox.phone.presence()

    assert (ANNA_PN, 2, "two") == (chat["id"], chat["unreadCount"], chat["last"])
    assert ["one", "two"] == [each["body"] for each in messages if each["type"] == "chat"]
    assert [("Anna", "annie")] == [
        (each["name"], each["pushname"]) for each in contacts if each["id"]["_serialized"] == ANNA_PN
    ]
    assert pictured.endswith(f"/pps/image/{ANNA_PN}?tag=1")
    assert "15551234567@c.us" in own
    assert without is None
    assert ([ANNA], 0) == ([each["chat"] for each in told["seen"]], after[ANNA_PN])
    assert [(ANNA, "composing")] == [(each["to"], each["state"]) for each in told["presence"]]


async def test_coming_and_going(io_loop, tmp_path):
    """It sees who joins and leaves a group, and leaves it itself."""
    async with ready(tmp_path) as (sandbox, client):
        group = (await sandbox.phone.group(subject="Team", people=ANNA))["id"]
        await sandbox.phone.group(id=group, join=BORIS)
        _, joined = await client.next("group_join")
        await sandbox.phone.group(id=group, leave=BORIS)
        _, left = await client.next("group_leave")
        await client.call("leave", group)
        _, mine = await client.next("group_leave")
        with pytest.raises(PhoneRefusedError, match="no longer in this group"):
            await sandbox.phone.receive(from_=ANNA, group=group)

    boris = f"{BORIS.strip('+')}@c.us"
    assert [("invite", boris), ("leave", boris), ("leave", "15551234567@c.us")] == [
        (each["type"], each["who"]) for each in (joined, left, mine)
    ]


async def test_a_text_that_comes_late(io_loop, tmp_path):
    """It waits for the text of a message that could not be decrypted."""
    async with ready(tmp_path) as (sandbox, client):
        await sandbox.phone.receive(from_=ANNA, text="late", undecryptable=True)
        _, empty = await client.next("message_ciphertext")
        await sandbox.phone.decrypt()
        while (message := (await client.next("message"))[1])["body"] != "late":
            assert message["type"] != "chat"

    assert "ciphertext" == empty["type"]


async def test_loses_what_waited(io_loop, tmp_path):
    """Of messages that came while it was away it tells nothing, though they are there. The fault is its own."""
    async with ready(tmp_path) as (sandbox, client):
        await client.call("destroy")
        for text in ("one", "two"):
            await sandbox.phone.receive(from_=ANNA, text=text)
        async with peer(sandbox, tmp_path / "profile") as again:
            await again.next("ready", "failed")
            chats = await again.call("getChats")

    assert [(ANNA_PN, 2)] == [(each["id"]["_serialized"], each["unreadCount"]) for each in chats]
    assert [] == [value for name, value in again.events if name.startswith("message")]


async def test_goes_silent(io_loop, tmp_path):
    """When the batch is spent it says nothing more, though the page waits under a button. The fault is its own."""
    async with (
        running(tmp_path, clock=4.0, navigating_iframes=False) as sandbox,
        peer(sandbox, tmp_path / "profile") as client,
    ):
        await client.next("qr", "failed")
        last = await shown(sandbox)
        await sandbox.phone.clock(factor=100)
        await sandbox.phone.spend()
        # 300 s of the sandbox's clock, longer than any batch lives.
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(client.next("qr", "failed", "disconnected"), 3)

        page = (await sandbox.phone.state())["pages"][0]
        assert (page["state"], page["shown"], page["live"]) == ("UNPAIRED_IDLE", last, None)
