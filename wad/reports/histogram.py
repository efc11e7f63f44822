"""A histogram as Prometheus takes it."""

from collections.abc import Iterable

from prometheus_client.core import HistogramMetricFamily


class Histogram:
    """Seconds in buckets, each of which holds all that is not longer than its bound."""

    def __init__(self, bounds: tuple[float, ...]) -> None:
        self._bounds = bounds
        self._counts = [0] * (len(bounds) + 1)
        self._sum = 0.0

    def observe(self, seconds: Iterable[float]) -> None:
        """Count these."""
        for each in seconds:
            self._sum += each
            place = next((at for at, bound in enumerate(self._bounds) if each <= bound), len(self._bounds))
            self._counts[place] += 1

    def family(self, name: str, text: str) -> HistogramMetricFamily:
        """Give it as Prometheus takes it."""
        total, buckets = 0, []
        for bound, count in zip([*map(str, self._bounds), "+Inf"], self._counts, strict=True):
            total += count
            buckets.append((bound, total))
        return HistogramMetricFamily(name, text, buckets=buckets, sum_value=self._sum)
