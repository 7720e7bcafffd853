"""Which lines of each document carry facts, which were read and carry none, which nobody accounted for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from graph.dataset import Store
from graph.evaluate import select

_DOCUMENTS = """
PREFIX rg: <https://w3id.org/regiograaf/def#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

SELECT ?document ?label ?lines ?blank WHERE {
  ?document a rg:Document ;
    rg:kind "document" ;
    skos:prefLabel ?label ;
    rg:lineCount ?lines .
  OPTIONAL { ?document rg:blankLines ?blank }
}
ORDER BY ?document
"""

_PASSAGES = """
PREFIX rg: <https://w3id.org/regiograaf/def#>

SELECT DISTINCT ?document ?first ?last ?kind WHERE {
  ?thing rg:statedIn ?passage .
  FILTER NOT EXISTS { ?thing a rg:Document }
  ?passage rg:passageOf ?document ;
    rg:firstLine ?first ;
    rg:lastLine ?last .
  OPTIONAL { ?thing a rg:Coverage ; rg:kind ?kind }
}
ORDER BY ?document ?first ?last ?kind
"""

_CLASSES = """
PREFIX rg: <https://w3id.org/regiograaf/def#>

SELECT ?document ?type (COUNT(DISTINCT ?thing) AS ?count) WHERE {
  GRAPH ?passage { ?thing a ?type ; rg:statedIn ?passage }
  ?passage rg:passageOf ?document .
}
GROUP BY ?document ?type
ORDER BY ?document DESC(?count) ?type
"""

_RELATIONS = """
PREFIX rg: <https://w3id.org/regiograaf/def#>

SELECT ?document ?property (COUNT(*) AS ?count) WHERE {
  GRAPH ?passage { ?thing ?property ?value }
  ?passage rg:passageOf ?document .
  FILTER(?property NOT IN (rg:statedIn, rg:passageOf, rg:firstLine, rg:lastLine))
}
GROUP BY ?document ?property
ORDER BY ?document DESC(?count) ?property
"""

FACTS = "facts"
Range = tuple[int, int]


@dataclass(frozen=True)
class DocumentCoverage:
    """A document's lines by what they carry; ranges are (first, last), both included, in order.

    A line that carries a fact counts as such whatever else is said of it. `counts` holds the number
    of lines for facts, none, unreadable, layout, blank and unaccounted, and they add up to `lines`.
    """

    document: str
    label: str
    lines: int
    counts: dict[str, int]
    ranges: dict[str, tuple[Range, ...]]


@dataclass(frozen=True)
class Tally:
    """How often a class or property occurs in what a document states."""

    document: str
    name: str
    count: int


def cover(store: Store) -> list[DocumentCoverage]:
    """Return the coverage of every document but the editorial ones, in order of IRI."""
    said: dict[str, list[tuple[str, Range]]] = {}
    for row in select(store, _PASSAGES).dicts():
        span = (int(row["first"]), int(row["last"]))
        said.setdefault(row["document"], []).append((row.get("kind", FACTS), span))
    return [
        _cover_one(row, said.get(row["document"], [])) for row in select(store, _DOCUMENTS).dicts()
    ]


def count_classes(store: Store) -> list[Tally]:
    """Return how many things of each class every document states, largest first by document."""
    return [
        Tally(r["document"], r["type"], int(r["count"])) for r in select(store, _CLASSES).dicts()
    ]


def count_relations(store: Store) -> list[Tally]:
    """Return how many statements with each property every document makes, largest first by document."""
    return [
        Tally(r["document"], r["property"], int(r["count"]))
        for r in select(store, _RELATIONS).dicts()
    ]


def _cover_one(row: dict[str, str], said: Iterable[tuple[str, Range]]) -> DocumentCoverage:
    total = int(row["lines"])
    state = ["unaccounted"] * (total + 1)
    _mark(state, "blank", _parse_ranges(row.get("blank", "")))
    said = list(said)
    for kind in ("layout", "none", "unreadable", FACTS):
        _mark(state, kind, [span for found, span in said if found == kind])
    kinds = ("unaccounted", "blank", "layout", "none", "unreadable", FACTS)
    return DocumentCoverage(
        row["document"],
        row["label"],
        total,
        {kind: state[1:].count(kind) for kind in kinds},
        {kind: tuple(_ranges_of(state, kind)) for kind in kinds},
    )


def _mark(state: list[str], kind: str, spans: Iterable[Range]) -> None:
    """Later kinds win, but a blank line stays blank."""
    for first, last in spans:
        for line in range(first, min(last, len(state) - 1) + 1):
            if state[line] != "blank":
                state[line] = kind


def _parse_ranges(text: str) -> list[Range]:
    spans = []
    for part in text.split():
        first, _, last = part.partition("-")
        spans.append((int(first), int(last or first)))
    return spans


def _ranges_of(state: list[str], kind: str) -> list[Range]:
    found: list[Range] = []
    for line, name in enumerate(state):
        if line == 0 or name != kind:
            continue
        if found and found[-1][1] == line - 1:
            found[-1] = (found[-1][0], line)
        else:
            found.append((line, line))
    return found
