"""WAHA's requests, one by one, over real messages and a page in memory."""

import base64
import re

import pytest
from waha.generated import models as judge
from waha_harness import CHAT, NUMBER, speaking

from wad.waha.events import EVENTS
from wad.web.waha.asking import Row
from wad.web.waha.routes import TABLE

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(32)).decode()
VCARD = "BEGIN:VCARD\nVERSION:3.0\nFN:Ada\nEND:VCARD"
SENDS = {
    "sendText": {"text": "hello", "reply_to": None, "linkPreview": True, "linkPreviewHighQuality": False},
    "sendImage": {"file": {"mimetype": "image/png", "filename": "a.png", "data": PNG}, "caption": "look"},
    "sendFile": {"file": {"mimetype": "image/png", "filename": "a.png", "data": PNG}},
    "sendLocation": {"latitude": 38.8937255, "longitude": -77.0969763, "title": "Our office"},
    "sendContactVcard": {
        "contacts": [
            {"vcard": VCARD},
            {
                "fullName": "Ada",
                "phoneNumber": "+1 555 111-22-33",
                "whatsappId": "15551112233",
                "vcard": None,
            },
        ]
    },
    "sendPoll": {"poll": {"name": "How?", "options": ["so", "thus"], "multipleAnswers": False}},
    "reply": {"text": "hello", "reply_to": f"false_{CHAT}_AB"},
}


@pytest.mark.parametrize("name", SENDS)
async def test_a_send(io_loop, tmp_path, name):
    """Is answered with 201 and a message that has the ack 0, and then really goes out."""
    async with speaking(tmp_path) as told:
        if name == "reply":
            told.page.receive("before", CHAT, key="AB")
        code, sent = await told.send(name, **SENDS[name])
        await told.house.event("message.ack", lambda data: data["id"] == sent["id"])

    assert (code, sent["ack"], sent["ackName"], sent["source"]) == (201, 0, "PENDING", "api")
    assert re.fullmatch(rf"true_{CHAT}_[0-9A-F]{{22}}", sent["id"])
    assert (sent["fromMe"], sent["to"], sent["from"]) == (True, CHAT, "15550009999@c.us")
    assert len(told.page.orders) == 1


async def test_what_a_send_holds(io_loop, tmp_path):
    """As WAHA's documents have it; nothing is said twice, or left out."""
    async with speaking(tmp_path) as told:
        told.page.receive("before", CHAT, key="AB")
        found = {name: (await told.send(name, **body))[1] for name, body in SENDS.items()}

    assert found["sendImage"]["hasMedia"]
    assert found["sendImage"]["body"] == "look"
    assert found["sendImage"]["media"]["url"].startswith(f"{told.url}/api/files/default/")
    assert found["sendLocation"]["location"]["latitude"] == "38.8937255"
    assert "waid=15551112233:+15551112233" in found["sendContactVcard"]["vCards"][1]
    assert found["sendPoll"]["_data"]["poll"] == {
        "name": "How?",
        "options": ["so", "thus"],
        "multiple": False,
    }
    assert found["reply"]["replyTo"]["id"] == "AB"


async def test_the_same_id_is_the_same_message(io_loop, tmp_path):
    """A client's own id is a key of idempotency, under which the message is found; WhatsApp's is another."""
    async with speaking(tmp_path) as told:
        _, made = await told.ask("GET", "/api/default/new-message-id")
        first = await told.send(text="hello", id=made["id"])
        again = await told.send(text="hello", id=f"true_{CHAT}_{made['id']}")
        other = await told.send(text="other", id=made["id"])
        found = await told.ask("GET", f"/api/default/chats/{CHAT}/messages/true_{CHAT}_{made['id']}")

    assert first[1]["id"] == again[1]["id"] == found[1]["id"]
    assert (other[0], other[1]["code"]) == (422, "idempotency_conflict")


