"""WAHA's session, its codes and webhooks, its key and its websocket, over real messages and a page in memory."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from receiver import listening
from waha.generated import models as judge
from waha_harness import CHAT, KEY, NUMBER, speaking

from wad.core.events import (
    BrowserStarted,
    PageLoaded,
    PairingGranted,
    QrIssued,
    StartRequested,
)
from wad.core.status import Code, PairingCode

CODE = "2@Jq0mT8cB7XyZ1s4vWk9uLrAeHfGdPnC3oIiKj5t6Nb2Vx,Dm7wUqzY0aRlFsXhBv3kTgPcE8oNjIi1u4ZyQ5rW6t9=,1"


async def test_the_session(io_loop, tmp_path):
    """Is one, with WAHA's words for how it is; commands are taken at once."""
    async with speaking(tmp_path) as told:
        (listed,) = (await told.ask("GET", "/api/sessions"))[1]
        one = (await told.ask("GET", "/api/sessions/default"))[1]
        me = (await told.ask("GET", "/api/sessions/default/me"))[1]
        other = await told.ask("GET", "/api/sessions/other")
        stopped = await told.ask("POST", "/api/sessions/default/stop")
        shown, everything = [(await told.ask("GET", f"/api/sessions{q}"))[1] for q in ("", "?all=true")]
        started = await told.ask("POST", "/api/sessions/start", {"name": "default"})
        elsewhere = await told.ask("POST", "/api/sessions/stop", {"name": "other"})
        again = await told.ask("POST", "/api/sessions/default/restart")
        gone = await told.ask("POST", "/api/sessions/default/logout")

    judge.SessionInfo.model_validate(listed | {"presence": {}})
    assert listed == one
    assert (one["status"], me["id"]) == ("WORKING", "15550009999@c.us")
    assert (other[0], elsewhere[0]) == (404, 404)
    assert (stopped[0], stopped[1]["status"]) == (201, "STOPPED")
    assert (shown, len(everything)) == ([], 1)
    assert (started[0], started[1]["status"]) == (201, "STARTING")
    assert (again[0], gone[0]) == (201, 201)


async def test_the_code(io_loop, tmp_path):
    """As a picture, as one in JSON, as its text; 404 with a code of wad's where there is none."""
    async with speaking(tmp_path, linked=False) as told:
        none = await told.ask("GET", "/api/default/auth/qr")
        for event in (StartRequested(), BrowserStarted(), PageLoaded()):
            told.session.apply(event)
        told.session.apply(QrIssued(Code(CODE, datetime.now(UTC) + timedelta(seconds=60))))
        raw = await told.ask("GET", "/api/default/auth/qr?format=raw")
        picture = await told.ask("GET", "/api/default/auth/qr?format=image")
        in_json = await told.ask("GET", "/api/default/auth/qr", Accept="application/json")
        wrong = await told.ask("GET", "/api/default/auth/qr?format=other")

    assert (none[0], none[1]["code"]) == (404, "no_code")
    assert raw == (200, {"value": CODE})
    assert picture[1].startswith(b"\x89PNG")
    assert base64.b64decode(in_json[1]["data"]) == picture[1]
    assert wrong[0] == 422


async def test_a_code_to_type(io_loop, tmp_path):
    """Is waited for, and written as people read it."""
    async with speaking(tmp_path, linked=False) as told:
        for event in (StartRequested(), BrowserStarted(), PageLoaded()):
            told.session.apply(event)
        told.session.apply(QrIssued(Code(CODE, datetime.now(UTC) + timedelta(seconds=60))))
        code = PairingCode("ABCD1234", datetime.now(UTC) + timedelta(seconds=60))
        told.inbox.follow = lambda _: told.session.apply(PairingGranted(code))
        found = await told.ask("POST", "/api/default/auth/request-code", {"phoneNumber": f"+{NUMBER}"})
        wrong = await told.ask("POST", "/api/default/auth/request-code", {"phoneNumber": "x"})

    assert found == (201, {"code": "ABCD-1234"})
    assert wrong[0] == 422


