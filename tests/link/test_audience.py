"""Who looks at the code: viewers until they leave, requests for a while."""

from wad.link.audience import Audience


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        """Read the clock."""
        return self.seconds


def test_nobody_at_first():
    """In the beginning nobody looks."""
    audience = Audience(Clock(), memory=60)

    assert not audience.looks()
    assert audience.watching == 0


def test_viewer_looks_until_it_leaves():
    """A viewer counts for as long as it stays, however long that is."""
    clock = Clock()
    audience = Audience(clock, memory=60)
    audience.join("a")
    clock.seconds += 1e6

    assert audience.looks()

    audience.leave("a")

    assert not audience.looks()


def test_viewers_are_counted_once():
    """The same viewer coming twice is one; one that never came does not leave a gap."""
    audience = Audience(Clock(), memory=60)
    for viewer in "aab":
        audience.join(viewer)
    audience.leave("c")

    assert audience.watching == 2

    audience.leave("a")
    audience.leave("a")

    assert audience.watching == 1
    assert audience.looks()


def test_request_is_remembered_for_a_while():
    """Somebody who asked looks for the memory's seconds, the last one included, and no longer."""
    clock = Clock()
    audience = Audience(clock, memory=60)
    audience.asked()
    clock.seconds += 60

    assert audience.looks()

    clock.seconds += 0.001

    assert not audience.looks()


def test_asking_again_prolongs():
    """The last request counts."""
    clock = Clock()
    audience = Audience(clock, memory=60)
    for _ in range(3):
        audience.asked()
        clock.seconds += 50

    assert audience.looks()


def test_request_is_no_viewer():
    """A request is remembered, but nobody watches."""
    audience = Audience(Clock(), memory=60)
    audience.asked()

    assert audience.watching == 0
