"""The browser's helper processes: whether they live, by what only they can answer.

Rules of this file: where a page was never drawn no frame is missed; not every browser draws.
"""

import asyncio
import os
from collections.abc import Awaitable
from typing import Final

from wad.browser import procfs
from wad.browser.chromium import Chromium
from wad.core.deadlines import Deadlines
from wad.core.errors import BrowserError, BrowserHungError
from wad.link.driver import Helper
from wad.page import scripts
from wad.page.tab import Tab

# By what Chromium tells its processes apart.
_MARKS: Final = {
    Helper.GPU: b"--type=gpu-process",
    Helper.NETWORK: b"--utility-sub-type=network.mojom.NetworkService",
    Helper.STORAGE: b"--utility-sub-type=storage.mojom.StorageService",
}


class Helpers:
    """Those of one browser."""

    def __init__(self, chromium: Chromium, tab: Tab, deadlines: Deadlines) -> None:
        self._chromium = chromium
        self._tab = tab
        self._patience = deadlines.heartbeat_answer
        self._drew = False

    async def silent(self) -> frozenset[Helper]:
        """Give those that do not answer; see `wad.link.driver.PageDriver.silent_helpers`."""
        tab, patience = self._tab, self._patience
        draws, fetches, keeps = await asyncio.gather(
            self._draws(),
            self._answers(tab.count_cookies(patience)),
            self._answers(tab.keep_nothing(patience)),
        )
        self._drew = self._drew or draws is True
        answers = {
            Helper.GPU: draws if self._drew else None,
            Helper.NETWORK: fetches,
            Helper.STORAGE: keeps,
        }
        return frozenset(helper for helper, answered in answers.items() if answered is False)

    async def end(self, helper: Helper) -> bool:
        """Kill one; see `wad.link.driver.PageDriver.end_helper`."""
        try:
            return await self._chromium.kill_helper(_MARKS[helper])
        except OSError as error:
            raise BrowserError(f"the browser's processes cannot be looked at: {error}") from error

    async def scheduled(self) -> procfs.Scheduled:
        """Give what all of them had of the processor; see `wad.link.driver.PageDriver.scheduled`."""
        leader = self._chromium.pid
        if leader is None:
            raise BrowserError("there is no browser")
        try:
            return await asyncio.to_thread(_scheduled, leader)
        except OSError as error:
            raise BrowserError(f"the browser's processes cannot be looked at: {error}") from error

    async def _draws(self) -> bool | None:
        """Tell whether a frame comes; None where the page does not answer itself."""
        try:
            drawn = await self._tab.evaluate(scripts.draws(1000 * self._patience), 2 * self._patience)
        except BrowserError:
            return None
        return drawn if isinstance(drawn, bool) else None

    async def _answers(self, asked: Awaitable[object]) -> bool | None:
        """Tell whether a service answers what only it can; None where the browser does not pass it on."""
        try:
            await asked
        except BrowserHungError:
            return None if self._chromium.connection.silent_for >= self._patience else False
        except BrowserError:
            return None
        return True


def _scheduled(leader: int) -> procfs.Scheduled:
    """Add up a browser's processes, and this one, which has to hear them."""
    return procfs.scheduled([os.getpid(), *(each.pid for each in procfs.family(leader))])
