"""Evaluate SPARQL queries on the store of a release, to values for code or to the engine's own result."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
    Variable,
    parse,
    serialize,
)

from graph.engine.clauses import Dataset, dataset_of
from ontology.errors import QueryError
from ontology.terms import BASE, PREFIXES

Substitutions = dict[Variable, NamedNode | BlankNode | Literal | Triple]
_PLACE = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
# How much of a line is shown before the place of an error.
_SHOWN = 30

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

    def by(self, column: str) -> dict[str, list[dict[str, str]]]:
        """Return the rows by what stands in a column that is always bound, in order."""
        found: dict[str, list[dict[str, str]]] = {}
        for row in self.dicts():
            found.setdefault(row[column], []).append(row)
        return found


def select(store: Store, query: str, parameters: Mapping[str, Value] | None = None) -> Table:
    """Return the answer of a SELECT; `parameters` are put in for variables that the query projects.

    Raise QueryError for a malformed query or one of another form.
    """
    result = run(store, query, parameters=parameters)
    if not isinstance(result, QuerySolutions):
        raise QueryError("verwacht een SELECT-vraag")
    return to_table(result)


def to_table(result: QuerySolutions) -> Table:
    """Return the engine's own result as a table, on the thread it was made on."""
    columns = tuple(variable.value for variable in result.variables)
    rows = tuple(tuple(_value(solution[name]) for name in columns) for solution in result)
    return Table(columns, rows)


def ask(store: Store, query: str) -> bool:
    """Return the answer of an ASK; raise QueryError for a malformed query or one of another form."""
    result = run(store, query)
    if not isinstance(result, QueryBoolean):
        raise QueryError("verwacht een ASK-vraag")
    return bool(result)


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


def convert_turtle(text: str, base_iri: str, media_type: str) -> bytes:
    """Return a Turtle document in another graph format."""
    triples = [quad.triple for quad in parse(text, format=RdfFormat.TURTLE, base_iri=base_iri)]
    return serialize(triples, format=GRAPH_TYPES[media_type], prefixes=PREFIXES) or b""


def convert_quads(lines: bytes, media_type: str) -> bytes:
    """Return the triples of N-Quads, whatever their graphs, in another graph format."""
    triples = [quad.triple for quad in parse(lines, format=RdfFormat.N_QUADS)]
    return serialize(triples, format=GRAPH_TYPES[media_type], prefixes=PREFIXES) or b""


def run(
    store: Store,
    query: str,
    dataset: Dataset | None = None,
    parameters: Mapping[str, Value] | None = None,
) -> QuerySolutions | QueryBoolean | QueryTriples:
    """Return the engine's own result, bound to this thread; None as dataset is what the query says.

    Raise QueryError for a query that is malformed or cannot be run.
    """
    substitutions: Substitutions = {}
    if parameters:
        substitutions = {Variable(name): to_term(value) for name, value in parameters.items()}
    try:
        named = dataset or dataset_of(query)
        if named is None:
            return store.query(query, base_iri=BASE, substitutions=substitutions or None)
        return _run_on(store, query, named, substitutions)
    except SyntaxError as exc:
        raise syntax_error(query, str(exc)) from exc
    except (RuntimeError, ValueError, OSError) as exc:
        raise QueryError(f"de vraag kan niet worden uitgevoerd: {exc}") from exc


def _run_on(
    store: Store,
    query: str,
    dataset: Dataset,
    substitutions: Substitutions,
) -> QuerySolutions | QueryBoolean | QueryTriples:
    """Run on a part of the store. The engine counts a triple once for each graph it is in, where
    SPARQL 1.1 (section 13.2) asks for the merge: several default graphs are merged first.
    """
    default: list[NamedNode | BlankNode | DefaultGraph] = [
        NamedNode(iri) for iri in dataset.default
    ]
    named: list[NamedNode | BlankNode] = [NamedNode(iri) for iri in dataset.named]
    if len(default) > 1:
        store, default = _merged(store, default, named), [DefaultGraph()]
    # Both lists always go together: with only one of them the engine leaves the other side open.
    return store.query(
        query,
        base_iri=BASE,
        default_graph=default,
        named_graphs=named,
        substitutions=substitutions or None,
    )


def _merged(
    store: Store,
    default: Sequence[NamedNode | BlankNode | DefaultGraph],
    named: Sequence[NamedNode | BlankNode],
) -> Store:
    merged = Store()
    merged.extend(
        Quad(q.subject, q.predicate, q.object, DefaultGraph())
        for graph in default
        for q in store.quads_for_pattern(None, None, None, graph)
    )
    for graph in named:
        merged.extend(store.quads_for_pattern(None, None, None, graph))
        merged.add_graph(graph)
    return merged


def syntax_error(query: str, message: str) -> QueryError:
    """Say where the engine stopped reading; what it then expected is too often beside the point."""
    match = _PLACE.match(message)
    if not match:
        return QueryError(f"geen geldige SPARQL: {message}")
    line, column = int(match[1]), int(match[2])
    if "Prefix not found" in match[3]:
        return QueryError(
            "geen geldige SPARQL: een voorvoegsel is niet bekend; zet PREFIX bovenaan", line, column
        )
    read = query.split("\n")[line - 1][: column - 1][-_SHOWN:].strip()
    where = f"vlak na «{read}»" if read else "hier"
    return QueryError(
        f"geen geldige SPARQL: {where} ontbreekt iets of staat iets te veel", line, column
    )


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


def to_term(value: Value) -> NamedNode | Literal:
    """Return the engine's term for an IRI or a literal."""
    if value.kind == "iri":
        return NamedNode(value.text)
    datatype = NamedNode(value.datatype) if value.datatype and not value.language else None
    return Literal(value.text, language=value.language, datatype=datatype)
