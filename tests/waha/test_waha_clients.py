"""Clients that nobody here wrote, unchanged but for their address, against the real daemon: two of Python's, and n8n's.

n8n's own node is not to be had as a package; what is tried is the package that makes it, from a description of the
same operations.
"""

import asyncio
import base64
import hashlib
import hmac
import json
import shutil
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from daemon_client import until
from daemon_messages import linked
from receiver import listening
from waha import WahaClient
from waha.generated import models as judge
from waha_python import WAHAClient

from wad.sandbox.samples import picture

HERE = Path(__file__).parent
KEY = "a-token-of-decent-length"
SIGNED = "a key of the receiver's"
NUMBER = "15550001111"
CHAT = f"{NUMBER}@c.us"


@asynccontextmanager
async def speaking(state):
    """Give a linked daemon that speaks WAHA's dialect, its address, and a receiver of its webhooks."""
    token = state.parent / "token"
    token.write_text(KEY)
    token.chmod(0o600)
    settings = {
        "WAD_WAHA_ENABLED": "true",
        "WAD_HTTP_TOKEN_FILE": str(token),
        "WAD_MESSAGES_PRIVATE_WEBHOOKS": "true",
    }
    async with listening() as receiver, linked(state, **settings) as daemon:
        daemon.headers = {"Authorization": f"Bearer {KEY}"}
        yield daemon, f"http://127.0.0.1:{daemon.port}/waha", receiver


def config(receiver):
    """Give a session's configuration, as these clients are given it."""
    hook = {"url": receiver.url, "events": ["message", "session.status"], "hmac": {"key": SIGNED}}
    return {"webhooks": [hook], "metadata": {"user": "7"}}


def image():
    """Give an image as WAHA takes it."""
    return {"mimetype": "image/png", "filename": "a.png", "data": base64.b64encode(picture("a")).decode()}


async def received(daemon, receiver):
    """Have somebody write; gives what the receiver was told, judged by its signature and by WAHA's models."""
    await daemon.phone("receive", **{"from": f"+{NUMBER}", "text": "Good morning"})
    await receiver.until(1)
    headers, body = receiver.requests[-1]
    mark = hmac.new(SIGNED.encode(), body, hashlib.sha512).hexdigest()
    assert hmac.compare_digest(headers["X-Webhook-Hmac"], mark)
    told = json.loads(body)
    nulls = {"browser": "", "platform": "", "worker": {"id": ""}}
    judge.WAHAEnvironment.model_validate(told["environment"] | nulls)
    judge.MeInfo.model_validate(told["me"])
    return told


async def arrived(daemon):
    """Give what arrived at the phone, once two messages did: texts, and how often each came."""

    async def look():
        out = (await daemon.get("/sandbox/phone/messages")).json["messages"]
        return [(each["text"], each["times"]) for each in out] if len(out) == 2 else None

    return await until(look, "what was sent")


def told_as(message):
    """Give what is the same of each client's webhook."""
    return message["event"], message["payload"]["from"], message["payload"]["body"], message["metadata"]


TOLD = ("message", CHAT, "Good morning", {"user": "7"})


def used_waha_py(url, receiver):
    """Use waha-py; gives what it was told."""
    client = WahaClient(url, api_key=KEY)
    try:
        judge.PingResponse.model_validate(client.ping.ping())
        status = client.sessions.get("default")["status"]
        client.sessions.update("default", {"config": config(receiver)})
        request = judge.MessageTextRequest(chatId=CHAT, text="hello", session="default")
        text = client.chatting.send_text(request)
        sent = client.chatting.send_image(
            {"chatId": CHAT, "file": image(), "caption": "look", "session": "default"}
        )
        exists = client.contacts.check_exists({"phone": NUMBER, "session": "default"})
        return status, text["ack"], sent["hasMedia"], exists["numberExists"]
    finally:
        client.close()


def used_waha_python(url, receiver):
    """Use waha-python; gives what it was told."""
    with WAHAClient(url, api_key=KEY) as client:
        status = client.sessions.create("default", config(receiver))["status"]
        text = client.messages.send_text("default", CHAT, "hello")
        sent = client.messages.send_image("default", CHAT, image(), "look")
        exists = client.contacts.check_exists("default", NUMBER)
        return status, text["ack"], sent["hasMedia"], exists["numberExists"]


async def test_waha_py(linked_state):
    """Made by others from WAHA's description: it sends a text and an image, and a webhook comes."""
    async with speaking(linked_state) as (daemon, url, receiver):
        found = await asyncio.to_thread(used_waha_py, url, receiver)
        message = await received(daemon, receiver)
        out = await arrived(daemon)

    assert found == ("WORKING", 0, True, True)
    assert sorted(out) == [("hello", 1), ("look", 1)]
    assert told_as(message) == TOLD


async def test_waha_python(linked_state):
    """Written by hand, by somebody else: the same."""
    async with speaking(linked_state) as (daemon, url, receiver):
        found = await asyncio.to_thread(used_waha_python, url, receiver)
        message = await received(daemon, receiver)
        out = await arrived(daemon)

    assert found == ("WORKING", 0, True, True)
    assert sorted(out) == [("hello", 1), ("look", 1)]
    assert told_as(message) == TOLD


async def ran_n8n(url, calls):
    """Have the node's requests sent; gives the status and the document of each answer."""
    node = shutil.which("node") or shutil.which("nodejs")
    if node is None or not (HERE / "node_modules" / "@devlikeapro").is_dir():
        pytest.fail("n8n's package is not installed: run script/bootstrap --test", pytrace=False)
    process = await asyncio.create_subprocess_exec(
        *(node, HERE / "n8n.cjs"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        async with asyncio.timeout(60):
            printed, _ = await process.communicate(
                json.dumps({"url": url, "key": KEY, "calls": calls}).encode()
            )
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode == 0, printed.decode()
    return json.loads(printed)


async def test_n8n(linked_state):
    """The node sends whatever its form shows, samples and empty fields too: nothing of that is taken for meant."""
    async with speaking(linked_state) as (daemon, url, receiver):
        asked = {"chatId": CHAT, "reply_to": ""}
        calls = [
            ["list", {}],
            ["update", {"config": config(receiver)}],
            ["sendText", {**asked, "text": "hello"}],
            ["sendImage", {**asked, "file": image(), "caption": "look"}],
            ["messages", {"chatId": CHAT}],
            ["qr", {}],
        ]
        answers = await ran_n8n(url, calls)
        message = await received(daemon, receiver)
        out = await arrived(daemon)

    assert [code for code, _ in answers] == [200, 200, 201, 201, 200, 404]
    assert answers[0][1][0]["status"] == "WORKING"
    assert [answers[place][1]["ack"] for place in (2, 3)] == [0, 0]
    assert sorted(out) == [("hello", 1), ("look", 1)]
    assert told_as(message) == TOLD
