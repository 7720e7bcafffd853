"""The network over time: as documents of each year state it, what differs between years, and as of a date.

A document says what it says at its own date; that a later one is silent does not mean that something
ended. Dates may be a year, a month or a day, and are compared as the days they may be.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from graph.evaluate import select
from graph.identity import document_iri, parse_passage_iri
from graph.network import TWO_MODE, documents_of, stated_ties
from graph.release import OpenRelease
from ontology.errors import UsageError
from queries.dates import day_span
from queries.involvements import Involvement, involvements
from queries.links import STATED_MODALITIES
from queries.measures.answers import Answer, Cell, count_words, list_labels
from queries.measures.centrality import views_of
from queries.measures.cohesion import Cohesion, measure_cohesion
from queries.measures.view import View
from queries.memo import per_release
from queries.names import Ref, names_of
from queries.selection import COLLABORATIONS

QUESTION = "door-de-jaren"
BETWEEN = ".."
_SILENCE = "Wat een later document niet herhaalt, hoeft niet voorbij te zijn."
_SAME = "Van wat documenten van beide jaren noemen, zeggen zij hetzelfde."
CERTAIN, OPEN_END, POSSIBLE = "geldt", "einde onbekend", "mogelijk"
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
    """A participation as of a date: 'geldt', 'einde onbekend' or, where dates leave it open, 'mogelijk'."""

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
    """Return the participations that documents up to a moment state and that had not certainly ended.

    A moment given by year or month is its last day. What has no end is 'einde onbekend'.
    """
    day = day_span(moment)[1]
    found = []
    for one in _stated(release):
        status = _status(one, day)
        if one.who and status:
            found.append(Standing(one.who, one.what, one.role, one.since, one.until, status))
    return tuple(found)


def answer_timeline(release: OpenRelease, moment: str = "") -> Answer:
    """Return the network year by year, in words and as a row for each; with a moment, as of then.

    Two years with '..' between, such as 2020..2024, give what their documents say differently.
    """
    if BETWEEN in moment:
        return _answer_years(release, *_two_years(release, moment))
    if moment:
        return _answer_moment(release, moment)
    found = snapshots(release)
    return Answer(
        QUESTION,
        "Hoe zag het netwerk er door de jaren uit?",
        tuple(_year_sentences(release, found)),
        ("jaar", "partijen", "verbanden", "deelnames", "dichtheid", "fragmentatie", "losse delen"),
        tuple((s.year, s.parties, s.collaborations, s.cohesion.ties, s.cohesion.density,
               s.cohesion.fragmentation, s.cohesion.parts) for s in found),
    )  # fmt: skip


def change_rows(change: Difference) -> Iterator[tuple[Cell, ...]]:
    """Yield what differs as rows: thing, kind of difference, party, what the earlier year says and the later."""
    for party in change.earlier_only:
        yield change.what, "partij", party, "genoemd", "niet genoemd"
    for party in change.later_only:
        yield change.what, "partij", party, "niet genoemd", "genoemd"
    for party, then, now in change.roles:
        yield change.what, "rol", party, _role_text(then), _role_text(now)


def _two_years(release: OpenRelease, text: str) -> tuple[str, str]:
    earlier, _, later = (part.strip() for part in text.partition(BETWEEN))
    known = [snapshot.year for snapshot in snapshots(release)]
    for year in (earlier, later):
        if year not in known:
            raise UsageError(
                f"'{year}' is geen jaar waaruit een document deelnames noemt; wel: {', '.join(known)}"
            )
    return min(earlier, later), max(earlier, later)


def _answer_years(release: OpenRelease, earlier: str, later: str) -> Answer:
    changes = compare_years(release, earlier, later)
    named = _named_differently(release, earlier, later)
    sentences = [_change_sentence(change, earlier, later) for change in changes]
    if named:
        words = count_words(len(named), "partij of verband", "partijen en verbanden")
        which = list_labels([ref for ref, _, _ in named], 3)
        sentences.append(f"Anders geschreven of genoemd: {words} ({which}); de tabel zegt hoe.")
    rows = [row for change in changes for row in change_rows(change)]
    rows += [(ref, "naam", None, " / ".join(then), " / ".join(now)) for ref, then, now in named]
    return Answer(
        QUESTION,
        f"Wat zeggen documenten van {earlier} en {later} verschillend?",
        (*(sentences or [_SAME]), _SILENCE),
        ("ding", "verschil", "partij", earlier, later),
        tuple(rows),
    )


def _role_text(roles: tuple[str, ...]) -> str:
    return "; ".join(role or "rol niet genoemd" for role in roles)


def _named_differently(
    release: OpenRelease, earlier: str, later: str
) -> list[tuple[Ref, tuple[str, ...], tuple[str, ...]]]:
    """Things that documents of both years name, by different names."""
    found = []
    for ref, by_year in names_by_year(release):
        years = dict(by_year)
        then, now = years.get(earlier, ()), years.get(later, ())
        if then and now and then != now:
            found.append((ref, then, now))
    return found


def _answer_moment(release: OpenRelease, moment: str) -> Answer:
    found = network_as_of(release, moment)
    counts = {kind: sum(s.status == kind for s in found) for kind in (CERTAIN, OPEN_END, POSSIBLE)}
    sentence = (
        f"Per {moment} noemen de bronnen {count_words(len(found), 'deelname', 'deelnames')}: "
        f"{counts[CERTAIN]} geldig, {counts[OPEN_END]} zonder bekend einde, {counts[POSSIBLE]} mogelijk."
    )
    return Answer(
        QUESTION,
        f"Hoe zag het netwerk er per {moment} uit?",
        (sentence,),
        ("partij", "verband", "rol", "van", "tot", "stand"),
        tuple((s.party, s.what, s.role, s.since or "onbekend", s.until or "onbekend", s.status) for s in found),
    )  # fmt: skip


def _year_sentences(release: OpenRelease, found: tuple[Snapshot, ...]) -> list[str]:
    sentences = [
        f"Documenten van {s.year} noemen {count_words(s.parties, 'partij', 'partijen')} in "
        f"{count_words(s.collaborations, 'verband', 'verbanden')}."
        for s in found
    ]
    for one, other in combinations(found, 2):
        for change in compare_years(release, one.year, other.year):
            sentences.append(_change_sentence(change, one.year, other.year))
    return [*sentences, _SILENCE]


def _change_sentence(change: Difference, earlier: str, later: str) -> str:
    parts = [
        f"{len(change.earlier_only)} alleen in {earlier} ({list_labels(change.earlier_only, 3)})"
        if change.earlier_only
        else "",
        f"{len(change.later_only)} alleen in {later} ({list_labels(change.later_only, 3)})"
        if change.later_only
        else "",
        f"{len(change.roles)} in een andere rol" if change.roles else "",
    ]
    return f"{change.what.label}: {'; '.join(part for part in parts if part)}."


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


def _status(one: Involvement, day: date) -> str:
    """How a participation stands on a day; '' when no document states it by then, or it had not begun or had ended."""
    spans = [day_span(passage.date) for passage in one.passages if passage.date]
    if spans and min(first for first, _ in spans) > day:
        return ""
    begin = day_span(one.since) if one.since else None
    end = day_span(one.until) if one.until else None
    if (begin and begin[0] > day) or (end and end[1] < day):
        return ""
    if (begin and begin[1] > day) or (end and end[0] < day):
        return POSSIBLE
    return CERTAIN if end else OPEN_END
