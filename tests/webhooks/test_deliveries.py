"""Webhooks against real receivers: in order, at least once, signed, and never given up without a word."""

import asyncio
import socket
import ssl
import subprocess
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
from messages_harness import opened
from receiver import listening
from standardwebhooks import Webhook as Judge
from tornado.netutil import Resolver

from wad.core.errors import ConfiguredWebhookError, NoSuchWebhookError, WebhookError
from wad.net.addresses import is_public
from wad.store import event_log
from wad.webhooks.post import Poster
from wad.webhooks.schedule import DELAYS, left, pause, seconds_of
from wad.webhooks.service import Webhooks
from wad.webhooks.settings import webhook
from wad.webhooks.signing import make_secret


class Clock:
    """Time that tests move."""

    def __init__(self):
        self.seconds = 1_800_000_000.0

    def __call__(self):
        return self.seconds


@asynccontextmanager
async def delivering(folder, *hooks, private=True, poster=Poster, clock=None):
    """Give a house whose webhooks run."""
    clock = clock or Clock()
    async with opened(folder, now=clock) as house:
        house.clock = clock
        house.hooks = Webhooks(house.messages.desk, hooks, private=private, poster=poster)
        await house.hooks.start()
        try:
            yield house
        finally:
            await house.hooks.close()


async def happen(house, *numbers, kind="message"):
    """Have events happen, and be seen by who follows."""
    newest = house.journal.newest
    for number in numbers:
        await house.journal.write(
            lambda connection, n=number: event_log.append(connection, kind, {"n": n}, house.clock())
        )
    assert await house.journal.wait(newest + len(numbers) - 1, 30)


async def until(house, wanted, name="a"):
    """Wait until the webhook's listing is as wanted; gives it."""
    async with asyncio.timeout(30):
        while True:
            (found,) = [each for each in await house.hooks.listing() if each["name"] == name]
            if wanted(found):
                return found
            await asyncio.sleep(0)


def numbers(receiver):
    """Give the numbers of the events that came, in order."""
    return [body["data"]["n"] for body in receiver.bodies]


async def give_up(house, receiver):
    """Have the receiver refuse an event until it is given up."""
    receiver.answer(*[500] * len(DELAYS))
    await happen(house, 1)
    for failed in range(1, len(DELAYS)):
        await until(house, lambda each, failed=failed: each["failedAttempts"] == failed)
        house.clock.seconds += DELAYS[failed]
        house.hooks._running["a"][0].ring()
    await until(house, lambda each: each["deadLetters"] == 1)


async def test_events_come_in_order_once_and_signed(tmp_path):
    """Each is a body with its number, and a judge who knows the secret believes its signature."""
    async with listening() as receiver, delivering(tmp_path) as house:
        made = await house.hooks.put("a", {"url": receiver.url})
        await happen(house, 1, 2, 3)
        await receiver.until(3)
        found = await until(house, lambda each: each["backlog"] == 0)

    headers, body = receiver.requests[0]
    judge = Judge(made["secret"])

    assert numbers(receiver) == [1, 2, 3]
    assert found["state"] == "active"
    assert "key" not in found["url"]
    assert headers["Webhook-Id"] == receiver.bodies[0]["id"]
    # The judge compares with the real time; ours is the tests' own, so it is asked for the mark alone.
    seconds = int(headers["Webhook-Timestamp"])
    wanted = judge.sign(headers["Webhook-Id"], _moment(seconds), body.decode())
    assert headers["Webhook-Signature"] == wanted


def _moment(seconds):
    return datetime.fromtimestamp(seconds, UTC)


async def test_two_secrets_while_they_are_changed(tmp_path):
    """Both sign, so that either receiver believes it."""
    old, new = make_secret(), make_secret()
    async with listening() as receiver, delivering(tmp_path) as house:
        made = await house.hooks.put("a", {"url": receiver.url, "secrets": [new, old]})
        await happen(house, 1)
        await receiver.until(1)

    headers, body = receiver.requests[0]
    marks = headers["Webhook-Signature"].split(" ")
    moment = _moment(int(headers["Webhook-Timestamp"]))

    assert "secret" not in made
    assert marks == [Judge(each).sign(headers["Webhook-Id"], moment, body.decode()) for each in (new, old)]


