"""Projections of a release for network analysis: two-mode graph, overlap of collaborations, overlap of themes."""

from __future__ import annotations

from itertools import combinations

import networkx as nx
from pyoxigraph import Store

from graph.evaluate import select

TWO_MODE = "actor-samenwerking"
COLLABORATIONS = "samenwerking-samenwerking"
ACTORS = "actor-actor"
THEMES = "thema-thema"

# Only what a source states as fact or plan of this network: no norms, no examples from elsewhere.
_PARTICIPATION = """
PREFIX rg: <https://w3id.org/regiograaf/def#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

SELECT DISTINCT ?actor ?actorLabel ?what ?whatLabel WHERE {
  ?involvement a rg:Involvement ;
    rg:involvee ?actor ;
    rg:involvedIn ?what ;
    rg:modality ?modality .
  ?actor a rg:Actor ; skos:prefLabel ?actorLabel .
  ?what a rg:Collaboration ; skos:prefLabel ?whatLabel .
  FILTER(?modality IN ("fact", "intention"))
}
ORDER BY ?actor ?what ?actorLabel ?whatLabel
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

    Nodes carry `label` and `bipartite`; an edge means that a source states a participation. Unnamed
    participants are no nodes. Collaborations without named participants are left out.
    """
    graph: nx.Graph[str] = nx.Graph(projection=TWO_MODE)
    for row in select(store, _PARTICIPATION).dicts():
        graph.add_node(row["actor"], label=row["actorLabel"], bipartite=0)
        graph.add_node(row["what"], label=row["whatLabel"], bipartite=1)
        graph.add_edge(row["actor"], row["what"])
    return graph


def collaboration_overlap(two_mode: nx.Graph[str]) -> nx.Graph[str]:
    """Return collaborations joined by the actors they share: `weight` counts them, `shared` lists their IRIs."""
    return _project(two_mode, 1, COLLABORATIONS)


def actor_overlap(two_mode: nx.Graph[str]) -> nx.Graph[str]:
    """Return actors joined by the collaborations they share: `weight` counts them, `shared` lists their IRIs."""
    return _project(two_mode, 0, ACTORS)


def theme_overlap(store: Store) -> nx.Graph[str]:
    """Return themes joined by what works on both: `weight` counts it, `shared` lists the IRIs.

    Every theme something works on is a node, also without overlap, with its `members` as IRIs.
    """
    members: dict[str, set[str]] = {}
    graph: nx.Graph[str] = nx.Graph(projection=THEMES)
    for row in select(store, _THEMES).dicts():
        members.setdefault(row["theme"], set()).add(row["what"])
        graph.add_node(row["theme"], label=row["themeLabel"])
    for theme, found in members.items():
        graph.nodes[theme]["members"] = sorted(found)
    for one, other in combinations(sorted(members), 2):
        shared = sorted(members[one] & members[other])
        if shared:
            graph.add_edge(one, other, weight=len(shared), shared=shared)
    return graph


def _project(two_mode: nx.Graph[str], mode: int, name: str) -> nx.Graph[str]:
    graph: nx.Graph[str] = nx.Graph(projection=name)
    for node, attributes in two_mode.nodes(data=True):
        if attributes["bipartite"] == mode:
            graph.add_node(node, label=attributes["label"])
    for node in sorted(graph):
        for between in sorted(two_mode[node]):
            for other in two_mode[between]:
                if node < other:
                    shared = (
                        graph.edges[node, other]["shared"] if graph.has_edge(node, other) else []
                    )
                    shared = [*shared, between]
                    graph.add_edge(node, other, weight=len(shared), shared=shared)
    return graph
