"""The event loop goes on whatever the browser does: it starts, crashes, hangs, is closed.

How long the longest pause was is printed, and not judged: that is the machine's business as much as wad's.
"""

import asyncio
import os
import signal
import sys
from contextlib import asynccontextmanager, suppress

from daemon_in_process import inside
from daemon_processes import browsers_of

from wad.core.status import Phase

_EVERY = 0.005
SILENCE = {"WAD_LINK_HEARTBEAT_INTERVAL": "0.3", "WAD_LINK_HEARTBEAT_ANSWER": "0.5"}


class Ticker:
    """Counts the loop's turns by a timer that is always due."""

    def __init__(self) -> None:
        self.ticks = 0
        self.longest = 0.0

    async def run(self) -> None:
        """Tick for ever."""
        loop = asyncio.get_running_loop()
        last = loop.time()
        while True:
            await asyncio.sleep(_EVERY)
            now = loop.time()
            self.ticks += 1
            self.longest = max(self.longest, now - last - _EVERY)
            last = now


@asynccontextmanager
async def ticking(what):
    """Tick while the body runs, then print the longest pause."""
    ticker = Ticker()
    task = asyncio.create_task(ticker.run())
    try:
        yield ticker
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        sys.stdout.write(f"{what}: {ticker.ticks} ticks, longest pause {ticker.longest * 1000:.0f} ms\n")


async def test_the_loop_goes_on_whatever_the_browser_does(folder):
    """From the browser's start to its end, through a crash and a hang, the loop keeps turning."""
    tickers = []
    async with inside(folder, env=SILENCE) as harness:
        async with ticking("start") as ticker:
            tickers.append(ticker)
            await harness.post("/api/whatsapp/start")
            await harness.until_code()
        async with ticking("codes and pictures") as ticker:
            tickers.append(ticker)
            first = await harness.new_code()
            await harness.new_code(first["qrCode"])
        async with ticking("crash") as ticker:
            tickers.append(ticker)
            for pid in browsers_of(harness.state):
                os.kill(pid, signal.SIGKILL)
            await harness.until_phase(Phase.RECOVERING)
            await harness.until_code()
        async with ticking("hang") as ticker:
            tickers.append(ticker)
            harness.freeze_browser()
            await harness.until_phase(Phase.RECOVERING)
            await harness.until_code()
        async with ticking("reset") as ticker:
            tickers.append(ticker)
            await harness.post("/api/whatsapp/reset")
            await harness.until_phase(Phase.STARTING)
            await harness.until_code()
        async with ticking("stop") as ticker:
            tickers.append(ticker)
            await harness.post("/api/whatsapp/stop")
            await harness.until_phase(Phase.STOPPED)

    assert all(ticker.ticks > 1 for ticker in tickers)
