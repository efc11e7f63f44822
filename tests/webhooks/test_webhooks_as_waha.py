"""Webhooks in WAHA's form: its bodies, its headers, its names; brought by the same delivery as wad's own."""

import hashlib
import hmac
from dataclasses import replace

import pytest
from messages_harness import opened
from receiver import listening

from wad.config.webhooks import WebhookConfig
from wad.core.errors import ConfigError, WebhookError
from wad.core.message import Chat, Message
from wad.messages.documents import message_document
from wad.store import event_log
from wad.webhooks import operations
from wad.webhooks.configured import configured
from wad.webhooks.schedule import DELAYS
from wad.webhooks.service import Webhooks
from wad.webhooks.settings import webhook

KEY = "a key of the receiver's"
CHAT = Chat("15550001111@c.us", "15550001111@c.us", None, "Ada")
MESSAGE = Message(
    "false_15550001111@c.us_AB",
    CHAT,
    CHAT.id,
    from_me=False,
    type="chat",
    text="hello",
    timestamp=1_700_000_000,
    ack=1,
)
DATA = message_document(MESSAGE, source="other")
EDITED = {"id": MESSAGE.id, "chat": DATA["chat"], "fromMe": False, "text": "hallo"}


class Delivering:
    """A house with webhooks, and a clock that tests move."""

    def __init__(self, folder, **settings):
        self.folder = folder
        self.settings = settings
        self.seconds = 1_800_000_000.0

    async def __aenter__(self):
        self._opened = opened(self.folder, now=lambda: self.seconds)
        self.house = await self._opened.__aenter__()
        self.hooks = Webhooks(
            self.house.messages.desk, private=True, base="http://127.0.0.1:3002/waha", **self.settings
        )
        await self.hooks.start()
        return self

    async def __aexit__(self, *raised):
        await self.hooks.close()
        await self._opened.__aexit__(*raised)

    async def happen(self, kind, data):
        """Have an event happen."""
        newest = self.house.journal.newest
        await self.house.journal.write(
            lambda connection: event_log.append(connection, kind, data, self.seconds)
        )
        assert await self.house.journal.wait(newest, 30)

    async def until(self, wanted):
        """Wait until the webhook is as wanted."""
        while not wanted((await self.hooks.listing())[0]):
            await self.house.journal.wait(self.house.journal.newest, 0.001)

    async def put(self, receiver, **more):
        """Set the webhook."""
        settings = {"url": receiver.url, "format": "waha", "secret": KEY, **more}
        return await self.hooks.put("a", settings)


async def test_a_message_is_two_of_wahas_events_signed(tmp_path):
    """`message` and `message.any`, each with an id of its own, signed over its raw body."""
    async with listening() as receiver, Delivering(tmp_path) as told:
        made = await told.put(receiver, events=["*"], headers={"X-Shop": "7"}, notes={"metadata": {"a": "b"}})
        await told.happen("message", DATA)
        await receiver.until(2)
        await told.until(lambda each: each["backlog"] == 0)
    headers, body = receiver.requests[0]
    first, second = receiver.bodies

    assert "secret" not in made
    assert [first["event"], second["event"]] == ["message", "message.any"]
    assert len({first["id"], second["id"]}) == 2
    assert headers["X-Webhook-Hmac"] == hmac.new(KEY.encode(), body, hashlib.sha512).hexdigest()
    assert headers["X-Webhook-Hmac-Algorithm"] == "sha512"
    assert headers["X-Webhook-Timestamp"] == "1800000000000"
    assert headers["X-Webhook-Request-Id"] == first["id"]
    assert headers["X-Shop"] == "7"
    assert "Webhook-Signature" not in headers
    assert first["metadata"] == {"a": "b"}
    assert (first["session"], first["payload"]["body"]) == ("default", "hello")


