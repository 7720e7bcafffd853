from __future__ import annotations

import math
import random
import time

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.network import TWO_MODE
from graph.release import OpenRelease
from ontology.schema import turtle_files
from queries.measures import fast, reference
from queries.measures.centrality import (
    Engine,
    measure_graphs,
    measure_release,
    measure_view,
    rank_values,
    rounded_values,
)
from queries.measures.definitions import MEASURES, PROJECTIONS, Measure, find_measure
from queries.measures.fast import FAST, sampled_betweenness
from queries.measures.reference import REFERENCE
from queries.measures.statements import read_measures
from queries.measures.two_mode import largest_betweenness
from queries.measures.view import View

SLUGS = sorted(REFERENCE)


def named(graph: nx.Graph[int]) -> nx.Graph[str]:
    """The same graph with names for its numbers, nodes without ties included."""
    found: nx.Graph[str] = nx.Graph()
    found.add_nodes_from((f"n{node:03}", data) for node, data in graph.nodes(data=True))
    found.add_edges_from((f"n{a:03}", f"n{b:03}") for a, b in graph.edges)
    return found


def weighted(nodes: int, edges: int, seed: int) -> nx.Graph[str]:
    graph = named(nx.gnm_random_graph(nodes, edges, seed=seed))
    chance = random.Random(seed)
    for edge in graph.edges.values():
        edge["weight"] = chance.randint(1, 5)
    return graph


def two_mode(tops: int, bottoms: int, edges: int, seed: int) -> nx.Graph[str]:
    return named(nx.bipartite.gnmk_random_graph(tops, bottoms, edges, seed=seed))


def star() -> nx.Graph[str]:
    graph: nx.Graph[str] = nx.Graph()
    graph.add_node("club", bipartite=1)
    for name in ("a", "b", "c"):
        graph.add_node(name, bipartite=0)
        graph.add_edge("club", name)
    return graph


def path() -> nx.Graph[str]:
    return nx.Graph([("a", "b"), ("b", "c")])


GRAPHS = {
    "connected": weighted(20, 60, 1),
    "disconnected": weighted(20, 12, 2),
    "two_mode": two_mode(15, 7, 40, 3),
    "two_mode_disconnected": two_mode(15, 7, 14, 4),
    "path": path(),
    "pair": nx.Graph([("a", "b")]),
    "one_node": nx.empty_graph(["a"]),
    "isolates": nx.empty_graph(["a", "b", "c"]),
    "empty": nx.Graph(),
}


@pytest.mark.parametrize("name", GRAPHS)
@pytest.mark.parametrize("slug", SLUGS)
def test_engines_give_the_same_numbers(slug: str, name: str) -> None:
    view = View(GRAPHS[name])
    ours, model = FAST[slug](view), REFERENCE[slug](view)
    assert ours == pytest.approx(model, abs=1e-9)
    assert all(math.isfinite(value) for value in ours.values())


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 12), st.integers(0, 30), st.integers(0, 10_000))
def test_engines_agree_on_any_small_graph(nodes: int, edges: int, seed: int) -> None:
    view = View(weighted(nodes, edges, seed))
    for slug in set(SLUGS) - {"eigenvector"}:  # equal largest values make its direction a choice
        assert FAST[slug](view) == pytest.approx(REFERENCE[slug](view), abs=1e-9), slug


def test_two_mode_measures_are_those_of_networkx_when_all_are_connected() -> None:
    graph = two_mode(15, 7, 40, 3)
    view = View(graph)
    assert len(view.parts) == 1
    assert fast.degree(view) == pytest.approx(nx.bipartite.degree_centrality(graph, view.tops))
    assert fast.betweenness(view) == pytest.approx(
        nx.bipartite.betweenness_centrality(graph, view.tops)
    )
    assert fast.closeness(view) == pytest.approx(
        nx.bipartite.closeness_centrality(graph, view.tops)
    )


def test_one_mode_measures_are_those_of_networkx() -> None:
    graph = weighted(20, 60, 1)
    view = View(graph)
    assert fast.degree(view) == pytest.approx(nx.degree_centrality(graph))
    assert fast.betweenness(view) == pytest.approx(nx.betweenness_centrality(graph))
    assert fast.closeness(view) == pytest.approx(nx.closeness_centrality(graph))
    assert fast.effective_size(view) == pytest.approx(nx.effective_size(graph))
    cutpoints = {node for node, parts in fast.cut(view).items() if parts}
    assert cutpoints == set(nx.articulation_points(graph))


