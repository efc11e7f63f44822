"""The running daemon, linked, while messages go both ways: each answer and each event is what is described."""

import asyncio
import json
from contextlib import asynccontextmanager, suppress

from daemon_client import until
from daemon_fixtures import linked_once, linked_state
from daemon_harness import HASTY, SMALL_BROWSER, Daemon
from openapi_judge import Description

from wad.messages.operations import TYPES

__all__ = ["linked_once", "linked_state"]

NUMBER = "15550001111"
BRISK = {
    **HASTY,
    **SMALL_BROWSER,
    "WAD_MESSAGES_CHAT_INTERVAL": "0.01",
    "WAD_LINK_OUTBOX_LOOK": "1",
    "WAD_LINK_OUTBOX_STUCK": "2",
}
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


class Asker:
    """Asks for operations by their names; `seen` are the codes of the answers, `wrong` what is wrong with them."""

    def __init__(self, daemon, description):
        self.daemon = daemon
        self.description = description
        self.cells = {cell.operation["operationId"]: cell for cell in description.cells()}
        self.wrong = []
        self.seen = {}

    async def __call__(self, name, /, body=None, *, query="", headers=None, **segments):
        """Ask for an operation; gives the answer's document."""
        cell = self.cells[name]
        path = cell.template.format(**segments) + query
        answer = await self.daemon.fetch(cell.method.upper(), path, body, headers)
        self.seen.setdefault(name, []).append(answer.code)
        response = cell.operation["responses"].get(str(answer.code))
        if response is None:
            self.wrong.append(f"{name}: {answer.code} is not described: {answer.body!r}")
        else:
            complaints = self.description.judge(response, answer.headers, answer.body, head=False)
            self.wrong += [f"{name} {answer.code}: {each}" for each in complaints]
        return answer.json

    async def event(self, kind, wanted=lambda _: True):
        """Wait for an event, and give its data."""

        async def look():
            found = await self("getEvents", query=f"?after=0&limit=1000&types={kind}")
            return next((each["data"] for each in found["events"] if wanted(each["data"])), None)

        return await until(look, f"an event {kind}")


@asynccontextmanager
async def linked(state):
    """Give a daemon that is linked, and what asks it."""
    async with Daemon(state, env=BRISK) as daemon:
        await daemon.wait(currentState="ready")
        yield Asker(daemon, Description((await daemon.get("/openapi.json")).json))


def to(text, **more):
    """Give a message's draft."""
    return {"to": f"+{NUMBER}", "text": text, **more}


async def test_messages(linked_state):
    """Sending, waiting, asking, editing, reacting and taking back; and what is refused of each."""
    async with linked(linked_state) as ask:
        await ask("sendMessage", to("one", clientRef="a"))
        await ask("sendMessage", to("one"), headers={"Idempotency-Key": "a"})
        await ask("sendMessage", to("another", clientRef="a"))
        await ask("sendMessage", to("  "))
        sent = await ask("sendMessage", to("two"), query="?wait=sent&timeout=30")
        ref = sent["message"]["id"]
        await ask("getMessage", id=ref)
        await ask("getMessage", id="nobody")
        await ask("editMessage", {"text": "two, again"}, id=ref)
        await ask("editMessage", {"text": ""}, id=ref)
        await ask("reactToMessage", {"text": "👍"}, id=ref)
        await ask("reactToMessage", {"text": "👍"}, id="nobody")
        await ask("deleteMessage", id=ref)
        await ask("deleteMessage", query="?further=1", id=ref)
        await ask("markChatSeen", chat=f"{NUMBER}@c.us")
        await ask("markChatSeen", chat="nobody")
        await ask("showTyping", {"on": True}, chat=f"{NUMBER}@c.us")
        await ask("showTyping", {"on": "yes"}, chat=f"{NUMBER}@c.us")
        await ask("getEvents", query="?limit=-1")
        await ask("getLimits")

    assert [] == ask.wrong
    assert {
        "sendMessage": [202, 200, 422, 422, 200],
        "getMessage": [200, 404],
        "editMessage": [200, 422],
        "reactToMessage": [200, 404],
        "deleteMessage": [200, 422],
        "markChatSeen": [200, 422],
        "showTyping": [200, 422],
        "getEvents": [422],
        "getLimits": [200],
    } == ask.seen


