"""All that a release knows of one thing, put in the order of the questions a reader asks."""

from __future__ import annotations

from dataclasses import dataclass, replace

from graph.evaluate import select
from graph.release import OpenRelease
from ontology.errors import UnknownThing
from ontology.terms import BEGRIP, expand, rg
from queries.facts import Fact, facts_about, facts_to
from queries.involvements import Seat, in_role, in_thing, of_party, seats
from queries.measures.statements import read_measures
from queries.memo import per_release
from queries.names import Ref, names_of
from queries.unknowns import (
    Conflict,
    Defect,
    Missing,
    conflicts_about,
    defects_about,
    missing_of,
)

IDENTITY, NAMES, WORK, LINKS = "identity", "names", "work", "links"
MONEY, TASKS, NORMS = "money", "tasks", "norms"
SECTIONS = (IDENTITY, NAMES, WORK, MONEY, TASKS, NORMS, LINKS)

_NAMES = {expand("skos:altLabel"), rg("formerName")}
_MONEY = {
    rg(name)
    for name in (
        "amount", "minAmount", "maxAmount", "amountText", "amountInSource", "unitInSource",
        "conditions", "fundedBy", "funds", "providedBy", "appliesTo", "applicant", "appliesFor",
        "budgetFor", "budgetSource", "tableName", "tableRow", "tableColumn", "tableRole",
    )
}  # fmt: skip
# The number as the source prints it: told only where it is no amount in euro.
_PRINTED = {rg("amountInSource"), rg("unitInSource")}
_TASKS = {rg("taskOf"), rg("hasTask")}
_WORK = {
    rg(name)
    for name in (
        "worksOnTheme", "addressesBouwsteen", "contributesTo", "hasGoal", "goalOf", "indicatorFor",
        "measuresGoal", "serves", "supports", "fulfils", "fulfilledBy",
    )
}  # fmt: skip
_NORMS = {rg("normFor"), rg("checksNorm"), rg("checkedThing"), rg("yardstick"), rg("evaluatedBy")}
_IDENTITY_LINKS = {rg("sector"), rg("activeIn"), rg("property"), rg("subject")}
# Shown in another way, or telling nothing to a reader.
_HIDDEN = {
    expand("rdf:type"),
    expand("skos:prefLabel"),
    expand("skos:topConceptOf"),
    expand("skos:hasTopConcept"),
    expand("rdfs:isDefinedBy"),
    rg("memberClass"),
    rg("derived"),
    *map(rg, ("passageOf", "firstLine", "lastLine", "inRelease", "measureOf", "measure")),
    *map(rg, ("impliedByRole", "claimPassageA", "claimPassageB", "subjectClass", "queryText")),
}
# Nodes that describe something about a thing; they have sections of their own.
ABOUT = {
    "Involvement", "Statement", "KnownGap", "Conflict", "Defect", "Coverage", "Measurement",
    "IdentityDecision", "Passage",
}  # fmt: skip
RECORDS = ABOUT | {"Fulfilment", "NormCheck", "NormQuery", "Release"}

_DECISIONS = """
PREFIX rg: <https://w3id.org/regiograaf/def#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

SELECT ?one ?other ?status ?reason ?passage WHERE {
  ?decision a rg:IdentityDecision ;
    rg:sameThing ?one ;
    rg:otherThing ?other ;
    rg:status ?status .
  OPTIONAL { ?decision skos:definition ?reason }
  OPTIONAL { ?decision rg:statedIn ?passage }
}
ORDER BY ?one ?other ?passage
"""


@dataclass(frozen=True)
class Line:
    """The facts of one property, read from the thing (`outgoing`) or towards it."""

    property: str
    outgoing: bool
    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class Measurement:
    """The value and rank of a thing on a network measure; rank 1 is first."""

    measure: Ref
    value: float
    rank: int
    projection: str


@dataclass(frozen=True)
class Decision:
    """A recorded decision that another thing is the same or a different one."""

    other: Ref
    status: str
    reason: str


@dataclass(frozen=True)
class Thing:
    """One thing: `sections` has lines by section; the other fields each answer one question."""

    ref: Ref
    sections: dict[str, tuple[Line, ...]]
    members: tuple[Seat, ...]
    takes_part: tuple[Seat, ...]
    in_role: tuple[Seat, ...]
    missing: tuple[Missing, ...]
    conflicts: tuple[Conflict, ...]
    defects: tuple[Defect, ...]
    decisions: tuple[Decision, ...]
    measurements: tuple[Measurement, ...]

    @property
    def lead(self) -> Fact | None:
        """Return the first definition or aim a source gives, if any."""
        wanted = (expand("skos:definition"), rg("aim"))
        lines = {line.property: line for line in self.sections[IDENTITY] if line.outgoing}
        return next((lines[name].facts[0] for name in wanted if name in lines), None)

    @property
    def identity(self) -> tuple[Line, ...]:
        """Return the lines that say what it is, without the lead, which stands above them."""
        lead = self.lead
        lines = (
            replace(line, facts=tuple(fact for fact in line.facts if fact is not lead))
            for line in self.sections[IDENTITY]
        )
        return tuple(line for line in lines if line.facts)

    @property
    def is_record(self) -> bool:
        """Tell whether it describes something about another thing, such as a known gap."""
        return self.ref.kind in RECORDS

    @property
    def dates(self) -> tuple[str, ...]:
        """Return the dates of the documents that state something of this thing, oldest first."""
        facts = [fact for lines in self.sections.values() for line in lines for fact in line.facts]
        passages = [p for fact in facts for p in fact.passages]
        passages += [p for one in (*self.members, *self.takes_part) for p in one.passages]
        return tuple(sorted({p.date for p in passages if p.date}))


