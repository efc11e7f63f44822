"""A network that is not there yet: every route answers, the reason is told, and the link comes by itself."""

import re

from daemon_client import ALWAYS, until
from daemon_harness import HASTY, SMALL_BROWSER, UNRESOLVED, Daemon
from daemon_in_process import inside
from free_ports import free_port

from wad.core.status import Phase
from wad.sandbox import SandboxOptions


async def test_a_live_daemon_without_network_answers_and_says_so(folder):
    """The real page's name cannot be resolved: a stated reason, further tries, and always 200."""
    settings = {**HASTY, "WAD_BROWSER_ARGUMENTS": UNRESOLVED}
    async with Daemon(folder / "state", "--no-autostart", env=settings) as daemon:
        before = await daemon.status()
        await daemon.post("/api/whatsapp/start")
        async with daemon.watched() as watch:
            status = await daemon.wait(currentState="disconnected")
            # The trouble's own line is no measure: what repeats is written ever more seldom.
            await until(lambda: daemon.events().count("browser_started") >= 3, "further tries")
            answers = {path: (await daemon.get(path)).code for path in ALWAYS}
            monitors = {path: (await daemon.get(path)).code for path in ("/livez", "/readyz")}
            phone = await daemon.fetch("POST", "/sandbox/phone/scan")

    assert ("idle", False) == (before["currentState"], before["sandbox"])
    assert "network_unreachable" == status["reason"]
    assert "WhatsApp client not ready: WhatsApp's servers cannot be reached" == status["message"]
    assert dict.fromkeys(ALWAYS, 200) == answers
    assert {"/livez": 200, "/readyz": 503} == monitors
    assert 404 == phone.code
    assert {200} == watch.codes
    assert {"network_unreachable"} == watch.reasons


async def test_the_link_comes_by_itself_once_the_network_is_there(folder):
    """Nobody has to ask again: a code is there soon after the page can be reached."""
    options = SandboxOptions(clock=20, port=free_port())
    async with inside(folder, options=options, env=SMALL_BROWSER, begin=False) as harness:
        await harness.post("/api/whatsapp/start")
        reason = (await harness.until_phase(Phase.RECOVERING)).reason
        await until(lambda: len(tries(harness)) >= 2, "a second try")
        await harness.sandbox.start()
        status = await harness.new_code()

    assert "network_unreachable" == reason
    assert ("qr", None) == (status["currentState"], status["reason"])


def tries(harness):
    """Return the changes that began another try."""
    return [each for each in harness.changes if each.after.phase is Phase.RESTARTING is not each.before.phase]


async def test_hosts_that_are_blocked_are_named(folder):
    """Where something forbids the page's scripts the state is blocked, and tells what was refused."""
    async with Daemon(folder / "state", env={**HASTY, **SMALL_BROWSER}) as daemon:
        await daemon.new_code()
        await daemon.phone("block_hosts")
        status = await daemon.wait(currentState="blocked")
        await daemon.phone("unblock_hosts")
        await daemon.post("/api/whatsapp/start")
        after = await daemon.new_code()

    assert "hosts_blocked" == status["reason"]
    assert "ERR_BLOCKED_BY_RESPONSE" in status["blockedReason"]
    # Which script of the page it was, or of its frames, that is a race.
    assert re.search(r"/blocked/\w+\.js$", status["blockedUrl"])
    assert "blockedReason" not in after
