"""A supervisor with its work, its session and a fake driver."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from fake_driver import FakeDriver

from wad.core.deadlines import Deadlines
from wad.core.events import Command, StartRequested
from wad.core.reasons import Reason
from wad.core.status import Phase, Status
from wad.link.audience import Audience
from wad.link.diagnosis import Diagnoses
from wad.link.durable import Durable
from wad.link.intent import Intent
from wad.link.phase_work import Work
from wad.link.session import Change, Session
from wad.link.supervisor import Supervisor

# Far more than anything takes; whoever waits so long waits for what does not come.
PATIENCE = 10.0
# The deadline under test; what it bounds never answers, so only its end can bring the test on.
SHORT = 0.01
# Nothing expires in a test but what it makes short; only failures are tried again soon.
CALM = replace(
    Deadlines(),
    heartbeat_interval=600,
    backoff_first=SHORT,
    backoff_max=SHORT,
    qr_grace=600,
    command=PATIENCE,
)


@dataclass
class Harness:
    """Everything there is, each part to be looked at."""

    session: Session
    driver: FakeDriver
    intent: Intent
    durable: Durable
    audience: Audience
    work: Work
    supervisor: Supervisor
    running: asyncio.Task[None]
    diagnoses: Path
    changes: list[Change]
    at_work: list[tuple[Phase, int]]
    """The works that began, each with how many were under way then."""

    @property
    def status(self) -> Status:
        """The present."""
        return self.session.status

    @property
    def path(self) -> list[Phase]:
        """The phases entered, in order."""
        return [
            change.after.phase for change in self.changes if change.before.phase is not change.after.phase
        ]

    async def send(self, *commands: Command) -> Status:
        """Submit one command after the other."""
        for command in commands:
            await self.supervisor.submit(command)
        return self.status

    async def until(self, wanted: Phase | Reason | Callable[[Status], bool]) -> Status:
        """Wait for a phase, a reason, or whatever else is wanted of the status."""
        if isinstance(wanted, Phase):
            return await self.session.wait_for(lambda status: status.phase is wanted, PATIENCE)
        if isinstance(wanted, Reason):
            return await self.session.wait_for(lambda status: status.reason is wanted, PATIENCE)
        return await self.session.wait_for(wanted, PATIENCE)

    async def settle(self) -> None:
        """Wait until the inbox is empty and what was in it has been acted upon."""
        while not self.supervisor._inbox.empty():  # noqa: ASYNC110 - nothing tells of an empty inbox
            await asyncio.sleep(0)
        await asyncio.sleep(0)

    async def until_at_work(self, phase: Phase) -> None:
        """Wait until the work of a phase has begun."""
        while not self.at_work or self.at_work[-1][0] is not phase:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0)

    @property
    def most_at_once(self) -> int:
        """How many works were ever under way together."""
        return max(count for _, count in self.at_work)

    def heal(self) -> None:
        """End every trouble, and let go on whatever hangs."""
        self.driver.profile.error = None
        self.driver.release()
        self.driver.phone.now("recover")

    async def code(self) -> None:
        """Start, and wait for a code."""
        await self.send(StartRequested())
        await self.until(Phase.WAITING_FOR_SCAN)

    async def link(self) -> None:
        """Start, scan, and wait until all is in step."""
        await self.code()
        self.driver.phone.now("scan")
        await self.until(Phase.LINKED)


@asynccontextmanager
async def open_harness(folder: Path, **deadlines: Any) -> AsyncIterator[Harness]:
    """Open a harness with these deadlines and calm ones otherwise; it is closed behind the test."""
    times = replace(CALM, **deadlines)
    session, driver = Session(), FakeDriver(deadlines=times)
    intent, audience = Intent(folder / "stopped"), Audience(time.monotonic, times.qr_watched)
    durable = Durable(intent, driver.profile, times)
    work = Work(
        session=session,
        driver=driver,
        profile=driver.profile,
        durable=durable,
        audience=audience,
        diagnoses=Diagnoses(folder / "diagnoses"),
        deadlines=times,
    )
    supervisor = Supervisor(session, driver, work, durable, times)
    running = asyncio.create_task(supervisor.run())
    await supervisor.started.wait()
    changes: list[Change] = []
    session.subscribe(changes.append)
    at_work = _witness(work)
    try:
        yield Harness(
            session,
            driver,
            intent,
            durable,
            audience,
            work,
            supervisor,
            running,
            folder / "diagnoses",
            changes,
            at_work,
        )
    finally:
        driver.release()
        running.cancel()
        await asyncio.wait({running})


def _witness(work: Work) -> list[tuple[Phase, int]]:
    """Note with each work that begins how many are under way."""
    do, begun, under_way = work.do, [], set()

    async def witnessed(phase: Phase) -> None:
        mark = object()
        under_way.add(mark)
        begun.append((phase, len(under_way)))
        try:
            await do(phase)
        finally:
            under_way.discard(mark)

    work.do = witnessed
    return begun