@per_release
def find_thing(release: OpenRelease, iri: str) -> Thing:
    """Return all that is known of a thing; raise UnknownThing if the release does not have it."""
    names = names_of(release)
    if iri not in names:
        raise UnknownThing(f"'{iri}' staat niet in uitgave {release.info.number}")
    return Thing(
        ref=names.ref(iri),
        sections=_sections(release, iri),
        members=seats(in_thing(release, iri)),
        takes_part=seats(of_party(release, iri)),
        in_role=seats(in_role(release, iri)),
        missing=missing_of(release, iri),
        conflicts=tuple(conflicts_about(release, iri)),
        defects=tuple(defects_about(release, iri)),
        decisions=tuple(_decisions_about(release, iri)),
        measurements=_measurements(release).get(iri, ()),
    )


@per_release
def measurements_of(
    release: OpenRelease, measure: str, projection: str
) -> tuple[tuple[Ref, Measurement], ...]:
    """Return things with their value on a measure in a projection, first rank first.

    `measure` is the last part of the measure's IRI, such as 'betweenness'.
    """
    names = names_of(release)
    found = [
        (names.ref(iri), one)
        for iri, values in _measurements(release).items()
        for one in values
        if one.projection == projection and one.measure.iri.endswith(f"/{measure}")
    ]
    return tuple(sorted(found, key=lambda pair: (pair[1].rank, pair[0])))


def _sections(release: OpenRelease, iri: str) -> dict[str, tuple[Line, ...]]:
    sections: dict[str, list[Line]] = {name: [] for name in SECTIONS}
    for line in (*_lines(facts_about(release, iri), True), *_lines(facts_to(release, iri), False)):
        sections[_section(line)].append(line)
    has_amount = any(line.property == rg("amount") for line in sections[MONEY])
    if has_amount:
        sections[MONEY] = [line for line in sections[MONEY] if line.property not in _PRINTED]
    return {name: tuple(lines) for name, lines in sections.items()}


def _lines(facts: tuple[Fact, ...], outgoing: bool) -> list[Line]:
    grouped: dict[str, list[Fact]] = {}
    for fact in facts:
        is_about = not outgoing and fact.other is not None and fact.other.kind in ABOUT
        if fact.property not in _HIDDEN and not is_about:
            grouped.setdefault(fact.property, []).append(fact)
    return [Line(name, outgoing, tuple(same)) for name, same in grouped.items()]


def _section(line: Line) -> str:
    if line.property in _NAMES:
        return NAMES
    if line.property in _MONEY:
        return MONEY
    if line.property in _TASKS:
        return TASKS
    if line.property in _NORMS:
        return NORMS
    if line.property in _WORK:
        return WORK
    is_text = all(fact.other is None for fact in line.facts)
    is_own = line.outgoing and (is_text or line.property in _IDENTITY_LINKS)
    return IDENTITY if is_own else LINKS


@per_release
def _measurements(release: OpenRelease) -> dict[str, tuple[Measurement, ...]]:
    names = names_of(release)
    found: dict[str, list[Measurement]] = {}
    for one in read_measures(release):
        measure = names.ref(f"{BEGRIP}maat/{one.measure}")
        shown = Measurement(measure, one.value, one.rank, one.projection)
        found.setdefault(one.thing, []).append(shown)
    return {iri: tuple(same) for iri, same in found.items()}


def _decisions_about(release: OpenRelease, iri: str) -> list[Decision]:
    names = names_of(release)
    found = {
        (other, status): reason
        for one, another, status, reason in _decisions(release)
        for other in ({one, another} - {iri} if iri in (one, another) else ())
    }
    decisions = (
        Decision(names.ref(other), status, reason) for (other, status), reason in found.items()
    )
    return sorted(decisions, key=lambda one: one.other)


@per_release
def _decisions(release: OpenRelease) -> tuple[tuple[str, str, str, str], ...]:
    rows = select(release.store, _DECISIONS).dicts()
    return tuple(
        dict.fromkeys((r["one"], r["other"], r["status"], r.get("reason", "")) for r in rows)
    )
