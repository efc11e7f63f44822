"""A minute without network in each phase: it is told, every route answers, and the link goes on by itself.

The seconds are WhatsApp's, of which the stand-in lets twenty pass in one; what wad waits for is as much shorter.
"""

import asyncio

import pytest
from daemon_client import ALWAYS, PATIENCE
from daemon_harness import SMALL_BROWSER
from daemon_in_process import inside
from daemon_roads import ROADS, scan
from free_ports import free_port

from wad.core.reasons import Reason
from wad.core.status import Phase
from wad.sandbox import SandboxOptions

CLOCK = 20
MINUTE = 60 / CLOCK
SETTINGS = {
    **SMALL_BROWSER,
    "WAD_LINK_BLIP": str(3 / CLOCK),
    "WAD_LINK_RECONNECT": str(120 / CLOCK),
    "WAD_LINK_LOGOUT": str(20 / CLOCK),
    # Each try is a browser: a few are enough.
    "WAD_LINK_BACKOFF_FIRST": str(20 / CLOCK),
    "WAD_LINK_BACKOFF_MAX": str(60 / CLOCK),
}
# Nothing is asked of the network in these.
AT_REST = {Phase.STOPPED, Phase.STOPPING, Phase.HELD_UP, Phase.RESET_PENDING}
# The phone's owner scans the code, other than where a reset is tried.
WAYS = {phase: road for phase, road in ROADS.items() if phase not in AT_REST} | {Phase.CONFIRMING: scan}
# What is there again: the link without another scan, a code for the number that was told; else a code to scan.
AGAIN = {
    **dict.fromkeys((Phase.CONFIRMING, Phase.SYNCING, Phase.LINKED, Phase.RECONNECTING), Phase.LINKED),
    **dict.fromkeys((Phase.PAIRING, Phase.WAITING_FOR_ENTRY), Phase.WAITING_FOR_ENTRY),
}


@pytest.mark.parametrize("phase", WAYS)
async def test_a_minute_without_network_in(folder, phase):
    """The reason is told, and no other one; with the network back nobody has to ask for anything."""
    options = SandboxOptions(clock=CLOCK, port=free_port())
    async with inside(folder, options=options, env=SETTINGS) as harness:
        losing = harness.when(phase, lambda: harness.press("offline"))
        await WAYS[phase](harness)
        await losing
        lost = len(harness.changes)
        known = harness.changes[lost - 1].after.reason
        # No waiting for something else: so long it lasts.
        await asyncio.sleep(MINUTE)
        await harness.session.wait_for(lambda status: status.reason is Reason.NETWORK_UNREACHABLE, PATIENCE)
        answers = {path: (await harness.get(path)).code for path in ALWAYS}
        shown = await harness.status()
        told = [change.after.reason for change in harness.changes[lost:]]
        await harness.press("recover")
        status = await harness.wait(phase=AGAIN.get(phase, Phase.WAITING_FOR_SCAN))

    assert dict.fromkeys(ALWAYS, 200) == answers
    assert ("disconnected", "network_unreachable") == (shown["currentState"], shown["reason"])
    assert {*told} <= {known, None, "network_unreachable"}
    assert status["reason"] is None
    assert (AGAIN.get(phase) is None) is (status["qrCode"] is not None)
