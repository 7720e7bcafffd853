"""What the first page shows of a release: how much there is, what stands out, what comes first."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from graph.evaluate import select
from graph.network import TWO_MODE, theme_overlap
from graph.release import OpenRelease
from ontology.terms import BEGRIP, ID
from queries.catalogue import CatalogueQuery, gap_queries
from queries.memo import per_release
from queries.names import Ref, names_of
from queries.things import Measurement, measurements_of
from queries.unknowns import all_gaps

SEVERITIES = ("must", "should", "may")
BETWEENNESS = "betweenness"
# A person's own page is made when somebody asks for it.
_BUSIEST = f"""
SELECT ?thing (COUNT(*) AS ?n) WHERE {{
  ?one ?property ?thing
  FILTER(isIRI(?thing) && (STRSTARTS(STR(?thing), "{ID}") || STRSTARTS(STR(?thing), "{BEGRIP}")))
  FILTER(!STRSTARTS(STR(?thing), "{ID}persoon/"))
}}
GROUP BY ?thing ORDER BY DESC(?n) ?thing LIMIT 12
"""


@dataclass(frozen=True)
class GapCount:
    """A gap query with the number of gaps it finds, in all and by status."""

    query: CatalogueQuery
    total: int
    statuses: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Overlap:
    """Two themes and what works on both."""

    one: Ref
    other: Ref
    shared: tuple[Ref, ...]


@per_release
def count_kinds(release: OpenRelease) -> Counter[str]:
    """Return how many things of each kind a release has."""
    return Counter(names_of(release).kinds.values())


@per_release
def busiest_things(release: OpenRelease) -> tuple[str, ...]:
    """Return the IRIs of the things that most statements lead to, most first: the largest pages."""
    found = select(release.store, _BUSIEST).dicts()
    return tuple(row["thing"] for row in found)


@per_release
def gap_counts(release: OpenRelease) -> tuple[GapCount, ...]:
    """Return the gap queries that find something, gravest first and then most first."""
    found: dict[str, Counter[str]] = {}
    for gap in all_gaps(release):
        found.setdefault(gap.query, Counter())[gap.status] += 1
    counts = [
        GapCount(query, found[query.name].total(), tuple(sorted(found[query.name].items())))
        for query in gap_queries()
        if query.name in found
    ]
    return tuple(sorted(counts, key=lambda one: (_gravity(one.query), -one.total, one.query.name)))


@per_release
def overlapping_themes(release: OpenRelease) -> tuple[Overlap, ...]:
    """Return pairs of themes with what works on both, most first."""
    names = names_of(release)
    graph = theme_overlap(release.store)
    found = []
    for a, b, data in graph.edges(data=True):
        one, other = sorted((names.ref(a), names.ref(b)))
        found.append(Overlap(one, other, tuple(sorted(map(names.ref, data["shared"])))))
    return tuple(sorted(found, key=lambda pair: (-len(pair.shared), pair.one, pair.other)))


def bridges(release: OpenRelease, limit: int) -> list[tuple[Ref, Measurement]]:
    """Return the parties that stand most between others: two-mode betweenness, first rank first."""
    found = measurements_of(release, BETWEENNESS, TWO_MODE)
    parties = [(ref, one) for ref, one in found if ref.kind in {"Organization", "Actor", "Person"}]
    return parties[:limit]


def _gravity(query: CatalogueQuery) -> int:
    severity = query.about.severity
    return SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES)