@pytest.mark.parametrize("answer", [500, 302, 404, 429])
async def test_what_is_not_taken_comes_again_and_the_rest_waits(tmp_path, answer):
    """The same event with the same id, after the schedule's time; then those behind it."""
    async with listening() as receiver, delivering(tmp_path) as house:
        receiver.answer((answer, {"Location": "/elsewhere"}))
        await house.hooks.put("a", {"url": receiver.url})
        await happen(house, 1, 2)
        found = await until(house, lambda each: each["state"] == "retrying")
        house.clock.seconds += DELAYS[1]
        house.hooks._running["a"][0].ring()
        await receiver.until(3)
        await until(house, lambda each: each["backlog"] == 0)

    assert found["lastStatus"] == answer
    assert found["failedAttempts"] == 1
    assert numbers(receiver) == [1, 1, 2]
    assert receiver.bodies[0]["id"] == receiver.bodies[1]["id"]


async def test_retry_after_is_heeded(tmp_path):
    """A receiver that names a time is left alone until then."""
    async with listening() as receiver, delivering(tmp_path) as house:
        receiver.answer((503, {"Retry-After": "120"}))
        await house.hooks.put("a", {"url": receiver.url})
        await happen(house, 1)
        await until(house, lambda each: each["state"] == "retrying")
        due = house.hooks._running["a"][0].standing.due

    assert due == house.clock() + 120


async def test_gone_switches_it_off_and_replay_on_again(tmp_path):
    """410 is written down; from then on nothing is sent until somebody wants it."""
    async with listening() as receiver, delivering(tmp_path) as house:
        receiver.answer(410)
        await house.hooks.put("a", {"url": receiver.url})
        await happen(house, 1)
        await until(house, lambda each: each["state"] == "disabled")
        assert house.hooks.read_to is None
        await house.hooks.replay("a")
        await receiver.until(2)
        await until(house, lambda each: each["backlog"] == 0)

    assert numbers(receiver) == [1, 1]


async def test_given_up_after_the_last_attempt_and_brought_again_when_asked(tmp_path):
    """The event is parked, the next one goes on, and replay brings the parked one."""
    async with listening() as receiver, delivering(tmp_path) as house:
        await house.hooks.put("a", {"url": receiver.url})
        await give_up(house, receiver)
        await happen(house, 2)
        await receiver.until(len(DELAYS) + 1)
        await house.hooks.replay("a")
        await until(house, lambda each: each["deadLetters"] == 0)

    assert numbers(receiver)[-2:] == [2, 1]


async def test_nobody_listens_and_a_restart_in_between(tmp_path):
    """Down, it is retried; another daemon goes on where this one was, with the same id."""
    clock = Clock()
    async with listening() as receiver:
        url, port = receiver.url, receiver.port
    async with delivering(tmp_path, clock=clock) as house:
        await house.hooks.put("a", {"url": url})
        await happen(house, 1)
        found = await until(house, lambda each: each["state"] == "retrying")
        first = await house.journal.read(0, 1, {"message"})
    async with delivering(tmp_path, clock=clock) as house:
        receiver.open(port)
        clock.seconds += DELAYS[1]
        house.hooks._running["a"][0].ring()
        await receiver.until(1)
        await until(house, lambda each: each["backlog"] == 0)
        await receiver.close()

    assert found["lastError"] == "refused"
    assert [body["id"] for body in receiver.bodies] == [first[0].id]


async def test_a_slow_receiver_delays_no_other(tmp_path):
    """One never answers; the other has everything meanwhile."""
    async with listening() as slow, listening() as quick, delivering(tmp_path) as house:
        slow.answer(None)
        await house.hooks.put("a", {"url": slow.url})
        await house.hooks.put("b", {"url": quick.url})
        await happen(house, 1, 2, 3)
        await quick.until(3)

    assert numbers(quick) == [1, 2, 3]
    assert numbers(slow) == [1]


async def test_only_the_wanted_types(tmp_path):
    """Others move the cursor and are not sent."""
    async with listening() as receiver, delivering(tmp_path) as house:
        await house.hooks.put("a", {"url": receiver.url, "events": ["message"]})
        await happen(house, 1, kind="state")
        await happen(house, 2)
        await happen(house, 3, kind="state")
        await until(house, lambda each: each["backlog"] == 0)

    assert numbers(receiver) == [2]


async def test_private_addresses_are_closed_to_those_set_over_http(tmp_path):
    """Nothing is connected to; it is told as a failure."""
    async with listening() as receiver, delivering(tmp_path, private=False) as house:
        await house.hooks.put("a", {"url": receiver.url})
        await happen(house, 1)
        found = await until(house, lambda each: each["state"] == "retrying")

    assert found["lastError"] == "private_address"
    assert receiver.requests == []