HOOK = {
    "events": ["message", "session.status", "call.received"],
    "hmac": {"key": "a key"},
    "retries": {"policy": "constant", "delaySeconds": 2, "attempts": 15},
    "customHeaders": [{"name": "X-Shop", "value": "7"}],
}


async def test_webhooks_are_kept_with_the_session(io_loop, tmp_path):
    """They are set as a whole, told again without their keys, deliver, and go on where they were."""
    async with listening() as receiver, speaking(tmp_path) as told:
        hook = {"url": receiver.url, **HOOK}
        config = {
            "webhooks": [hook, {"url": receiver.url + "&b", "events": ["message.any"]}],
            "metadata": {"user": "7"},
        }
        first = await told.ask("POST", "/api/sessions", {"name": "default", "start": False, "config": config})
        told.page.receive("hello", CHAT)
        await receiver.until(2)
        kept = first[1]["config"]["webhooks"]
        again = await told.ask(
            "PUT", "/api/sessions/default", {"config": {"webhooks": kept[:1], "metadata": {"user": "7"}}}
        )
        (hook_now,) = told.webhooks.of_form("waha")
        bodies = {
            body["event"]: (headers, body)
            for headers, body in zip([each for each, _ in receiver.requests], receiver.bodies, strict=True)
        }
        none = await told.ask("PUT", "/api/sessions/default", {"config": {"webhooks": []}})

    assert (first[0], again[0], none[0]) == (201, 200, 200)
    by_url = {each["url"]: each for each in kept}
    assert by_url[receiver.url]["hmac"] == {"key": None}
    assert by_url[receiver.url]["retries"] == HOOK["retries"]
    assert by_url[receiver.url]["customHeaders"] == HOOK["customHeaders"]
    assert first[1]["config"]["metadata"] == {"user": "7"}
    assert bodies["message"][0]["X-Webhook-Hmac-Algorithm"] == "sha512"
    assert bodies["message"][1]["metadata"] == {"user": "7"}
    assert "X-Webhook-Hmac" not in bodies["message.any"][0]
    assert hook_now.url == kept[0]["url"]
    assert hook_now.secrets == (("a key",) if kept[0]["hmac"] else ())
    assert none[1]["config"]["webhooks"] == []


@pytest.mark.parametrize(
    ("config", "code"),
    [
        ({"webhooks": [{"url": "ftp://a/"}]}, 422),
        ({"webhooks": [{"url": "http://a/", "events": ["nonsense"]}]}, 422),
        ({"webhooks": [{"url": "http://a/", "events": ["call.received"]}]}, 422),
        ({"webhooks": [{"url": "http://a/"}, {"url": "http://a/"}]}, 422),
        ({"webhooks": [{"url": "http://a/"}, {"url": "http://b/", "hmac": {"key": 7}}]}, 422),
        ({"webhooks": "http://a/"}, 422),
        ({"webhooks": [{"url": "http://a/", "customHeaders": ["x"]}]}, 422),
        ("x", 422),
        ({"proxy": {"server": "a:1"}}, 501),
    ],
)
async def test_a_configuration_that_is_refused(io_loop, tmp_path, config, code):
    """As a whole: nothing of it is kept."""
    async with speaking(tmp_path) as told:
        assert (await told.ask("PUT", "/api/sessions/default", {"config": config}))[0] == code
        assert told.webhooks.of_form("waha") == []


async def test_webhooks_may_not_reach_this_network_unless_they_are_let(io_loop, tmp_path):
    """By the same rule as those set over wad's own interface."""
    async with listening() as receiver, speaking(tmp_path, private=False) as told:
        await told.ask("PUT", "/api/sessions/default", {"config": {"webhooks": [{"url": receiver.url}]}})
        told.page.receive("hello", CHAT)
        await told.house.event("message")
        ((delivery, _),) = told.webhooks._running.values()
        while delivery.standing.error is None:
            await told.house.journal.wait(told.house.journal.newest, 0.01)

    assert delivery.standing.error == "private_address"
    assert receiver.requests == []


