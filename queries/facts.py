"""The facts about a thing and to it, as sources state them: each with its passages, certainty and nature."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from graph.evaluate import Table, Value, select
from graph.release import OpenRelease
from ontology.terms import rg
from queries.memo import per_release
from queries.names import Passage, Ref, is_passage_graph, names_of

STATED, FACT = "stated", "fact"
_CERTAINTIES = (STATED, "implied", "garbled")
# What a row says of all its facts; what is printed and noted there are facts of their own.
_READING_FIELDS = {rg("certainty"): "certainty", rg("modality"): "modality"}
_ABOUT_THE_FACT = {rg("certainty"), rg("modality"), rg("statedIn")}

_OUTGOING = """
SELECT ?thing ?property ?value ?graph WHERE {
  GRAPH ?graph { ?thing ?property ?value }
}
ORDER BY ?property ?value ?graph
"""
_INCOMING = """
SELECT ?thing ?property ?value ?graph WHERE {
  GRAPH ?graph { ?value ?property ?thing }
}
ORDER BY ?property ?value ?graph
"""
_STATEMENTS = """
PREFIX rg: <https://w3id.org/regiograaf/def#>

SELECT ?thing ?property ?value ?certainty ?modality ?raw ?note ?graph WHERE {
  GRAPH ?graph {
    ?statement a rg:Statement ;
      rg:subject ?thing ;
      rg:property ?property ;
      rg:value|rg:object ?value .
    OPTIONAL { ?statement rg:certainty ?certainty }
    OPTIONAL { ?statement rg:modality ?modality }
    OPTIONAL { ?statement rg:rawText ?raw }
    OPTIONAL { ?statement rg:note ?note }
  }
}
ORDER BY ?thing ?property ?value ?graph
"""


@dataclass(frozen=True)
class Reading:
    """How sure and of what nature a statement is, how it is printed, and what the editors note."""

    certainty: str = STATED
    modality: str = FACT
    printed: str = ""
    note: str = ""


@dataclass(frozen=True)
class Fact:
    """One fact: property and value with the passages that state it.

    `other` is set when the value is a thing; `text` is then its label. Of a fact *to* a thing,
    `other` is the thing that the fact is about.
    """

    property: str
    text: str
    other: Ref | None
    datatype: str
    passages: tuple[Passage, ...]
    reading: Reading


# One row for each passage of a fact.
FACT_COLUMNS = (
    "ding", "richting", "eigenschap", "waarde", "adres", "zekerheid", "modaliteit",
    "document", "datum", "eerste_regel", "laatste_regel", "passage",
)  # fmt: skip

ReadingOf = Callable[[str, str, str], Reading]


@per_release
def facts_about(release: OpenRelease, iri: str) -> tuple[Fact, ...]:
    """Return what sources state of a thing, by property and value; bookkeeping properties left out."""
    table = select(release.store, _OUTGOING, {"thing": Value(iri, "iri")})
    own = _own_readings(table)
    said = _statements(release).get(iri, {})

    def reading_of(name: str, value: str, graph: str) -> Reading:
        return said.get((name, value, graph)) or own.get(graph, Reading())

    return tuple(_facts(release, table, reading_of))


@per_release
def facts_to(release: OpenRelease, iri: str) -> tuple[Fact, ...]:
    """Return what sources state of other things with this one as value, by property and label."""
    table = select(release.store, _INCOMING, {"thing": Value(iri, "iri")})
    statements = _statements(release)

    def reading_of(name: str, other: str, graph: str) -> Reading:
        return statements.get(other, {}).get((name, iri, graph), Reading())

    facts = _facts(release, table, reading_of)
    return tuple(sorted(facts, key=lambda fact: (fact.property, fact.text.casefold())))


def fact_rows(release: OpenRelease, iri: str) -> list[tuple[str, ...]]:
    """Return what sources state of and to a thing as rows of FACT_COLUMNS, one for each passage."""
    names = names_of(release)
    directed = (("van", facts_about(release, iri)), ("naar", facts_to(release, iri)))
    return [
        (
            names.label(iri), direction, names.label(fact.property), fact.text,
            fact.other.iri if fact.other else "", fact.reading.certainty, fact.reading.modality,
            p.title, p.date, str(p.first), str(p.last), p.iri,
        )
        for direction, facts in directed
        for fact in facts
        for p in fact.passages
    ]  # fmt: skip


def _facts(release: OpenRelease, table: Table, reading_of: ReadingOf) -> list[Fact]:
    """Return one fact for each property and value, whatever the number of passages."""
    graphs: dict[tuple[str, Value], list[str]] = defaultdict(list)
    for _, name, value, graph in table.rows:
        if name and value and graph and _is_fact(name, value, graph):
            graphs[name.text, value].append(graph.text)
    return [
        _fact(release, name, value, found, reading_of) for (name, value), found in graphs.items()
    ]


def _is_fact(name: Value, value: Value, graph: Value) -> bool:
    is_plain = name.text not in _ABOUT_THE_FACT and value.kind != "bnode"
    return is_plain and is_passage_graph(graph.text)


def _fact(
    release: OpenRelease, name: str, value: Value, graphs: list[str], reading_of: ReadingOf
) -> Fact:
    names = names_of(release)
    is_thing = value.kind == "iri" and names.passage(value.text) is None
    other = names.ref(value.text) if is_thing and names.has_page(value.text) else None
    text = names.label(value.text) if is_thing else value.text
    readings = [reading_of(name, value.text, graph) for graph in graphs]
    return Fact(
        name, text, other, value.datatype or "", names.passages(set(graphs)), _merge(readings)
    )


def _merge(readings: list[Reading]) -> Reading:
    """Return the surest of several readings: what one passage states outright is stated."""
    return min(readings, key=doubt)


def doubt(reading: Reading) -> tuple[int, bool]:
    """Return how far a reading is from certain, to sort by: stated before implied, fact before the rest."""
    known = reading.certainty in _CERTAINTIES
    place = _CERTAINTIES.index(reading.certainty) if known else len(_CERTAINTIES)
    return place, reading.modality != FACT


def _own_readings(table: Table) -> dict[str, Reading]:
    """Return by graph what a thing's row says of itself there."""
    fields: dict[str, dict[str, str]] = defaultdict(dict)
    for _, name, value, graph in table.rows:
        if name and value and graph and name.text in _READING_FIELDS:
            fields[graph.text][_READING_FIELDS[name.text]] = value.text
    return {graph: Reading(**found) for graph, found in fields.items()}


@per_release
def _statements(release: OpenRelease) -> dict[str, dict[tuple[str, str, str], Reading]]:
    """Return readings of separately stated facts: by thing, then by (property, value, graph)."""
    found: dict[str, dict[tuple[str, str, str], Reading]] = defaultdict(dict)
    for row in select(release.store, _STATEMENTS).dicts():
        found[row["thing"]][row["property"], row["value"], row["graph"]] = Reading(
            row.get("certainty", STATED),
            row.get("modality", FACT),
            row.get("raw", ""),
            row.get("note", ""),
        )
    return dict(found)
