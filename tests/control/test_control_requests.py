"""What the control socket answers, however the bytes of a request arrive."""

import asyncio
import json

import pytest
from control_harness import MESSAGES, socat
from frontend_harness import TEXT
from structlog.testing import capture_logs

from wad.control.verbs import Verb, Verbs
from wad.core.deadlines import Deadlines
from wad.core.errors import BrowserError, BrowserHungError, ConfigError, DocumentReplacedError, PageError
from wad.core.events import LogoutRequested, ResetRequested, StartRequested, StopRequested
from wad.reports.qr import terminal
from wad.sandbox import PhoneRefusedError, UnknownCommandError

ERRORS = {
    b"sing": "unknown_command",
    b"STATUS": "unknown_command",
    b"status now": "invalid_arguments",
    b"watch everything": "invalid_arguments",
    b"sandbox": "invalid_arguments",
    b"sandbox scan what": "invalid_arguments",
    b"sandbox scan number='1": "invalid_arguments",
    b"sandbox scan {": "invalid_arguments",
    b"sandbox scan {}x": "invalid_arguments",
    b"pair": "invalid_phone",
    b"pair 12": "invalid_phone",
    b"pair +1 555 CALL-ME": "invalid_phone",
    b"qr": "no_code",
    b"[]": "batch_refused",
    b"{": "parse_error",
    b'{"id": NaN}': "parse_error",
    b'{"a":' * 600: "parse_error",
    b"{}": "invalid_request",
    b"\xff": "garbage",
    b"\0\1\2": "garbage",
    b'{"\xff': "garbage",
    b"GET / HTTP/1.1": "unknown_command",
}
RPC = b'{"jsonrpc": "2.0", "id": 7, "method": '
# A request, and what is expected of the answer: a part of the document.
CASES = {
    b"status": {"success": True, "currentState": "idle", "phase": "stopped", "instance": "instance-1"},
    b"  status \t\r": {"success": True, "currentState": "idle"},
    b"version": {"version": "0.1.0", "sandbox": True, "started": "2026-11-23T05:10:00.123Z"},
    b"start": {"accepted": True, "status": "initializing", "phase": "starting"},
    b"stop": {"accepted": True, "currentState": "idle", "phase": "stopping"},
    b"reset": {"accepted": True, "requiresNewAuth": True, "phase": "resetting"},
    b"logout": {"accepted": True, "requiresNewAuth": True, "phase": "logging_out"},
    b"pair +1 (555) 123-45-67": {"accepted": True, "phase": "starting", "currentState": "idle"},
    b"pair 15551234567": {"accepted": True, "phase": "starting", "currentState": "idle"},
    b"pair cancel": {"accepted": True, "phase": "stopped"},
    b"history": {"success": True, "instance": "instance-1", "transitions": []},
    b"vitals": {"success": True, "instance": "instance-1", "viewers": 0, "attempts": 0, **MESSAGES},
    b"page": {"success": True, "missing": [], "build": "2.3000.1045211877", "linked": False},
    b"reload": {"success": True, "changed": ["http.allowed_origins"]},
    b"reload wait": {"success": True, "changed": ["http.allowed_origins"]},
    b"sandbox offline": {"success": True, "did": "offline"},
    b"watch": {"success": True, "phase": "stopped"},
    b"watch qr": {"success": True, "phase": "stopped"},
    RPC + b'"status"}': {"jsonrpc": "2.0", "id": 7},
    RPC + b'"start", "params": []}': {"jsonrpc": "2.0", "id": 7},
    **{line: {"success": False, "code": code} for line, code in ERRORS.items() if line[:1] not in b"{["},
}


def same(expected, document):
    """Give the part of a document that is expected of it."""
    return {name: document.get(name) for name in expected}


async def whole(client, data):
    """Send everything at once."""
    client.writer.write(data)


async def bytewise(client, data):
    """Send each byte by itself."""
    for number in range(len(data)):
        client.writer.write(data[number : number + 1])
        await client.writer.drain()


@pytest.mark.parametrize("ending", [b"\n", b"\r\n", b""])
@pytest.mark.parametrize("send", [whole, bytewise])
@pytest.mark.parametrize("line", CASES)
async def test_cases(io_loop, harness, line, send, ending):
    """A request is answered with one line, whole or in pieces, with or without the end of its line."""
    async with await harness.dial() as client:
        await send(client, line + ending)
        if not ending:
            client.writer.write_eof()
        answer = await client.hear()

        assert CASES[line] == same(CASES[line], answer)


@pytest.mark.parametrize("first", [b"status", b"sing", b'{"jsonrpc": "2.0", "id": 1, "method": "version"}'])
@pytest.mark.parametrize("second", CASES)
async def test_two_in_one_write(io_loop, harness, first, second):
    """Two requests in one write are answered in their order."""
    expected = await harness.ask(first)

    async with await harness.dial() as client:
        await client.say(first, second)

        assert expected == await client.hear()
        assert CASES[second] == same(CASES[second], await client.hear())