def test_closeness_of_a_separate_pair_stays_below_one() -> None:
    graph = two_mode(15, 7, 40, 3)
    graph.add_node("los", bipartite=0)
    graph.add_node("losse club", bipartite=1)
    graph.add_edge("los", "losse club")
    values = fast.closeness(View(graph))
    assert values["los"] == pytest.approx(1 / 23)
    assert nx.bipartite.closeness_centrality(graph, View(graph).tops)["los"] > 1


def test_raw_betweenness_of_igraph_is_brought_to_scale() -> None:
    view = View(path())
    assert view.fast.betweenness(directed=False) == [0.0, 1.0, 0.0]
    graph = View(named(nx.star_graph(5)))
    assert graph.fast.betweenness(directed=False)[0] == 10.0
    assert fast.betweenness(graph)["n000"] == 1.0


def test_sampled_betweenness_with_all_sources_is_exact() -> None:
    view = View(weighted(40, 90, 5))
    sampled = sampled_betweenness(view, 40, seed=1)
    assert sampled.values == pytest.approx(fast.betweenness(view), abs=1e-9)


def test_sampled_betweenness_is_within_its_error_most_of_the_time() -> None:
    view = View(weighted(200, 600, 6))
    sampled = sampled_betweenness(view, 100, seed=1)
    exact = fast.betweenness(view)
    within = [abs(sampled.values[n] - exact[n]) <= 2 * sampled.errors[n] + 1e-9 for n in exact]
    assert sum(within) / len(within) > 0.9
    assert sampled_betweenness(view, 100, seed=1) == sampled


def test_largest_betweenness_is_reached_by_the_middle_of_a_star() -> None:
    assert fast.betweenness(View(star()))["club"] == pytest.approx(1.0)
    assert largest_betweenness(1, 3) == 3.0
    assert largest_betweenness(1, 0) == 0.0


def test_known_values_of_a_path() -> None:
    view = View(path())
    assert fast.betweenness(view) == {"a": 0.0, "b": 1.0, "c": 0.0}
    assert fast.eigenvector(view)["b"] == pytest.approx(1 / math.sqrt(2))
    assert fast.constraint(view)["b"] == pytest.approx(0.5)
    assert fast.effective_size(view)["b"] == 2.0
    assert fast.cut(view) == {"a": 0.0, "b": 1.0, "c": 0.0}


@pytest.mark.parametrize("engine", [fast, reference])
def test_an_isolate_has_no_constraint_and_no_effective_size(engine: object) -> None:
    graph: nx.Graph[str] = nx.Graph([("a", "b")])
    graph.add_node("alone")
    view = View(graph)
    for name in ("constraint", "effective_size"):
        assert "alone" not in getattr(engine, name)(view)
    assert getattr(engine, "eigenvector")(view)["alone"] == 0.0  # noqa: B009


def test_equal_values_share_a_rank() -> None:
    values = {"a": 2.0, "b": 3.0, "c": 2.0, "d": 1.0}
    assert rank_values(values, high_is_first=True) == {"b": 1, "a": 2, "c": 2, "d": 4}
    assert rank_values(values, high_is_first=False) == {"d": 1, "a": 2, "c": 2, "b": 4}


@pytest.mark.parametrize("measure", MEASURES, ids=lambda m: m.slug)
def test_every_measure_is_described_and_stands_in_the_scheme(measure: Measure) -> None:
    assert all((measure.question, measure.reading, measure.scaling, measure.span, measure.source))
    assert set(measure.published) <= set(measure.projections) <= set(PROJECTIONS)
    assert f"begrip/maat/{measure.slug}> a skos:Concept" in turtle_files()["schemes/maat.ttl"]
    assert find_measure(measure.slug) is measure


@pytest.mark.parametrize("engine", Engine)
def test_an_empty_projection_has_no_values(engine: Engine) -> None:
    for measure in MEASURES:
        assert not list(measure_view(measure, TWO_MODE, View(nx.Graph()), engine))
    assert list(measure_graphs({"actor-actor": nx.Graph()})) == []


def test_engines_agree_on_a_release(mini: OpenRelease) -> None:
    assert measure_release(mini, Engine.NETWORKX) == measure_release(mini, Engine.IGRAPH)


def test_a_release_holds_the_published_measures_with_ranks(mini: OpenRelease) -> None:
    held = read_measures(mini)
    published = {(m.slug, projection) for m in MEASURES for projection in m.published}
    assert {(m.measure, m.projection) for m in held} == published
    assert set(held) <= set(measure_release(mini))
    assert all(math.isfinite(m.value) for m in held)


def test_measures_of_a_region_of_this_size_take_less_than_a_second() -> None:
    view = View(two_mode(130, 70, 300, 7))
    start = time.perf_counter()
    for measure in MEASURES:
        rounded_values(measure, view)
    assert time.perf_counter() - start < 1