async def test_without_a_key_nothing_is_signed(tmp_path):
    """As in WAHA, whose key is no duty."""
    async with listening() as receiver, Delivering(tmp_path) as told:
        await told.put(receiver, secret=None, events=["message"])
        await told.happen("message", DATA)
        await receiver.until(1)

    assert "X-Webhook-Hmac" not in receiver.requests[0][0]


async def test_only_what_was_not_taken_comes_again(tmp_path):
    """The first of two is not repeated for the second's sake, and the events behind wait for both."""
    async with listening() as receiver, Delivering(tmp_path) as told:
        receiver.answer(200, 500)
        await told.put(receiver)
        await told.happen("message", DATA)
        await told.happen("message.edited", EDITED)
        await told.until(lambda each: each["state"] == "retrying")
        told.seconds += DELAYS[1]
        told.hooks._running["a"][0].ring()
        await receiver.until(4)
        await told.until(lambda each: each["backlog"] == 0)

    assert [each["event"] for each in receiver.bodies] == [
        "message",
        "message.any",
        "message.any",
        "message.edited",
    ]
    assert receiver.bodies[1]["id"] == receiver.bodies[2]["id"]


async def test_what_nobody_wants_is_passed(tmp_path):
    """An event that is none of those named moves the cursor, and nothing is sent."""
    async with listening() as receiver, Delivering(tmp_path) as told:
        await told.put(receiver, events=["message.edited", "group.v2.join"])
        await told.happen("message", DATA)
        await told.happen("message.edited", EDITED)
        await receiver.until(1)
        await told.until(lambda each: each["backlog"] == 0)

    assert [each["event"] for each in receiver.bodies] == ["message.edited"]


async def test_it_is_kept_over_a_restart(tmp_path):
    """With its form, its key and its notes."""
    async with listening() as receiver:
        async with Delivering(tmp_path) as told:
            await told.put(receiver, events=["message"], notes={"metadata": {"a": "b"}})
        async with Delivering(tmp_path) as told:
            (hook,) = told.hooks.of_form("waha")
            await told.happen("message", DATA)
            await receiver.until(1)

    assert (hook.secrets, hook.events, hook.notes) == ((KEY,), {"message"}, {"metadata": {"a": "b"}})
    assert "X-Webhook-Hmac" in receiver.requests[0][0]


def test_one_of_the_configuration(tmp_path):
    """Has its key in a file, and WAHA's words for its events; an event that is none of these is named."""
    file = tmp_path / "key"
    file.write_text("a-key\n")
    file.chmod(0o600)
    given = WebhookConfig("a", "http://127.0.0.1:9/", file, ("message", "session.status"), format="waha")
    hook = configured(given)

    assert (hook.secrets, hook.types, hook.private) == (("a-key",), {"message", "state"}, True)
    with pytest.raises(ConfigError, match=r"webhooks: a: events can be"):
        configured(replace(given, events=("message.own",)))


async def test_wads_own_interface_sets_none(tmp_path):
    """The form belongs to the configuration and to WAHA's dialect."""
    async with Delivering(tmp_path) as told:
        with pytest.raises(WebhookError):
            await operations.run(
                told.hooks, "webhook_put", {"name": "a", "url": "http://a.example/", "format": "waha"}
            )


@pytest.mark.parametrize(
    "given",
    [
        {"events": ["message.own"]},
        {"events": ["presence.update"]},
        {"events": "message"},
        {"format": "other"},
        {"secrets": ["a", "b"]},
        {"secrets": [""]},
        {"secrets": ["\ud800"]},
        {"headers": {"X-Webhook-Hmac": "mine"}},
        {"notes": {"metadata": "x" * 5000}},
    ],
)
def test_what_it_cannot_be(given):
    """Is refused, and nothing of it is repeated."""
    settings = {"url": "https://example.org/hook", "format": "waha", "secrets": [], **given}

    with pytest.raises(WebhookError) as refused:
        webhook("a", settings, source="api", private=False)

    assert "example.org" not in str(refused.value)
