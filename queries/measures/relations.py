"""The whole network with every kind of tie, and how many kinds each pair has (multiplexity)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import networkx as nx

from graph.network import THEMES, theme_overlap
from graph.release import OpenRelease
from ontology.errors import UnknownThing
from queries.links import all_links
from queries.measures.answers import Answer, count_words, find_thing, list_labels
from queries.measures.centrality import views_of
from queries.measures.definitions import PROJECTIONS
from queries.memo import per_release
from queries.names import Ref, names_of

QUESTION = "hoe-veelvoudig"
# Every relation that a source states, beside the projections.
RELATIONS = "alles"
EXPORTABLE = (RELATIONS, *PROJECTIONS, THEMES)


@dataclass(frozen=True)
class Multiplex:
    """Two things and the different relations between them, whichever way they run, by label."""

    one: Ref
    other: Ref
    relations: tuple[Ref, ...]


@per_release
def relation_graph(release: OpenRelease) -> nx.MultiDiGraph[str]:
    """Return everything a source links: nodes with `label` and `kind`, one edge for each relation.

    Edges are keyed by the IRI of their relation and carry `relation` (label), `layer`, `passages` and
    `start` (date of the oldest document that states it), left out when no document has a date.
    """
    names = names_of(release)
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for link in all_links(release):
        for ref in (link.source, link.target):
            graph.add_node(ref.iri, label=ref.label, kind=ref.kind)
        passages = [passage.iri for passage in link.passages]
        graph.add_edge(
            link.source.iri,
            link.target.iri,
            key=link.relation,
            relation=names.label(link.relation),
            layer=link.layer,
            passages=passages,
            start=link.since or None,
        )
    return graph


def exportable_graph(
    release: OpenRelease, name: str = RELATIONS, around: str = "", depth: int = 1
) -> nx.Graph[str]:
    """Return the graph of this name: 'alles', a projection or 'thema-thema'; or only what is near one thing.

    `around` is an IRI, key or label, and `depth` the steps from it, whichever way ties run. Raise
    UnknownThing for another name, and for a thing that is not in that graph.
    """
    views = views_of(release)
    if name == RELATIONS:
        graph: nx.Graph[str] = relation_graph(release)
    elif name == THEMES:
        graph = theme_overlap(release.store)
    elif name in views:
        graph = views[name].graph
    else:
        raise UnknownThing(f"het netwerk '{name}' bestaat niet; wel: {', '.join(EXPORTABLE)}")
    return _near(graph, find_thing(release, around), depth, name) if around else graph


def _near(graph: nx.Graph[str], centre: Ref, depth: int, name: str) -> nx.Graph[str]:
    if centre.iri not in graph:
        raise UnknownThing(
            f"{centre.label} staat niet in het netwerk '{name}': geen bron noemt zo'n verbinding"
        )
    found: nx.Graph[str] = nx.ego_graph(graph, centre.iri, depth, undirected=True)
    return found


@per_release
def find_multiplex(release: OpenRelease) -> tuple[Multiplex, ...]:
    """Return the pairs with more than one kind of tie, most kinds first.

    Multiplexity: the number of distinct relation types of a pair (Wasserman & Faust 1994, chapter 4).
    How strong a tie is no document tells; that takes a survey.
    """
    names = names_of(release)
    kinds: dict[frozenset[str], set[str]] = defaultdict(set)
    for link in all_links(release):
        kinds[frozenset((link.source.iri, link.target.iri))].add(link.relation)
    found = []
    for pair, relations in kinds.items():
        if len(pair) == 2 and len(relations) > 1:
            ends = sorted(names.ref(iri) for iri in pair)
            named = tuple(sorted(names.ref(iri) for iri in relations))
            found.append(Multiplex(ends[0], ends[1], named))
    return tuple(sorted(found, key=lambda m: (-len(m.relations), m.one, m.other)))


def answer_multiplex(release: OpenRelease) -> Answer:
    """Return which pairs have more than one kind of tie, in words and as a row for each."""
    found = find_multiplex(release)
    sentences = [
        f"{m.one.label} en {m.other.label}: {list_labels(m.relations)}." for m in found[:3]
    ]
    return Answer(
        QUESTION,
        "Wie hebben meer dan één soort band?",
        (f"{count_words(len(found), 'paar heeft', 'paren hebben')} meer dan één soort band.", *sentences),
        ("een", "ander", "aantal", "soorten"),
        tuple((m.one, m.other, len(m.relations), m.relations) for m in found),
    )  # fmt: skip
