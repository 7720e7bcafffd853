"""The network in words: what lines are called, and what can be said of each node."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from api.pages.texts import Texts
from api.pages.wording import kind_words, passage_words, property_words
from ontology.terms import BEGRIP
from queries.names import Ref
from queries.selection import SHARED, Edge, Selection
from viz.network_page import Wording

_ROLE = f"{BEGRIP}rol/"


@dataclass(frozen=True)
class NodeText:
    """What is said of a node: per kind of line a phrase and the things at the other end."""

    ref: Ref
    lines: int
    phrases: tuple[tuple[str, tuple[Ref, ...]], ...]


def wording_of(texts: Texts) -> Wording:
    """Return how the picture names things in a language."""
    return Wording(
        kind=lambda kind: kind_words(kind, texts),
        relation=lambda edge: relation_words(edge, texts),
        passage=lambda passage: passage_words(passage, texts),
    )


def relation_words(edge: Edge, texts: Texts, *, outgoing: bool = True) -> str:
    """Return what an edge is called, read from its source or from its target."""
    if edge.relation == SHARED:
        return texts.count("network.shares", edge.weight)
    label = property_words(edge.relation, texts, outgoing=outgoing)
    if edge.relation.startswith(_ROLE):
        return texts("network.role_in" if outgoing else "network.role_of", role=label.lower())
    return label


def describe_nodes(selection: Selection, texts: Texts) -> list[NodeText]:
    """Return a text for each node, in the order of the selection; every edge is told from both ends."""
    refs = selection.refs()
    phrases: dict[str, dict[str, list[Ref]]] = defaultdict(lambda: defaultdict(list))
    for edge in selection.edges:
        phrases[edge.source][relation_words(edge, texts)].append(refs[edge.target])
        towards = relation_words(edge, texts, outgoing=False)
        phrases[edge.target][towards].append(refs[edge.source])
    degree = selection.degree()
    return [
        NodeText(
            ref,
            degree[ref.iri],
            tuple((words, tuple(others)) for words, others in phrases[ref.iri].items()),
        )
        for ref in selection.nodes
    ]
