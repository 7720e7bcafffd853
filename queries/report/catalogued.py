"""What the gap queries of the catalogue find in a scope, one entry for each query, the gravest first."""

from __future__ import annotations

from collections import Counter

from graph.release import OpenRelease
from queries.catalogue import CatalogueQuery, gap_queries
from queries.names import names_of
from queries.norms.evaluation import GAP_STATUSES
from queries.overview import SEVERITIES
from queries.report.entries import Entry
from queries.report.scope import Scope
from queries.report.words import MANY, NAMED, SEVERITY_WORDS, names_words, sentence
from queries.run import Gap
from queries.unknowns import all_gaps

MONEY_TAG = "geld"


def catalogue_entries(release: OpenRelease, scope: Scope, *, about_money: bool) -> list[Entry]:
    """Return what the queries about money, or all the others, find in a scope."""
    found = []
    for query in gap_queries():
        gaps = [g for g in all_gaps(release) if g.query == query.name and scope.holds(g.subject)]
        if gaps and (MONEY_TAG in query.about.tags) == about_money:
            found.append((_gravity(query, gaps), _entry(release, query, gaps)))
    return [entry for _, entry in sorted(found, key=lambda pair: pair[0])]


def _gravity(query: CatalogueQuery, gaps: list[Gap]) -> tuple[int, int, str]:
    severity = query.about.severity
    place = SEVERITIES.index(severity) if severity else len(SEVERITIES)
    return place, -len(gaps), query.name


def _entry(release: OpenRelease, query: CatalogueQuery, gaps: list[Gap]) -> Entry:
    names = names_of(release)
    counts = Counter(gap.status for gap in gaps)
    # What a source says itself comes before what no source says.
    gaps = sorted(gaps, key=lambda gap: GAP_STATUSES.index(gap.status))
    how = [f"Bij {counts[s]} {MANY[s]}." for s in GAP_STATUSES if counts[s]]
    about = tuple(names.ref(gap.subject) for gap in gaps)
    head = "Onder meer" if len(gaps) > NAMED else "Het gaat om"
    return Entry(
        mark=SEVERITY_WORDS.get(query.about.severity or "", "punt"),
        text=f"{sentence(query.about.title)} {' '.join(how)}",
        action=sentence(query.about.solution or ""),
        who="",
        about=about,
        passages=names.passages({gap.passage for gap in gaps[:2]}),
        detail=f"{head}: {names_words(about[:NAMED])}.",
    )
