"""WAHA's documents, made of wad's: judged by the models that others generated from WAHA's own description."""

import pytest
from waha.generated import models as judge

from wad.core.message import Chat, MediaKind, MediaSeen, Message, Place
from wad.core.reasons import State
from wad.core.status import STATE_OF, Account, Phase, Status
from wad.messages.documents import message_document
from wad.waha.events import EVENTS, About, told, types_of
from wad.waha.ids import ack_of, file_url, new_key, session_status
from wad.waha.messages import wa_message
from wad.waha.people import group_document, session_document

OWN = "15550009999@c.us"
BASE = "http://127.0.0.1:3002/waha"
CHAT = Chat("15550001111@c.us", "15550001111@c.us", None, "Ada")
GROUP = Chat("120363000000000001@g.us", name="Choir", kind="group")
ABOUT = About({"id": OWN, "pushName": "Ada"}, "0.1.0", BASE)
# WAHA gives null where these models, made from its description, want something.
NULLS = {"participant": "", "mediaUrl": "", "metadata": {}}


def message(chat=CHAT, *, mine=False, **more):
    """Give wad's document of a message."""
    ref = f"{'true' if mine else 'false'}_{chat.id}_AB" + ("_15550002222@c.us" if chat is GROUP else "")
    seen = Message(ref, chat, chat.id, mine, "chat", "hello", 1_700_000_000, 1, **more)
    return message_document(seen, source="phone" if mine else "other")


def filled(document):
    """Give a document with something where WAHA itself has null, against its own description."""
    if isinstance(document, dict):
        named = {name: filled(value) for name, value in document.items() if name != "_data"}
        return {name: NULLS.get(name) if value is None else value for name, value in named.items()}
    return document


def event(kind, data):
    """Give wad's document of an event."""
    return {
        "seq": 7,
        "id": "evt_01KB0000000000000000000000",
        "type": kind,
        "at": "2026-11-29T12:00:00.500Z",
        "data": data,
    }


def test_a_message_from_somebody():
    """Is from the chat to the account, as the ids that WhatsApp writes have it."""
    found = wa_message(message(), OWN, BASE)

    judge.WAMessage.model_validate(filled(found))
    assert (found["from"], found["to"], found["participant"]) == (CHAT.id, OWN, None)
    assert (found["id"], found["body"], found["ackName"]) == ("false_15550001111@c.us_AB", "hello", "SERVER")


def test_a_message_of_ones_own():
    """Is from the account to the chat; the phone is an app, wad is the interface."""
    found = wa_message(message(mine=True), OWN, BASE)
    sent = wa_message(message(mine=True) | {"source": "wad", "ack": 0}, OWN, BASE)

    assert (found["from"], found["to"], found["source"]) == (OWN, CHAT.id, "app")
    assert (sent["source"], sent["ack"], sent["ackName"]) == ("api", 0, "PENDING")


def test_a_message_in_a_group():
    """Names who wrote it."""
    found = wa_message(message(GROUP, author="15550002222@c.us"), OWN, BASE)

    assert (found["from"], found["participant"]) == (GROUP.id, "15550002222@c.us")


def test_what_a_message_holds():
    """A file has an address that ends in its kind; a place has texts; a reply the bare key it replies to."""
    media = MediaSeen(MediaKind.IMAGE, "ab" * 32, "image/png", None, 7)
    replied = "false_15550001111@c.us_CD"
    found = wa_message(message(media=media, reply_to=replied), OWN, BASE)
    place = wa_message(message(place=Place(1.5, -2.5, "Here"), vcards=("BEGIN:VCARD",)), OWN, BASE)
    judge.WAMessage.model_validate(filled(place))

    assert found["media"]["url"] == f"{BASE}/api/files/default/{'ab' * 32}.png"
    assert (found["hasMedia"], found["replyTo"]["id"]) == (True, "CD")
    assert (place["location"]["latitude"], place["vCards"]) == ("1.5", ["BEGIN:VCARD"])


def test_a_file_that_is_lost_says_so():
    """And has no address."""
    document = message(media=MediaSeen(MediaKind.VOICE, "ab" * 32))
    document["media"]["state"] = "expired"
    media = wa_message(document, OWN, BASE)["media"]

    assert (media["url"], media["error"]) == (None, {"code": "media_expired"})
    assert wa_message(document, OWN, BASE, media=False)["media"] is None


def test_files_without_a_known_kind():
    """Are named by how their name ends, if that is one; one without a hash has no address."""
    named = [
        file_url("", {"sha256": "0", "mimetype": None, "filename": name})
        for name in ("a.ZIP", "a.../../b", None, "a.toolongforone")
    ]

    assert [each.partition(".")[2] for each in named] == ["zip", "bin", "bin", "bin"]
    assert file_url("", {"sha256": None}) is None


def test_acks_and_keys():
    """An ack that WAHA has no word for is the nearest; keys look as WhatsApp's."""
    assert [ack_of(ack) for ack in (-7, 0, 5)] == [(-1, "ERROR"), (0, "PENDING"), (4, "PLAYED")]
    assert new_key().startswith("3EB0")
    assert len(new_key()) == 22


