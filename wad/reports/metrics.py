"""What Prometheus is told: counts and times of the link, never a code, a number or a name.

Theory of operation. A subscriber of the session counts what happens; whatever else has a count of its own is
asked when somebody scrapes. So nothing is counted twice, and nothing runs between scrapes.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from wad import __version__
from wad.core.events import (
    Authenticated,
    Blocked,
    Failed,
    LoggedOut,
    PairingFailed,
    PairingRefused,
    QrIssued,
    Ready,
    Scanned,
)
from wad.core.page_names import Use
from wad.core.reasons import REASONS, State
from wad.core.status import Phase
from wad.link.commands import Commands
from wad.link.session import Change
from wad.reports.histogram import Histogram

# From a warm start (2 s) to the deadline of the slowest stage (120 s).
_BUCKETS = (1.0, 2.0, 3.0, 5.0, 8.0, 13.0, 21.0, 34.0, 60.0, 120.0)


_TROUBLE = tuple(reason for reason, row in REASONS.items() if row.state is not State.IDLE)


class Times(Histogram):
    """A histogram of durations, and the stop-watch that fills it."""

    def __init__(self) -> None:
        super().__init__(_BUCKETS)
        self._began: float | None = None

    def begin(self, now: float) -> None:
        """Start the watch."""
        self._began = now

    def drop(self) -> None:
        """Stop the watch; what it measured does not count."""
        self._began = None

    def end(self, now: float) -> None:
        """Stop the watch, if it runs, and count what it measured."""
        if self._began is None:
            return
        taken, self._began = now - self._began, None
        self.observe([taken])


class Metrics(Collector):
    """The daemon's metrics.

    `heartbeats` gives how often the page answered (True) and did not (False), `names_missing` how many of
    the names that wad needs in the page are missing, by use, `lines_dropped` how many lines of the log were
    lost; `further` has those of messages.
    """

    def __init__(
        self,
        commands: Commands,
        heartbeats: Callable[[], Counter[bool]],
        names_missing: Callable[[], Counter[Use]],
        lines_dropped: Callable[[], int],
        clock: Callable[[], float] = time.monotonic,
        *,
        further: Collector | None = None,
    ) -> None:
        self._further = further
        self._commands = commands
        self._heartbeats = heartbeats
        self._names_missing = names_missing
        self._lines_dropped = lines_dropped
        self._clock = clock
        self._entered = clock()
        self._transitions: Counter[tuple[str, str]] = Counter()
        self._seconds: dict[str, float] = defaultdict(float)
        # Each begins at 0: increase() does not see the first count of a series that begins with it.
        self._failures: Counter[str] = Counter(dict.fromkeys(_TROUBLE, 0))
        self._codes = 0
        self._start_to_code = Times()
        self._scan_to_ready = Times()
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(self)

    def render(self) -> bytes:
        """Give the present metrics in Prometheus' text format."""
        return generate_latest(self._registry)

    def changed(self, change: Change) -> None:
        """Count one change of the status: a subscriber of the session."""
        now = self._clock()
        self._count_state(change, now)
        self._count_event(change)
        self._time(change, now)

    def _count_state(self, change: Change, now: float) -> None:
        before, after = change.before.state, change.after.state
        if before is after:
            return
        self._transitions[before, after] += 1
        self._seconds[before] += now - self._entered
        self._entered = now

    def _count_event(self, change: Change) -> None:
        event = change.event
        if isinstance(event, Failed | Blocked | LoggedOut | PairingFailed | PairingRefused):
            self._failures[event.reason] += 1
        elif isinstance(event, QrIssued) and change.after.code != change.before.code:
            self._codes += 1

    def _time(self, change: Change, now: float) -> None:
        if change.after.phase is Phase.STARTING:
            self._start_to_code.begin(now)
        elif isinstance(change.event, QrIssued):
            self._start_to_code.end(now)
        elif isinstance(change.event, Scanned) or (
            isinstance(change.event, Authenticated) and change.before.code is not None
        ):
            self._start_to_code.drop()
            self._scan_to_ready.begin(now)
        elif isinstance(change.event, Ready):
            self._start_to_code.drop()
            self._scan_to_ready.end(now)
        elif change.after.state not in {State.AUTHENTICATED, State.IDLE}:
            self._scan_to_ready.drop()

    def collect(self) -> Iterator[Metric]:
        """Give every metric; called at each scrape."""
        yield _gauge("wad_info", "The daemon's version", {"version": __version__}, 1)
        yield from self._of_state()
        yield _counter("wad_failures", "Failures, by reason", "reason", self._failures)
        yield CounterMetricFamily("wad_codes", "QR codes shown", value=self._codes)
        yield self._start_to_code.family("wad_start_to_code_seconds", "From a start to its first code")
        yield self._scan_to_ready.family("wad_scan_to_ready_seconds", "From a scan to ready")
        yield from self._of_browser()
        yield GaugeMetricFamily(
            "wad_viewers", "Clients that may see a code", self._commands.audience.watching
        )
        yield _counter("wad_commands", "Commands taken, by name", "command", self._commands.counts)
        dropped = self._lines_dropped()
        yield CounterMetricFamily("wad_log_lines_dropped", "Lines of the log that were lost", value=dropped)
        if self._further is not None:
            yield from self._further.collect()

    def _of_state(self) -> Iterator[Metric]:
        present = self._commands.session.status
        shown = GaugeMetricFamily("wad_state", "1 for the present state, 0 for the others", labels=["state"])
        seconds = CounterMetricFamily("wad_state_seconds", "Time spent in each state", labels=["state"])
        for state in State:
            here = state is present.state
            shown.add_metric([state], 1 if here else 0)
            spent = self._seconds[state] + (self._clock() - self._entered if here else 0)
            seconds.add_metric([state], spent)
        moves = CounterMetricFamily("wad_transitions", "Changes of the state", labels=["from", "to"])
        for (before, after), count in self._transitions.items():
            moves.add_metric([before, after], count)
        yield from (shown, seconds, moves)
        yield GaugeMetricFamily("wad_attempts", "Failures since the link was last steady", present.attempts)

    def _of_browser(self) -> Iterator[Metric]:
        running = self._commands.browser.running
        yield GaugeMetricFamily("wad_browser_up", "Whether the browser runs", 1 if running else 0)
        yield CounterMetricFamily(
            "wad_browser_restarts",
            "Browsers that died, or hung and were replaced",
            value=self._commands.browser_deaths,
        )
        beats = self._heartbeats()
        answers = Counter({"answered": beats[True], "missed": beats[False]})
        yield _counter("wad_heartbeats", "Looks at the page, by whether it answered", "result", answers)
        missing = GaugeMetricFamily(
            "wad_page_names_missing", "Names wad relies upon that the page lacks, by use", labels=["use"]
        )
        for use, count in self._names_missing().items():
            missing.add_metric([use], count)
        yield missing


def _gauge(name: str, text: str, labels: dict[str, str], value: float) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, text, labels=list(labels))
    family.add_metric(list(labels.values()), value)
    return family


def _counter(name: str, text: str, label: str, counts: Counter[str]) -> CounterMetricFamily:
    family = CounterMetricFamily(name, text, labels=[label])
    for value, count in sorted(counts.items()):
        family.add_metric([value], count)
    return family