@pytest.mark.parametrize(
    ("name", "body", "refused"),
    [
        ("sendText", {"text": " "}, (422, "invalid_message")),
        ("sendText", {"text": "hello", "chatId": None}, (422, "invalid_request")),
        ("sendText", {"text": "hello", "chatId": "nobody"}, (422, "invalid_recipient")),
        ("sendText", {"text": "hello", "session": "other"}, (404, "session_not_found")),
        ("sendImage", {"file": None}, (422, "invalid_request")),
        ("sendImage", {"file": {"mimetype": "image/png"}}, (422, "invalid_message")),
        ("sendVideo", {"file": {"data": PNG}, "asNote": True}, (501, "not_in_wad")),
        ("sendPoll", {"poll": None}, (422, "invalid_request")),
        ("sendPoll", {"poll": {"name": "?", "options": []}}, (422, "invalid_message")),
        ("sendContactVcard", {"contacts": ["x"]}, (422, "invalid_request")),
        ("reply", {"text": "hello"}, (422, "invalid_message")),
        ("forwardMessage", {"messageId": f"true_{CHAT}_AB"}, (501, "not_in_wad")),
    ],
)
async def test_a_send_that_is_refused(io_loop, tmp_path, name, body, refused):
    """In WAHA's shape, with wad's code, and nothing goes out."""
    async with speaking(tmp_path) as told:
        status, answer = await told.send(name, **body)

    assert (status, answer["code"]) == refused
    assert answer["statusCode"] == status
    assert {"statusCode", "message", "error", "code", "requestId"} == set(answer)
    assert told.page.orders == []


async def test_without_a_link_nothing_is_taken(io_loop, tmp_path):
    """409, as in wad's own interface."""
    async with speaking(tmp_path, linked=False) as told:
        code, answer = await told.send(text="hello")

    assert (code, answer["code"]) == (409, "not_linked")


async def test_what_is_done_to_a_message(io_loop, tmp_path):
    """It is edited, reacted to, taken back; a chat is read, and somebody types."""
    async with speaking(tmp_path) as told:
        sent = (await told.send(text="hello"))[1]
        await told.house.event("message.ack", lambda data: data["id"] == sent["id"])
        path = f"/api/default/chats/{CHAT}/messages/{sent['id']}"
        edited = await told.ask("PUT", path, {"text": "hallo", "linkPreview": True})
        reacted = await told.ask("PUT", "/api/reaction", {"messageId": sent["id"], "reaction": "👍"})
        found = await told.ask("GET", path)
        gone = await told.ask("DELETE", path)
        absent = await told.ask("GET", path.replace("true_", "false_"))
        others = [(await told.send(name))[0] for name in ("sendSeen", "startTyping", "stopTyping")]
        read = await told.ask("POST", f"/api/default/chats/{CHAT}/messages/read")

    assert (edited[0], edited[1]["body"]) == (200, "hallo")
    assert (reacted[0], told.page.reactions[sent["id"]]) == (200, "👍")
    assert (found[0], gone[0], absent[0]) == (200, 200, 200)
    assert [*others, read[0]] == [201, 201, 201, 201]


async def test_chats_and_messages(io_loop, tmp_path):
    """Lists by limit and offset, newest first, filtered as WAHA does."""
    async with speaking(tmp_path) as told:
        for number in range(5):
            told.page.receive(f"message {number}", CHAT)
        told.page.receive("other", "15552220000@c.us", name="Eve")
        sent = (await told.send(text="mine"))[1]
        await told.house.event("message.ack", lambda data: data["id"] == sent["id"])
        path = f"/api/default/chats/{CHAT}/messages"
        chats = (await told.ask("GET", "/api/default/chats?limit=1&offset=1"))[1]
        overview = (await told.ask("GET", "/api/default/chats/overview"))[1]
        named = (
            await told.ask(
                "POST",
                "/api/default/chats/overview",
                {"pagination": {"limit": 9}, "filter": {"ids": [CHAT, "15559990000@c.us"]}},
            )
        )[1]
        newest = (await told.ask("GET", f"{path}?limit=2"))[1]
        older = (await told.ask("GET", f"{path}?limit=2&offset=2&downloadMedia=false"))[1]
        mine = (await told.ask("GET", f"{path}?limit=9&filter.fromMe=true"))[1]
        acked = (await told.ask("GET", f"{path}?limit=9&filter.ack=SERVER&filter.timestamp.gte=1600000000"))[
            1
        ]
        early = (await told.ask("GET", f"{path}?limit=9&filter.timestamp.gte=9999999999"))[1]
        deprecated = (await told.ask("GET", f"/api/messages?session=default&chatId={CHAT}&limit=2"))[1]

    assert len(chats) == 1
    assert {each["id"] for each in overview} == {CHAT, "15552220000@c.us"}
    assert [each["id"] for each in named] == [CHAT]
    judge.ChatSummary.model_validate(named[0] | {"name": "", "picture": ""})
    bodies = [each["body"] for each in newest + older]
    assert sorted(bodies) == sorted(set(bodies))
    assert len(bodies) == 4
    assert [each["body"] for each in mine] == ["mine"]
    assert "message 0" in [each["body"] for each in acked]
    assert early == []
    assert deprecated == newest


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("limit=1001", 422),
        ("limit=999&offset=9", 422),
        ("limit=x", 422),
        ("sortOrder=asc", 501),
        ("sortBy=name", 501),
        ("sortBy=&sortOrder=&limit=", 200),
        ("sortBy=conversationTimestamp&sortOrder=desc&offset=1000", 200),
    ],
)
async def test_how_far_a_list_goes(io_loop, tmp_path, query, code):
    """A thousand entries, in wad's order: all else is refused rather than answered wrongly."""
    async with speaking(tmp_path) as told:
        assert (await told.ask("GET", f"/api/default/chats?{query}"))[0] == code


