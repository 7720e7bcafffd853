"""The dataset of a release: merged, inferred, measured; one for the public and one for internal use."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
    parse,
    serialize,
)

# Also for the layers above, which import no engine themselves.
from pyoxigraph import Store as Store  # noqa: PLC0414 - an export, and says so

from graph.evaluate import Value, select, to_term
from graph.identity import describe_passage
from graph.inference import infer
from ontology.schema import turtle_files
from ontology.terms import BASE, GRAPH_ONTOLOGY, VOCABULARIES, rg


@dataclass(frozen=True)
class Fact:
    """One statement that a question added: subject, predicate, value, and the graph that holds it."""

    subject: str
    predicate: str
    value: Value
    graph: str


Enrichment = Callable[[Store], Iterable[Fact]]

_DEFAULT = DefaultGraph()
_STATED_IN = NamedNode(rg("statedIn"))
# Nodes that make no sense, or tell too much, once what they are about is left out.
_ABOUT = (
    "Involvement", "Statement", "KnownGap", "IdentityDecision", "Task", "Fulfilment", "Acceptance",
)  # fmt: skip
_SECRETS = f"""
SELECT DISTINCT ?node WHERE {{
  GRAPH ?graph {{
    {{ ?node a <{rg("Person")}> }} UNION {{ ?node <{rg("private")}> true }}
  }}
}}
ORDER BY ?node
"""
_ABOUT_SECRETS = f"""
SELECT DISTINCT ?node WHERE {{
  {{ {_SECRETS.replace("?node", "?secret").replace("ORDER BY ?secret", "")} }}
  GRAPH ?place {{ ?node ?property ?secret ; a ?kind }}
  FILTER(?kind IN ({", ".join(f"<{rg(name)}>" for name in _ABOUT)}))
}}
ORDER BY ?node
"""


class Variant(StrEnum):
    """Who a release is for: persons are in the internal one only."""

    PUBLIC = "public"
    INTERNAL = "internal"


def build_dataset(
    stated: bytes, variant: Variant, description: Iterable[Quad], enrich: Iterable[Enrichment]
) -> Store:
    """Return a store with the merged default graph, the passages, the ontology and what is inferred.

    `stated` is N-Quads with one graph for each passage; `description` holds the statements about the
    release; each enrichment sees the store so far and gives facts in a graph of its own, which are
    merged into the default graph as well; it says all it means, nothing is inferred from it.
    """
    store = Store()
    store.bulk_load(stated, format=RdfFormat.N_QUADS)
    store.bulk_extend(_ontology() | set(description))
    if variant is Variant.PUBLIC:
        hide_private(store)
    store.update("INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }")
    infer(store)
    for step in enrich:
        extra = {_as_quad(fact) for fact in step(store)}
        store.bulk_extend(extra)
        store.bulk_extend({Quad(q.subject, q.predicate, q.object, _DEFAULT) for q in extra})
    return store


def _as_quad(fact: Fact) -> Quad:
    subject, predicate = NamedNode(fact.subject), NamedNode(fact.predicate)
    return Quad(subject, predicate, to_term(fact.value), NamedNode(fact.graph))


def hide_private(store: Store) -> None:
    """Take out persons, what is marked private, what is about them, and every mention of either."""
    hidden = {
        row["node"] for query in (_SECRETS, _ABOUT_SECRETS) for row in select(store, query).dicts()
    }
    for iri in sorted(hidden):
        store.update(f"DELETE WHERE {{ GRAPH ?g {{ <{iri}> ?p ?o }} }}")
        store.update(f"DELETE WHERE {{ GRAPH ?g {{ ?s ?p <{iri}> }} }}")


def to_nquads(store: Store) -> bytes:
    """Return all statements as sorted N-Quads: the same statements give the same bytes."""
    dumped = store.dump(format=RdfFormat.N_QUADS) or b""
    return b"".join(sorted(dumped.splitlines(keepends=True)))


def to_trig(store: Store) -> bytes:
    """Return all statements as TriG, graphs and triples in sorted order, with the known prefixes."""
    ordered = sorted(store, key=lambda q: (str(q.graph_name), str(q)))
    text = serialize(ordered, format=RdfFormat.TRIG, prefixes=VOCABULARIES) or b""
    # The engine writes its prefixes in another order each time.
    lines = text.splitlines(keepends=True)
    head = sorted(line for line in lines if line.startswith(b"@prefix"))
    return b"".join(head + [line for line in lines if not line.startswith(b"@prefix")])


def _ontology() -> set[Quad]:
    """The ontology and its concepts; a concept that a document states stands in that passage as well."""
    graph = NamedNode(GRAPH_ONTOLOGY)
    dataset = Dataset()
    for text in turtle_files().values():
        for quad in parse(text, format=RdfFormat.TURTLE):
            dataset.add(Quad(quad.subject, quad.predicate, quad.object, graph))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    quads = {Quad(_named(q.subject), q.predicate, _named_object(q.object), graph) for q in dataset}
    return quads | _stated_concepts(quads)


def _named(term: NamedNode | BlankNode | Triple) -> NamedNode:
    """A blank node gets a name (RDF 1.1, section 3.5): releases compare and load as plain lines."""
    if isinstance(term, BlankNode):
        return NamedNode(f"{BASE}.well-known/genid/{term.value}")
    if isinstance(term, Triple):
        raise TypeError("the ontology holds no triple terms")
    return term


def _named_object(term: NamedNode | BlankNode | Literal | Triple) -> NamedNode | Literal:
    return term if isinstance(term, Literal) else _named(term)


def _stated_concepts(quads: set[Quad]) -> set[Quad]:
    passages: dict[object, list[NamedNode]] = {}
    for quad in quads:
        if quad.predicate == _STATED_IN and isinstance(quad.object, NamedNode):
            passages.setdefault(quad.subject, []).append(quad.object)
    found = {
        Quad(q.subject, q.predicate, q.object, passage)
        for q in quads
        if q.subject in passages
        for passage in passages[q.subject]
        if q.predicate != _STATED_IN or q.object == passage
    }
    for passage in {p for ps in passages.values() for p in ps}:
        found |= describe_passage(passage)
    return found
