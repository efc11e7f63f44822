"""Groups as users of the real daemon meet them over HTTP, by number and by LID."""

import pytest
from daemon_client import until
from daemon_messages import SECRET, event, events, linked, send, wadctl

from wad.sandbox.people import Person

ANNA, BORIS = "15550001111", "15550002222"
ME = "15551234567@c.us"
NOWHERE = "120363000000000000@g.us"
by_number_and_by_lid = pytest.mark.parametrize("by_lid", [False, True], ids=["by number", "by LID"])


def address(number, *, by_lid):
    """Give how a group names somebody."""
    return Person(number).address(migrated=by_lid)


async def made(daemon, **how):
    """Make a group; gives its id."""
    return (await daemon.phone("group", people=f"+{ANNA},+{BORIS}", **how))["id"]


async def says(daemon, number, text, group):
    """Have somebody write into a group; gives the message's id."""
    return (await daemon.phone("receive", **{"from": f"+{number}", "text": text, "group": group}))["id"]


@by_number_and_by_lid
async def test_to_a_group_and_back(linked_state, by_lid):
    """A text goes out once, all its ids lead to it, and it is read once all have; then an edit, and taking it back."""
    async with linked(linked_state) as daemon:
        group = await made(daemon, subject="Team", lid=by_lid)
        accepted = (await send(daemon, "hello", to=group, clientRef="a")).json["message"]
        waited = await send(daemon, "second", to=group, query="?wait=sent&timeout=30", clientRef="b")
        await daemon.phone("read", by=f"+{ANNA}")
        await daemon.phone("read", by=f"+{BORIS}")
        for ref in "ab":
            await event(
                daemon, "message.ack", lambda data, ref=ref: (data["clientRef"], data["ack"]) == (ref, 3)
            )
        known = [
            (await daemon.get(f"/api/whatsapp/messages/{ref}")).json["message"]
            for ref in (
                "b",
                waited.json["message"]["id"],
                f"true_{group}_{waited.json['message']['id'].split('_')[2]}",
            )
        ]
        first = (await daemon.get(f"/api/whatsapp/messages/{accepted['id']}")).json["message"]
        acks = await events(daemon, "message.ack")
        own = [each["data"] for each in await events(daemon, "message.own")]
        edit = await daemon.fetch("PUT", "/api/whatsapp/messages/b", {"text": "third"})
        await event(daemon, "message.edited")
        taken = await daemon.fetch("DELETE", "/api/whatsapp/messages/b")
        revoked = (await event(daemon, "message.revoked"))["data"]
        out = (await daemon.get("/sandbox/phone/messages")).json["messages"]

    sent = waited.json["message"]

    assert waited.code == 200
    assert sent["chat"] == {"id": group, "pn": None, "lid": None, "name": "Team", "kind": "group"}
    assert sent["author"].endswith("@lid" if by_lid else ME)
    assert sent["id"] == f"true_{group}_{sent['id'].split('_')[2]}_{sent['author']}"
    assert accepted["chat"]["kind"] == "group"
    assert (first["id"], first["state"]) == (f"{accepted['id']}_{sent['author']}", "read")
    assert {(each["id"], each["state"]) for each in known} == {(sent["id"], "read")}
    assert sorted({(each["data"]["id"], each["data"]["ack"]) for each in acks}) == sorted(
        (each, ack) for each in (first["id"], sent["id"]) for ack in (1, 2, 3)
    )
    assert [(each["id"], each["text"], each["author"]) for each in own] == [
        (each, text, sent["author"]) for each, text in ((first["id"], "hello"), (sent["id"], "second"))
    ]
    assert (edit.code, taken.code) == (200, 200)
    assert (revoked["id"], revoked["chat"]["id"]) == (sent["id"], group)
    assert [(each["to"], each["text"], each["times"]) for each in out] == [
        (group, "hello", 1),
        (group, "third", 1),
    ]


