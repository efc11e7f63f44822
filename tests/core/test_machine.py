"""The machine's table, compared with one written by hand: a changed row shows here as a changed line."""

from collections.abc import Iterator

import pytest
from core_samples import LATER, SAMPLES, status_in

from wad.core.errors import IllegalEventError
from wad.core.events import Event, LogoutRequested, ResetRequested, StopRequested
from wad.core.machine import next_phase, step
from wad.core.status import STATE_OF, Phase
from wad.core.transitions import EVENT_TYPES, FACTS, TRANSITIONS

# What the matrix calls the phases, in its order of lines.
NAMES = {
    "off": Phase.STOPPED,
    "start": Phase.STARTING,
    "load": Phase.LOADING,
    "conn": Phase.CONNECTING,
    "scan": Phase.WAITING_FOR_SCAN,
    "pair": Phase.PAIRING,
    "enter": Phase.WAITING_FOR_ENTRY,
    "renew": Phase.RENEWING,
    "sure": Phase.CONFIRMING,
    "sync": Phase.SYNCING,
    "link": Phase.LINKED,
    "recon": Phase.RECONNECTING,
    "recov": Phase.RECOVERING,
    "again": Phase.RESTARTING,
    "held": Phase.HELD_UP,
    "pend": Phase.RESET_PENDING,
    "probe": Phase.PROBING,
    "forgt": Phase.FORGETTING,
    "stop": Phase.STOPPING,
    "reset": Phase.RESETTING,
    "lgout": Phase.LOGGING_OUT,
}

# One line for each phase, one column for each event: the phase it leads to, "=" where it stays, "." where the
# event has no place. Written by hand from what the phases and events mean, not printed from the table.
COMMANDS_AND_WORK = """
      | StartRequested StopRequested ResetRequested LogoutRequested | BrowserStarted BrowserClosed ProfileCleared ProfileStuck RetryDue
off   | start          stop          reset          lgout           | .              .             .              .            .
start | =              stop          reset          lgout           | load           .             .              .            .
load  | =              stop          reset          lgout           | .              .             .              .            .
conn  | =              stop          reset          lgout           | .              .             .              .            .
scan  | =              stop          reset          lgout           | .              .             .              .            .
pair  | =              stop          reset          lgout           | .              .             .              .            .
enter | =              stop          reset          lgout           | .              .             .              .            .
renew | =              stop          reset          lgout           | .              .             .              .            .
sure  | =              stop          reset          lgout           | .              .             .              .            .
sync  | =              stop          reset          lgout           | .              .             .              .            .
link  | =              stop          reset          lgout           | .              .             .              .            .
recon | =              stop          reset          lgout           | .              .             .              .            .
recov | again          stop          reset          lgout           | .              .             .              .            again
again | =              stop          reset          lgout           | =              .             .              .            .
held  | probe          stop          reset          lgout           | .              .             .              .            probe
pend  | reset          stop          reset          lgout           | .              .             .              .            reset
probe | =              stop          reset          lgout           | =              .             .              .            .
forgt | =              stop          reset          lgout           | .              .             again          pend         .
stop  | start          =             reset          lgout           | .              off           =              .            .
reset | =              stop          =              =               | .              .             start          pend         .
lgout | =              stop          reset          =               | .              .             start          pend         .
"""
CODES_AND_PAGE = """
      | QrLapsed QrExpired Steady | PageLoaded QrWithdrawn QrIssued QrSpent Scanned Authenticated Ready
off   | .        .         .      | .          .           .        .       .       .             .
start | .        .         .      | .          .           .        .       .       .             .
load  | .        .         .      | conn       conn        scan     renew   sure    sync          link
conn  | .        .         .      | =          =           scan     renew   sure    sync          link
scan  | conn     stop      =      | conn       conn        =        renew   sure    sync          link
pair  | .        .         =      | conn       =           =        =       sure    sync          link
enter | .        .         =      | conn       conn        scan     renew   sure    sync          link
renew | .        stop      =      | =          =           scan     =       sure    sync          link
sure  | .        .         =      | conn       conn        scan     renew   =       sync          link
sync  | .        .         =      | =          =           scan     renew   sure    =             link
link  | .        .         =      | =          conn        scan     renew   sure    sync          =
recon | .        .         .      | =          =           scan     renew   sure    sync          link
recov | .        .         .      | .          .           .        .       .       .             .
again | .        .         .      | =          =           scan     renew   sure    sync          link
held  | .        .         .      | .          .           .        .       .       .             .
pend  | .        .         .      | .          .           .        .       .       .             .
probe | .        .         .      | =          =           scan     renew   sure    sync          link
forgt | .        .         .      | .          .           .        .       .       .             .
stop  | .        .         .      | .          .           .        .       .       .             .
reset | .        .         .      | .          .           .        .       .       .             .
lgout | .        .         .      | .          .           .        .       .       .             .
"""
TROUBLE = """
      | ConnectionLost LoggedOut | Failed Blocked
off   | .              .         | .      .
start | .              .         | recov  held
load  | recon          forgt     | recov  held
conn  | recon          forgt     | recov  held
scan  | recon          forgt     | recov  held
pair  | recon          forgt     | recov  held
enter | recon          forgt     | recov  held
renew | recon          forgt     | recov  held
sure  | recon          forgt     | recov  held
sync  | recon          forgt     | recov  held
link  | recon          forgt     | recov  held
recon | =              forgt     | recov  held
recov | .              .         | .      .
again | recon          forgt     | recov  held
held  | .              .         | .      .
pend  | .              .         | .      .
probe | recon          forgt     | recov  held
forgt | .              .         | .      .
stop  | .              .         | .      .
reset | .              .         | .      .
lgout | .              =         | .      .
"""
PAIRING = """
      | PairRequested PairingCancelled | PairingDue PairingGranted PairingRefused PairingLapsed | PairingCodeIssued PairingFailed
off   | start         =                | .          .              .              .             | .                 .
start | =             =                | .          .              .              .             | .                 .
load  | =             =                | .          .              .              .             | enter             renew
conn  | =             =                | .          .              .              .             | enter             renew
scan  | pair          =                | pair       .              .              .             | enter             renew
pair  | =             renew            | .          enter          renew          .             | =                 =
enter | pair          renew            | .          .              .              renew         | =                 renew
renew | =             =                | .          .              .              .             | =                 =
sure  | =             =                | .          .              .              .             | enter             renew
sync  | =             =                | .          .              .              .             | enter             renew
link  | =             =                | .          .              .              .             | enter             renew
recon | =             =                | .          .              .              .             | enter             renew
recov | again         =                | .          .              .              .             | .                 .
again | =             =                | .          .              .              .             | enter             renew
held  | probe         =                | .          .              .              .             | .                 .
pend  | reset         =                | .          .              .              .             | .                 .
probe | =             =                | .          .              .              .             | enter             renew
forgt | =             =                | .          .              .              .             | .                 .
stop  | start         =                | .          .              .              .             | .                 .
reset | =             =                | .          .              .              .             | .                 .
lgout | =             =                | .          .              .              .             | .                 .
"""

