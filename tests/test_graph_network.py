from __future__ import annotations

import networkx as nx

from graph.network import (
    actor_overlap,
    collaboration_overlap,
    documents_of,
    theme_overlap,
    two_mode_graph,
)
from graph.release import OpenRelease

ID = "https://w3id.org/regiograaf/id/"


def test_two_mode_graph_holds_named_parties_of_this_network_only(mini: OpenRelease) -> None:
    graph = two_mode_graph(mini.store)
    assert nx.is_bipartite(graph)
    assert graph.has_edge(f"{ID}actor/polder-polis", f"{ID}samenwerking/brede-tafel")
    assert f"{ID}samenwerking/elders" not in graph
    assert f"{ID}samenwerking/leeg-netwerk" not in graph


def test_overlap_of_collaborations_names_what_they_share(mini: OpenRelease) -> None:
    graph = collaboration_overlap(two_mode_graph(mini.store))
    edge = graph.edges[f"{ID}samenwerking/brede-tafel", f"{ID}samenwerking/stille-tafel"]
    assert edge["weight"] == 2
    assert edge["shared"] == [f"{ID}actor/huisarts-oost", f"{ID}actor/polder-polis"]


def test_overlap_weights_agree_with_networkx(mini: OpenRelease) -> None:
    two_mode = two_mode_graph(mini.store)
    for mode, ours in ((0, actor_overlap(two_mode)), (1, collaboration_overlap(two_mode))):
        nodes = [n for n, data in two_mode.nodes(data=True) if data["bipartite"] == mode]
        theirs = nx.bipartite.weighted_projected_graph(two_mode, nodes)
        assert {frozenset(e): ours.edges[e]["weight"] for e in ours.edges} == {
            frozenset(e): theirs.edges[e]["weight"] for e in theirs.edges
        }


def test_overlap_of_themes_counts_what_works_on_both(mini: OpenRelease) -> None:
    graph = theme_overlap(mini.store)
    themes = "https://w3id.org/regiograaf/begrip/thema-plan/"
    edge = graph.edges[f"{themes}wonen", f"{themes}bewegen"]
    assert edge["shared"] == [f"{ID}samenwerking/smal-netwerk"]


def test_edges_carry_the_passages_that_state_them(mini: OpenRelease) -> None:
    graph = two_mode_graph(mini.store)
    edge = graph.edges[f"{ID}actor/polder-polis", f"{ID}samenwerking/brede-tafel"]
    assert edge["passages"] == ("https://w3id.org/regiograaf/bron/900-verslag-2020#r22-22",)
    assert documents_of(edge["passages"]) == ("900-verslag-2020",)
