"""What a norm query must be: a SELECT of five columns that calls no other machine and stands in one place."""

from __future__ import annotations

from functools import lru_cache

from pyoxigraph import Store

from graph.engine.tokens import tokens
from graph.evaluate import select
from ontology.errors import QueryError

NORM_COLUMNS = ("subject", "label", "status", "detail", "passage")
# Pre-bound: the engine puts the norm in its place before the query runs (as $this in SHACL 1.0, 5.3.1).
NORM_VARIABLE = "$norm"


def wrong_with(query: str) -> str:
    """Return a Dutch sentence on what is wrong with the text of a norm query, or '' if nothing is."""
    fault = find_fault(query)
    return str(fault) if fault else ""


def find_fault(query: str) -> QueryError | None:
    """Return what is wrong with the text of a norm query with its place, or None if nothing is."""
    if any(token.is_word("SERVICE") for token in tokens(query)):
        return QueryError("een normvraag mag geen andere computer bevragen; haal SERVICE weg")
    try:
        columns = select(Store(), bind_norm(query, "urn:regiograaf:norm")).columns
    except QueryError as exc:
        return exc
    if columns != NORM_COLUMNS:
        expected, got = (
            " ".join(f"?{name}" for name in names) for names in (NORM_COLUMNS, columns)
        )
        told = f"verwacht precies de kolommen {expected}, in deze volgorde; nu {got}"
        return QueryError(told)
    return None


def bind_norm(query: str, norm_iri: str) -> str:
    """Return the query with the norm in the place of its pre-bound variable."""
    return f"<{norm_iri}>".join(_around_norm(query))


# A pack has many norms and few queries, and reading a query takes longer than running most.
@lru_cache(maxsize=64)
def _around_norm(query: str) -> tuple[str, ...]:
    """Return the pieces of a query between the places of its pre-bound variable."""
    parts, end = [], 0
    for token in tokens(query):
        if token.text == NORM_VARIABLE:
            parts.append(query[end : token.start])
            end = token.end
    return (*parts, query[end:])