async def test_the_key(io_loop, tmp_path):
    """Is asked for everywhere but where nothing is told; long bodies are refused before they come."""
    async with speaking(tmp_path) as told:
        public = [(await told.ask("GET", path, key=None))[0] for path in ("/ping", "/health")]
        without = await told.ask("GET", "/api/sessions", key=None)
        wrong = await told.ask("GET", "/api/sessions", key="another-token-of-length")
        in_address = await told.ask("GET", f"/api/sessions?x-api-key={KEY}", key=None)
        large = await told.ask("POST", "/api/sendText", b"x" * 100_000, key=None)
        nowhere = await told.ask("GET", "/api/nowhere/at/all", key=None)
        too_large = await told.ask("POST", "/api/sendText", b"x" * (8 * 1024 * 1024 + 1))
        method = await told.ask("DELETE", "/api/sendText")

    assert public == [200, 200]
    assert [each[0] for each in (without, wrong, in_address, large)] == [401] * 4
    assert without[1]["code"] == "unauthorized"
    assert [each[0] for each in (nowhere, too_large, method)] == [404, 413, 405]


async def test_other_sites_and_hosts(io_loop, tmp_path):
    """Are refused as anywhere else."""
    async with speaking(tmp_path) as told:
        foreign = await told.ask("GET", "/api/sessions", Host="rebound.example")
        other = await told.ask("POST", "/api/sendText", {}, Origin="https://evil.example")

    assert (foreign[0], foreign[1]["code"]) == (421, "host_refused")
    assert (other[0], other[1]["code"]) == (403, "origin_refused")


async def test_without_a_token_no_key_is_asked_for(io_loop, tmp_path):
    """As with all of wad."""
    async with speaking(tmp_path, token=None) as told:
        assert (await told.ask("GET", "/api/sessions", key=None))[0] == 200


async def test_a_message_s_file(io_loop, tmp_path):
    """Is at the address that its message names, for whoever has the key."""
    async with speaking(tmp_path) as told:
        told.page.receive(
            "look", CHAT, file=b"\x89PNG\r\n\x1a\n" + bytes(32), kind="image", mimetype="image/png"
        )
        (found,) = (await told.ask("GET", f"/api/default/chats/{CHAT}/messages?limit=1"))[1]
        path = found["media"]["url"].removeprefix(told.url)
        given = await told.ask("GET", path)
        refused = await told.ask("GET", path, key=None)

    assert path.endswith(".png")
    assert given[1].startswith(b"\x89PNG")
    assert refused[0] == 401


async def test_events_over_a_websocket(io_loop, tmp_path):
    """Those that happen while it is open, of the types that are named; in WAHA's form."""
    async with speaking(tmp_path) as told:
        told.page.receive("before", CHAT)
        await told.house.event("message")
        socket = await told.listen("session=*&events=message&events=message.ack,session.status")
        told.page.receive("hello", CHAT)
        found = json.loads(await socket.read_message())
        everything = await told.listen()
        told.page.receive("again", CHAT)
        names = [json.loads(await everything.read_message())["event"] for _ in range(2)]
        # What a client says is not heard.
        await everything.write_message("anything")

    assert (found["event"], found["payload"]["body"]) == ("message", "hello")
    assert names == ["message", "message.any"]


@pytest.mark.parametrize(
    ("query", "headers", "code"),
    [
        ({"key": "another"}, {}, 401),
        ({"query": "session=other"}, {}, 404),
        ({"query": "events=nonsense"}, {}, 422),
        ({}, {"Origin": "https://evil.example"}, 403),
    ],
)
async def test_a_websocket_that_is_refused(io_loop, tmp_path, query, headers, code):
    """Before the handshake."""
    async with speaking(tmp_path) as told:
        status, answer = await told.refused(**query, **headers)

    assert (status, answer["statusCode"]) == (code, code)


async def test_another_token_ends_a_websocket(io_loop, tmp_path):
    """At once, and nothing more is told."""
    async with speaking(tmp_path) as told:
        socket = await told.listen()
        told.page.receive("hello", CHAT)
        for _ in range(2):
            await socket.read_message()
        told.guard.adopt(told.guard._config, "another-token-of-length")

        assert await socket.read_message() is None
        assert socket.close_code == 1008
