"""The servers' side of messages, without a browser: what is kept, for whom, and how often it came."""

import asyncio
import contextlib
import json

import pytest
from sandbox_browser import running
from sandbox_chromium import DEADLINE
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

from wad.sandbox import PhoneRefusedError

WID = "15551234567:1@c.us"
DEVICE = {
    "wid": WID, "lid": "100000000000001@lid", "name": "Ada", "platform": "android", "noise": "n", "has_history": True
}  # fmt: skip
ANNA, ANNA_PN = "+4915112345678", "4915112345678@c.us"
DAMAGED = ["", "[]", '{"sent": 1}', '{"sent": [{"id": 1}]}', '{"unknown": []}']


class Page:
    """A linked page's socket, without a page."""

    def __init__(self, socket):
        self._socket = socket

    async def next(self, *types):
        """Return the next message of one of these types, passing over others."""
        async with asyncio.timeout(DEADLINE):
            while (text := await self._socket.read_message()) is not None:
                message = json.loads(text)
                if message["type"] in types:
                    return message
        raise AssertionError("the socket was closed")

    async def tell(self, **message):
        await self._socket.write_message(json.dumps(message))

    async def send(self, number, text="Hi"):
        await self.tell(type="send", id=number, to=ANNA_PN, text=text)


@contextlib.asynccontextmanager
async def linked(sandbox, device=WID):
    origin = {"Origin": sandbox.url.strip("/")}
    url = sandbox.url.replace("http", "ws") + "ws/chat"
    socket = await websocket_connect(HTTPRequest(url, headers=origin))
    page = Page(socket)
    await page.tell(type="hello", page="p", noise="n", identity="i", device=device)
    try:
        yield page
    finally:
        socket.close()


@pytest.fixture
def saved(tmp_path):
    """Let a device be linked already."""
    (tmp_path / "sandbox").mkdir()
    (tmp_path / "sandbox/sandbox.json").write_text(
        json.dumps({"port": None, "last_device": 1, "devices": [DEVICE]})
    )


async def test_a_message_waits(io_loop, tmp_path, saved):
    """It waits over a restart for a page that is closed, until that says it has it."""
    async with running(tmp_path) as sandbox:
        told = await sandbox.phone.command("receive", {"from": ANNA, "text": "Hello", "name": "Anna"})
    async with running(tmp_path) as sandbox:
        async with linked(sandbox) as page:
            first = await page.next("stanza", "offline-end")
        async with linked(sandbox) as page:
            again = await page.next("stanza", "offline-end")
            await page.tell(type="stanza-ack", seq=again["seq"])
            assert (await page.next("stanza", "offline-end"))["type"] == "offline-end"
            # An answer to a later question says that the ack was read.
            await page.tell(type="exists", id=1, wid=ANNA_PN)
            await page.next("exists-answer")
        async with linked(sandbox) as page:
            assert (await page.next("stanza", "offline-end"))["type"] == "offline-end"

    assert first == again
    assert told == {"id": f"false_{ANNA_PN}_{first['id']}"}
    assert ("text", "Hello", "Anna", ANNA_PN, False, True) == tuple(
        first[each] for each in ("kind", "text", "name", "pn", "own", "offline")
    )


async def test_what_a_page_sends(io_loop, tmp_path, saved):
    """It is answered, then delivered, then read when the phone says so; the phone counts how often it came."""
    async with running(tmp_path) as sandbox, linked(sandbox) as page:
        await page.next("offline-end")
        await page.send("3EB01")
        answer, delivered = await page.next("send-answer"), await page.next("stanza")
        await page.send("3EB01")
        await page.next("send-answer")
        await page.next("stanza")
        await sandbox.phone.read()
        read = await page.next("stanza")
        await sandbox.phone.read()
        messages = (await sandbox.phone.messages())["messages"]

    assert "3EB01" == answer["id"]
    assert answer["t"] > 0
    assert [("receipt", ["3EB01"], 2), ("receipt", ["3EB01"], 3)] == [
        (each["kind"], each["ids"], each["level"]) for each in (delivered, read)
    ]
    assert [{"id": f"true_{ANNA_PN}_3EB01", "to": ANNA, "text": "Hi", "times": 2}] == messages


async def test_what_was_sent_is_kept(io_loop, tmp_path, saved):
    """What went out is known over a restart."""
    async with running(tmp_path) as sandbox, linked(sandbox) as page:
        await page.next("offline-end")
        await page.send("3EB01")
        await page.next("send-answer")
    async with running(tmp_path) as sandbox:
        assert [each["times"] for each in (await sandbox.phone.messages())["messages"]] == [1]


