"""When an event that was not taken is brought again, and when it is given up. Pure."""

from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Final

# In seconds, before each attempt: as Svix has them, who wrote Standard Webhooks.
DELAYS: Final = (0.0, 5.0, 30.0, 300.0, 1800.0, 7200.0, 18000.0, 36000.0, 36000.0)
_LONGEST: Final = 86400.0


def pause(failed: int, retry_after: float | None = None) -> float | None:
    """Give the seconds to wait after so many failed attempts; None: the event is given up.

    A receiver that says when to come again is heeded, for up to a day.
    """
    if failed >= len(DELAYS):
        return None
    return max(DELAYS[failed], min(retry_after or 0.0, _LONGEST))


def seconds_of(header: str | None, now: float) -> float | None:
    """Give a Retry-After's seconds, from `now` where it is a date; None where it names none."""
    if header is None:
        return None
    if header.isascii() and header.isdigit():
        return float(header[:12])
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    return max(0.0, (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() - now)


def left(due: float, now: float) -> float:
    """Give the seconds until an attempt is due; a clock that was set back makes nobody wait for ever."""
    return min(due - now, max(*DELAYS, _LONGEST))
