"""A supervisor with its work, its session and a fake driver, and the ways into each of its phases."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from fake import FakeDriver

from wad.audience import Audience
from wad.deadlines import Deadlines
from wad.diagnosis import Diagnoses
from wad.errors import ProfileLockedError
from wad.events import (
    Command,
    LogoutRequested,
    ResetRequested,
    StartRequested,
    StopRequested,
)
from wad.intent import Intent
from wad.reasons import Reason
from wad.session import Change, Session
from wad.status import Phase, Status
from wad.supervisor import Supervisor
from wad.work import Work

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
class House:
    """Everything there is, each part to be looked at."""

    session: Session
    driver: FakeDriver
    intent: Intent
    audience: Audience
    work: Work
    supervisor: Supervisor
    running: asyncio.Task[None]
    diagnoses: Path
    changes: list[Change]

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

    async def reach(self, phase: Phase) -> Status:
        """Bring the supervisor into `phase`, where it stays until something is done about it."""
        await WAYS[phase](self)
        return await self.until(phase)

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
async def house(folder: Path, **deadlines: Any) -> AsyncIterator[House]:
    """Open a house with these deadlines and calm ones otherwise; it is closed behind the test."""
    times = replace(CALM, **deadlines)
    session, driver = Session(), FakeDriver(deadlines=times)
    intent, audience = Intent(folder / "stopped"), Audience(time.monotonic, times.qr_watched)
    work = Work(
        session=session,
        driver=driver,
        profile=driver.profile,
        intent=intent,
        audience=audience,
        diagnoses=Diagnoses(folder / "diagnoses"),
        deadlines=times,
    )
    supervisor = Supervisor(session, driver, work, times)
    running = asyncio.create_task(supervisor.run())
    await supervisor.started.wait()
    changes: list[Change] = []
    session.subscribe(changes.append)
    try:
        yield House(
            session, driver, intent, audience, work, supervisor, running, folder / "diagnoses", changes
        )
    finally:
        driver.release()
        running.cancel()
        await asyncio.wait({running})


# A house in which nothing goes on by itself, for the phases that pass quickly otherwise.
STILL = {"backoff_first": 600, "backoff_max": 600, "shutdown": 600}


async def _nothing(_: House) -> None:
    """Stay where a supervisor begins."""


async def _starting(home: House) -> None:
    home.driver.never.add("start")
    await home.send(StartRequested())


async def _loading(home: House) -> None:
    home.driver.servers.models = False
    await home.send(StartRequested())


async def _connecting(home: House) -> None:
    home.driver.servers.silent = True
    await home.send(StartRequested())


async def _renewing(home: House) -> None:
    home.driver.never.add("refresh_qr")
    await home.code()
    home.driver.phone.now("spend")


async def _syncing(home: House) -> None:
    home.driver.servers.stalled = True
    await home.code()
    home.driver.phone.now("scan")


async def _reconnecting(home: House) -> None:
    await home.link()
    home.driver.phone.now("offline")


async def _recovering(home: House) -> None:
    await home.link()
    home.driver.crash()


async def _restarting(home: House) -> None:
    await _recovering(home)
    await home.until(Phase.RECOVERING)
    home.driver.never.add("start")
    await home.send(StartRequested())


async def _held_up(home: House) -> None:
    await home.link()
    home.driver.phone.now("ban")


async def _probing(home: House) -> None:
    await _held_up(home)
    await home.until(Phase.HELD_UP)
    home.driver.never.add("start")
    await home.send(StartRequested())


async def _forgetting(home: House) -> None:
    await home.link()
    home.driver.never.add("kill")
    home.driver.phone.now("logout")


async def _reset_pending(home: House) -> None:
    await home.link()
    home.driver.profile.error = ProfileLockedError("somebody uses it")
    await home.send(ResetRequested())


async def _stopping(home: House) -> None:
    await home.link()
    home.driver.never.add("stop")
    await home.send(StopRequested())


async def _resetting(home: House) -> None:
    await home.link()
    home.driver.never.add("kill")
    await home.send(ResetRequested())


async def _logging_out(home: House) -> None:
    await home.link()
    home.driver.never.add("log_out")
    await home.send(LogoutRequested())


WAYS = {
    Phase.STOPPED: _nothing,
    Phase.STARTING: _starting,
    Phase.LOADING: _loading,
    Phase.CONNECTING: _connecting,
    Phase.WAITING_FOR_SCAN: House.code,
    Phase.RENEWING: _renewing,
    Phase.SYNCING: _syncing,
    Phase.LINKED: House.link,
    Phase.RECONNECTING: _reconnecting,
    Phase.RECOVERING: _recovering,
    Phase.RESTARTING: _restarting,
    Phase.HELD_UP: _held_up,
    Phase.PROBING: _probing,
    Phase.FORGETTING: _forgetting,
    Phase.RESET_PENDING: _reset_pending,
    Phase.STOPPING: _stopping,
    Phase.RESETTING: _resetting,
    Phase.LOGGING_OUT: _logging_out,
}
