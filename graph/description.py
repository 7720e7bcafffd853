"""Descriptions of data as RDF: gathered statement by statement, written in any graph format."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import NamedNode, Triple, serialize

from graph.evaluate import GRAPH_TYPES, Value, to_term
from ontology.terms import VOCABULARIES, expand

# Vocabularies that only descriptions use, beside those of the ontology.
_MORE = {
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "spdx": "http://spdx.org/rdf/terms#",
    "adms": "http://www.w3.org/ns/adms#",
}
_XSD = "http://www.w3.org/2001/XMLSchema#"

Given = Value | str | int


def iri(text: str) -> Value:
    """Return an IRI as a value."""
    return Value(text, "iri")


def words(text: str, language: str) -> Value:
    """Return text in a language as a value."""
    return Value(text, language=language)


def typed(text: str, datatype: str) -> Value:
    """Return text with a datatype of XML Schema, such as 'date'."""
    return Value(text, datatype=_XSD + datatype)


class Description:
    """Statements about named things, no blank nodes; the same statements are written as the same bytes."""

    def __init__(self) -> None:
        """Begin without statements."""
        self._found: set[tuple[str, str, Value]] = set()

    def add(self, subject: str, name: str, *values: Given) -> None:
        """State the values of a property, given by prefixed name; plain text and numbers become literals."""
        predicate = self.expand(name)
        self._found |= {(subject, predicate, _value(value)) for value in values}

    @staticmethod
    def expand(name: str) -> str:
        """Return the IRI of a prefixed name, also of vocabularies that only descriptions use."""
        prefix, _, local = name.partition(":")
        return _MORE[prefix] + local if prefix in _MORE else expand(name)

    def __iter__(self) -> Iterator[tuple[str, str, Value]]:
        """Yield subject, predicate and value in sorted order."""
        yield from sorted(self._found, key=lambda one: (one[0], one[1], _order(one[2])))

    def write(self, media_type: str) -> bytes:
        """Return the statements in a graph format."""
        triples = (Triple(NamedNode(s), NamedNode(p), to_term(v)) for s, p, v in self)
        used = _used_prefixes(self)
        written = serialize(triples, format=GRAPH_TYPES[media_type], prefixes=used) or b""
        return sort_prefixes(written)


def sort_prefixes(text: bytes) -> bytes:
    """Put the prefixes at the head of Turtle or TriG in order: the engine's own differs each time."""
    head, rest = [], text
    while rest.startswith(b"@prefix"):
        line, _, rest = rest.partition(b"\n")
        head.append(line + b"\n")
    return b"".join([*sorted(head), rest])


def _value(given: Given) -> Value:
    if isinstance(given, int):
        return typed(str(given), "integer")
    return Value(given) if isinstance(given, str) else given


def _order(value: Value) -> tuple[str, ...]:
    return (value.kind, value.text, value.language or "", value.datatype or "")


def _used_prefixes(statements: Description) -> dict[str, str]:
    known = {**VOCABULARIES, **_MORE}
    named = {p for _, p, _ in statements} | {v.text for *_, v in statements if v.kind == "iri"}
    return {p: ns for p, ns in known.items() if any(name.startswith(ns) for name in named)}
