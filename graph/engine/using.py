"""Give an update the dataset that a protocol request names, which the engine has no parameter for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from graph.engine.tokens import Token, position, tokens
from ontology.errors import QueryError


def with_using(update: str, default: Sequence[str], named: Sequence[str]) -> str:
    """Return the update with USING clauses in each operation that has a WHERE (SPARQL 1.1 Protocol, 2.2.3).

    Raise QueryError if it has USING or WITH of its own, or if an IRI could end its own brackets.
    """
    if not default and not named:
        return update
    clauses = "".join(f" USING <{_safe(iri)}>" for iri in default)
    clauses += "".join(f" USING NAMED <{_safe(iri)}>" for iri in named)
    rewritten, done = [], 0
    for place, text in _insertions(update, list(tokens(update)), clauses):
        rewritten += [update[done:place], text]
        done = place
    return "".join([*rewritten, update[done:]])


def _insertions(update: str, found: list[Token], clauses: str) -> Iterator[tuple[int, str]]:
    """Yield what to insert and where; DELETE WHERE has no room for USING, so it is written in full."""
    for place, token in enumerate(found):
        if token.depth:
            continue
        if token.is_word("USING") or token.is_word("WITH"):
            raise QueryError(
                "de wijziging noemt zelf grafen met USING of WITH en het verzoek met using-graph-uri; "
                "doe één van beide",
                *position(update, token.start),
            )
        if token.is_word("WHERE"):
            short = place > 0 and found[place - 1].is_word("DELETE")
            pattern = _group(update, found[place + 1 :]) if short else ""
            yield token.start, f"{pattern} {clauses} "


def _group(update: str, rest: list[Token]) -> str:
    closing = next((t for t in rest if t.text == "}" and t.depth == rest[0].depth), None)
    return update[rest[0].start : closing.end] if closing else ""


def _safe(iri: str) -> str:
    if set(iri) & set('<>"{}|^`\\') or any(ord(c) <= 32 for c in iri):
        raise QueryError(f"'{iri}' is geen IRI")
    return iri
