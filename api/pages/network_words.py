"""The network in words: what lines, colours and sizes are called, and what can be said of each node."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from api.pages.texts import Texts
from api.pages.wording import decimal_words, kind_words, passage_words, property_words
from ontology.schema import load_schema
from ontology.terms import BEGRIP
from queries.measures.shown import EQUAL, LINES
from queries.names import Passage, Ref
from queries.selection import SHARED, Edge, Selection
from viz.drawing import Dot
from viz.links import shorten_label
from viz.look import BY_GROUP, BY_KIND, NOT_APPLICABLE, NOTHING, REST, Category
from viz.network_page import Wording

_ROLE = f"{BEGRIP}rol/"


@dataclass(frozen=True)
class NodeText:
    """What is said of a node: per kind of line a phrase and the things at the other end."""

    ref: Ref
    lines: int
    phrases: tuple[tuple[str, tuple[Ref, ...]], ...]


@dataclass(frozen=True)
class Step:
    """One line of a way: from, how it is called, to, and the passages that state it."""

    source: Ref
    words: str
    target: Ref
    passages: tuple[Passage, ...]


def wording_of(texts: Texts, sector_label: dict[str, str]) -> Wording:
    """Return how the picture names things in a language; sectors are named by the release."""
    return Wording(
        kind=lambda kind: kind_words(kind, texts),
        relation=lambda edge: relation_words(edge, texts),
        passage=lambda passage: passage_words(passage, texts),
        category=lambda one: category_words(one, texts, sector_label),
        value=lambda dot, size: value_words(dot, size, texts),
        standing=lambda standing: texts(f"network.standing.{standing}"),
        mark=lambda slug: texts(f"mark.{slug}"),
    )


def relation_words(edge: Edge, texts: Texts, *, outgoing: bool = True) -> str:
    """Return what an edge is called, read from its source or from its target."""
    if edge.relation == SHARED:
        return texts.count("network.shares", edge.weight)
    label = property_words(edge.relation, texts, outgoing=outgoing)
    if edge.relation.startswith(_ROLE):
        return texts("network.role_in" if outgoing else "network.role_of", role=label.lower())
    return label


def category_words(one: Category, texts: Texts, sector_label: dict[str, str]) -> str:
    """Return what a colour stands for."""
    if one.by == BY_KIND:
        return texts(f"mark.{one.key}")
    if one.key in (REST, NOTHING, NOT_APPLICABLE):
        return texts(f"network.{one.by}.{one.key}")
    if one.by == BY_GROUP:
        hub = shorten_label(one.hub.label, 60) if one.hub else ""
        return texts("network.groep.named", number=one.key, hub=hub)
    return sector_label.get(one.key, one.key)


def value_words(dot: Dot, size: str, texts: Texts) -> str:
    """Return what the size of a node stands for, with its value."""
    if size == EQUAL:
        return ""
    if dot.value is None:
        return texts(
            "network.value", name=size_words(size, texts), value=texts("analysis.no_value")
        )
    number = f"{dot.value:.0f}" if size == LINES else decimal_words(dot.value, texts)
    return texts("network.value", name=size_words(size, texts), value=number)


def size_words(size: str, texts: Texts) -> str:
    """Return what a size shows."""
    own = texts.entries.get(f"network.size.{size}")
    return own or load_schema().label(f"{BEGRIP}maat/{size}", texts.language) or size


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


def tell_chain(selection: Selection, texts: Texts) -> list[Step]:
    """Return the steps of the way between two things, each with the first line that makes it."""
    refs = selection.refs()
    steps = []
    for one, other in zip(selection.chain, selection.chain[1:], strict=False):
        edge = next(e for e in selection.edges if {e.source, e.target} == {one, other})
        words = relation_words(edge, texts, outgoing=edge.source == one)
        steps.append(Step(refs[one], words, refs[other], edge.passages))
    return steps
