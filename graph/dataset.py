"""The dataset of a release: merged, inferred, measured; one for the public and one for internal use."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    NamedNode,
    Quad,
    RdfFormat,
    Store,
    parse,
    serialize,
)

from graph.identity import describe_passage
from graph.inference import infer
from ontology.schema import turtle_files
from ontology.terms import GRAPH_ONTOLOGY, PREFIXES, expand, rg

Enrichment = Callable[[Store], Iterable[Quad]]

_DEFAULT = DefaultGraph()
_STATED_IN = NamedNode(rg("statedIn"))
# Nodes that make no sense, or tell too much, once what they are about is left out.
_ABOUT = ("Involvement", "Statement", "KnownGap", "IdentityDecision", "Measurement", "Task")


class Variant(StrEnum):
    """Who a release is for: persons are in the internal one only."""

    PUBLIC = "public"
    INTERNAL = "internal"


def build_dataset(
    stated: Iterable[Quad],
    variant: Variant,
    description: Iterable[Quad],
    enrich: Iterable[Enrichment],
) -> Store:
    """Return a store with the merged default graph, the passages, the ontology and what is inferred.

    `description` holds the statements about the release; each enrichment sees the store so far and
    gives quads in a graph of its own, which are merged into the default graph as well.
    """
    quads = set(stated) | _ontology() | set(description)
    if variant is Variant.PUBLIC:
        quads = without_private(quads)
    store = Store()
    store.bulk_extend(quads)
    store.bulk_extend({Quad(q.subject, q.predicate, q.object, _DEFAULT) for q in quads})
    infer(store)
    for step in enrich:
        extra = set(step(store))
        store.bulk_extend(extra)
        store.bulk_extend({Quad(q.subject, q.predicate, q.object, _DEFAULT) for q in extra})
    return store


def without_private(quads: set[Quad]) -> set[Quad]:
    """Leave out persons, what is marked private, what is about them, and every mention of either."""
    a, person, private = expand("rdf:type"), rg("Person"), rg("private")
    hidden = {
        q.subject
        for q in quads
        if (q.predicate.value == a and q.object == NamedNode(person))
        or (q.predicate.value == private and getattr(q.object, "value", "") == "true")
    }
    about = {rg(name) for name in _ABOUT}
    kinds: dict[object, set[str]] = {}
    for quad in quads:
        if quad.predicate.value == a and isinstance(quad.object, NamedNode):
            kinds.setdefault(quad.subject, set()).add(quad.object.value)
    hidden |= {
        q.subject for q in quads if q.object in hidden and kinds.get(q.subject, set()) & about
    }
    return {q for q in quads if q.subject not in hidden and q.object not in hidden}


def to_nquads(store: Store) -> str:
    """Return all statements as sorted N-Quads: the same statements give the same bytes."""
    dumped = store.dump(format=RdfFormat.N_QUADS)
    lines = sorted(set(dumped.decode("utf-8").splitlines()))
    return "\n".join(lines) + "\n"


def to_trig(store: Store) -> bytes:
    """Return all statements as TriG, graphs and triples in sorted order, with the known prefixes."""
    ordered = sorted(store, key=lambda q: (str(q.graph_name), str(q)))
    return serialize(ordered, format=RdfFormat.TRIG, prefixes=PREFIXES)


def _ontology() -> set[Quad]:
    """The ontology and its concepts; a concept that a document states stands in that passage as well."""
    graph = NamedNode(GRAPH_ONTOLOGY)
    dataset = Dataset()
    for text in turtle_files().values():
        for quad in parse(text, format=RdfFormat.TURTLE):
            dataset.add(Quad(quad.subject, quad.predicate, quad.object, graph))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    quads = set(dataset)
    return quads | _stated_concepts(quads)


def _stated_concepts(quads: set[Quad]) -> set[Quad]:
    passages: dict[object, list[NamedNode]] = {}
    for quad in quads:
        if quad.predicate == _STATED_IN and isinstance(quad.object, NamedNode):
            passages.setdefault(quad.subject, []).append(quad.object)
    found = {
        Quad(q.subject, q.predicate, q.object, passage)
        for q in quads
        if q.subject in passages and not isinstance(q.object, BlankNode)
        for passage in passages[q.subject]
        if q.predicate != _STATED_IN or q.object == passage
    }
    for passage in {p for ps in passages.values() for p in ps}:
        found |= describe_passage(passage)
    return found
