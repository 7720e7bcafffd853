"""Find the dataset clauses of a query, so that several default graphs can be merged as they should."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from pyoxigraph import NamedNode, QuerySolutions, Store

from graph.engine.tokens import Token, tokens
from ontology.terms import BASE

_FROM = re.compile(r"\bfrom\b", re.IGNORECASE)
_FORMS = ("SELECT", "CONSTRUCT", "DESCRIBE", "ASK")
_NOTHING = Store()


@dataclass(frozen=True)
class Dataset:
    """The dataset that a request or a query names: its default graphs and its named graphs."""

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


def dataset_of(query: str) -> Dataset | None:
    """Return the dataset that a query names with FROM and FROM NAMED, or None if it names none.

    None as well for a query whose clauses cannot be read: the engine says what is wrong with it.
    """
    if "FROM" not in query.upper() or not _FROM.search(query):
        return None
    found = list(tokens(query))
    form = _form(found)
    if form is None:
        return None
    default, named = _clauses(found)
    if not default and not named:
        return None
    prologue = query[: form.start]
    try:
        return Dataset(_read(prologue, default), _read(prologue, named))
    except (SyntaxError, RuntimeError, ValueError):
        return None


def form_of(query: str) -> str:
    """Return SELECT, CONSTRUCT, DESCRIBE or ASK; empty if the query has none of them."""
    form = _form(tokens(query))
    return form.text.upper() if form else ""


@dataclass(frozen=True)
class GraphsAsked:
    """Which graphs the GRAPH clauses of a query name, and whether one leaves it open with a variable."""

    named: tuple[str, ...] = ()
    is_open: bool = False


def graphs_asked(query: str) -> GraphsAsked:
    """Return what the GRAPH clauses of a query ask for; nothing when they cannot be read."""
    found = list(tokens(query))
    form = _form(found)
    after = [b for a, b in pairwise(found) if a.is_word("GRAPH")]
    if form is None or not after:
        return GraphsAsked()
    constants = [t.text for t in after if t.kind != "variable"]
    try:
        named = _read(query[: form.start], constants)
    except (SyntaxError, RuntimeError, ValueError):
        return GraphsAsked()
    return GraphsAsked(named, is_open=len(constants) < len(after))


def _form(found: Iterable[Token]) -> Token | None:
    return next((t for t in found if any(t.is_word(f) for f in _FORMS)), None)


def _clauses(found: list[Token]) -> tuple[list[str], list[str]]:
    default, named = [], []
    for place, token in enumerate(found):
        if token.depth or not token.is_word("FROM") or place + 1 >= len(found):
            continue
        after = found[place + 1]
        if after.is_word("NAMED") and place + 2 < len(found):
            named.append(found[place + 2].text)
        else:
            default.append(after.text)
    return default, named


def _read(prologue: str, terms: list[str]) -> tuple[str, ...]:
    """Let the engine itself expand prefixes and resolve relative IRIs, on an empty store."""
    if not terms:
        return ()
    values = f"{prologue} SELECT DISTINCT ?g WHERE {{ VALUES ?g {{ {' '.join(terms)} }} }}"
    solutions = _NOTHING.query(values, base_iri=BASE)
    if not isinstance(solutions, QuerySolutions):
        return ()
    graphs = (solution["g"] for solution in solutions)
    return tuple(graph.value for graph in graphs if isinstance(graph, NamedNode))
