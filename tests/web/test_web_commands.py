"""Commands over HTTP: each becomes its event at once, and the answer tells what came of it."""

from datetime import timedelta

import pytest
from frontend_harness import TOKEN

from wad.core.errors import WadError
from wad.core.events import (
    Authenticated,
    LogoutRequested,
    PairingCancelled,
    PairingGranted,
    PairRequested,
    Ready,
    ResetRequested,
    StartRequested,
    StopRequested,
)
from wad.core.status import Account, PairingCode, Phase
from wad.sandbox.errors import PhoneRefusedError, UnknownCommandError
from wad.sandbox.mediacommands import Medium


@pytest.mark.parametrize("prefix", ["", "/api"])
@pytest.mark.parametrize(
    ("name", "event"),
    [
        ("start", StartRequested()),
        ("stop", StopRequested()),
        ("reset", ResetRequested()),
        ("logout", LogoutRequested()),
        ("pair/cancel", PairingCancelled()),
    ],
)
async def test_commands(io_loop, harness, prefix, name, event):
    """Each command is handed over once, with an empty body or with an empty object."""
    for body in (b"", b"{}"):
        answer = await harness.ask(
            "POST", f"{prefix}/whatsapp/{name}", {"Content-Type": "application/json"}, body
        )

        assert (200, True) == (answer.status, answer.json["success"])
    assert [event, event] == harness.inbox.commands


async def test_start(io_loop, harness):
    """Start answers before the browser is there."""
    answer = await harness.ask("POST", "/api/whatsapp/start")

    assert {
        "success": True,
        "status": "initializing",
        "message": "WhatsApp client is initializing",
        "currentState": "idle",
        "hasQr": False,
        "accountInfo": None,
    } == answer.json
    assert Phase.STARTING is harness.session.status.phase


async def test_start_again(io_loop, harness):
    """Calling start again tells how far it has come, and harms nothing."""
    harness.show_code()
    waiting = await harness.ask("POST", "/api/whatsapp/start")
    harness.apply(Authenticated(), Ready(Account("15551234567")))
    linked = await harness.ask("POST", "/api/whatsapp/start")

    assert ("qr", True) == (waiting.json["status"], waiting.json["hasQr"])
    assert ("ready", False) == (linked.json["status"], linked.json["hasQr"])
    assert "15551234567@c.us" == linked.json["accountInfo"]["phoneNumber"]


@pytest.mark.parametrize("name", ["reset", "logout"])
async def test_reset(io_loop, harness, name):
    """Reset and logout tell that a new scan is needed."""
    answer = await harness.ask("POST", f"/whatsapp/{name}")

    assert answer.json["requiresNewAuth"] is True


@pytest.mark.parametrize("prefix", ["", "/api"])
async def test_pair(io_loop, harness, prefix):
    """A number as people write it is handed over as digits, and answered before there is a code."""
    answer = await harness.ask("POST", f"{prefix}/whatsapp/pair", body=b'{"phone": "+1 (555) 123-45-67"}')

    assert {
        "success": True,
        "message": "A pairing code is on its way; it appears as pairingCode in the status",
        "status": "idle",
        "currentState": "idle",
    } == answer.json
    assert [PairRequested("15551234567")] == harness.inbox.commands
    assert Phase.STARTING is harness.session.status.phase


async def test_pairing_code_in_the_status(io_loop, harness):
    """The code is part of the status as long as it is live, and no longer."""
    harness.show_code()
    await harness.ask("POST", "/api/whatsapp/pair", body=b'{"phone": "15551234567"}')
    harness.apply(PairingGranted(PairingCode("ABCD1234", harness.clock() + timedelta(seconds=180))))
    live = await harness.ask("GET", "/whatsapp/status")
    harness.clock.forward(180)
    over = await harness.ask("GET", "/api/whatsapp/status")

    assert ("qr", False, None, "ABCD1234", "2026-11-23T05:13:00.123Z") == tuple(
        live.json[key] for key in ("status", "hasQr", "qrCode", "pairingCode", "pairingCodeExpiresAt")
    )
    assert (None, None) == (over.json["pairingCode"], over.json["pairingCodeExpiresAt"])
    assert live.headers["ETag"] != over.headers["ETag"]


