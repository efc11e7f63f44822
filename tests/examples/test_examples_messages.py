"""The examples of messages, in each language: sending, following, and receiving a webhook."""

from base64 import b64encode

import pytest
from daemon_client import until
from examples_harness import LANGUAGES, TOKEN, Reader, daemon_in, line
from tornado.httpclient import AsyncHTTPClient

in_each_language = pytest.mark.parametrize("language", LANGUAGES)
receivers = pytest.mark.parametrize("language", ["javascript", "python"])
PERSON = "+15550001111"
# What a careless program would spell wrong on its way.
TEXT = 'Your "order" \\ is\n\ton its way — 100 % 👍'


@in_each_language
async def test_sending(folder, language):
    """A text goes out as it was given, once, and its state is told; a refusal says why."""
    async with daemon_in(folder) as daemon:
        reader = Reader(language, folder, daemon, TOKEN)
        await daemon.link()
        sent = await reader.run("send", PERSON, TEXT)
        refused = await reader.run("send", "12@c.us", TEXT)
        arrived = (await daemon.get("/sandbox/phone/messages")).json["messages"]

    assert (0, "") == (sent.code, sent.err)
    assert sent.out.strip() in {"sent", "delivered", "read"}
    assert [(PERSON, TEXT, 1)] == [(each["to"], each["text"], each["times"]) for each in arrived]
    assert refused.code != 0
    assert "phone number" in refused.err


@in_each_language
async def test_following(folder, language):
    """Each message is printed once, also those that came while nobody followed."""
    async with daemon_in(folder) as daemon:
        reader = Reader(language, folder, daemon, TOKEN)
        await daemon.link()
        async with reader.running("follow") as following:
            await daemon.phone("receive", **{"from": PERSON, "text": "first"})
            first = await line(following)
            kept = reader.folder / "last-event"

            async def is_kept() -> bool:
                return kept.exists()

            await until(is_kept, "the number of the last event")
        await daemon.phone("receive", **{"from": PERSON, "text": "meanwhile"})
        async with reader.running("follow") as following:
            second = await line(following)

    assert "first" in first
    assert "first" not in second
    assert "meanwhile" in second
    assert "15550001111" in second


@receivers
async def test_receiving_a_webhook(folder, language):
    """What wad has signed is believed, also while the secret is being changed; what somebody else sends is not.

    The judges are the packages `standardwebhooks` of npm and of PyPI.
    """
    async with daemon_in(folder, WAD_MESSAGES_PRIVATE_WEBHOOKS="true") as daemon:
        reader = Reader(language, folder, daemon, TOKEN)
        await daemon.link()
        secret = "whsec_" + b64encode(b"a secret of thirty bytes, say.").decode()
        new = "whsec_" + b64encode(b"its successor, which signs too").decode()
        async with reader.running("webhook", "0", variables={"WAD_WEBHOOK_SECRET": secret}) as receiving:
            url = f"http://127.0.0.1:{(await line(receiving)).removeprefix('listening on ')}/"
            forged = await AsyncHTTPClient().fetch(
                url, method="POST", body='{"type": "message", "data": {}}', raise_error=False
            )
            put = await daemon.fetch(
                "PUT",
                "/api/whatsapp/webhooks/example",
                {"url": url, "secrets": [new, secret], "events": ["message"]},
            )
            await daemon.phone("receive", **{"from": PERSON, "text": "signed"})
            told = await line(receiving)

    assert put.code == 200
    assert forged.code == 401
    assert told == "message signed"
