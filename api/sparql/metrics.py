"""What the endpoint counts, for Prometheus; never what was asked or answered."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from itertools import accumulate

from prometheus_client import CollectorRegistry
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

_BOUNDS_S = (0.001, 0.005, 0.025, 0.1, 0.25, 1.0, 2.5, 5.0, 10.0)


class Metrics(Collector):
    """Plain numbers, which the one thread of the endpoint counts at no cost; read when somebody asks.

    The library's own counters lock and look up labels each time: five of them cost 5 us a query.
    """

    def __init__(self) -> None:
        """Begin at zero, in a registry of its own that the application exposes."""
        self.answers: Counter[str] = Counter()
        self.kills: Counter[str] = Counter()
        self.hits = 0
        self.misses = 0
        self.forks = 0
        self.release = 0
        self._seconds = 0.0
        self._buckets = [0] * (len(_BOUNDS_S) + 1)
        self.registry = CollectorRegistry()
        self.registry.register(self)

    def observe(self, seconds: float) -> None:
        """Count a query that ran for so long."""
        self._seconds += seconds
        self._buckets[bisect_left(_BOUNDS_S, seconds)] += 1

    def collect(self) -> Iterator[Metric]:
        """Yield all numbers as they are now."""
        yield _counter(
            "answers", "Antwoorden van het SPARQL-endpoint", "status", dict(self.answers)
        )
        yield _counter(
            "cache",
            "Vragen met een antwoord in het geheugen (hit) of zonder (miss)",
            "result",
            {"hit": self.hits, "miss": self.misses},
        )
        yield _counter(
            "kills",
            "Gestopte werkers: limiet, klant weg, geen plaats voor lange vragen, zelf gevallen",
            "reason",
            dict(self.kills),
        )
        yield CounterMetricFamily(
            "regiograaf_sparql_worker_forks", "Gestarte werkers", value=self.forks
        )
        names = (*map(str, _BOUNDS_S), "+Inf")
        yield HistogramMetricFamily(
            "regiograaf_sparql_query_seconds",
            "Duur van vragen die een werker beantwoordde",
            buckets=list(zip(names, accumulate(self._buckets), strict=True)),
            sum_value=self._seconds,
        )
        yield GaugeMetricFamily(
            "regiograaf_sparql_release", "Uitgave die wordt bevraagd", value=self.release
        )


def _counter(name: str, text: str, label: str, counts: dict[str, int]) -> Metric:
    family = CounterMetricFamily(f"regiograaf_sparql_{name}", text, labels=[label])
    for value, count in sorted(counts.items()):
        family.add_metric([value], count)
    return family
