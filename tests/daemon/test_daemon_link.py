"""From the scan to a link that outlives the daemon, and the commands on it."""

import pytest
from daemon_client import until
from daemon_harness import SMALL_BROWSER, Daemon
from daemon_processes import browsers_of

LINKED = ["idle -> qr", "qr -> authenticated", "authenticated -> ready"]


async def with_picture(daemon):
    """Give the status once it has the account's picture."""
    status = await daemon.status()
    return status if status["accountInfo"] and status["accountInfo"]["profilePicUrl"] else None


async def test_a_scan_leads_to_ready_with_the_account(folder):
    """The phone's scan is followed by authenticated and ready, in this order, with the account told."""
    async with Daemon(folder / "state") as daemon:
        await daemon.link()
        # The picture is asked for once the link is ready.
        status = await until(lambda: with_picture(daemon), "the account's picture")
        health = (await daemon.get("/health")).json
        account = (await daemon.get("/whatsapp/account")).json
        states = await daemon.states()
        await daemon.wait_line("[WA] event=ready")
        events = daemon.events()

    info = status["accountInfo"]
    expected = {
        "phoneNumber": "15551234567@c.us",
        "name": "Sandbox Phone",
        "platform": "android",
        "profilePicUrl": info["profilePicUrl"],
        "isReady": True,
        "connectedAt": info["connectedAt"],
    }

    assert expected == info
    assert info["profilePicUrl"].startswith("http://127.0.0.1:")
    assert (True, False, None) == (status["isReady"], status["hasQr"], status["qrCode"])
    assert "WhatsApp client is ready" == status["message"]
    assert ("ok", info) == (health["status"], health["whatsapp"]["accountInfo"])
    assert {"success": True, "account": info, "hasActiveAccount": True} == account
    assert LINKED == states[-3:]
    assert events.index("[WA] event=authenticated") < events.index("[WA] event=ready")


async def test_a_restart_is_ready_again_without_a_scan(linked_state):
    """The session is the profile's: a daemon that starts on it shows no code."""
    async with Daemon(linked_state) as daemon:
        status = await daemon.wait(currentState="ready")
        states = await daemon.states()

    assert "15551234567@c.us" == status["accountInfo"]["phoneNumber"]
    assert ["idle -> authenticated", "authenticated -> ready"] == states


async def test_a_logout_on_the_phone_leads_to_a_new_code(linked_state):
    """The phone ends the link: disconnected for that reason, then a code, by itself; no browser died of it."""
    async with Daemon(linked_state) as daemon:
        await daemon.wait(currentState="ready")
        async with daemon.watched() as watch:
            await daemon.phone("logout")
            await daemon.new_code()
        states = await daemon.states()
        restarts = (await daemon.get("/health")).json["browser"]["restarts"]

    assert ["ready -> disconnected", "disconnected -> qr"] == states[2:]
    assert {"logged_out"} == watch.reasons
    assert {200} == watch.codes
    assert 0 == restarts


@pytest.mark.parametrize("path", ["/api/whatsapp/reset", "/whatsapp/reset"])
async def test_a_reset_shows_another_code(folder, path):
    """Reset answers at once that a scan is needed, and the code after it is another one."""
    async with Daemon(folder / "state", env={**SMALL_BROWSER, "WAD_SANDBOX_CLOCK": "4"}) as daemon:
        before = await daemon.new_code()
        answer = await daemon.post(path)
        after = await daemon.new_code(before["qrCode"])

    assert (True, True) == (answer["success"], answer["requiresNewAuth"])
    assert "qr" == after["currentState"]


@pytest.mark.parametrize("path", ["/api/whatsapp/logout", "/whatsapp/logout"])
async def test_a_logout_tells_the_phone_and_shows_a_code(linked_state, path):
    """Logout ends the link on the phone too, then does what reset does."""
    async with Daemon(linked_state, env=SMALL_BROWSER) as daemon:
        await daemon.wait(currentState="ready")
        await daemon.post(path)
        await daemon.new_code()
        phone = await daemon.phone("state")

    assert [] == phone["devices"]


async def test_a_stop_is_remembered_until_the_next_start(linked_state):
    """Stop closes the browser and keeps the session; a restart stays stopped; start links again."""
    async with Daemon(linked_state) as daemon:
        await daemon.wait(currentState="ready")
        await daemon.post("/api/whatsapp/stop")
        stopped = await daemon.wait(phase="stopped")
        browsers = browsers_of(linked_state)
        assert await daemon.stop() == 0
        await daemon.start()
        still = await daemon.status()
        started = [event for event in daemon.events() if "initializing new" in event]
        await daemon.post("/api/whatsapp/start")
        await daemon.wait(currentState="ready")
        states = await daemon.states()

    assert ("idle", "stopped") == (stopped["currentState"], stopped["reason"])
    assert [] == browsers
    assert ("idle", []) == (still["currentState"], started)
    assert ["idle -> authenticated", "authenticated -> ready"] == states