class _Turncoat(Resolver):
    """Gives a public address when it is asked for the first time, and this machine's afterwards."""

    def initialize(self, port):
        self.port, self.asked = port, 0

    async def resolve(self, *_):
        self.asked += 1
        return [(socket.AF_INET, ("127.0.0.1" if self.asked > 1 else "8.8.8.8", self.port))]


async def test_a_name_that_leads_elsewhere_the_second_time(tmp_path):
    """What was checked is what is connected to: the name is asked for once in an attempt."""
    async with listening() as receiver, delivering(tmp_path, private=False) as house:
        turncoat = _Turncoat(receiver.port)
        hook = webhook(
            "a",
            {"url": f"http://name.example:{receiver.port}/", "secrets": [make_secret()], "timeout": 0.2},
            source="api",
            private=False,
        )
        poster = Poster(hook, turncoat)
        first = await poster.post(b"{}", {})
        second = await poster.post(b"{}", {})
        poster.close()
        assert house.hooks.backlog == {}

    assert first.status is None
    assert second.error == "private_address"
    assert receiver.requests == []


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2001:4860:4860::8888", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("169.254.169.254", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("::ffff:127.0.0.1", False),
        ("2002:7f00:0001::", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("64:ff9b::7f00:1", False),
        ("::7f00:1", False),
        ("fec0::1", False),
        ("100.64.0.1", False),
        ("nonsense", False),
    ],
)
def test_which_addresses_are_for_everybody(address, public):
    """By whichever way one is written."""
    assert is_public(address) is public


async def test_one_of_the_configuration_is_changed_there(tmp_path):
    """It may be private, and over HTTP it is only looked at."""
    async with listening() as receiver:
        settings = {"url": receiver.url, "secrets": [make_secret()]}
        hook = webhook("a", settings, source="config", private=True)
        async with delivering(tmp_path, hook, private=False) as house:
            await happen(house, 1)
            await receiver.until(1)
            with pytest.raises(ConfiguredWebhookError):
                await house.hooks.put("a", {"url": "https://example.org/"})
            with pytest.raises(ConfiguredWebhookError):
                await house.hooks.delete("a")
            with pytest.raises(NoSuchWebhookError):
                await house.hooks.replay("b")


async def test_skip_gives_up_the_present_event(tmp_path):
    """The next one follows at once."""
    async with listening() as receiver, delivering(tmp_path) as house:
        receiver.answer(500)
        await house.hooks.put("a", {"url": receiver.url})
        await happen(house, 1, 2)
        await until(house, lambda each: each["state"] == "retrying")
        await house.hooks.skip("a")
        await receiver.until(2)

    assert numbers(receiver) == [1, 2]


async def test_skip_switches_nothing_on(tmp_path):
    """One that a 410 switched off stays off."""
    async with listening() as receiver, delivering(tmp_path) as house:
        receiver.answer(410)
        await house.hooks.put("a", {"url": receiver.url})
        await happen(house, 1, 2)
        await until(house, lambda each: each["state"] == "disabled")
        skipped = await house.hooks.skip("a")

    assert skipped["state"] == "disabled"
    assert numbers(receiver) == [1]


async def test_an_answer_that_breaks_off_behind_its_status(tmp_path):
    """The receiver said that it has the event: it is not brought again."""
    async with delivering(tmp_path) as house:
        asked = []

        async def answer(reader, writer):
            asked.append(await reader.readuntil(b"\r\n\r\n"))
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nbegun")
            await writer.drain()
            writer.close()

        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        await house.hooks.put("a", {"url": f"http://127.0.0.1:{port}/"})
        await happen(house, 1)
        found = await until(house, lambda each: each["backlog"] == 0)
        server.close()

    assert found["state"] == "active"
    assert len(asked) == 1


async def test_a_receiver_that_never_answers(tmp_path):
    """After its time it counts as a failure."""
    async with listening() as receiver, delivering(tmp_path) as house:
        receiver.answer(None)
        await house.hooks.put("a", {"url": receiver.url, "timeout": 0.2})
        await happen(house, 1)
        found = await until(house, lambda each: each["state"] == "retrying")

    assert found["lastError"] == "timeout"


def certified(folder):
    """Make a key, and a certificate for this machine that nobody has signed; gives their files."""
    files = [str(folder / name) for name in ("key.pem", "cert.pem")]
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
    ]
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "2"]
    subprocess.run([*command, *names, "-keyout", files[0], "-out", files[1]], check=True, capture_output=True)
    return files