FAULTS = {
    "silent": ({}, None, 0),
    "silent, and it arrives": ({"arrives": True}, None, 1),
    "nack": ({"code": 475}, {"error": 475}, 0),
    "slow": ({"seconds": 0.1}, {}, 1),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_faults(io_loop, tmp_path, saved, fault):
    """A fault lasts until it is taken back, and tells the page what it should and no more."""
    arguments, expected, arrived = FAULTS[fault]
    answers = []
    async with running(tmp_path) as sandbox, linked(sandbox) as page:
        await page.next("offline-end")
        await sandbox.phone.command(fault.partition(",")[0], arguments)
        await page.send("3EB01")
        if expected is None:
            await page.tell(type="exists", id=1, wid=ANNA_PN)
        answers.append(await page.next("send-answer", "exists-answer"))
        await sandbox.phone.take_messages()
        await page.send("3EB02")
        answers.append(await page.next("send-answer"))
        messages = (await sandbox.phone.messages())["messages"]

    told = answers[0] if answers[0]["type"] == "send-answer" else None
    assert expected == (told and {key: told[key] for key in told.keys() & {"error"}})
    assert ("3EB02", True) == (answers[1]["id"], "t" in answers[1])
    assert arrived + 1 == len(messages)


async def test_everything_twice(io_loop, tmp_path, saved):
    """Every stanza comes twice under one number."""
    async with running(tmp_path) as sandbox, linked(sandbox) as page:
        await page.next("offline-end")
        await sandbox.phone.duplicate()
        await sandbox.phone.receive()
        assert await page.next("stanza") == await page.next("stanza")


ANSWERS = {"normal": (ANNA_PN, None), "absent": (None, None), "error": (None, 500)}


@pytest.mark.parametrize("answer", ANSWERS)
async def test_a_question_for_a_number(io_loop, tmp_path, saved, answer):
    """Who asks for a number is told its LID, that it is not there, or that the question failed."""
    async with running(tmp_path) as sandbox, linked(sandbox) as page:
        await page.next("offline-end")
        await sandbox.phone.lookup(answer=answer)
        await page.tell(type="exists", id=7, wid=ANNA_PN)
        told = await page.next("exists-answer")

    assert ANSWERS[answer] == (told["wid"], told["error"])
    assert 7 == told["id"]
    assert (answer == "normal") == (told["lid"] is not None)


async def test_what_others_do(io_loop, tmp_path, saved):
    """A reaction, an edit, a text that comes late and a revocation name the message they are about."""
    async with running(tmp_path) as sandbox, linked(sandbox) as page:
        await page.next("offline-end")
        await sandbox.phone.receive(from_=ANNA, text="one", undecryptable=True)
        first = await page.next("stanza")
        told = []
        for name, arguments in [
            ("decrypt", {}),
            ("react", {"emoji": "x"}),
            ("edit", {"text": "two"}),
            ("revoke", {}),
        ]:
            await sandbox.phone.command(name, {"id": first["id"], **arguments})
            told.append(await page.next("stanza"))

    assert first["text"] is None
    assert [("decrypted", "one"), ("reaction", "x"), ("edit", "two"), ("revoke", None)] == [
        (each["kind"], each.get("text")) for each in told
    ]
    assert {first["id"]} == {each.get("about") for each in told}


async def test_an_account_with_lids(io_loop, tmp_path, saved):
    """A migrated account is told so over restarts, and its messages have the LID in their ids."""
    async with running(tmp_path) as sandbox, linked(sandbox) as page:
        assert (await page.next("account"))["migrated"] is False
        await sandbox.phone.lid()
        await sandbox.phone.block(number=ANNA)
        assert (await page.next("account"))["migrated"] is True
    async with running(tmp_path) as sandbox, linked(sandbox) as page:
        account = await page.next("account")
        await page.next("offline-end")
        told = await sandbox.phone.receive(from_=ANNA)
        stanza = await page.next("stanza")

    told_of_all = {"type": "account", "migrated": True, "blocked": [ANNA.strip("+")], "seenHangs": False}
    assert {**told_of_all, "names": []} == account
    assert told == {"id": f"false_{stanza['lid']}_{stanza['id']}"}


async def test_a_logout_drops_what_waits(io_loop, tmp_path, saved):
    """What waits for a device that is no longer linked is dropped."""
    async with running(tmp_path) as sandbox:
        await sandbox.phone.receive()
        await sandbox.phone.logout()
    content = json.loads((tmp_path / "sandbox/messages.json").read_text())

    assert content["waiting"] == []
    assert len(content["received"]) == 1


@pytest.mark.parametrize("content", DAMAGED)
async def test_damaged_messages(io_loop, tmp_path, content):
    """A damaged file counts as none."""
    (tmp_path / "sandbox").mkdir()
    (tmp_path / "sandbox/messages.json").write_text(content)
    async with running(tmp_path) as sandbox:
        assert (await sandbox.phone.messages())["messages"] == []


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("receive", {"from": "12"}),
        ("receive", {"from": 12}),
        ("receive", {"form": "x"}),
        ("write", {"to": "group@g.us"}),
        ("nack", {"code": 200}),
        ("slow", {"seconds": -1}),
        ("lookup", {"answer": "perhaps"}),
        ("react", {"id": "nope"}),
        ("read", {"id": "nope"}),
        ("edit", {"id": "nope"}),
    ],
)
async def test_refused(io_loop, tmp_path, name, arguments):
    """What the phone cannot do with messages it refuses, in the names of the wire."""
    async with running(tmp_path) as sandbox:
        with pytest.raises(PhoneRefusedError) as caught:
            await sandbox.phone.command(name, arguments)

    assert "from_" not in str(caught.value)