async def test_messages_that_fail(linked_state):
    """What fails while it is waited for is told as every error is, with the message; the next is refused at once."""
    async with linked(linked_state) as ask:
        await ask.daemon.phone("silent")
        await ask("sendMessage", to("zero", clientRef="z"), query="?wait=sent&timeout=0")
        await ask("getOutbox")
        await ask.daemon.phone("take_messages")
        await ask.event("message.own")
        await ask.daemon.phone("nack", code=463)
        failed = await ask("sendMessage", to("one", clientRef="a"), query="?wait=sent&timeout=30")
        again = await ask("sendMessage", to("one", clientRef="a"))
        refused = await ask("sendMessage", {"to": "+15559990000", "text": "to a stranger"})
        await ask("getMessage", id="a")
        await ask("getLimits")
        await ask("deleteMessage", id="a")
        await ask.daemon.phone("offline")
        await ask.daemon.wait(currentState="disconnected")
        await ask("markChatSeen", chat=f"{NUMBER}@c.us")
        await ask("deleteMessage", id="z")

    assert [] == ask.wrong
    assert ask.seen["sendMessage"] == [202, 429, 200, 429]
    assert (failed["code"], failed["message"]["state"]) == ("reachout_locked", "failed")
    assert (again["success"], again["code"]) == (False, "reachout_locked")
    assert "message" not in refused
    assert ask.seen["markChatSeen"] == [503]
    assert ask.seen["deleteMessage"] == [200, 503]


async def test_events(linked_state):
    """Each type of event that can be made to happen here has the form that is described for it."""
    async with linked(linked_state) as ask:
        daemon = ask.daemon
        await ask("sendMessage", to("hello"), query="?wait=sent&timeout=30")
        await daemon.phone("read")
        await daemon.phone("write", to=f"+{NUMBER}", text="from the phone")
        received = (await daemon.phone("receive", **{"from": f"+{NUMBER}", "text": "hello"}))["id"]
        await daemon.phone("edit", text="hello again")
        await daemon.phone("react")
        await ask.event("message.edited")
        await ask.event("message.reaction")
        await daemon.phone("revoke")
        await daemon.phone("nack", code=400)
        await ask("sendMessage", to("refused"), query="?wait=sent&timeout=30")
        for kind in ("state", "message", "message.own", "message.revoked", "message.failed"):
            await ask.event(kind)
        await ask.event("message.ack", lambda data: data["ack"] == 3)
        page = await ask("getEvents", query="?after=0&limit=1000")
        await ask("getEvents", query=f"?after={page['newest']}&wait=0.01")

    assert received is not None
    assert [] == ask.wrong
    assert {each["type"] for each in page["events"]} == TYPES - {"events.lost", "poll.vote", "group.changed"}


async def test_the_stream(linked_state):
    """Its head is what is described, and each of its frames holds an event that is."""
    async with linked(linked_state) as ask:
        await ask.daemon.phone("receive", **{"from": f"+{NUMBER}", "text": "the last one"})
        reader, writer = await asyncio.open_connection("127.0.0.1", ask.daemon.port)
        cell = ask.cells["streamEvents"]
        writer.write(f"GET {cell.path}?after=0 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        async with asyncio.timeout(40):
            told = (await reader.readuntil(b"the last one") + await reader.readuntil(b"\n\n")).decode()
        writer.transport.abort()
        with suppress(ConnectionError):
            await writer.wait_closed()
        head = await ask.daemon.fetch("HEAD", cell.path)
        response = cell.operation["responses"]["200"]
        wrong = ask.description.judge(response, head.headers, b"", head=True)

    events = [json.loads(line[6:]) for line in told.splitlines() if line.startswith("data: ")]
    schema = {"$ref": "#/components/schemas/Event"}

    assert [] == wrong + [each for event in events for each in ask.description.complaints(event, schema)]
    assert head.headers["Content-Type"].startswith(*ask.description.look_up(response)["content"])
    assert "message" == events[-1]["type"]


async def test_webhooks(linked_state):
    """Set, changed, looked at, replayed, skipped and deleted; and what is refused of each."""
    hook = {"url": "https://wad.invalid/hook?key=1", "events": ["events.lost"], "headers": {"X-Own": "1"}}
    async with linked(linked_state) as ask:
        made = await ask("setWebhook", hook, name="orders")
        changed = await ask(
            "setWebhook", {**hook, "secrets": [SECRET], "timeout": 3, "after": 0}, name="orders"
        )
        await ask("setWebhook", {"url": "nowhere"}, name="orders")
        await ask("setWebhook", {**hook, "secret": SECRET, "secrets": [SECRET]}, name="orders")
        await ask("getWebhooks")
        for name in ("orders", "none"):
            await ask("replayWebhook", name=name)
            await ask("skipWebhookEvent", name=name)
        await ask("deleteWebhook", name="orders")
        await ask("deleteWebhook", name="orders")

    assert [] == ask.wrong
    assert {
        "setWebhook": [200, 200, 422, 422],
        "getWebhooks": [200],
        "replayWebhook": [200, 404],
        "skipWebhookEvent": [200, 404],
        "deleteWebhook": [200, 404],
    } == ask.seen
    assert "secret" in made["webhook"]
    assert "secret" not in changed["webhook"]
