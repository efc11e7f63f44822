"""An ear for what the page tells of messages, in a world that is linked: the fake, or the real driver's page."""

import asyncio
from contextlib import asynccontextmanager

from driver_harness import opened
from fake_message_world import FakeMessageWorld

from wad.core.events import Ready
from wad.core.message import Order

FROM = "+15550001111"
CHAT = "15550001111@c.us"
PATIENCE = 20.0


class Ear:
    """Takes what the page tells, acknowledging it, until what a test waits for is there."""

    def __init__(self, page):
        self.page = page
        self.items = []
        self.batch = None
        self._document, self._upto = "", 0
        self._rung = asyncio.Event()
        page.on_mail(self._rung.set)

    async def take(self):
        """Take one batch."""
        self.batch = await self.page.take(self._document, self._upto)
        self._document, self._upto = self.batch.document, self.batch.upto
        self.items += self.batch.items

    async def until(self, kind, wanted=lambda _: True):
        """Give the first item of a kind for which `wanted` holds."""
        async with asyncio.timeout(PATIENCE):
            while True:
                self._rung.clear()
                await self.take()
                for item in self.items:
                    if isinstance(item, kind) and wanted(item):
                        return item
                await self._rung.wait()

    async def settle(self):
        """Return once all that waited is in the page's store."""
        async with asyncio.timeout(PATIENCE):
            while True:
                self._rung.clear()
                await self.take()
                if self.batch.settled:
                    return
                await self._rung.wait()


@asynccontextmanager
async def linked(kind="chromium", **variants):
    """Give a world that is linked, its page and an ear that listens."""
    if kind == "fake":
        world = FakeMessageWorld()
        ear = Ear(world.page)
        await ear.settle()
        yield world, world.page, ear
        return
    async with opened(kind, **variants) as world:
        await world.start()
        await world.link()
        page = world.driver.messages
        ear = Ear(page)
        await ear.settle()
        yield world, page, ear


async def sent(page, key="3EB0AA", text="hello", to=CHAT, **more):
    """Resolve and send; gives the message's id."""
    found = await page.resolve(to)
    return await page.send(Order(key, found.chat.id, text, **more))


async def reloaded(world):
    """Have another document, in step."""
    if isinstance(world, FakeMessageWorld):
        world.reload()
        return
    world.told.forget()
    tab = world.driver._present().tab
    await tab._call("Page.reload")
    await world.told.next(Ready)


async def sent_in_vain(world, page, **order):
    """Have the page send a message that is lost, and give its key once it is: another mood does not save it then."""
    await world.act("silent")
    ref = await sent(page, **order)
    async with asyncio.timeout(PATIENCE):
        while not (await world.act("silent"))["lost"]:  # noqa: ASYNC110 - the servers tell nobody of what they lose
            await asyncio.sleep(0)
    return ref
