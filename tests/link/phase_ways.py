"""The ways into each of the supervisor's phases."""

from link_harness import Harness

from wad.core.errors import ProfileLockedError
from wad.core.events import LogoutRequested, PairRequested, ResetRequested, StartRequested, StopRequested
from wad.core.status import Phase, Status

# The deadlines of a harness in which nothing goes on by itself, for the phases that pass quickly otherwise.
STILL = {"backoff_first": 600, "backoff_max": 600, "shutdown": 600}


async def reach(harness: Harness, phase: Phase) -> Status:
    """Bring the supervisor into `phase`, where it stays until something is done about it."""
    await WAYS[phase](harness)
    return await harness.until(phase)


async def _nothing(_: Harness) -> None:
    """Stay where a supervisor begins."""


async def _starting(harness: Harness) -> None:
    harness.driver.never.add("start")
    await harness.send(StartRequested())


async def _loading(harness: Harness) -> None:
    harness.driver.servers.models = False
    await harness.send(StartRequested())


async def _connecting(harness: Harness) -> None:
    harness.driver.servers.silent = True
    await harness.send(StartRequested())


async def _renewing(harness: Harness) -> None:
    harness.driver.never.add("refresh_qr")
    await harness.code()
    harness.driver.phone.now("spend")


async def _pairing(harness: Harness) -> None:
    harness.driver.never.add("pair")
    await harness.code()
    await harness.send(PairRequested("15551234567"))


async def _waiting_for_entry(harness: Harness) -> None:
    await harness.code()
    await harness.send(PairRequested("15551234567"))


async def _confirming(harness: Harness) -> None:
    await harness.code()
    harness.driver.phone.now("forge")


async def _syncing(harness: Harness) -> None:
    harness.driver.servers.stalled = True
    await harness.code()
    harness.driver.phone.now("scan")


async def _reconnecting(harness: Harness) -> None:
    await harness.link()
    harness.driver.phone.now("offline")


async def _recovering(harness: Harness) -> None:
    await harness.link()
    harness.driver.crash()


async def _restarting(harness: Harness) -> None:
    await _recovering(harness)
    await harness.until(Phase.RECOVERING)
    harness.driver.never.add("start")
    await harness.send(StartRequested())


async def _held_up(harness: Harness) -> None:
    await harness.link()
    harness.driver.phone.now("ban")


async def _probing(harness: Harness) -> None:
    await _held_up(harness)
    await harness.until(Phase.HELD_UP)
    harness.driver.never.add("start")
    await harness.send(StartRequested())


async def _forgetting(harness: Harness) -> None:
    await harness.link()
    harness.driver.never.add("kill")
    harness.driver.phone.now("logout")


async def _reset_pending(harness: Harness) -> None:
    await harness.link()
    harness.driver.profile.error = ProfileLockedError("somebody uses it")
    await harness.send(ResetRequested())


async def _stopping(harness: Harness) -> None:
    await harness.link()
    harness.driver.never.add("stop")
    await harness.send(StopRequested())


async def _resetting(harness: Harness) -> None:
    await harness.link()
    harness.driver.never.add("kill")
    await harness.send(ResetRequested())


async def _logging_out(harness: Harness) -> None:
    await harness.link()
    harness.driver.never.add("log_out")
    await harness.send(LogoutRequested())


WAYS = {
    Phase.STOPPED: _nothing,
    Phase.STARTING: _starting,
    Phase.LOADING: _loading,
    Phase.CONNECTING: _connecting,
    Phase.WAITING_FOR_SCAN: Harness.code,
    Phase.PAIRING: _pairing,
    Phase.WAITING_FOR_ENTRY: _waiting_for_entry,
    Phase.RENEWING: _renewing,
    Phase.CONFIRMING: _confirming,
    Phase.SYNCING: _syncing,
    Phase.LINKED: Harness.link,
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
