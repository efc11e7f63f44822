"""The same with a real browser on the sandbox's page: whatever gets lost, the end is what the page shows."""

import asyncio
import random
import time
from dataclasses import replace

import pytest
from chaos import UnreliableDriver
from driver_harness import opened

from wad.core.deadlines import Deadlines
from wad.core.events import QrIssued, StartRequested, StopRequested
from wad.core.status import Phase
from wad.link.audience import Audience
from wad.link.diagnosis import Diagnoses
from wad.link.durable import Durable
from wad.link.intent import Intent
from wad.link.phase_work import Work
from wad.link.session import Session
from wad.link.supervisor import Supervisor

PATIENCE = 25.0
# The clock of the page is sped up; so is what waits for it.
DEADLINES = replace(
    Deadlines().scaled_qr(1 / 20),
    heartbeat_interval=0.2,
    qr_quiet=600,
    qr_max=600,
    backoff_first=0.1,
    backoff_max=0.1,
)


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_the_end_is_what_the_page_shows(seed, tmp_path):
    """Through a spent batch, a scan, a lost network and a logout every stage is reached by heartbeats alone."""
    async with opened("chromium") as world:
        driver = UnreliableDriver(world.driver, random.Random(seed))
        session = Session()
        durable = Durable(Intent(tmp_path / "stopped"), world.driver._profile, DEADLINES)
        work = Work(
            session=session,
            driver=driver,
            profile=world.driver._profile,
            durable=durable,
            audience=Audience(time.monotonic, 60),
            diagnoses=Diagnoses(tmp_path / "diagnoses"),
            deadlines=DEADLINES,
        )
        supervisor = Supervisor(session, driver, work, durable, DEADLINES)
        running = asyncio.create_task(supervisor.run())
        await supervisor.started.wait()

        async def until(phase):
            return await session.wait_for(lambda status: status.phase is phase, PATIENCE)

        await supervisor.submit(StartRequested())
        await until(Phase.WAITING_FOR_SCAN)
        await world.act("spend")
        await until(Phase.RENEWING)
        code = (await until(Phase.WAITING_FOR_SCAN)).code
        await world.act("scan", code=(await shown(world)).code.text)
        linked = await until(Phase.LINKED)
        await world.act("offline")
        await until(Phase.RECONNECTING)
        await world.act("online")
        await until(Phase.LINKED)
        await world.act("logout")
        await until(Phase.WAITING_FOR_SCAN)
        await supervisor.submit(StopRequested())
        await until(Phase.STOPPED)
        running.cancel()
        await asyncio.wait({running})

        assert code is not None
        assert "15551234567" == linked.account.number
        assert [] == await world.left()


async def shown(world):
    """Give the code that the page shows now; right at a rotation there is none for a moment."""
    while not isinstance(event := await world.driver.snapshot(), QrIssued):  # noqa: ASYNC110 - asked, not told
        await asyncio.sleep(0.01)
    return event
