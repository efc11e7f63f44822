"""How much a silence counts."""

import pytest

from wad.browser.procfs import Scheduled
from wad.link.patience import LEAST, weight

BEFORE = Scheduled(100.0, 50.0)


@pytest.mark.parametrize(
    ("ran", "waited", "counts"),
    [
        (3.5, 0.0, 1.0),  # an endless loop on a machine at rest
        (0.0, 0.0, 1.0),  # stopped
        (0.05, 0.2, 1.0),  # stopped, and others of the browser's do a little
        (2.0, 2.0, 0.5),
        (1.0, 3.0, 0.25),
        (0.1, 5.0, LEAST),
        (0.0, 3.0, LEAST),
    ],
)
def test_weight(ran, waited, counts):
    """The share that ran of the time it wanted to; in full, if it did not want to."""
    now = Scheduled(BEFORE.ran + ran, BEFORE.waited + waited)

    assert pytest.approx(counts) == weight(BEFORE, now, 3.5)


def test_what_ended_in_between():
    """A process that is gone takes its figures with it: less than before is no more than nothing."""
    assert 1.0 == weight(BEFORE, Scheduled(10.0, 5.0), 3.5)
