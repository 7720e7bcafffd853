"""The way back from statements to cells: the text that a column would hold for a term."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from graph.identity import parse_passage_iri, passage_iri
from graph.tables.references import Directory
from graph.tables.rows import Passage, Row
from graph.tables.statements import canonical, editorial_passages, loose_triple, places_of
from ontology.schema import Column
from ontology.terms import BEGRIP, BRON, ID, expand, rg, shorten

Node = NamedNode | BlankNode
AnyTerm = NamedNode | BlankNode | Literal | Triple
A, STATED_IN = NamedNode(expand("rdf:type")), NamedNode(rg("statedIn"))
PREF_LABEL = NamedNode(expand("skos:prefLabel"))


def key_of(iri: str) -> str:
    """Return how a cell names a thing, such as 'actor/flever'; whether it exists is checked later."""
    if iri.startswith(ID):
        return iri.removeprefix(ID)
    if iri.startswith(BEGRIP):
        key = iri.removeprefix(BEGRIP)
        return key if "/" in key else f"begrip/{key}"
    return f"bron/{iri.removeprefix(BRON)}" if iri.startswith(BRON) else iri


def passage_text(iri: str) -> str | None:
    """Return how a cell names a passage, such as '004-jaarplan:12-15', or None for another kind of IRI."""
    passage = parse_passage_iri(iri)
    return None if passage is None else f"{passage[0]}:{passage[1]}-{passage[2]}"


def cell_text(term: AnyTerm, column: Column) -> str:
    """Return what to write in a column so that it would be read as this term, if it can be at all."""
    if isinstance(term, BlankNode | Triple):
        return str(term)
    text = term.value
    match column.cells:
        case "choice" | "namekind":
            return next((cell for cell, means in column.choices.items() if means == text), text)
        case "flag":
            return {"true": "ja", "false": "nee"}.get(text, text)
        case "passages":
            return passage_text(text) or text
        case "scheme":
            return text.removeprefix(BEGRIP)
        case "property":
            return property_name(text)
        case "reference" | "subject":
            return key_of(text)
        case _:
            return text


def property_name(iri: str) -> str:
    """Return the name of a property as tables use it, such as worksOnTheme or prefLabel."""
    short = shorten(iri)
    return iri if short == iri else short.partition(":")[2]


def fits(term: AnyTerm, column: Column) -> bool:
    """Tell whether a term can be meant for this column, by the language of its text."""
    language = term.language if isinstance(term, Literal) else None
    return (column.cells == "english") == (language == "en")


def cell_quads(row: Row, directory: Directory) -> Iterator[tuple[Quad, str, int]]:
    """Yield the statements that cells make, with the heading and the part of the cell."""
    editorial, node = editorial_passages(directory), NamedNode(row.iri)
    for column in row.sheet.columns:
        if column.path is None or column.header == "bron":
            continue
        for place in places_of(row, column.stated_by, editorial):
            for part, term in enumerate(row.values.get(column.header, [])):
                quad = Quad(node, NamedNode(column.path), canonical(term), graph_of(place))
                yield quad, column.header, part


def loose_quads(row: Row, directory: Directory) -> set[Quad]:
    """Return the statements about another thing that a row of the sheets 'uitspraken' and 'namen' makes."""
    triple = loose_triple(row)
    places = places_of(row, "bron", editorial_passages(directory))
    if triple is None:
        return set()
    subject, predicate, value = triple
    return {Quad(subject, predicate, canonical(value), graph_of(place)) for place in places}


def graph_of(place: Passage) -> NamedNode:
    """Return the graph of a passage."""
    return NamedNode(passage_iri(*place))
