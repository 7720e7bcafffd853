"""Checked rows to statements: one quad for each fact in the graph of each passage that states it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from pyoxigraph import Literal, NamedNode, Quad

from graph.identity import describe_passage, passage_iri
from graph.tables.cells import XSD, Term
from graph.tables.references import Directory
from graph.tables.rows import Passage, Row
from ontology.schema import EDITORIAL, load_schema
from ontology.terms import BEGRIP, expand, rg

A = NamedNode(expand("rdf:type"))
PREF_LABEL = NamedNode(expand("skos:prefLabel"))
ALT_LABEL = NamedNode(expand("skos:altLabel"))
CONCEPT = NamedNode(expand("skos:Concept"))

_DECIMAL = NamedNode(f"{XSD}decimal")

Triple = tuple[NamedNode, NamedNode, Term]


def to_quads(rows: Iterable[Row], directory: Directory) -> set[Quad]:
    """Return the statements of all rows, each in the graph of every passage of its row.

    A cell that something else states (`Column.stated_by`) stands in the graph of that instead.
    """
    member_classes = _member_classes(rows := list(rows))
    editorial = editorial_passages(directory)
    quads: set[Quad] = set()
    for row in rows:
        for stated_by, triples in _row_triples(row, member_classes).items():
            for passage in places_of(row, stated_by, editorial):
                quads |= _in_passage(triples, passage, row if stated_by == "bron" else None)
    return quads


def canonical(term: Term) -> Term:
    """Return a number as the store writes it, without zeros at its end, so that statements compare."""
    if isinstance(term, Literal) and term.datatype == _DECIMAL:
        return Literal(f"{Decimal(term.value).normalize() + 0:f}", datatype=_DECIMAL)
    return term


def editorial_passages(directory: Directory) -> tuple[Passage, ...]:
    """Return the passage of the region's own editorial document: all of its lines; none without one."""
    source = directory.editorial
    return ((source, 1, directory.documents[source]),) if source else ()


def places_of(row: Row, stated_by: str, editorial: tuple[Passage, ...]) -> tuple[Passage, ...]:
    """Return the passages that state what stands in the columns with this `Column.stated_by`."""
    own = row.passages or editorial or _whole_document(row)
    places = editorial if stated_by == EDITORIAL else row.places.get(stated_by)
    return places or own


def loose_triple(row: Row) -> Triple | None:
    """Return what a row of 'uitspraken' or 'namen' says of another thing; None for other sheets."""
    match row.sheet.name:
        case "uitspraken":
            return next(_statement(row, NamedNode(row.iri)), None)
        case "namen":
            return next(_name(row, NamedNode(row.iri)), None)
        case _:
            return None


def _in_passage(triples: list[Triple], passage: Passage, row: Row | None) -> set[Quad]:
    graph = NamedNode(passage_iri(*passage))
    quads = {Quad(s, p, canonical(o), graph) for s, p, o in triples}
    quads |= describe_passage(graph)
    if row is not None:
        for node in {NamedNode(row.iri)} | _also_stated(row):
            quads.add(Quad(node, NamedNode(rg("statedIn")), graph, graph))
    return quads


def _also_stated(row: Row) -> set[NamedNode]:
    """A name row is about another thing as well; that thing is then stated there too."""
    node = row.first("ding") if row.sheet.name == "namen" else None
    return {node} if isinstance(node, NamedNode) else set()


def _whole_document(row: Row) -> tuple[Passage, ...]:
    """Without an editorial document, a document is described by all of its own lines."""
    lines = row.first("regels")
    return ((row.raw.cells["id"], 1, int(lines.value)),) if lines else ()


def _member_classes(rows: Iterable[Row]) -> dict[str, NamedNode]:
    found = {s: NamedNode(c) for s, c in load_schema().member_classes.items()}
    for row in rows:
        term = row.first("klasse")
        if row.sheet.name == "begrippenlijsten" and isinstance(term, NamedNode):
            found[row.iri] = term
    return found


def _row_triples(row: Row, member_classes: dict[str, NamedNode]) -> dict[str, list[Triple]]:
    """Return the triples of a row by what states them: a column of passages or EDITORIAL."""
    node = NamedNode(row.iri)
    found: dict[str, list[Triple]] = {"bron": []}
    if row.sheet.row_class:
        found["bron"].append((node, A, NamedNode(row.sheet.row_class)))
    for column in row.sheet.columns:
        if column.path is None or column.header == "bron":
            continue
        predicate = NamedNode(column.path)
        for term in row.values.get(column.header, []):
            found.setdefault(column.stated_by, []).append((node, predicate, term))
    found["bron"].extend(_defaults(row, node))
    found["bron"].extend(_special(row, node, member_classes))
    return found


def _defaults(row: Row, node: NamedNode) -> Iterator[Triple]:
    """What a row says by leaving a cell empty: it is a fact, and it is stated."""
    if "modaliteit" in row.sheet.headers and not row.values.get("modaliteit"):
        yield node, NamedNode(rg("modality")), Literal("fact")
    if "zekerheid" in row.sheet.headers and not row.values.get("zekerheid"):
        yield node, NamedNode(rg("certainty")), Literal("stated")
    if "naam" not in row.sheet.headers:
        yield node, PREF_LABEL, Literal(row.label, language="nl")


def _special(row: Row, node: NamedNode, member_classes: dict[str, NamedNode]) -> Iterator[Triple]:
    match row.sheet.name:
        case "begrippen":
            scheme = row.first("lijst")
            yield node, A, CONCEPT
            if scheme and (member_class := member_classes.get(scheme.value)):
                yield node, A, member_class
        case "begrippenlijsten":
            yield node, A, NamedNode(expand("skos:ConceptScheme"))
        case "normen":
            yield node, NamedNode(expand("skos:inScheme")), NamedNode(f"{BEGRIP}norm")
        case "begrotingsposten":
            yield from _amount(row, node)
        case "namen":
            yield from _name(row, node)
        case "uitspraken":
            yield from _statement(row, node)


def _amount(row: Row, node: NamedNode) -> Iterator[Triple]:
    """Amount in euro = number in the source times its unit (1 or 1000); other units have no amount."""
    unit, number = row.first("eenheid"), row.first("bedrag_bron")
    if unit and number and unit.value in {"1", "1000"}:
        euro = f"{Decimal(number.value) * int(unit.value):f}"
        yield node, NamedNode(rg("amount")), Literal(euro, datatype=_DECIMAL)


def _name(row: Row, node: NamedNode) -> Iterator[Triple]:
    thing, label, kind = row.first("ding"), row.first("schrijfwijze"), row.first("soort")
    if not (isinstance(thing, NamedNode) and label and kind):
        return
    yield thing, ALT_LABEL, label
    if kind.value == "former":
        yield thing, NamedNode(rg("formerName")), label
    yield node, A, NamedNode(rg("Statement"))
    yield node, NamedNode(rg("subject")), thing
    yield node, NamedNode(rg("property")), ALT_LABEL
    yield node, NamedNode(rg("value")), Literal(label.value)
    yield node, NamedNode(rg("kind")), kind


def _statement(row: Row, node: NamedNode) -> Iterator[Triple]:
    thing, predicate, value = row.first("onderwerp"), row.first("eigenschap"), row.first("waarde")
    if not (isinstance(thing, NamedNode) and isinstance(predicate, NamedNode) and value):
        return
    yield thing, predicate, value
    if isinstance(value, NamedNode):
        yield node, NamedNode(rg("object")), value
    else:
        yield node, NamedNode(rg("value")), Literal(value.value)
