"""Pairing by phone number with the whole daemon: over HTTP, the control socket and Socket.IO, until it is linked."""

import asyncio
import json

import pytest
import socketio
from daemon_client import until
from daemon_harness import SMALL_BROWSER, Daemon

NUMBER = "+1 (555) 765-43-21"
WID = "15557654321@c.us"


async def typed(daemon):
    """Ask for a code, and give the status that holds it."""
    await daemon.post("/api/whatsapp/pair", {"phone": NUMBER})
    return await daemon.wait(phase="waiting_for_entry")


async def test_a_code_is_entered_and_the_number_is_linked(folder):
    """From the number to ready: the code in the status, on Socket.IO, and nowhere in the log."""
    told = asyncio.get_running_loop().create_future()
    client = socketio.AsyncClient()
    client.on("wa:pairing-code", lambda code: told.done() or told.set_result(code))
    async with Daemon(folder / "state") as daemon:
        await daemon.new_code()
        await client.connect(f"http://127.0.0.1:{daemon.port}")
        status = await typed(daemon)
        heard = await asyncio.wait_for(told, 20)
        picture = await daemon.get("/api/whatsapp/qr.png")
        entered = await daemon.phone("enter_code", code=status["pairingCode"])
        ready = await daemon.wait(currentState="ready")
        await client.disconnect()
        states, log = await daemon.states(), daemon.text()
        again = await daemon.fetch("POST", "/api/whatsapp/pair", {"phone": NUMBER})

    assert ("qr", False, None) == (status["currentState"], status["hasQr"], status["qrCode"])
    assert {"code": status["pairingCode"], "expiresAt": status["pairingCodeExpiresAt"]} == heard
    assert 404 == picture.code
    assert entered
    assert WID == ready["accountInfo"]["phoneNumber"]
    assert (None, None) == (ready["pairingCode"], ready["pairingCodeExpiresAt"])
    assert ["idle -> qr", "qr -> authenticated", "authenticated -> ready"] == states[-3:]
    assert status["pairingCode"] not in log
    assert "5557654321" not in log
    assert (409, "already_linked") == (again.code, again.json["code"])


async def test_from_a_stopped_link(folder):
    """A number asked for while nothing runs starts the link, and gets its code."""
    async with Daemon(folder / "state", "--sandbox", "--no-autostart", env=SMALL_BROWSER) as daemon:
        status = await typed(daemon)
        await daemon.phone("enter_code")
        ready = await daemon.wait(currentState="ready")

    assert 8 == len(status["pairingCode"])
    assert WID == ready["accountInfo"]["phoneNumber"]


@pytest.mark.parametrize("way", ["cancelled", "expired", "refused"])
async def test_back_at_the_qr_code(folder, way):
    """Cancelled, over, or refused by WhatsApp: a QR code comes by itself, and links when it is scanned."""
    async with Daemon(folder / "state", env=SMALL_BROWSER) as daemon:
        await daemon.new_code()
        if way == "refused":
            await daemon.phone("refuse_pairing")
            await daemon.post("/api/whatsapp/pair", {"phone": NUMBER})
            status = await daemon.wait(hasQr=True, reason="pairing_rate_limited")
        else:
            await typed(daemon)
            if way == "cancelled":
                await daemon.post("/api/whatsapp/pair/cancel")
            status = await daemon.wait(hasQr=True)
        await daemon.phone("scan")
        ready = await daemon.wait(currentState="ready")

    assert ("qr", None) == (status["currentState"], status["pairingCode"])
    assert ("pairing_rate_limited" if way == "refused" else None) == status["reason"]
    assert "15551234567@c.us" == ready["accountInfo"]["phoneNumber"]
    assert ready["reason"] is None


REFUSALS = {
    400: "pairing_refused",
    403: "pairing_not_allowed",
    429: "pairing_rate_limited",
    500: "pairing_failed",
}


async def test_why_there_is_no_code(folder):
    """A wrong number is told from too many requests, an account that may not, and a fault: each has its own reason."""
    told = {}
    async with Daemon(folder / "state", env=SMALL_BROWSER) as daemon:
        await daemon.new_code()
        for code in REFUSALS:
            await daemon.phone("refuse_pairing", code=code)
            await daemon.post("/api/whatsapp/pair", {"phone": NUMBER})

            async def refused():
                """Give the reason beside the code to scan, where it is another than the last one's."""
                status = await daemon.status()
                return status["hasQr"] and status["reason"] not in told.values() and status["reason"]

            told[code] = await until(refused, "a reason")
        await daemon.phone("allow_pairing")
        status = await typed(daemon)

    assert REFUSALS == told
    assert (8, None) == (len(status["pairingCode"]), status["reason"])


async def test_at_the_control_socket(folder):
    """The same by a line on the socket."""
    async with Daemon(folder / "state", env=SMALL_BROWSER) as daemon:
        await daemon.new_code()
        reader, writer = await asyncio.open_unix_connection(str(daemon.state / "run" / "control.sock"))
        writer.write(f"pair {NUMBER}\n".encode())
        answer = json.loads(await reader.readline())
        status = await daemon.wait(phase="waiting_for_entry")
        await daemon.phone("enter_code", code=status["pairingCode"].lower())
        ready = await daemon.wait(currentState="ready")
        audit = await daemon.wait_line("control_command", verb="pair")
        writer.close()

    assert (True, True) == (answer["success"], answer["accepted"])
    assert WID == ready["accountInfo"]["phoneNumber"]
    assert "accepted" == audit["outcome"]
    assert "5557654321" not in json.dumps(audit)


async def test_the_browser_dies_meanwhile(folder):
    """A code dies with its browser; what follows is a QR code, in the same daemon."""
    async with Daemon(folder / "state", env=SMALL_BROWSER) as daemon:
        await daemon.new_code()
        status = await typed(daemon)
        await daemon.phone("crash")
        after = await daemon.wait(hasQr=True)

    assert status["pairingCode"]
    assert (None, None) == (after["pairingCode"], after["reason"])