@by_number_and_by_lid
async def test_people_of_a_group_write(linked_state, by_lid):
    """Each message is one event with its author, in order, those too that came while wad was stopped; so is a reaction."""
    async with linked(linked_state) as daemon:
        group = await made(daemon, subject="Team", lid=by_lid)
        one = await says(daemon, ANNA, "one", group)
        await says(daemon, BORIS, "two", group)
        await daemon.phone("write", to=group, text="from the phone")
        await event(daemon, "message", lambda data: data["text"] == "two")
        own = (await event(daemon, "message.own"))["data"]
        await daemon.phone("react", id=one, emoji="👍", **{"from": f"+{BORIS}"})
        reaction = (await event(daemon, "message.reaction"))["data"]
        answer = await send(daemon, "an answer", to=group, replyTo=one, query="?wait=sent&timeout=30")
        seen = await daemon.fetch("POST", f"/api/whatsapp/chats/{group}/seen")
        typing = await daemon.fetch("POST", f"/api/whatsapp/chats/{group}/typing")
        await daemon.post("/api/whatsapp/stop")
        await daemon.wait(phase="stopped")
        await says(daemon, BORIS, "three", group)
        await says(daemon, ANNA, "four", group)
        await daemon.post("/api/whatsapp/start")
        await event(daemon, "message", lambda data: data["text"] == "four")
        told = [each["data"] for each in await events(daemon, "message")]

    authors = {"Anna": address(ANNA, by_lid=by_lid), "Boris": address(BORIS, by_lid=by_lid)}

    assert [(each["text"], each["author"]) for each in told] == [
        ("one", authors["Anna"]),
        ("two", authors["Boris"]),
        ("three", authors["Boris"]),
        ("four", authors["Anna"]),
    ]
    assert {(each["from"], each["chat"]["name"], each["chat"]["kind"]) for each in told} == {
        (group, "Team", "group")
    }
    assert (own["text"], own["source"], own["author"]) == (
        "from the phone",
        "phone",
        answer.json["message"]["author"],
    )
    assert (reaction["id"], reaction["author"]) == (one, authors["Boris"])
    assert (reaction["chat"]["id"], reaction["chat"]["kind"]) == (group, "group")
    assert (answer.code, answer.json["message"]["replyTo"]) == (200, one)
    assert (seen.code, typing.code) == (200, 200)


async def test_wadctl_sends_to_a_group_and_says_who_wrote(linked_state):
    """A line of its events has the group's name and the author; a group that is not there is an exit code."""
    async with linked(linked_state, WAD_CONTROL_SOCKET=str(linked_state / "control.sock")) as daemon:
        group = await made(daemon, subject="Team")
        await says(daemon, ANNA, "one", group)
        await event(daemon, "message")
        sent = await wadctl(daemon, "send", group, "hello", "--wait")
        nowhere = await wadctl(daemon, "send", NOWHERE, "hello", "--wait")
        told = await wadctl(daemon, "events")

    assert (sent[0], nowhere[0], told[0]) == (0, 1, 0)
    assert "no chat of WhatsApp's" in nowhere[1]
    assert f" message Team {ANNA}@c.us one\n" in told[1]


async def test_groups_that_do_not_let_one_write(linked_state):
    """The failure says why, at once, and nothing goes out; whoever is an admin may write."""
    async with linked(linked_state) as daemon:
        groups = {
            "admins alone": await made(daemon, announce=True),
            "left": await made(daemon, member=False),
            "nowhere": NOWHERE,
            "an admin's": await made(daemon, announce=True, admin=True),
        }
        told = {
            name: await send(daemon, name, to=group, query="?wait=sent&timeout=30")
            for name, group in groups.items()
        }
        failed = [each["data"]["text"] for each in await events(daemon, "message.failed")]
        out = (await daemon.get("/sandbox/phone/messages")).json["messages"]

    assert {name: (answer.code, answer.json.get("code")) for name, answer in told.items()} == {
        "admins alone": (502, "rejected"),
        "left": (502, "rejected"),
        "nowhere": (422, "invalid_recipient"),
        "an admin's": (200, None),
    }
    assert failed == ["admins alone", "left", "nowhere"]
    assert [each["text"] for each in out] == ["an admin's"]


async def test_nothing_of_a_group_is_in_a_log_or_a_metric(linked_state):
    """Neither its name nor its id, nor who is in it, nor what they write."""
    async with linked(linked_state) as daemon:
        group = await made(daemon, subject=SECRET, lid=True)
        await says(daemon, ANNA, SECRET, group)
        await event(daemon, "message")
        await send(daemon, SECRET, to=group, query="?wait=sent&timeout=30")
        await daemon.phone("group", id=group, announce=True)
        await until(lambda: refused(daemon, group), "a refusal")
        await send(daemon, SECRET, to=NOWHERE, query="?wait=sent&timeout=30")
        metrics = (await daemon.get("/metrics")).body.decode()
        await daemon.stop()
        written = daemon.text()

    assert "request" in written
    for private in (SECRET, group.partition("@")[0], NOWHERE, ANNA, Person(ANNA).lid):
        assert private not in written
        assert private not in metrics


async def refused(daemon, group):
    """Tell whether the page knows by now that one may not write there."""
    return (await send(daemon, SECRET, to=group, query="?wait=sent&timeout=30")).code == 502