async def test_pairing_code_is_a_secret(io_loop, open_harness):
    """Without the token the status answers, and holds no code."""
    harness = open_harness(token=TOKEN)
    harness.show_code()
    harness.apply(
        PairRequested("15551234567"),
        PairingGranted(PairingCode("ABCD1234", harness.clock() + timedelta(seconds=180))),
    )
    without = await harness.ask("GET", "/whatsapp/status")
    with_it = await harness.ask("GET", "/whatsapp/status", {"Authorization": f"Bearer {TOKEN}"})

    assert b"ABCD1234" not in without.body
    assert (None, True) == (without.json["pairingCode"], without.json["authRequired"])
    assert "ABCD1234" == with_it.json["pairingCode"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "invalid_phone"),
        (b"{}", "invalid_phone"),
        (b'{"phone": null}', "invalid_phone"),
        (b'{"phone": 15551234567}', "invalid_phone"),
        (b'{"phone": "8 999 123-45-67"}', "invalid_phone"),
        (b'{"phone": "+1555"}', "invalid_phone"),
        (b'{"number": "+15551234567"}', "invalid_phone"),
        (b'"+15551234567"', "invalid_json"),
        (b"phone=+15551234567", "invalid_json"),
    ],
)
async def test_pair_with_no_number(io_loop, harness, body, code):
    """What is no number is refused with what to do; it is not repeated, and nothing is handed over."""
    answer = await harness.ask("POST", "/api/whatsapp/pair", body=body)

    assert (400, code) == (answer.status, answer.json["code"])
    assert b"1555" not in answer.body
    assert [] == harness.inbox.commands


async def test_pair_while_linked(io_loop, harness):
    """A linked account is not put at risk."""
    harness.show_code()
    harness.apply(Authenticated(), Ready(Account("15551234567")))
    answer = await harness.ask("POST", "/api/whatsapp/pair", body=b'{"phone": "+15551234567"}')

    assert (409, "already_linked") == (answer.status, answer.json["code"])
    assert [] == harness.inbox.commands


async def test_phone(io_loop, harness):
    """The sandbox's phone gets the button's name and its arguments."""
    answer = await harness.ask("POST", "/sandbox/phone/replace", body=b'{"times": 2}')

    assert {"success": True, "did": "replace"} == answer.json
    assert [("replace", {"times": 2})] == harness.phone.pressed


@pytest.mark.parametrize(
    ("refusal", "status"), [(UnknownCommandError("unknown"), 404), (PhoneRefusedError("not now"), 409)]
)
async def test_phone_refuses(io_loop, harness, refusal: WadError, status):
    """What the phone refuses comes back with its code and its sentence."""
    harness.phone.refusal = refusal

    answer = await harness.ask("POST", "/sandbox/phone/scan")

    assert (status, refusal.code, str(refusal)) == (answer.status, answer.json["code"], answer.json["error"])


@pytest.mark.parametrize("name", ["messages", "media", "contents", "presence"])
async def test_looking(io_loop, harness, name):
    """What the phone has is looked at by the name of the button that tells it."""
    answer = await harness.ask("GET", f"/sandbox/phone/{name}")

    assert {"success": True, "did": name} == answer.json
    assert [(name, {})] == harness.phone.pressed


@pytest.mark.parametrize("size", [0, 5, 600_000])
async def test_a_medium(io_loop, harness, tmp_path, size):
    """A medium comes as it arrived, without what is behind it in its file, and never as a page of ours."""
    (tmp_path / "medium").write_bytes(b"x" * size + b"a seal ...")
    harness.phone.media["true_1@c.us_3EB0"] = Medium(tmp_path / "medium", size, "text/html")
    path = "/sandbox/phone/media/true_1@c.us_3EB0"
    answer = await harness.ask("GET", path)
    head = await harness.ask("HEAD", path)
    other = await harness.ask("GET", "/sandbox/phone/media/3EB1")

    assert (200, b"x" * size) == (answer.status, answer.body)
    assert ("text/html", "attachment", "nosniff", str(size)) == tuple(
        answer.headers[name]
        for name in ("Content-Type", "Content-Disposition", "X-Content-Type-Options", "Content-Length")
    )
    assert (200, b"", str(size)) == (head.status, head.body, head.headers["Content-Length"])
    assert (404, "not_found") == (other.status, other.json["code"])


@pytest.mark.parametrize("path", ["/sandbox/phone/scan", "/sandbox/phone/logout", "/sandbox"])
async def test_no_phone_when_live(io_loop, open_harness, path):
    """A live daemon has no such routes at all."""
    harness = open_harness(sandbox=False)

    answer = await harness.ask("POST", path)

    assert (404, "not_found") == (answer.status, answer.json["code"])
    assert [] == harness.phone.pressed
