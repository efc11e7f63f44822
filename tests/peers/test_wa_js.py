"""wa-js 4, injected unchanged into the sandbox's page, sends and receives on it."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from peer_client import Peer, peer, running
from sandbox_phone import in_mode, shown

from wad.sandbox import Sandbox

ANNA, ANNA_PN = "+4915112345678", "4915112345678@c.us"


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


async def test_reactions(io_loop, tmp_path):
    """It sees a reaction."""
    async with ready(tmp_path) as (sandbox, client):
        key = (await sandbox.phone.receive(from_=ANNA, text="Hello"))["id"]
        await client.next("chat.new_message")
        await sandbox.phone.react(emoji="x")
        _, reaction = await client.next("chat.new_reaction")

    assert {"msgId": key, "reactionText": "x", "sender": ANNA_PN} == reaction
