"""Between a driver and its listener: what is told gets lost, comes twice, or in another order."""

import asyncio
import random
from typing import Any

from wad.core.events import Event, PageEvent
from wad.core.status import PairingCode
from wad.link.driver import BrowserInfo, Diagnosis, Listener, PageDriver

# How many events wait at the most before one of them is let through.
_HELD = 3


class UnreliableDriver:
    """A driver whose every word may be dropped, doubled or late; what it is asked it does.

    As any driver it tells nothing once a stop was asked for: what was held back then is lost.
    """

    def __init__(self, driver: PageDriver, chance: random.Random) -> None:
        self._driver = driver
        self._chance = chance
        self._life = 0

    @property
    def info(self) -> BrowserInfo:
        """Pass on."""
        return self._driver.info

    async def start(self, listener: Listener) -> None:
        """Start the driver with a listener that cannot be relied upon."""
        self._life += 1
        await self._driver.start(self._between(listener, self._life))

    async def stop(self, **how: Any) -> None:
        """Lose what is held back, and pass on."""
        self._life += 1
        await self._driver.stop(**how)

    async def snapshot(self) -> PageEvent | None:
        """Pass on: an answer may not come, but it is no other than the page's."""
        return await self._driver.snapshot()

    async def refresh_qr(self) -> None:
        """Pass on."""
        await self._driver.refresh_qr()

    async def pair(self, phone: str) -> PairingCode:
        """Pass on."""
        return await self._driver.pair(phone)

    async def log_out(self) -> None:
        """Pass on."""
        await self._driver.log_out()

    async def diagnose(self) -> Diagnosis:
        """Pass on."""
        return await self._driver.diagnose()

    async def screenshot(self, *, linked: bool = False) -> bytes:
        """Pass on."""
        return await self._driver.screenshot(linked=linked)

    def _between(self, listener: Listener, life: int) -> Listener:
        held: list[Event] = []

        def let_go() -> None:
            while held and life == self._life:
                listener(held.pop(self._chance.randrange(len(held))))

        def hear(event: Event) -> None:
            copies = self._chance.choice([0, 1, 1, 1, 2])
            held.extend([event] * copies)
            if len(held) > _HELD:
                let_go()
            else:
                asyncio.get_running_loop().call_later(self._chance.random() / 100, let_go)

        return hear