@pytest.mark.parametrize("phase", Phase)
def test_each_phase_has_a_status(phase):
    """One of WAHA's own, and the one that was agreed upon."""
    status = session_status(STATE_OF[phase], phase)
    wanted = {State.READY: "WORKING", State.QR: "SCAN_QR_CODE", State.BLOCKED: "FAILED"}
    rest = "STOPPED" if phase in {Phase.STOPPED, Phase.STOPPING} else "STARTING"

    assert judge.Status(status)
    assert status == wanted.get(STATE_OF[phase], rest)


def test_a_session():
    """Is one that clients can read, linked or not."""
    linked = session_document(Status(Phase.LINKED, account=Account("15550009999", "Ada")))
    for found in (linked, session_document(Status())):
        judge.SessionInfo.model_validate(found | {"presence": {}})

    assert linked["me"] == {"id": OWN, "pushName": "Ada"}


def test_a_group():
    """Tells its subject, who may write, and in what part its members are there."""
    ada = {"id": CHAT.id, "pn": CHAT.id, "lid": None, "name": "Ada", "isAdmin": True, "isOwner": False}
    group = {
        "id": GROUP.id,
        "name": "Choir",
        "owner": CHAT.id,
        "created": 1_700_000_000,
        "description": "We sing",
        "announce": True,
        "participants": [ada | {"isOwner": True}, ada, ada | {"isAdmin": False}],
    }
    found = group_document(group)

    judge.GroupInfo.model_validate(
        found | {"membersCanAddNewMember": False, "newMembersApprovalRequired": False}
    )
    assert (found["subject"], found["membersCanSendMessages"]) == ("Choir", False)
    assert [each["role"] for each in found["participants"]] == ["superadmin", "admin", "participant"]


ABOUT_IT = {"id": "true_15550001111@c.us_AB", "chat": message()["chat"]}
DATA = {
    "state": {"state": "qr", "phase": "waiting_for_scan", "reason": None, "from": "idle"},
    "message": message(),
    "message.own": message(mine=True),
    "message.ack": ABOUT_IT | {"clientRef": None, "ack": 2, "state": "delivered"},
    "message.failed": message(mine=True) | {"error": {"code": "expired"}},
    "message.reaction": ABOUT_IT
    | {"author": CHAT.id, "fromMe": False, "text": "👍", "timestamp": 1_700_000_000_123},
    "message.edited": ABOUT_IT | {"fromMe": True, "text": "hallo"},
    "message.revoked": ABOUT_IT | {"fromMe": True},
    "poll.vote": ABOUT_IT
    | {"author": CHAT.id, "fromMe": False, "options": ["tea"], "timestamp": 1_700_000_000_123},
}
JUDGES = {
    "session.status": judge.WASessionStatusBody,
    "message": judge.WAMessage,
    "message.any": judge.WAMessage,
    "message.ack": judge.WAMessageAckBody,
    "message.reaction": judge.WAMessageReaction,
    "message.revoked": judge.WAMessageRevokedBody,
    "poll.vote": judge.PollVotePayload,
}


@pytest.mark.parametrize("kind", DATA)
def test_an_event(kind):
    """Is of the types that name it, with a payload that clients can read."""
    found = told(event(kind, DATA[kind]), ["*"], ABOUT)

    assert [each["event"] for each in found] == [name for name in EVENTS if kind in EVENTS[name]]
    for each in found:
        if model := JUDGES.get(each["event"]):
            payload = filled(each["payload"])
            model.model_validate(payload | ({"after": None} if "after" in payload else {}))
        assert (each["timestamp"], each["session"], each["engine"]) == (1_795_953_600_500, "default", "WEBJS")
        assert each["me"] == ABOUT.me


def test_all_types_are_tried():
    """Whatever an event of WAHA's is made of."""
    assert types_of(["*"]) == DATA.keys()


def test_a_failure_is_the_ack_of_an_error():
    """And bears wad's code."""
    (found,) = told(event("message.failed", DATA["message.failed"]), ["message.ack"], ABOUT)

    assert (found["payload"]["ack"], found["payload"]["ackName"]) == (-1, "ERROR")
    assert found["payload"]["error"]["code"] == "expired"


def test_an_edit_and_a_revocation_name_the_bare_key():
    """Of the message that is meant."""
    (edit,) = told(event("message.edited", DATA["message.edited"]), ["message.edited"], ABOUT)
    (revoke,) = told(event("message.revoked", DATA["message.revoked"]), ["message.revoked"], ABOUT)

    assert (edit["payload"]["editedMessageId"], edit["payload"]["body"]) == ("AB", "hallo")
    assert (revoke["payload"]["revokedMessageId"], revoke["payload"]["before"]) == ("AB", None)


def test_ids_are_for_ever():
    """The same event gives the same ids, and `message.any` another one than `message`."""
    first, second = (told(event("message", DATA["message"]), ["*"], ABOUT) for _ in range(2))

    assert [each["id"] for each in first] == [each["id"] for each in second]
    assert first[0]["id"] == "evt_01KB0000000000000000000000"
    assert len(first[1]["id"]) == len(first[0]["id"])
