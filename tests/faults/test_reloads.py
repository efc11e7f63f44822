"""A page that reloads, as it does by itself now and then, at each step of its linking: that is no fault."""

import pytest
from daemon_client import until
from daemon_harness import SMALL_BROWSER
from daemon_in_process import inside
from daemon_roads import ROADS, scan
from free_ports import free_port

from wad.core.reasons import State
from wad.core.status import Phase
from wad.sandbox import SandboxOptions


async def await_no_code(harness):
    """Have a page that is there and shows no code yet."""
    await ROADS[Phase.WAITING_FOR_SCAN](harness)
    await harness.until_code()
    await harness.press("no_ref", seconds=600.0)


async def await_no_answer(harness):
    """Ask for a code to type on the phone, which does not come."""
    await harness.press("stall_pairing")
    await ROADS[Phase.PAIRING](harness)


# How the step comes about, and what the page comes to, without anybody's help.
STEPS = {
    Phase.CONNECTING: (await_no_code, Phase.WAITING_FOR_SCAN),
    Phase.WAITING_FOR_SCAN: (ROADS[Phase.WAITING_FOR_SCAN], Phase.WAITING_FOR_SCAN),
    Phase.RENEWING: (ROADS[Phase.RENEWING], Phase.WAITING_FOR_SCAN),
    # The number still waits for its code; one that was given dies with its document.
    Phase.PAIRING: (await_no_answer, Phase.WAITING_FOR_ENTRY),
    Phase.WAITING_FOR_ENTRY: (ROADS[Phase.WAITING_FOR_ENTRY], Phase.WAITING_FOR_SCAN),
    Phase.CONFIRMING: (scan, Phase.LINKED),
    Phase.SYNCING: (scan, Phase.LINKED),
    Phase.LINKED: (ROADS[Phase.LINKED], Phase.LINKED),
}


def secret_of(status):
    """Give the field of a code that no other document has."""
    return status.code.text.split(",")[3] if status.code else None


def entered(harness, phase):
    """Count how often a phase was entered."""
    return sum(change.after.phase is phase is not change.before.phase for change in harness.changes)


@pytest.mark.parametrize("phase", STEPS)
async def test_a_reload_while(folder, phase):
    """Nothing is lost but the code that was shown: no reason is told, and the account is linked by the next one."""
    road, goal = STEPS[phase]
    options = SandboxOptions(clock=20, port=free_port())
    async with inside(folder, options=options, env=SMALL_BROWSER) as harness:
        await road(harness)
        # Some are over within moments, and met there or right after.
        await until(lambda: entered(harness, phase), "the step")
        if phase in {Phase.CONNECTING, Phase.WAITING_FOR_SCAN}:
            await harness.until_phase(phase)
        shown = {secret_of(change.after) for change in harness.changes} - {None}
        before = len(harness.changes)
        pages = (await harness.press("reload"))["pages"]
        if phase is Phase.PAIRING:
            await until(lambda: entered(harness, phase) > 1, "another question")
        for relief in ("allow_pairing", "late_answers", "resume_sync"):
            await harness.press(relief)

        def arrived():
            later = [change.after for change in harness.changes[before:]]
            return any(each.phase is goal and secret_of(each) not in shown for each in later)

        await until(arrived, "what comes of it")
        if goal is not Phase.LINKED:
            await harness.press("scan" if goal is Phase.WAITING_FOR_SCAN else "enter_code")
        status = await harness.wait(currentState="ready")

    told = [change.after for change in harness.changes]

    assert 1 == pages
    assert {None} == {each.reason for each in told}
    assert State.DISCONNECTED not in {each.state for each in told}
    assert status["accountInfo"]["phoneNumber"].startswith("1555")
