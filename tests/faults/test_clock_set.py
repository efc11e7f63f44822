"""The machine's clock is set by an hour, forward or back, while wad runs: nothing is early, late or lost."""

import sys
from pathlib import Path

import pytest
import socketio
from clock_setting import SetClock
from daemon_messages import event, send

sys.path.insert(0, str(Path(__file__).parents[1] / "webhooks"))

from receiver import listening  # found once the path is set

WAYS = {"forward": "+1h", "back": "-1h"}


async def connected(daemon):
    """Give a client of Socket.IO's, and where it notes that it was sent away."""
    gone = []
    client = socketio.AsyncClient(reconnection=False, request_timeout=40)
    client.on("disconnect", lambda *_: gone.append(1))
    await client.connect(f"http://127.0.0.1:{daemon.port}", transports=["websocket"], wait_timeout=40)
    return client, gone


@pytest.mark.parametrize("to", WAYS.values(), ids=WAYS)
async def test_what_waits_waits_as_long_as_it_should(folder, linked_state, to):
    """A message that may wait ten minutes is sent, an event refused once comes after seconds, the link is kept.

    The pauses are measured in what has passed; whatever was written down is moved with the clock.
    """
    clock = SetClock(folder)
    private = {"WAD_MESSAGES_PRIVATE_WEBHOOKS": "true"}
    async with clock.daemon(linked_state, **private) as daemon, listening() as receiver:
        await daemon.wait(currentState="ready")
        client, gone = await connected(daemon)
        receiver.answer(500)
        put = await daemon.fetch("PUT", "/api/whatsapp/webhooks/a", {"url": receiver.url})
        await daemon.phone("offline")
        await daemon.wait(isReady=False)
        accepted = (await send(daemon, "hello", expiresIn=600)).json["message"]
        await daemon.wait_line("webhook_failed")
        clock.set(to)
        moved = await daemon.wait_line("clock_was_set")
        await receiver.until(2)
        waiting = (await daemon.get(f"/api/whatsapp/messages/{accepted['id']}")).json["message"]
        oldest = (await daemon.get("/api/whatsapp/outbox")).json["oldestSeconds"]
        await daemon.phone("online")
        own = await event(daemon, "message.own")
        stayed = client.connected and not gone
        await client.disconnect()
        ended = await daemon.stop()

    assert 200 == put.code
    assert abs(abs(moved["seconds"]) - 3600) < 1
    assert "queued" == waiting["state"]
    assert oldest < 600
    assert "hello" == own["data"]["text"]
    assert stayed
    assert 0 == ended


async def test_codes_go_on(folder):
    """Whoever looks for the phone while a clock is put right is shown the next code, too."""
    clock = SetClock(folder)
    # In the sandbox codes have no end unless one is set, and then it is as much shorter as its clock is faster.
    ends = {"WAD_SANDBOX_CLOCK": "5", "WAD_LINK_QR_MAX": "1800", "WAD_LINK_QR_QUIET": "1800"}
    async with clock.daemon(folder / "state", **ends) as daemon:
        first = (await daemon.new_code())["qrCode"]
        clock.set("+1h")
        await daemon.wait_line("clock_was_set")
        second = (await daemon.new_code(first))["qrCode"]
        await daemon.new_code(second)
        reasons = {line.get("reason") for line in daemon.lines()}

    assert "qr_expired" not in reasons
