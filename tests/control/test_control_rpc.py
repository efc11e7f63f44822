"""JSON-RPC 2.0 on the control socket: ids, errors, notifications, and the watch."""

import json

import pytest
from frontend_harness import TEXT

from wad.core.events import StartRequested, StopRequested


def request(**members):
    """Give a request's line."""
    return json.dumps({"jsonrpc": "2.0", **members}).encode()


@pytest.mark.parametrize("number", [7, -1, 0, 1.5, "seven", "", "\ud800", "ё", None, 10**300])
async def test_id(io_loop, harness, number):
    """An id comes back as it was, in answers and in errors."""
    answer = await harness.ask(request(id=number, method="version"))
    error = await harness.ask(request(id=number, method="sing"))

    assert (number, "0.1.0") == (answer["id"], answer["result"]["version"])
    assert (number, -32601) == (error["id"], error["error"]["code"])


ERRORS = {
    b"{": (None, -32700, "parse_error"),
    b'{"jsonrpc": "2.0", "id": Infinity, "method": "status"}': (None, -32700, "parse_error"),
    b'{"jsonrpc": "2.0", "id": "\xff"}': (None, -32700, "garbage"),
    b'{"a":' * 700: (None, -32700, "parse_error"),
    b'{"jsonrpc": "2.0", "id": 1e999, "method": "status"}': (None, -32600, "invalid_request"),
    b"[]": (None, -32600, "batch_refused"),
    b"[1": (None, -32600, "batch_refused"),
    b"{}": (None, -32600, "invalid_request"),
    request(id=7): (7, -32600, "invalid_request"),
    request(id=7, method=7): (7, -32600, "invalid_request"),
    request(id=True, method="status"): (None, -32600, "invalid_request"),
    request(id=[], method="status"): (None, -32600, "invalid_request"),
    request(id=7, method="status", params=7): (7, -32600, "invalid_request"),
    b'{"id": 7, "method": "status"}': (7, -32600, "invalid_request"),
    b'{"jsonrpc": "1.0", "id": 7, "method": "status"}': (7, -32600, "invalid_request"),
    request(id=7, method="sing"): (7, -32601, "unknown_command"),
    request(id=7, method="__init__"): (7, -32601, "unknown_command"),
    request(id=7, method="status", params=["now"]): (7, -32602, "invalid_arguments"),
    request(id=7, method="status", params=[[]]): (7, -32602, "invalid_arguments"),
    request(id=7, method="status", params={"now": True}): (7, -32602, "invalid_arguments"),
    request(id=7, method="watch", params={"qr": 1}): (7, -32602, "invalid_arguments"),
    request(id=7, method="sandbox"): (7, -32602, "invalid_arguments"),
    request(id=7, method="sandbox", params=["scan"]): (7, -32602, "invalid_arguments"),
    request(id=7, method="sandbox", params={"name": 7}): (7, -32602, "invalid_arguments"),
    request(id=7, method="sandbox", params={"name": "x", "y": 1}): (7, -32602, "invalid_arguments"),
    request(id=7, method="pair"): (7, -32602, "invalid_phone"),
    request(id=7, method="pair", params={}): (7, -32602, "invalid_arguments"),
    request(id=7, method="pair", params={"phone": 15551234567}): (7, -32602, "invalid_arguments"),
    request(id=7, method="pair", params={"phone": "+15551234567", "x": 1}): (7, -32602, "invalid_arguments"),
    request(id=7, method="pair", params={"cancel": False}): (7, -32602, "invalid_arguments"),
    request(id=7, method="pair", params=["1", "2"]): (7, -32602, "invalid_arguments"),
    request(id=7, method="pair", params={"phone": "0049 30 901820"}): (7, -32602, "invalid_phone"),
    request(id=7, method="qr"): (7, -32000, "no_code"),
}


@pytest.mark.parametrize("line", ERRORS)
async def test_errors(io_loop, harness, line):
    """Each error has the standard's number, our slug in its data, and the request's id if it can be told."""
    answer = await harness.ask(line)

    number, error = answer["id"], answer["error"]
    assert "2.0" == answer["jsonrpc"]
    assert ERRORS[line] == (number, error["code"], error["data"]["code"])
    assert error["message"]


async def test_internal_error(io_loop, harness):
    """A fault of wad's own has its own number."""
    harness.inbox.broken = True

    error = (await harness.ask(request(id=7, method="start")))["error"]

    assert (-32603, "internal_error") == (error["code"], error["data"]["code"])
    assert TEXT not in json.dumps(error)


@pytest.mark.parametrize("method", ["status", "sing", "qr"])
async def test_notification(io_loop, harness, method):
    """Without an id nothing comes back, not even an error."""
    answers = await harness.send(request(method=method) + b"\n" + request(id=1, method="version") + b"\n")

    assert [1] == [json.loads(line)["id"] for line in answers.splitlines()]


async def test_notified_command(io_loop, harness):
    """A notification is carried out all the same."""
    await harness.send(request(method="start") + b"\n")

    assert [StartRequested()] == harness.inbox.commands


async def test_facts(io_loop, harness):
    """The data tells how the link is where that is why."""
    harness.link()

    data = (await harness.ask(request(id=1, method="qr")))["error"]["data"]

    assert {"code": "no_code", "currentState": "ready", "phase": "linked", "reason": None} == data


async def test_watch(io_loop, harness):
    """The present is the result; changes are notifications; other requests are answered meanwhile."""
    async with await harness.dial() as client:
        present = await client.ask(request(id="w", method="watch"))
        harness.apply(StartRequested(), StopRequested())
        changes = [await client.hear(), await client.hear()]
        version = await client.ask(request(id="v", method="version"))

    assert ("w", "stopped") == (present["id"], present["result"]["phase"])
    assert ["status", "status"] == [change["method"] for change in changes]
    assert ["starting", "stopping"] == [change["params"]["phase"] for change in changes]
    assert "v" == version["id"]


async def test_watch_by_notification(io_loop, harness):
    """Whoever wants no answer is told the present as a change."""
    async with await harness.dial() as client:
        present = await client.ask(request(method="watch"))

    assert ("status", "stopped") == (present["method"], present["params"]["phase"])


async def test_mixed(io_loop, harness):
    """Both languages may be spoken on one connection."""
    async with await harness.dial() as client:
        await client.say(b"version", request(id=1, method="version"), b"version")
        answers = [await client.hear() for _ in range(3)]

    assert [None, 1, None] == [answer.get("id") for answer in answers]