async def test_order(io_loop, harness):
    """Commands take effect in the order in which they were sent, and each answer tells what it led to."""
    lines = [b"start", b"stop", b"reset", b"logout", b"status", b"version"] * 3

    answers = [json.loads(line) for line in (await harness.send(b"\n".join(lines))).splitlines()]

    kinds = [StartRequested, StopRequested, ResetRequested, LogoutRequested] * 3
    assert kinds == [type(command) for command in harness.inbox.commands]
    assert ["starting", "stopping", "resetting"] == [answer["phase"] for answer in answers[:3]]
    assert answers[3]["phase"] == answers[4]["phase"]
    assert len(lines) == len(answers)


async def test_same_as_http(io_loop, harness):
    """The status is the very body that HTTP sends, with the code's picture."""
    harness.show_code()

    answer = await harness.ask(b"status")

    assert json.loads((await harness.presenter.status(authorised=True)).body) == answer
    assert answer["qrCode"].startswith("data:image/png;base64,")


async def test_qr(io_loop, harness):
    """The code comes as a picture, as a drawing and with its end; asking for it counts as looking."""
    harness.show_code()

    answer = await harness.ask(b"qr")

    assert {
        "success": True,
        "qrCode": await harness.presenter.data_url(),
        "terminal": terminal(TEXT),
        "qrExpiresAt": "2026-11-23T05:11:00.123Z",
        "currentState": "qr",
    } == answer
    assert harness.audience.looks()


async def test_expired_code(io_loop, harness):
    """A code whose time is over is not shown, though nobody has withdrawn it yet."""
    harness.show_code(seconds=5)
    harness.clock.forward(6)

    assert "no_code" == (await harness.ask(b"qr"))["code"]


async def test_no_code(io_loop, harness):
    """Without a code the answer says how the link is; a linked one is not asked to renew codes."""
    harness.link()

    answer = await harness.ask(b"qr")

    assert ("no_code", "ready", None) == (answer["code"], answer["currentState"], answer["reason"])
    assert "WhatsApp client is ready" in answer["error"]
    assert not harness.audience.looks()


@pytest.mark.parametrize("verb", [b"status", b"watch", b"version"])
async def test_monitor(io_loop, harness, verb):
    """Looking at the status is not looking at the code: a monitor must not have codes renewed for ever."""
    harness.show_code()

    await harness.ask(verb)

    assert not harness.audience.looks()


async def test_help(io_loop, harness):
    """Help lists every verb with what it takes, and whether it changes something."""
    verbs = {row["verb"]: row for row in (await harness.ask(b"help"))["verbs"]}

    names = [
        "status",
        "start",
        "stop",
        "reset",
        "logout",
        "pair",
        "qr",
        "watch",
        "history",
        "vitals",
        "page",
        "version",
        "help",
    ]
    assert [*names, "reload", "sandbox"] == list(verbs)
    assert all(row["help"] for row in verbs.values())
    changing = {"start", "stop", "reset", "logout", "reload", "sandbox", "pair"}
    assert changing == {name for name, row in verbs.items() if row["changes"]}


UNSEEN = [
    (BrowserError("there is no browser"), "no_page"),
    (BrowserHungError("too late"), "page_silent"),
    (PageError("odd"), "page_unreadable"),
    (DocumentReplacedError("gone"), "page_unreadable"),
]


@pytest.mark.parametrize(("error", "code"), UNSEEN)
async def test_a_page_that_cannot_be_looked_at(io_loop, harness, error, code):
    """Where there is no look, the answer says why, and when the last one was."""
    harness.page.error = error
    never = await harness.ask(b"page")
    harness.page.error = None
    look = await harness.ask(b"page")
    harness.page.error = error
    refused = await harness.ask(b"page")

    assert {"success": False, "code": code, "lookedAt": None} == same({"success", "code", "lookedAt"}, never)
    assert look["lookedAt"] == refused["lookedAt"]
    assert look["lookedAt"] is not None


async def test_a_page_that_lacks_a_name(io_loop, harness):
    """A look tells what is missing, with what that costs; on a page that has just loaded it is not sure yet."""
    harness.page.gone = {"WAWebSocketModel.Socket.logout()"}
    look = await harness.ask(b"page")

    assert ["logout"] == [each["use"] for each in look["missing"]]
    assert ["WAWebSocketModel.Socket.logout()"] == look["missing"][0]["anyOf"]
    assert look["settled"] is False


