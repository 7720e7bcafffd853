"""Evaluate SPARQL queries on the store of a release: to values for code, or to bytes in a result format."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Variable,
    serialize,
)

from ontology.errors import QueryError
from ontology.terms import PREFIXES

_PLACE = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)

RESULT_TYPES = {
    "application/sparql-results+json": QueryResultsFormat.JSON,
    "application/sparql-results+xml": QueryResultsFormat.XML,
    "text/csv": QueryResultsFormat.CSV,
    "text/tab-separated-values": QueryResultsFormat.TSV,
}
GRAPH_TYPES = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/rdf+xml": RdfFormat.RDF_XML,
}


@dataclass(frozen=True, order=True)
class Value:
    """One value of a result: an IRI, a literal or a blank node."""

    text: str
    kind: str = "literal"
    language: str | None = None
    datatype: str | None = None


@dataclass(frozen=True)
class Table:
    """The answer of a SELECT: column names in order, rows with None where a variable is unbound."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Value | None, ...], ...]

    def dicts(self) -> Iterator[dict[str, str]]:
        """Yield each row as column to text, unbound ones left out."""
        for row in self.rows:
            yield {c: v.text for c, v in zip(self.columns, row, strict=True) if v is not None}


@dataclass(frozen=True)
class Dataset:
    """The dataset a protocol request names; None for the whole release."""

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


def select(store: Store, query: str, parameters: Mapping[str, Value] | None = None) -> Table:
    """Return the answer of a SELECT; `parameters` are put in for variables that the query projects.

    Raise QueryError for a malformed query or one of another form.
    """
    result = _run(store, query, None, parameters)
    if not isinstance(result, QuerySolutions):
        raise QueryError("verwacht een SELECT-vraag")
    columns = tuple(variable.value for variable in result.variables)
    rows = tuple(tuple(_value(solution[name]) for name in columns) for solution in result)
    return Table(columns, rows)


def ask(store: Store, query: str) -> bool:
    """Return the answer of an ASK; raise QueryError for a malformed query or one of another form."""
    result = _run(store, query, None, None)
    if not isinstance(result, QueryBoolean):
        raise QueryError("verwacht een ASK-vraag")
    return bool(result)


def answer(
    store: Store, query: str, accepts: Sequence[str], dataset: Dataset | None = None
) -> tuple[bytes, str] | None:
    """Run any query and return (body, media type) in the first accepted type that fits its form.

    Return None if no accepted type fits. Evaluated and serialised here, on one thread: results of
    the engine must never reach another one.
    """
    result = _run(store, query, dataset, None)
    types: dict[str, QueryResultsFormat] | dict[str, RdfFormat]
    types = GRAPH_TYPES if isinstance(result, QueryTriples) else RESULT_TYPES
    chosen = next((kind for kind in accepts if kind in types), None)
    if chosen is None:
        return None
    if isinstance(result, QueryTriples):
        triples = sorted(set(result), key=str)
        body = serialize(triples, format=GRAPH_TYPES[chosen], prefixes=PREFIXES)
    else:
        body = result.serialize(format=RESULT_TYPES[chosen])
    return body or b"", chosen


def describe(store: Store, iri: str, media_type: str) -> bytes | None:
    """Return all merged statements about and to a thing in a graph format, or None if there are none."""
    node = NamedNode(iri)
    default = DefaultGraph()
    quads = [
        *store.quads_for_pattern(node, None, None, default),
        *store.quads_for_pattern(None, None, node, default),
    ]
    if not quads:
        return None
    triples = sorted({quad.triple for quad in quads}, key=str)
    return serialize(triples, format=GRAPH_TYPES[media_type], prefixes=PREFIXES)


def _run(
    store: Store,
    query: str,
    dataset: Dataset | None,
    parameters: Mapping[str, Value] | None,
) -> QuerySolutions | QueryBoolean | QueryTriples:
    # Both lists always go together: with only one of them the engine leaves the other side open.
    graphs = (
        {
            "default_graph": [NamedNode(iri) for iri in dataset.default],
            "named_graphs": [NamedNode(iri) for iri in dataset.named],
        }
        if dataset
        else {}
    )
    substitutions = {Variable(name): _term(value) for name, value in (parameters or {}).items()}
    try:
        return store.query(query, substitutions=substitutions or None, **graphs)
    except SyntaxError as exc:
        raise _syntax_error(str(exc)) from exc
    except (RuntimeError, ValueError) as exc:
        raise QueryError(f"de vraag kan niet worden uitgevoerd: {exc}") from exc


def _syntax_error(message: str) -> QueryError:
    match = _PLACE.match(message)
    if not match:
        return QueryError(f"geen geldige SPARQL: {message}")
    expected = match[3].replace("[_]", "een ander teken of woord").replace("expected", "verwacht")
    return QueryError(f"geen geldige SPARQL: {expected}", int(match[1]), int(match[2]))


def _value(term: object) -> Value | None:
    match term:
        case None:
            return None
        case NamedNode():
            return Value(term.value, "iri")
        case Literal():
            return Value(term.value, "literal", term.language, term.datatype.value)
        case BlankNode():
            return Value(term.value, "bnode")
        case _:
            return Value(str(term), "triple")


def _term(value: Value) -> NamedNode | Literal:
    return NamedNode(value.text) if value.kind == "iri" else Literal(value.text)
