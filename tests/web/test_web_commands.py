"""Commands over HTTP: each becomes its event at once, and the answer tells what came of it."""

import pytest

from wad.errors import WadError
from wad.events import Authenticated, LogoutRequested, Ready, ResetRequested, StartRequested, StopRequested
from wad.sandbox.errors import PhoneRefusedError, UnknownCommandError
from wad.status import Account, Phase


@pytest.mark.parametrize("prefix", ["", "/api"])
@pytest.mark.parametrize(
    ("name", "event"),
    [
        ("start", StartRequested()),
        ("stop", StopRequested()),
        ("reset", ResetRequested()),
        ("logout", LogoutRequested()),
    ],
)
async def test_commands(io_loop, house, prefix, name, event):
    """Each command is handed over once, with an empty body or with an empty object."""
    for body in (b"", b"{}"):
        answer = await house.ask(
            "POST", f"{prefix}/whatsapp/{name}", {"Content-Type": "application/json"}, body
        )

        assert (200, True) == (answer.status, answer.json["success"])
    assert [event, event] == house.inbox.commands


async def test_start(io_loop, house):
    """Start answers before the browser is there."""
    answer = await house.ask("POST", "/api/whatsapp/start")

    assert {
        "success": True,
        "status": "initializing",
        "message": "WhatsApp client is initializing",
        "currentState": "idle",
        "hasQr": False,
        "accountInfo": None,
    } == answer.json
    assert Phase.STARTING is house.session.status.phase


async def test_start_again(io_loop, house):
    """Calling start again tells how far it has come, and harms nothing."""
    house.show_code()
    waiting = await house.ask("POST", "/api/whatsapp/start")
    house.apply(Authenticated(), Ready(Account("15551234567")))
    linked = await house.ask("POST", "/api/whatsapp/start")

    assert ("qr", True) == (waiting.json["status"], waiting.json["hasQr"])
    assert ("ready", False) == (linked.json["status"], linked.json["hasQr"])
    assert "15551234567@c.us" == linked.json["accountInfo"]["phoneNumber"]


@pytest.mark.parametrize("name", ["reset", "logout"])
async def test_reset(io_loop, house, name):
    """Reset and logout tell that a new scan is needed."""
    answer = await house.ask("POST", f"/whatsapp/{name}")

    assert answer.json["requiresNewAuth"] is True


async def test_phone(io_loop, house):
    """The sandbox's phone gets the button's name and its arguments."""
    answer = await house.ask("POST", "/sandbox/phone/replace", body=b'{"times": 2}')

    assert {"success": True, "did": "replace"} == answer.json
    assert [("replace", {"times": 2})] == house.phone.pressed


@pytest.mark.parametrize(
    ("refusal", "status"), [(UnknownCommandError("unknown"), 404), (PhoneRefusedError("not now"), 409)]
)
async def test_phone_refuses(io_loop, house, refusal: WadError, status):
    """What the phone refuses comes back with its code and its sentence."""
    house.phone.refusal = refusal

    answer = await house.ask("POST", "/sandbox/phone/scan")

    assert (status, refusal.code, str(refusal)) == (answer.status, answer.json["code"], answer.json["error"])


@pytest.mark.parametrize("path", ["/sandbox/phone/scan", "/sandbox/phone/logout", "/sandbox"])
async def test_no_phone_when_live(io_loop, open_house, path):
    """A live daemon has no such routes at all."""
    house = open_house(sandbox=False)

    answer = await house.ask("POST", path)

    assert (404, "not_found") == (answer.status, answer.json["code"])
    assert [] == house.phone.pressed