EVENTS = {kind.__name__: kind for kind in EVENT_TYPES}
ALL_PHASES = pytest.mark.parametrize("phase", list(Phase))


def cells(matrix: str) -> Iterator[tuple[Phase, type[Event], Phase | None]]:
    """Read a matrix: phase, event, and the phase it leads to (None where the event has no place)."""
    head, *lines = (line.replace("|", " ").split() for line in matrix.strip().splitlines())
    for name, *leads_to in lines:
        phase = NAMES[name]
        for event, target in zip(head, leads_to, strict=True):
            yield phase, EVENTS[event], {"=": phase, ".": None}.get(target) or NAMES.get(target)


EXPECTED = [
    cell for matrix in (COMMANDS_AND_WORK, CODES_AND_PAGE, PAIRING, TROUBLE) for cell in cells(matrix)
]
LEGAL = [cell for cell in EXPECTED if cell[2] is not None]
ILLEGAL = [cell[:2] for cell in EXPECTED if cell[2] is None]


def named(value: object) -> str:
    """Name a cell's parts in the test's id."""
    return value.__name__ if isinstance(value, type) else str(value)


def test_matrix_is_whole():
    """The matrix above has every cell exactly once."""
    cells_wanted = sorted((phase, kind.__name__) for phase in Phase for kind in EVENT_TYPES)

    assert cells_wanted == sorted((phase, kind.__name__) for phase, kind, _ in EXPECTED)


def test_samples_are_whole():
    """There is a sample of every event."""
    assert set(EVENT_TYPES) == set(SAMPLES)


@pytest.mark.parametrize(("phase", "kind", "target"), LEGAL, ids=named)
def test_legal(phase, kind, target):
    """A legal event leads where the matrix says."""
    assert target is step(status_in(phase), SAMPLES[kind], LATER).phase


@pytest.mark.parametrize(("phase", "kind"), ILLEGAL, ids=named)
def test_illegal(phase, kind):
    """An event without a row raises, names itself and the phase, and changes nothing."""
    status = status_in(phase)

    with pytest.raises(IllegalEventError, match=f"{kind.__name__} has no place in phase {phase}"):
        step(status, SAMPLES[kind], LATER)

    assert status_in(phase) == status


@ALL_PHASES
def test_every_phase_is_described(phase):
    """Every phase has a row, a list of its facts and a state."""
    assert phase in TRANSITIONS
    assert phase in FACTS
    assert phase in STATE_OF


def test_every_phase_can_be_reached():
    """From the first phase, some way leads to every other one."""
    reached, new = set(), {Phase.STOPPED}
    while new:
        reached |= new
        new = {target for phase in new for target in TRANSITIONS[phase].values()} - reached

    assert set(Phase) == reached


@ALL_PHASES
def test_every_phase_can_be_left_to_the_end(phase):
    """From every phase, stop and the end of the browser lead to the first one."""
    stopping = next_phase(phase, StopRequested())

    assert (
        stopping is Phase.STOPPED or next_phase(stopping, SAMPLES[EVENTS["BrowserClosed"]]) is Phase.STOPPED
    )


@ALL_PHASES
@pytest.mark.parametrize(
    ("command", "targets"),
    [
        (StopRequested(), {Phase.STOPPING, Phase.STOPPED}),
        (ResetRequested(), {Phase.RESETTING}),
        (LogoutRequested(), {Phase.LOGGING_OUT, Phase.RESETTING}),
    ],
)
def test_commands_work_everywhere(phase, command, targets):
    """Operators are obeyed in every phase; a log-out during a reset is part of it already."""
    assert step(status_in(phase), command, LATER).phase in targets
