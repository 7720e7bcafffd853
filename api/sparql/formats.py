"""Which result formats there are, under which names, and which one a client gets."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from api.http.negotiation import accepted

JSON, XML = "application/sparql-results+json", "application/sparql-results+xml"
CSV, TSV = "text/csv", "text/tab-separated-values"
TURTLE, N_TRIPLES = "text/turtle", "application/n-triples"
JSON_LD, RDF_XML = "application/ld+json", "application/rdf+xml"

# By media type, best first, other names that clients use for the same thing.
RESULT_NAMES = {
    JSON: JSON,
    XML: XML,
    CSV: CSV,
    TSV: TSV,
    "application/json": JSON,
    "application/xml": XML,
    "text/xml": XML,
}
GRAPH_NAMES = {
    TURTLE: TURTLE,
    N_TRIPLES: N_TRIPLES,
    JSON_LD: JSON_LD,
    RDF_XML: RDF_XML,
    "application/x-turtle": TURTLE,
    "text/plain": N_TRIPLES,
    "application/json": JSON_LD,
    "application/xml": RDF_XML,
    "text/xml": RDF_XML,
}


@dataclass(frozen=True)
class Choice:
    """The format a client gets for a table and for a graph, and the name it knows each by."""

    result_type: str | None
    result_name: str
    graph_type: str | None
    graph_name: str

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing the service has is acceptable."""
        return self.result_type is None and self.graph_type is None

    def content_type(self, media_type: str) -> str:
        """Return the Content-Type header for an answer in one of the two chosen formats."""
        name = self.result_name if media_type == self.result_type else self.graph_name
        return f"{name}; charset=utf-8" if name.startswith("text/") else name


@lru_cache(maxsize=256)
def choose(accept: str) -> Choice:
    """Choose formats by an Accept header; without one JSON for tables and Turtle for graphs."""
    result = next(iter(accepted(accept, tuple(RESULT_NAMES))), "")
    graph = next(iter(accepted(accept, tuple(GRAPH_NAMES))), "")
    return Choice(RESULT_NAMES.get(result), result, GRAPH_NAMES.get(graph), graph)
