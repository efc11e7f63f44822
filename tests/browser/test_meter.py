import pytest

from wad.browser.meter import Meter


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """Give the present."""
        return self.now


@pytest.fixture
def clock():
    return Clock()


def counted(meter, times):
    """Count so often, and give how many of them were not too much."""
    return sum(meter.add() for _ in range(times))


def test_a_burst_is_allowed_once(clock):
    """What may come in a moment may, and not a bit more."""
    meter = Meter(at_once=10, per_second=1, clock=clock)

    assert 10 == counted(meter, 100)


def test_what_may_come_for_ever_does(clock):
    """A steady stream below the limit is never too much, however long it lasts."""
    meter = Meter(at_once=10, per_second=5, clock=clock)
    allowed = []
    for _ in range(1000):
        clock.now += 1
        allowed.append(counted(meter, 5))

    assert {5} == {*allowed}


def test_a_stream_above_it_is_found(clock):
    """One that is above the limit becomes too much, sooner the faster it is."""
    found = {}
    for rate in (6, 10, 100):
        meter, seconds = Meter(at_once=20, per_second=5, clock=clock), 0
        while counted(meter, rate) == rate:
            clock.now += 1
            seconds += 1
        found[rate] = seconds

    assert {6: 15, 10: 3, 100: 0} == found


def test_amounts_are_summed(clock):
    """A single one can be too much by its size."""
    meter = Meter(at_once=100, per_second=1, clock=clock)

    assert [True, False] == [meter.add(100), meter.add(1)]
