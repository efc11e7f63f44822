"""How long the work of each phase may take: beyond that it is lost, and the phase with it.

Rules of this file: a phase that its work alone ends is in `BOUNDS`, with all that its work may wait for, one
after the other. Whoever changes a work changes its row.
"""

from collections.abc import Callable

from wad.core.backoff import longest
from wad.core.deadlines import Deadlines
from wad.core.reasons import REASONS, Retry
from wad.core.status import Phase, Status

_PROGRESS_STEPS = 101  # 0 to 100 per cent


def bring_up(times: Deadlines) -> float:
    """Bound the start of a browser, an earlier one's end included."""
    return times.shutdown + times.browser_start + times.page_load


def _close(times: Deadlines) -> float:
    return 2 * times.shutdown  # gracefully, then not


def _forget(times: Deadlines) -> float:
    return times.save + times.shutdown + times.discard


def _start_again(times: Deadlines) -> float:
    return bring_up(times) + times.page_load + times.first_code + times.evaluate


def _hold(times: Deadlines) -> float:
    return _close(times) + longest(times.backoff_max) + max(longest(times.slow_retry), times.ban_believed)


BOUNDS: dict[Phase, Callable[[Deadlines], float]] = {
    Phase.STARTING: lambda times: bring_up(times) + times.heartbeat_interval,
    Phase.LOADING: lambda times: times.page_load + times.evaluate,
    Phase.CONNECTING: lambda times: times.first_code + times.evaluate,
    Phase.CONFIRMING: lambda times: times.first_code + times.evaluate,
    Phase.PAIRING: lambda times: times.pairing_code,
    Phase.RENEWING: lambda times: times.evaluate + times.heartbeat_answer + times.first_code,
    # Each step of the progress may take as long as the whole.
    Phase.SYNCING: lambda times: _PROGRESS_STEPS * times.ready + times.evaluate,
    Phase.RECONNECTING: lambda times: longest(times.reconnect),
    Phase.RECOVERING: lambda times: _close(times) + longest(times.backoff_max),
    Phase.RESTARTING: _start_again,
    Phase.PROBING: _start_again,
    Phase.HELD_UP: _hold,
    Phase.RESET_PENDING: _hold,
    Phase.STOPPING: _close,
    Phase.FORGETTING: _forget,
    Phase.RESETTING: _forget,
    Phase.LOGGING_OUT: lambda times: times.logout + _forget(times),
}


def bound(status: Status, times: Deadlines) -> float | None:
    """Give the seconds after which the work of this status is lost; None where nothing has to come of it.

    A work may have to wait for one that must not be left half done; the longest of these is allowed for.
    """
    reason = status.reason
    if status.phase is Phase.HELD_UP and reason is not None and REASONS[reason].retry is Retry.NEVER:
        return None
    own = BOUNDS.get(status.phase)
    return own(times) + BOUNDS[Phase.LOGGING_OUT](times) + times.overdue if own is not None else None
