"""How long wad pauses before it tries again, and how the pauses of many daemons are kept apart.

Rules of this file:

* Pure: chance is given in, so that whoever simulates a fleet asks the very rule that the daemons follow.
* Whatever many daemons may begin to wait for at one instant is spread: else they wait alike, and all knock
  at one instant again. A single daemon does not notice.
"""

from random import Random
from typing import Final

from wad.core.deadlines import Deadlines

# Spread of the pauses: daemons behind one failed router, or one fault of WhatsApp's, should not knock at the
# same instant. A fifth is what a pause may differ by without a person taking it for another.
JITTER: Final = 0.2
# 2**30 is beyond any cap; more would overflow a float at last.
_STEPS: Final = 30


def spread(seconds: float, chance: Random) -> float:
    """Give a time that is up to a fifth shorter or longer than `seconds`, each as likely."""
    return seconds * chance.uniform(1 - JITTER, 1 + JITTER)


def longest(seconds: float) -> float:
    """Give the longest time that `spread` makes of `seconds`."""
    return seconds * (1 + JITTER)


def pause(attempts: int, times: Deadlines, chance: Random) -> float:
    """Give the seconds to wait after that many failures in a row: doubled with each, up to a cap, spread."""
    steps = min(max(attempts, 1) - 1, _STEPS)
    return spread(min(times.backoff_first * 2**steps, times.backoff_max), chance)
