"""The mirror: collaborations, programmes and activities against the bouwstenen, and against goals of the plan."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from graph.evaluate import select
from graph.release import OpenRelease
from ontology.errors import UnknownThing
from queries.memo import per_release
from queries.names import Passage, Ref, names_of
from queries.norms.checks import norm_checks
from queries.norms.evaluation import MET, NOT_APPLICABLE, Answer, evaluate_norms

MIRRORED = (
    "Network", "Coalition", "GovernanceBody", "Collaboration", "Programme", "ProgrammeLine", "Activity",
)  # fmt: skip
NOT_ASKED, PARTLY = "notAsked", "partly"
# A cell shows the first of these that occurs: what a source denies or leaves open is never hidden.
_CELL_ORDER = ("none", "open", PARTLY, MET, "unreadable", "unknown", NOT_APPLICABLE)
_ADDRESSED = """
PREFIX rg: <https://w3id.org/regiograaf/def#>

SELECT ?subject ?column ?passage WHERE {
  GRAPH ?passage { ?subject rg:addressesBouwsteen ?column }
  ?passage a rg:Passage .
  FILTER NOT EXISTS { ?subject a rg:NormCheck }
  FILTER NOT EXISTS { ?subject a rg:Norm }
}
ORDER BY ?subject ?column ?passage
"""
_PLAN_GOALS = """
PREFIX rg: <https://w3id.org/regiograaf/def#>

SELECT DISTINCT ?column WHERE {
  ?check rg:checkedThing ?plan .
  ?plan a rg:Agreement .
  ?column a rg:Goal ;
    rg:goalOf ?plan .
}
ORDER BY ?column
"""
_CONTRIBUTES = """
PREFIX rg: <https://w3id.org/regiograaf/def#>

SELECT ?subject ?column ?passage WHERE {
  GRAPH ?passage { ?subject rg:contributesTo ?column }
  ?passage a rg:Passage .
  ?column a rg:Goal .
}
ORDER BY ?subject ?column ?passage
"""


@dataclass(frozen=True)
class Evidence:
    """One reason for a cell: the norm or relation it comes from, its status, sentence and passage."""

    norm: str
    status: str
    detail: str
    passage: Passage | None


@dataclass(frozen=True)
class Cell:
    """How a thing stands on one column.

    Beside the statuses of an answer: `partly` when some is met and of the rest no source says it, and
    `notAsked` when no norm asks anything of the thing there.
    """

    column: Ref
    status: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class MirrorRow:
    """A thing with a cell for each column, in the order of the columns."""

    subject: Ref
    cells: tuple[Cell, ...]

    @property
    def blind_spots(self) -> tuple[Ref, ...]:
        """Return the columns on which no source says anything about the thing."""
        return tuple(c.column for c in self.cells if c.status in {"unknown", NOT_ASKED})


@dataclass(frozen=True)
class Mirror:
    """A matrix: its columns, its rows by label, and how many cells of each column have each status."""

    columns: tuple[Ref, ...]
    rows: tuple[MirrorRow, ...]

    @property
    def totals(self) -> tuple[dict[str, int], ...]:
        """Return the count of each status by column; they add up to the number of rows."""
        return tuple(
            dict(Counter(row.cells[place].status for row in self.rows))
            for place in range(len(self.columns))
        )


Found = dict[tuple[str, str], list[Evidence]]


@per_release
def mirror(release: OpenRelease) -> Mirror:
    """Return everything that is mirrored against the bouwstenen that the norm pack uses."""
    columns = tuple(sorted({b for check in norm_checks(release) for b in check.bouwstenen}))
    found = _from_norms(release)
    _add_stated(found, release, _ADDRESSED, "De bron noemt deze bouwsteen.")
    return _matrix(release, columns, found)


@per_release
def goal_mirror(release: OpenRelease) -> Mirror:
    """Return everything that is mirrored against the goals of the plans that the norm pack names."""
    names = names_of(release)
    columns = sorted(names.ref(row["column"]) for row in select(release.store, _PLAN_GOALS).dicts())
    found: Found = defaultdict(list)
    _add_stated(found, release, _CONTRIBUTES, "De bron noemt een bijdrage aan dit doel.")
    return _matrix(release, tuple(columns), found, silent="unknown")


def mirror_row(held: Mirror, iri: str) -> MirrorRow:
    """Return the row of one thing in a mirror; raise UnknownThing if it is not there."""
    for row in held.rows:
        if row.subject.iri == iri:
            return row
    raise UnknownThing(f"'{iri}' staat niet in de spiegel")


def _matrix(
    release: OpenRelease, columns: tuple[Ref, ...], found: Found, silent: str = NOT_ASKED
) -> Mirror:
    elsewhere = examples(release)
    rows = (
        MirrorRow(subject, tuple(_cell(column, found, subject, silent) for column in columns))
        for subject in names_of(release).of_kind(*MIRRORED)
        if subject.iri not in elsewhere
    )
    return Mirror(columns, tuple(rows))


def _cell(column: Ref, found: Found, subject: Ref, silent: str) -> Cell:
    evidence = tuple(found.get((subject.iri, column.iri), ()))
    present = {one.status for one in evidence}
    if MET in present and present - {MET, NOT_APPLICABLE}:
        present.add(PARTLY)
    return Cell(column, next((s for s in _CELL_ORDER if s in present), silent), evidence)


def _from_norms(release: OpenRelease) -> Found:
    found: Found = defaultdict(list)
    for result in evaluate_norms(release):
        for answer in result.answers:
            for bouwsteen in result.check.bouwstenen:
                one = _evidence(result.check.label, answer)
                found[answer.subject.iri, bouwsteen.iri].append(one)
    return found


def _evidence(norm: str, answer: Answer) -> Evidence:
    return Evidence(norm, answer.status, answer.detail, answer.passage)


def _add_stated(found: Found, release: OpenRelease, query: str, said: str) -> None:
    names = names_of(release)
    for row in select(release.store, query).dicts():
        place = names.passage(row["passage"])
        found[row["subject"], row["column"]].append(Evidence("", "met", said, place))


@per_release
def examples(release: OpenRelease) -> frozenset[str]:
    """Return what a source gives only as an example from elsewhere, a norm or an opinion."""
    query = """
    PREFIX rg: <https://w3id.org/regiograaf/def#>
    SELECT DISTINCT ?thing WHERE {
      ?thing rg:modality ?modality .
      FILTER NOT EXISTS { ?thing rg:modality ?real FILTER(?real IN ("fact", "intention")) }
    }
    ORDER BY ?thing
    """
    return frozenset(row["thing"] for row in select(release.store, query).dicts())
