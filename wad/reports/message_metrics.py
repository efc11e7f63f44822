"""What Prometheus is told of messages and webhooks: counts, ages and times, never a text, a number or a name.

Rules of this file: nothing here reads the disk, for a scrape must not wait. The outbox's depth is as its
owner saw it in its last turn: at each change, and every half minute at the latest.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from wad.core.failures import Failure
from wad.core.values import dataclass
from wad.messages.media import AGAIN
from wad.messages.service import Messages
from wad.reports.histogram import Histogram
from wad.store.media import MediaState

# From a page on the same machine to a message that waited for its turn for minutes.
_BUCKETS = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0)


@dataclass(frozen=True, slots=True)
class Deliveries:
    """What is asked of the webhooks: how far each is behind, and the seconds deliveries took since asked."""

    backlog: Callable[[], Mapping[str, int]]
    latencies: Callable[[], list[float]]


class MessageMetrics(Collector):
    """The metrics of messages."""

    def __init__(self, messages: Messages, deliveries: Deliveries) -> None:
        self._messages = messages
        self._deliveries = deliveries
        self._accept_to_sent = Histogram(_BUCKETS)
        self._event_to_delivered = Histogram(_BUCKETS)

    def collect(self) -> Iterator[Metric]:
        """Give every metric; called at each scrape."""
        tally = self._messages.desk.tally
        yield CounterMetricFamily(
            "wad_messages_accepted", "Messages accepted to be sent", value=tally.accepted
        )
        yield CounterMetricFamily(
            "wad_messages_sent", "Messages that WhatsApp's server has", value=tally.sent
        )
        yield CounterMetricFamily(
            "wad_messages_received", "Messages of others that the page told of", value=tally.received
        )
        yield self._failed(tally.failed)
        yield from self._files(tally.media)
        yield from self._waiting()
        self._accept_to_sent.observe(tally.take_times())
        yield self._accept_to_sent.family("wad_accept_to_sent_seconds", "From acceptance to sent")
        self._event_to_delivered.observe(self._deliveries.latencies())
        yield self._event_to_delivered.family(
            "wad_event_to_delivered_seconds", "From an event to a webhook's receiver"
        )
        backlog = GaugeMetricFamily(
            "wad_webhook_backlog", "Events a webhook has yet to bring", labels=["webhook"]
        )
        for name, count in sorted(self._deliveries.backlog().items()):
            backlog.add_metric([name], count)
        yield backlog

    def _failed(self, counts: Counter[str]) -> CounterMetricFamily:
        family = CounterMetricFamily("wad_messages_failed", "Messages that failed, by code", labels=["code"])
        # Each begins at 0: increase() does not see the first count of a series that begins with it.
        for code in Failure:
            family.add_metric([code], counts[code])
        return family

    def _files(self, counts: Counter[str]) -> Iterator[Metric]:
        family = CounterMetricFamily(
            "wad_media_fetched", "Files of messages that were fetched, or were to be", labels=["result"]
        )
        for result in (MediaState.STORED, AGAIN, MediaState.EXPIRED, MediaState.FAILED):
            family.add_metric([result], counts[result])
        yield family
        files = self._messages.media.files
        yield GaugeMetricFamily("wad_media_bytes", "What the files of messages take", files.used)
        yield GaugeMetricFamily("wad_media_quota_bytes", "What they may take", files.quota)

    def _waiting(self) -> Iterator[Metric]:
        depth, oldest = self._messages.outbox.depth
        age = max(0.0, self._messages.desk.now() - oldest) if oldest is not None else 0.0
        yield GaugeMetricFamily("wad_outbox_messages", "Messages that wait or are on their way", depth)
        yield GaugeMetricFamily(
            "wad_outbox_oldest_seconds", "For how long the oldest of them has waited", age
        )
        yield GaugeMetricFamily(
            "wad_inbox_caught_up",
            "1 where all that the page has is told",
            1 if self._messages.inbox.caught_up else 0,
        )
