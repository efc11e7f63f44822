"""The ways into each of the supervisor's phases."""

from supervisor_house import House

from wad.errors import ProfileLockedError
from wad.events import LogoutRequested, PairRequested, ResetRequested, StartRequested, StopRequested
from wad.status import Phase, Status

# The deadlines of a house in which nothing goes on by itself, for the phases that pass quickly otherwise.
STILL = {"backoff_first": 600, "backoff_max": 600, "shutdown": 600}


async def reach(home: House, phase: Phase) -> Status:
    """Bring the supervisor into `phase`, where it stays until something is done about it."""
    await WAYS[phase](home)
    return await home.until(phase)


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


async def _pairing(home: House) -> None:
    home.driver.never.add("pair")
    await home.code()
    await home.send(PairRequested("15551234567"))


async def _waiting_for_entry(home: House) -> None:
    await home.code()
    await home.send(PairRequested("15551234567"))


async def _confirming(home: House) -> None:
    await home.code()
    home.driver.phone.now("forge")


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
    Phase.PAIRING: _pairing,
    Phase.WAITING_FOR_ENTRY: _waiting_for_entry,
    Phase.RENEWING: _renewing,
    Phase.CONFIRMING: _confirming,
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
