"""What the endpoint counts, for Prometheus; never what was asked or answered."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram


class Metrics:
    """The counters of one endpoint, in a registry of its own that the application exposes."""

    def __init__(self) -> None:
        """Make all counters, at zero."""
        self.registry = CollectorRegistry()
        self.answers = Counter(
            "regiograaf_sparql_answers",
            "Antwoorden van het SPARQL-endpoint",
            ["status"],
            registry=self.registry,
        )
        cache = Counter(
            "regiograaf_sparql_cache",
            "Vragen met een antwoord in het geheugen (hit) of zonder (miss)",
            ["result"],
            registry=self.registry,
        )
        # Looking up a label costs more than counting: it is done once.
        self.hits, self.misses = cache.labels("hit"), cache.labels("miss")
        self.kills = Counter(
            "regiograaf_sparql_kills",
            "Gestopte werkers: limiet, klant weg, geen plaats voor lange vragen, zelf gevallen",
            ["reason"],
            registry=self.registry,
        )
        self.forks = Counter(
            "regiograaf_sparql_worker_forks", "Gestarte werkers", registry=self.registry
        )
        self.seconds = Histogram(
            "regiograaf_sparql_query_seconds",
            "Duur van vragen die een werker beantwoordde",
            buckets=(0.001, 0.005, 0.025, 0.1, 0.25, 1, 2.5, 5, 10),
            registry=self.registry,
        )
        self.release = Gauge(
            "regiograaf_sparql_release", "Uitgave die wordt bevraagd", registry=self.registry
        )
