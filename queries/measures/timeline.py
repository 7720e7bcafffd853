"""The network over time: as documents of each year state it, what differs between years, and as of a date.

A document says what it says at its own date; that a later one is silent does not mean that something
ended. How something stands at a moment is told by `queries.standing`, as in the picture of the network.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from graph.evaluate import select
from graph.identity import document_iri, parse_passage_iri
from graph.network import TWO_MODE, documents_of, stated_ties
from graph.release import OpenRelease
from queries.involvements import Involvement, involvements
from queries.links import STATED_MODALITIES
from queries.measures.centrality import views_of
from queries.measures.cohesion import Cohesion, measure_cohesion
from queries.measures.view import View
from queries.memo import per_release
from queries.names import Ref, names_of
from queries.selection import COLLABORATIONS
from queries.standing import ABSENT, Period, standing

_NAMES = """
PREFIX rg: <https://w3id.org/regiograaf/def#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

SELECT DISTINCT ?thing ?name ?graph WHERE {
  GRAPH ?graph { ?thing skos:prefLabel|skos:altLabel|rg:formerName ?name }
  ?thing a ?class .
  FILTER(?class IN (rg:Actor, rg:Collaboration))
}
ORDER BY ?thing ?name ?graph
"""


@dataclass(frozen=True)
class Snapshot:
    """The network that documents of one year state, with its indices."""

    year: str
    parties: int
    collaborations: int
    cohesion: Cohesion


@dataclass(frozen=True)
class Difference:
    """What two years say differently of a collaboration: parties only in one of them, and other roles.

    `earlier_only` are not mentioned again, which is not to say that they left. `roles` holds who has
    other roles, those of before and those of after.
    """

    what: Ref
    earlier_only: tuple[Ref, ...]
    later_only: tuple[Ref, ...]
    roles: tuple[tuple[Ref, tuple[str, ...], tuple[str, ...]], ...]


@dataclass(frozen=True)
class Standing:
    """A participation as of a date: `status` is what `queries.standing` makes of it."""

    party: Ref
    what: Ref
    role: Ref | None
    since: str
    until: str
    status: str


@per_release
def snapshots(release: OpenRelease) -> tuple[Snapshot, ...]:
    """Return the network of each year that a document with participations is from, oldest first."""
    whole = views_of(release)[TWO_MODE].graph
    dates = {info.slug: info.date[:4] for info in names_of(release).documents.values()}
    edges: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for a, b, passages in stated_ties(whole):
        for year in {dates.get(slug, "") for slug in documents_of(passages)} - {""}:
            edges[year].append((a, b))
    found = []
    for year, same in sorted(edges.items()):
        view = View(whole.edge_subgraph(same).copy())
        bodies = len(view.nodes) - len(view.tops)
        found.append(Snapshot(year, len(view.tops), bodies, measure_cohesion(view)))
    return tuple(found)


@per_release
def compare_years(release: OpenRelease, earlier: str, later: str) -> tuple[Difference, ...]:
    """Return what differs, by collaboration that documents of both years name with parties."""
    then, now = _roles_in(release, earlier), _roles_in(release, later)
    found = []
    for what in sorted(then.keys() & now.keys()):
        both = sorted(then[what].keys() & now[what].keys())
        roles = tuple(
            (party, then[what][party], now[what][party])
            for party in both
            if then[what][party] != now[what][party]
        )
        gone = tuple(sorted(then[what].keys() - now[what].keys()))
        new = tuple(sorted(now[what].keys() - then[what].keys()))
        if gone or new or roles:
            found.append(Difference(what, gone, new, roles))
    return tuple(found)


@per_release
def names_by_year(
    release: OpenRelease,
) -> tuple[tuple[Ref, tuple[tuple[str, tuple[str, ...]], ...]], ...]:
    """Return parties and collaborations that are called differently in different years, with year and names."""
    names = names_of(release)
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in select(release.store, _NAMES).dicts():
        place = parse_passage_iri(row["graph"])
        about = names.documents.get(document_iri(place[0])) if place else None
        if about and about.date:
            found[row["thing"]][about.date[:4]].add(row["name"])
    rows = []
    for iri, years in found.items():
        if len({frozenset(same) for same in years.values()}) > 1:
            by_year = tuple((year, tuple(sorted(same))) for year, same in sorted(years.items()))
            rows.append((names.ref(iri), by_year))
    return tuple(sorted(rows))


@per_release
def network_as_of(release: OpenRelease, moment: str) -> tuple[Standing, ...]:
    """Return the participations at a moment: all but those that had ended or not begun by what a source says."""
    found = []
    for one in _stated(release):
        dates = [passage.date for passage in one.passages]
        status = standing(Period(one.since, one.until), dates, moment)
        if one.who and status not in ABSENT:
            found.append(Standing(one.who, one.what, one.role, one.since, one.until, status))
    return tuple(found)


Roles = dict[Ref, dict[Ref, tuple[str, ...]]]


def _roles_in(release: OpenRelease, year: str) -> Roles:
    found: dict[Ref, dict[Ref, set[str]]] = defaultdict(lambda: defaultdict(set))
    for one in _stated(release):
        if one.who and any(passage.date.startswith(year) for passage in one.passages):
            found[one.what][one.who].add(one.role.label if one.role else "")
    return {
        what: {who: tuple(sorted(roles)) for who, roles in members.items()}
        for what, members in found.items()
    }


@per_release
def _stated(release: OpenRelease) -> tuple[Involvement, ...]:
    return tuple(
        one
        for one in involvements(release)
        if one.what.kind in COLLABORATIONS and one.reading.modality in STATED_MODALITIES
    )
