"""What servers call a query's form, its dataset and its answer; where one differs, it stands here.

Virtuoso 7 differs in five things: its default graph is the union of all graphs, GRAPH with a name
wants that name in the dataset, ASK answers as a table with one column, booleans in JSON are 1 and 0,
and an update wants every triple in a graph.
"""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Any

from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    parse,
    parse_query_results,
    serialize,
)

from graph.engine.clauses import dataset_of, form_of, graphs_asked
from graph.evaluate import GRAPH_TYPES, RESULT_TYPES
from ontology.errors import QueryError
from ontology.terms import GRAAF, PREFIXES, expand

# Where a release's merged statements stand on a server whose default graph is the union of all.
MERGED = f"{GRAAF}samengevoegd"
TABLE_TYPE, TRIPLES_TYPE = "application/sparql-results+json", "application/n-triples"
_ASK_COLUMN = "__ASK_RETVAL"
_BOOLEAN = expand("xsd:boolean")
_TRUTH = {"0": "false", "1": "true"}


class Dialect(StrEnum):
    """How a server speaks SPARQL."""

    STANDARD = "SPARQL 1.1"
    VIRTUOSO = "Virtuoso"


def dialect_of(answer_to_ask: bytes) -> Dialect:
    """Tell a dialect by a server's JSON answer to `ASK {}`; raise QueryError if it is none."""
    found = _read_json(answer_to_ask)
    if "boolean" in found:
        return Dialect.STANDARD
    if _ASK_COLUMN in found.get("head", {}).get("vars", ()):
        return Dialect.VIRTUOSO
    raise QueryError("het antwoord op ASK is geen SPARQL-antwoord")


def accepted_type(query: str) -> str:
    """Return the media type to ask a server for: tables and graphs have one each."""
    return TRIPLES_TYPE if form_of(query) in {"CONSTRUCT", "DESCRIBE"} else TABLE_TYPE


def form_fields(
    query: str,
    dialect: Dialect,
    default: tuple[str, ...] | None = None,
    named: tuple[str, ...] | None = None,
) -> dict[str, list[str]]:
    """Return a query and its dataset as the fields of a form, which every server reads."""
    fields = {"query": [query]}
    if default is None and named is None:
        if dialect is Dialect.VIRTUOSO and dataset_of(query) is None:
            fields |= _virtuoso_dataset(query)
        return fields
    fields["default-graph-uri"] = list(default or ())
    fields["named-graph-uri"] = list(named or ())
    return fields


def _virtuoso_dataset(query: str) -> dict[str, list[str]]:
    """Name the merged statements as default graph, and with it each graph that GRAPH names.

    Virtuoso finds nothing in a graph that GRAPH names when only a default graph is given, and only
    the named ones when GRAPH has a variable: both at once would get a wrong answer.
    """
    asked = graphs_asked(query)
    if asked.named and asked.is_open:
        raise QueryError(
            "de server achter dit endpoint (Virtuoso) kan GRAPH met een naam en GRAPH met een variabele "
            "niet samen in één vraag beantwoorden; schrijf GRAPH ?g en FILTER(?g = <naam>)"
        )
    return {"default-graph-uri": [MERGED], "named-graph-uri": list(asked.named)}


def read_table(content: bytes, dialect: Dialect) -> QuerySolutions | QueryBoolean:
    """Return a server's JSON answer as the engine's own result; raise QueryError if it is none."""
    try:
        text = _mended(content) if dialect is Dialect.VIRTUOSO else content
        return parse_query_results(text, format=QueryResultsFormat.JSON)
    except (SyntaxError, ValueError) as exc:
        raise QueryError(f"het antwoord van de server is geen SPARQL-resultaat: {exc}") from exc


def convert(
    content: bytes,
    sent_type: str,
    dialect: Dialect,
    result_type: str | None,
    graph_type: str | None,
) -> tuple[str, bytes]:
    """Return a server's answer in the format a client asked for, with its media type.

    Raise LookupError if the client accepts no format that fits, QueryError for an unreadable answer.
    """
    if sent_type == TRIPLES_TYPE:
        if graph_type is None:
            raise LookupError
        try:
            triples = [quad.triple for quad in parse(content, format=RdfFormat.N_TRIPLES)]
        except SyntaxError as exc:
            raise QueryError(f"het antwoord van de server is geen N-Triples: {exc}") from exc
        body = serialize(triples, format=GRAPH_TYPES[graph_type], prefixes=PREFIXES)
        return graph_type, body or b""
    if result_type is None:
        raise LookupError
    table = read_table(content, dialect)
    return result_type, table.serialize(format=RESULT_TYPES[result_type]) or b""


def _mended(content: bytes) -> bytes:
    """Put right what Virtuoso writes in its own way."""
    found = _read_json(content)
    if _ASK_COLUMN in found.get("head", {}).get("vars", ()):
        row = found["results"]["bindings"][0]
        return json.dumps({"head": {}, "boolean": row[_ASK_COLUMN]["value"] == "1"}).encode()
    for row in found["results"]["bindings"]:
        for term in row.values():
            if term.get("datatype") == _BOOLEAN:
                term["value"] = _TRUTH.get(term["value"], term["value"])
    return json.dumps(found).encode()


def _read_json(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except ValueError as exc:
        raise QueryError("het antwoord van de server is geen JSON") from exc
    if not isinstance(found, dict):
        raise QueryError("het antwoord van de server is geen SPARQL-antwoord")
    return found
