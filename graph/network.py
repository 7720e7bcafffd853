"""Projections of a release for network analysis: two-mode graph, overlap of collaborations, overlap of themes."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations

import networkx as nx
from pyoxigraph import Store

from graph.evaluate import select
from graph.identity import parse_passage_iri

TWO_MODE = "actor-samenwerking"
COLLABORATIONS = "samenwerking-samenwerking"
ACTORS = "actor-actor"
THEMES = "thema-thema"

# Only what a source states as fact or plan of this network: no norms, no examples from elsewhere.
_PARTICIPATION = """
PREFIX rg: <https://w3id.org/regiograaf/def#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

SELECT DISTINCT ?actor ?actorLabel ?what ?whatLabel ?passage WHERE {
  ?involvement a rg:Involvement ;
    rg:involvee ?actor ;
    rg:involvedIn ?what ;
    rg:modality ?modality ;
    rg:statedIn ?passage .
  ?actor a rg:Actor ; skos:prefLabel ?actorLabel .
  ?what a rg:Collaboration ; skos:prefLabel ?whatLabel .
  FILTER(?modality IN ("fact", "intention"))
}
ORDER BY ?actor ?what ?actorLabel ?whatLabel ?passage
"""

_THEMES = """
PREFIX rg: <https://w3id.org/regiograaf/def#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

SELECT DISTINCT ?theme ?themeLabel ?what ?whatLabel WHERE {
  ?what rg:worksOnTheme ?theme ; skos:prefLabel ?whatLabel .
  ?theme a rg:Theme ; skos:prefLabel ?themeLabel .
  OPTIONAL { ?what rg:modality ?modality }
  FILTER(COALESCE(?modality, "fact") IN ("fact", "intention"))
  FILTER(LANG(?themeLabel) = "nl" && LANG(?whatLabel) = "nl")
}
ORDER BY ?theme ?what ?themeLabel ?whatLabel
"""


def two_mode_graph(store: Store) -> nx.Graph[str]:
    """Return the bipartite graph of actors (bipartite=0) and collaborations (bipartite=1) by IRI.

    Nodes carry `label` and `bipartite`; an edge means that a source states a participation, in the
    `passages` (IRIs, sorted) it carries. Unnamed participants are no nodes. Collaborations without
    named participants are left out.
    """
    graph: nx.Graph[str] = nx.Graph(projection=TWO_MODE)
    passages: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in select(store, _PARTICIPATION).dicts():
        graph.add_node(row["actor"], label=row["actorLabel"], bipartite=0)
        graph.add_node(row["what"], label=row["whatLabel"], bipartite=1)
        passages[row["actor"], row["what"]].add(row["passage"])
    for (actor, what), found in passages.items():
        graph.add_edge(actor, what, passages=tuple(sorted(found)))
    return graph


def stated_ties(graph: nx.Graph[str]) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return the ties of a two-mode graph, both ends and the ties sorted, with the passages that state each."""
    return sorted(
        (min(a, b), max(a, b), tuple(data["passages"])) for a, b, data in graph.edges(data=True)
    )


def documents_of(passages: tuple[str, ...]) -> tuple[str, ...]:
    """Return the slugs of the documents that some passages (IRIs) are from, sorted."""
    parts = (parse_passage_iri(passage) for passage in passages)
    return tuple(sorted({part[0] for part in parts if part}))


def collaboration_overlap(two_mode: nx.Graph[str]) -> nx.Graph[str]:
    """Return collaborations joined by the actors they share: `weight` counts them, `shared` lists their IRIs."""
    return _project(two_mode, 1, COLLABORATIONS)


def actor_overlap(two_mode: nx.Graph[str]) -> nx.Graph[str]:
    """Return actors joined by the collaborations they share: `weight` counts them, `shared` lists their IRIs."""
    return _project(two_mode, 0, ACTORS)


def projections(two_mode: nx.Graph[str]) -> dict[str, nx.Graph[str]]:
    """Return the two-mode graph and both its one-mode projections, by name."""
    return {
        TWO_MODE: two_mode,
        ACTORS: actor_overlap(two_mode),
        COLLABORATIONS: collaboration_overlap(two_mode),
    }


def theme_members(store: Store) -> dict[str, tuple[str, ...]]:
    """Return what works on each theme, as sorted IRIs; a theme nobody works on is left out."""
    members: dict[str, set[str]] = defaultdict(set)
    for row in select(store, _THEMES).dicts():
        members[row["theme"]].add(row["what"])
    return {theme: tuple(sorted(found)) for theme, found in members.items()}


def theme_overlap(store: Store) -> nx.Graph[str]:
    """Return themes joined by what works on both: `weight` counts it, `shared` lists the IRIs.

    Every theme something works on is a node, also without overlap, with its `members` as IRIs.
    """
    graph: nx.Graph[str] = nx.Graph(projection=THEMES)
    labels = {row["theme"]: row["themeLabel"] for row in select(store, _THEMES).dicts()}
    members = theme_members(store)
    for theme, found in members.items():
        graph.add_node(theme, label=labels[theme], members=list(found))
    for one, other in combinations(sorted(members), 2):
        shared = sorted(set(members[one]) & set(members[other]))
        if shared:
            graph.add_edge(one, other, weight=len(shared), shared=shared)
    return graph


def _project(two_mode: nx.Graph[str], mode: int, name: str) -> nx.Graph[str]:
    """Join the nodes of one mode; every node between them gives one shared neighbour to each pair."""
    graph: nx.Graph[str] = nx.Graph(projection=name)
    shared: dict[tuple[str, str], list[str]] = defaultdict(list)
    for node in sorted(two_mode):
        attributes = two_mode.nodes[node]
        if attributes["bipartite"] == mode:
            graph.add_node(node, label=attributes["label"])
        else:
            for pair in combinations(sorted(two_mode[node]), 2):
                shared[pair].append(node)
    for (one, other), found in sorted(shared.items()):
        graph.add_edge(one, other, weight=len(found), shared=found)
    return graph
