"""whatsapp-web.js 1.34.7, unchanged, links to the sandbox, sends and receives on it, and shows its known faults."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from peer_client import Peer, peer, running
from sandbox_phone import shown

from wad.sandbox import PhoneRefusedError, Sandbox


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
