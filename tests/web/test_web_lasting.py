"""Another token: whoever was let in by the old one, and listens on, is ended and told why."""

import asyncio
import json

import pytest
from web_harness import hang_up, parse, request_bytes

from wad.store import event_log
from wad.web.lasting import Lasting, RevokedError

OLD, NEW = "a-token-of-decent-length", "another-token-of-length"


class Asked:
    """A request that is still open."""

    def __init__(self, reader, writer) -> None:
        self.reader, self.writer = reader, writer

    async def rest(self):
        """Give all that comes until the connection ends."""
        told = await self.reader.read()
        await hang_up(self.writer)
        return told


async def ask(harness, path, token, method="GET", body=b""):
    """Send a request, and return when it is among those that last."""
    before = len(harness.guard.lasting)
    reader, writer = await harness.dial()
    headers = {"Host": "localhost", "Connection": "close", "Authorization": f"Bearer {token}"}
    if body:
        headers |= {"Content-Type": "application/json", "Content-Length": str(len(body))}
    writer.write(request_bytes(method, path, headers) + body)
    while len(harness.guard.lasting) == before:  # noqa: ASYNC110 - there is no event for it
        await asyncio.sleep(0)
    return Asked(reader, writer)


@pytest.fixture
def locked(io_loop, open_harness):
    """Give a front end that wants a token, with its messages open."""
    harness = open_harness(token=OLD)
    io_loop.run_sync(harness.open_messages)
    return harness


async def test_a_long_poll_ends_with_401(locked):
    """It is refused as one that comes after the change is."""
    asked = await ask(locked, "/whatsapp/events?wait=50", OLD)
    changed = locked.guard.adopt(locked.guard._config, NEW)
    answer = parse(await asked.rest())

    assert changed
    assert (401, "unauthorized", "the token is wrong") == (
        answer.status,
        answer.json["code"],
        answer.json["error"],
    )
    assert 'Bearer realm="wad", error="invalid_token"' == answer.headers["WWW-Authenticate"]


async def test_a_stream_ends_with_the_reason(locked):
    """What it was told last is why, as a comment, which no client takes for an event."""
    asked = await ask(locked, "/whatsapp/events/stream", OLD)
    await asked.reader.readuntil(b"retry: 3000\n\n")
    locked.guard.adopt(locked.guard._config, NEW)

    assert b": this token is no longer the right one\n\n" in await asked.rest()


@pytest.mark.parametrize("path", ["/whatsapp/events?wait=50", "/whatsapp/events/stream"])
async def test_nothing_that_was_read_for_them_is_told(locked, path):
    """An event that wakes them in the very turn of the loop in which the token is changed is none of theirs."""
    asked = await ask(locked, path, OLD)
    journal = locked.messages.desk.journal
    news, said = journal._news, []

    def set_and_change():
        asyncio.Event.set(news)
        said.append(locked.guard.adopt(locked.guard._config, NEW))

    news.set = set_and_change
    await journal.write(lambda connection: event_log.append(connection, "state", {"a": "secret"}, 0.0))
    told = await asked.rest()

    assert [True] == said
    assert b"secret" not in told


async def test_who_waits_for_a_message_is_told_that_it_was_accepted(locked):
    """At once, and nothing more: the message was taken, goes out, and is not to be sent again."""
    locked.messages.desk.linked = True
    body = json.dumps({"to": "+15551110000", "text": "hello", "clientRef": "mine"}).encode()
    asked = await ask(locked, "/whatsapp/messages?wait=sent&timeout=50", OLD, "POST", body)
    locked.guard.adopt(locked.guard._config, NEW)
    answer = parse(await asked.rest())

    assert (202, True) == (answer.status, answer.json["success"])
    assert ("mine", "queued") == tuple(answer.json["message"][name] for name in ("clientRef", "state"))
    assert "queued" == (await locked.messages.message("mine"))["state"]


@pytest.mark.parametrize("token", [OLD, None], ids=["the same", "none"])
async def test_who_may_stay_stays(locked, token):
    """The same token again, or none wanted any more, ends nobody."""
    asked = await ask(locked, "/whatsapp/events?wait=50", OLD)
    changed = locked.guard.adopt(locked.guard._config, token)

    assert (token is None, 1) == (changed, len(locked.guard.lasting))
    asked.writer.transport.abort()


async def test_a_token_where_there_was_none(io_loop, open_harness):
    """Whoever has brought none is ended; whoever has brought what is now the right one is not."""
    harness = open_harness()
    await harness.open_messages()
    stranger, owner = [await ask(harness, "/whatsapp/events?wait=50", each) for each in ("any", NEW)]
    harness.guard.adopt(harness.guard._config, NEW)

    assert 401 == parse(await stranger.rest()).status
    assert 1 == len(harness.guard.lasting)
    owner.writer.transport.abort()


async def test_whoever_is_cancelled_otherwise_is(io_loop):
    """Only a judgement becomes a refusal; a cancellation stays one."""
    lasting, may = Lasting(), [True]

    async def last():
        async with lasting.during(lambda: may[0]):
            await asyncio.Event().wait()

    cancelled, revoked = asyncio.create_task(last()), asyncio.create_task(last())
    await asyncio.sleep(0)
    cancelled.cancel()
    await asyncio.wait([cancelled])
    may[0] = False
    lasting.judge()
    await asyncio.wait([revoked])

    assert cancelled.cancelled()
    assert isinstance(revoked.exception(), RevokedError)
    assert 0 == len(lasting)
