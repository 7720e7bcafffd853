from __future__ import annotations

import math

import networkx as nx
import pytest

from graph.network import actor_overlap, collaboration_overlap, theme_overlap, two_mode_graph
from graph.release import OpenRelease
from queries.measures.centrality import (
    betweenness,
    communities,
    constraint,
    eigenvector,
    measure_graphs,
    two_mode_betweenness,
    two_mode_degree,
)
from queries.measures.statements import read_measures

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


def star() -> nx.Graph[str]:
    graph: nx.Graph[str] = nx.Graph()
    graph.add_node("club", bipartite=1)
    for name in ("a", "b", "c"):
        graph.add_node(name, bipartite=0)
        graph.add_edge("club", name)
    return graph


def test_two_mode_values_of_a_star_are_known() -> None:
    assert two_mode_degree(star()) == {"club": 1.0, "a": 1.0, "b": 1.0, "c": 1.0}
    assert two_mode_betweenness(star())["club"] == pytest.approx(1.0)
    assert two_mode_betweenness(star())["a"] == 0.0


def test_two_mode_betweenness_agrees_with_networkx(mini: OpenRelease) -> None:
    graph = two_mode_graph(mini.store)
    top = [n for n, data in graph.nodes(data=True) if data["bipartite"] == 0]
    assert two_mode_betweenness(graph) == pytest.approx(
        nx.bipartite.betweenness_centrality(graph, top)
    )


def test_one_mode_values_of_a_path_are_known() -> None:
    path: nx.Graph[str] = nx.Graph()
    path.add_edge("a", "b", weight=1)
    path.add_edge("b", "c", weight=1)
    assert betweenness(path) == {"a": 0.0, "b": 1.0, "c": 0.0}
    assert eigenvector(path)["b"] == pytest.approx(1 / math.sqrt(2))
    assert constraint(path)["b"] == pytest.approx(0.5)


def test_isolate_has_no_constraint_and_no_eigenvector_weight() -> None:
    graph: nx.Graph[str] = nx.Graph()
    graph.add_edge("a", "b", weight=1)
    graph.add_node("alone")
    assert "alone" not in constraint(graph)
    assert eigenvector(graph)["alone"] == 0.0


def test_communities_are_numbered_from_the_largest_and_stay() -> None:
    graph: nx.Graph[str] = nx.Graph()
    for group in ("abcd", "xyz"):
        graph.add_edges_from((p, q, {"weight": 1}) for p in group for q in group if p < q)
    first = communities(graph)
    assert {first[n] for n in "abcd"} == {1.0}
    assert {first[n] for n in "xyz"} == {2.0}
    assert communities(graph) == first


def test_empty_graph_has_no_measures() -> None:
    assert list(measure_graphs({"actor-actor": nx.Graph()})) == []


def test_measures_stand_in_the_release_with_ranks(mini: OpenRelease) -> None:
    measured = read_measures(mini)
    assert {m.measure for m in measured} == {
        "graad", "betweenness", "nabijheid", "eigenvector", "constraint", "groep",
    }  # fmt: skip
    top = [m for m in measured if m.measure == "betweenness" and m.rank == 1]
    assert top
    assert all(math.isfinite(m.value) for m in measured)
