"""Lines that repeat: written once, counted, and told."""

import pytest
import structlog

from wad.log.repeats import MOST, WINDOW, Repeats


class Clock:
    """Seconds that go on when told."""

    now = 100.0

    def __call__(self):
        return self.now


class Harness:
    """A logger of its own, with what it has written."""

    def __init__(self, most=MOST):
        self.clock = Clock()
        self.repeats = Repeats(most=most, clock=self.clock)
        self.written = []
        self.sink = self
        chain = [
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            self.repeats,
            lambda _, __, event: event,
        ]
        structlog.configure(processors=chain, logger_factory=lambda *_: self)
        self.log = structlog.get_logger()

    def debug(self, **event):
        self.written.append(event)

    info = warning = error = debug

    def told(self):
        """Give event and count of each line."""
        return [(line["event"], line.get("repeated")) for line in self.written]


@pytest.fixture
def harness():
    """Give a logger, and leave the process' log as it was."""
    yield Harness()
    structlog.reset_defaults()


def test_the_same_line_is_written_once_within_the_window(harness):
    """The next one after it tells how many were not."""
    for _ in range(5):
        harness.log.warning("same", fact=[1])
    harness.clock.now += WINDOW
    harness.log.warning("same", fact=[1])

    assert [("same", None), ("same", 4)] == harness.told()
    assert {"event": "same", "level": "warning", "fact": [1], "repeated": 4} == harness.written[1]


def test_what_differs_in_anything_is_written(harness):
    """Event, level, the value of a fact, its absence: each makes another line."""
    harness.log.warning("same", fact=1)
    harness.log.error("same", fact=1)
    harness.log.warning("same", fact=2)
    harness.log.warning("same", fact="1")
    harness.log.warning("same")
    harness.log.warning("other", fact=1)

    assert 6 == len(harness.written)


def fail(sentence):
    """Raise."""
    raise RuntimeError(sentence)


def test_tracebacks_are_compared(harness):
    """The same error at the same place is the same; another sentence or place is not."""
    for sentence in ("one", "one", "two"):
        try:
            fail(sentence)
        except RuntimeError:
            harness.log.exception("failed")

    assert ["RuntimeError: one", "RuntimeError: two"] == [
        line["exception"].splitlines()[-1] for line in harness.written
    ]


def test_an_overdue_count_is_told_beside_any_line(harness):
    """No such line needs to come again; and for as long again it is held back."""
    for _ in range(3):
        harness.log.warning("same", fact=1)
    harness.clock.now += WINDOW
    harness.log.info("other")
    harness.log.warning("same", fact=1)

    assert [("same", None), ("same", 2), ("other", None)] == harness.told()
    assert ("warning", 1) == (harness.written[1]["level"], harness.written[1]["fact"])


def test_a_line_that_came_once_is_not_told_again(harness):
    """What was never held back leaves nothing to tell."""
    harness.log.warning("once")
    harness.clock.now += WINDOW
    harness.log.info("other")
    harness.log.warning("once")

    assert [("once", None), ("other", None), ("once", None)] == harness.told()


def test_an_endless_fault_is_a_line_for_each_window(harness):
    """A thousand a second for a minute are seven lines, and no occurrence is missing."""
    for _ in range(60_000):
        harness.log.error("Too many open files")
        harness.clock.now += 0.001
    harness.repeats.tell(harness)

    assert 7 == len(harness.written)
    assert 60_000 - 6 == sum(line.get("repeated", 0) for line in harness.written)


def test_memory_is_bounded_and_no_count_is_lost():
    """The oldest line is forgotten, and its count told then."""
    harness = Harness(most=2)
    for name in ("a", "a", "b", "c"):
        harness.log.warning(name)
    structlog.reset_defaults()

    assert [("a", None), ("b", None), ("a", 1), ("c", None)] == harness.told()


def test_at_the_end_everything_is_told(harness):
    """What is still held back is told before the last line, once."""
    harness.log.warning("same")
    harness.log.warning("same")
    harness.log.warning("once")
    harness.repeats.tell(harness)
    harness.repeats.tell(harness)

    assert [("same", None), ("once", None), ("same", 1)] == harness.told()
