"""How long wad pauses before it tries again: doubled, capped, and spread."""

import random

import pytest

from wad.core.backoff import JITTER, longest, pause, spread
from wad.core.deadlines import Deadlines

TIMES = Deadlines()


class Middle(random.Random):
    """Chance that favours nobody."""

    def uniform(self, a, b):
        """Give the middle."""
        return (a + b) / 2


@pytest.mark.parametrize(
    ("attempts", "expected"),
    [(-1, 0.25), (0, 0.25), (1, 0.25), (2, 0.5), (3, 1), (8, 32), (9, 60), (10**6, 60)],
)
def test_pauses_double(attempts, expected):
    """Each failure in a row doubles the pause, up to a minute; no number of them is too many."""
    assert pytest.approx(expected) == pause(attempts, TIMES, Middle())


def test_pauses_are_spread():
    """They fill the whole range on both sides, and never leave it."""
    chance = random.Random(7)
    found = [spread(100, chance) for _ in range(1000)]

    assert 100 * (1 - JITTER) <= min(found) < 100 * (1 - 0.9 * JITTER)
    assert 100 * (1 + 0.9 * JITTER) < max(found) <= longest(100)


def test_daemons_differ():
    """Two daemons that fail at one instant do not try again at one instant."""
    assert pause(9, TIMES, random.Random(1)) != pause(9, TIMES, random.Random(2))