async def test_a_certificate_nobody_vouches_for(tmp_path):
    """Nothing is sent to a server that anybody could be; one that is vouched for gets it."""
    files = certified(tmp_path)
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(files[1], files[0])
    async with listening(tls=tls) as receiver:
        url = f"https://localhost:{receiver.port}/"
        hook = webhook("a", {"url": url, "secrets": [make_secret()]}, source="api", private=True)
        stranger, friend = Poster(hook), Poster(hook, trust=ssl.create_default_context(cafile=files[1]))
        refused = await stranger.post(b"{}", {})
        taken = await friend.post(b"{}", {})
        stranger.close()
        friend.close()

    assert refused.error == "certificate"
    assert taken.taken
    assert len(receiver.requests) == 1


async def test_the_same_name_set_twice_at_once(tmp_path):
    """One delivery is left, and it brings each event once."""
    async with listening() as receiver, delivering(tmp_path) as house:
        await asyncio.gather(*(house.hooks.put("a", {"url": receiver.url}) for _ in range(5)))
        await happen(house, 1, 2)
        await receiver.until(2)
        await until(house, lambda each: each["backlog"] == 0)
        running = [task for task in asyncio.all_tasks() if task.get_name() == "wad-webhook-a"]

    assert numbers(receiver) == [1, 2]
    assert len(running) == 1


async def test_a_changed_one_is_tried_at_once(tmp_path):
    """Whoever corrects the address does not wait for the schedule, and may begin anew behind a number."""
    async with listening() as receiver, delivering(tmp_path) as house:
        receiver.answer(500)
        await house.hooks.put("a", {"url": receiver.url})
        await happen(house, 1)
        await until(house, lambda each: each["state"] == "retrying")
        await house.hooks.put("a", {"url": receiver.url})
        await until(house, lambda each: each["backlog"] == 0)
        await house.hooks.put("a", {"url": receiver.url, "after": 0})
        await receiver.until(3)
        with pytest.raises(WebhookError):
            await house.hooks.put("a", {"url": receiver.url, "after": 10**6})

    assert numbers(receiver) == [1, 1, 1]


async def test_a_deleted_one_is_forgotten(tmp_path):
    """It is not there after a restart, and one of its name begins anew."""
    async with listening() as receiver:
        async with delivering(tmp_path) as house:
            await house.hooks.put("a", {"url": receiver.url})
            await house.hooks.delete("a")
        async with delivering(tmp_path) as house:
            assert await house.hooks.listing() == []


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"url": "ftp://example.org"},
        {"url": "https://user:pw@example.org"},
        {"url": "https://exa mple.org"},
        {"url": "https://example.org#x"},
        {"url": "https://example.org", "events": ["nonsense"]},
        {"url": "https://example.org", "headers": {"Host": "x"}},
        {"url": "https://example.org", "headers": {"X": "a\nb"}},
        {"url": "https://example.org", "headers": {"webhook-id": "x"}},
        {"url": "https://example.org", "timeout": 0},
        {"url": "https://example.org", "timeout": True},
        {"url": "https://example.org", "secret": "whsec_short"},
        {"url": "https://example.org", "secret": "nothing"},
        {"url": "https://example.org", "more": 1},
        {"url": "https://example.org", "after": -1},
    ],
)
async def test_what_is_wrong_is_refused_with_a_sentence(tmp_path, settings):
    """And nothing of it is repeated, nor kept."""
    async with delivering(tmp_path) as house:
        with pytest.raises(WebhookError) as refused:
            await house.hooks.put("a", settings)
        assert "pw" not in str(refused.value)
        assert await house.hooks.listing() == []


def test_the_schedule():
    """0, 5 s, 30 s, 5 min, 30 min, 2 h, 5 h, 10 h, 10 h; then it is given up."""
    assert [pause(failed) for failed in range(len(DELAYS) + 1)] == [*DELAYS, None]
    assert pause(1, 60.0) == 60.0
    assert pause(2, 1.0) == 30.0
    assert pause(1, 1e9) == 86400.0
    assert seconds_of("120", 0.0) == 120.0
    assert seconds_of("Thu, 01 Jan 1970 00:02:00 GMT", 20.0) == 100.0
    assert seconds_of("soon", 0.0) is None
    assert left(1e12, 0.0) == 86400.0