@pytest.mark.parametrize("line", [b"sandbox scan", b"reload"])
async def test_not_there(io_loop, open_harness, line):
    """A live daemon has no phone, and one that cannot reload has no reload: the verbs do not exist."""
    harness = await open_harness(sandbox=False, reloads=False)

    answer = await harness.ask(line)

    assert "unknown_command" == answer["code"]
    assert [] == harness.phone.pressed
    assert "sandbox" not in json.dumps((await harness.ask(b"help"))["verbs"])


BUTTONS = {
    b"sandbox offline": ("offline", {}),
    b"sandbox scan number=15557654321": ("scan", {"number": "15557654321"}),
    b"sandbox scan code=1 number='1 2' other=1": ("scan", {"code": "1", "number": "1 2", "other": 1}),
    b"sandbox clock factor=2.5": ("clock", {"factor": 2.5}),
    b"sandbox ban seconds=true why=spam": ("ban", {"seconds": True, "why": "spam"}),
    b'sandbox scan {"number": "1"}': ("scan", {"number": "1"}),
    b"sandbox x=1": ("x=1", {}),
    RPC + b'"sandbox", "params": {"name": "scan"}}': ("scan", {}),
    RPC + b'"sandbox", "params": {"name": "clock", "arguments": {"factor": 2}}}': ("clock", {"factor": 2}),
}


@pytest.mark.parametrize("line", BUTTONS)
async def test_phone(io_loop, harness, line):
    """A button gets its arguments, numbers as numbers unless it wants a text."""
    await harness.ask(line)

    assert [BUTTONS[line]] == harness.phone.pressed


@pytest.mark.parametrize("refusal", [UnknownCommandError("no such button"), PhoneRefusedError("not now")])
async def test_phone_refuses(io_loop, harness, refusal):
    """What the phone refuses comes back with its code and its sentence."""
    harness.phone.refusal = refusal

    answer = await harness.ask(b"sandbox scan")

    assert (False, refusal.code, str(refusal)) == (answer["success"], answer["code"], answer["error"])


async def test_reload_takes_longer(io_loop, open_harness):
    """A reload that takes its time is accepted, and goes on; with `wait` the answer comes with its end."""
    harness = await open_harness(deadlines=Deadlines(command=0.001))
    harness.reloader.may_end.clear()
    async with await harness.dial() as waiting:
        await waiting.say(b"reload wait")
        answer = await harness.ask(b"reload")
        harness.reloader.may_end.set()

        assert answer["accepted"] is True
        assert ["http.allowed_origins"] == (await waiting.hear())["changed"]


async def test_reloads_one_at_a_time(io_loop, harness):
    """One reload runs and one waits, which sees all that was written before it was asked for."""
    harness.reloader.may_end.clear()
    async with await harness.dial() as one, await harness.dial() as two, await harness.dial() as three:
        for client in (one, two, three):
            await client.say(b"version", b"reload wait")
            await client.hear()
            await harness.reloader.has_begun.wait()
        harness.reloader.may_end.set()
        for client in (one, two, three):
            assert (await client.hear())["success"] is True

    assert 2 == harness.reloader.began


async def test_reload_fails(io_loop, harness):
    """What is wrong with the configuration is told to whoever asked."""
    harness.reloader.error = ConfigError("wad.toml: [http] lisen: there is no such key")

    answer = await harness.ask(b"reload")

    assert ("config_error", str(harness.reloader.error)) == (answer["code"], answer["error"])


async def test_not_accepted(io_loop, harness):
    """A daemon that is stopping says so."""
    harness.inbox.open = False

    answer = await harness.ask(b"start")

    assert (False, "not_accepted") == (answer["success"], answer["code"])


async def test_fault_inside(io_loop, harness):
    """A fault of wad's own costs neither the connection nor a secret: the sentence says nothing of it."""
    harness.inbox.broken = True
    async with await harness.dial() as client:
        with capture_logs() as logs:
            answer = await client.ask(b"start")
        again = await client.ask(b"version")

    assert "internal_error" == answer["code"]
    assert TEXT not in json.dumps(answer)
    assert again["success"]
    assert "control_command_failed" in [line["event"] for line in logs]


@pytest.mark.parametrize("data", [b"status\n", b"status", b"status\r\n"])
async def test_socat(io_loop, harness, data):
    """`echo status | socat - UNIX-CONNECT:…` works, and so does printf without the end of the line."""
    assert "idle" == json.loads(await socat(harness.path, data))["currentState"]


async def test_blank_lines(io_loop, harness):
    """Blank lines are nothing."""
    answers = (await harness.send(b"\n \n\r\nversion\n\n")).splitlines()

    assert 1 == len(answers)


def test_duplicate():
    """Two verbs of one name are a mistake in the table."""
    row = Verb("status", asyncio.sleep, "")
    with pytest.raises(ValueError, match="twice"):
        Verbs([row, row])