async def test_people(io_loop, tmp_path):
    """Contacts, whether a number is on WhatsApp, which number is which LID, and groups."""
    async with speaking(tmp_path) as told:
        told.page.receive("hello", CHAT, lid="111222333444@lid", name="Ada")
        await told.house.event("message")
        told.page.strangers.add("15559990000@c.us")
        everybody = (await told.ask("GET", "/api/contacts/all?session=default&limit=5"))[1]
        one = await told.ask("GET", f"/api/contacts?contactId={CHAT}&session=default")
        nobody = await told.ask("GET", "/api/default/contacts/15558880000@c.us")
        exists = (await told.ask("GET", f"/api/contacts/check-exists?phone={NUMBER}&session=default"))[1]
        absent = (await told.ask("GET", "/api/checkNumberStatus?phone=15559990000"))[1]
        number = (await told.ask("GET", "/api/default/lids/111222333444%40lid"))[1]
        lid = (await told.ask("GET", f"/api/default/lids/pn/{NUMBER}"))[1]
        groups = await told.ask("GET", "/api/default/groups")
        no_group = await told.ask("GET", "/api/default/groups/120363000000000001@g.us")

    assert [each["id"] for each in everybody] == [CHAT]
    assert (one[0], one[1]["number"]) == (200, NUMBER)
    assert (nobody[0], nobody[1]["code"]) == (404, "contact_not_found")
    judge.WANumberExistResult.model_validate(exists)
    assert (exists["numberExists"], absent["numberExists"]) == (True, False)
    assert number == lid == {"lid": "111222333444@lid", "pn": CHAT}
    assert groups == (200, [])
    assert no_group[0] == 404


async def test_a_group(io_loop, tmp_path):
    """Tells who is in it."""
    ref = "120363000000000001@g.us"
    async with speaking(tmp_path) as told:
        told.page.groups[ref] = [CHAT, "15552220000@c.us"]
        code, found = await told.ask("GET", f"/api/default/groups/{ref}")
        listed = (await told.ask("GET", f"/api/default/groups/{ref}/participants/v2"))[1]

    assert (code, found["id"]) == (200, ref)
    assert [each["id"] for each in listed] == [CHAT, "15552220000@c.us"]
    assert listed == found["participants"]


ABSENT = [row for row in TABLE if row.run is None]


async def test_what_wad_does_not_have(io_loop, tmp_path):
    """Says so, with 501 and a code, for whoever has the key; there is no operation that answers otherwise."""
    async with speaking(tmp_path) as told:
        found = {}
        for row in ABSENT:
            path = re.sub(r"\{session\}", "default", row.path)
            answer = await told.ask(row.method, re.sub(r"\{\w+\}", "111", path))
            found[f"{row.method} {row.path}"] = (answer[0], answer[1]["code"])

    assert {name: each for name, each in found.items() if each != (501, "not_in_wad")} == {}
    assert len(found) == len(ABSENT) > 100


def test_no_operation_is_there_twice():
    """By method and path, whatever its names are."""
    named = [(row.method, re.sub(r"\{\w+\}", "{}", row.path)) for row in TABLE]

    assert len(set(named)) == len(named)
    assert all(isinstance(row, Row) for row in TABLE)
    assert EVENTS
