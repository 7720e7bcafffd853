from __future__ import annotations

from itertools import pairwise

import igraph
import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from queries.measures import paths

SHAPES = {
    "empty": nx.empty_graph(0),
    "one node": nx.empty_graph(1),
    "no ties": nx.empty_graph(3),
    "path": nx.path_graph(6),
    "two": nx.path_graph(2),
    "star": nx.star_graph(5),
    "tree": nx.balanced_tree(2, 3),
    "clique with a tail": nx.lollipop_graph(4, 3),
    "loose parts": nx.disjoint_union(nx.cycle_graph(5), nx.path_graph(3)),
    "club": nx.karate_club_graph(),
    "long way round": nx.cycle_graph(70),
}


def by_products(graph: nx.Graph[int]) -> list[float]:
    copy = igraph.Graph(n=len(graph), edges=list(graph.edges))
    return paths.multiply_paths(copy, paths.fold_trees(copy))


def by_model(graph: nx.Graph[int]) -> list[float]:
    return list(nx.betweenness_centrality(graph, normalized=False).values())


@pytest.mark.parametrize("name", SHAPES)
def test_products_count_the_paths_that_networkx_counts(name: str) -> None:
    assert by_products(SHAPES[name]) == pytest.approx(by_model(SHAPES[name]))


@given(st.integers(1, 25), st.integers(0, 60), st.integers(0, 10_000))
def test_products_count_the_paths_of_any_graph(nodes: int, ties: int, seed: int) -> None:
    graph = nx.gnm_random_graph(nodes, ties, seed=seed)
    assert by_products(graph) == pytest.approx(by_model(graph))


def test_more_paths_than_single_precision_holds_are_still_exact() -> None:
    """Five rows of forty nodes, all joined to the next row: 40^5 ways from one end to the other."""
    rows = [[0], *([1 + 40 * row + n for n in range(40)] for row in range(5)), [201]]
    ordered = nx.empty_graph(202)
    for one, other in pairwise(rows):
        ordered.add_edges_from((a, b) for a in one for b in other)
    assert 40**5 > 2**24
    assert by_products(ordered) == pytest.approx(by_model(ordered), rel=1e-12)


@pytest.mark.parametrize(
    "graph",
    [nx.barabasi_albert_graph(1_200, 3, seed=1), nx.cycle_graph(1_200)],
    ids=["near", "far"],
)
def test_large_graphs_are_counted_as_igraph_counts_them(graph: nx.Graph[int]) -> None:
    copy = igraph.Graph(n=len(graph), edges=list(graph.edges))
    assert paths.paths_through(copy) == pytest.approx(copy.betweenness(directed=False))


@pytest.mark.parametrize(
    ("graph", "expected"),
    [
        (nx.star_graph(20), True),
        (nx.empty_graph(0), True),
        (nx.cycle_graph(12), False),
        (nx.disjoint_union(nx.star_graph(20), nx.complete_graph(3)), True),
    ],
)
def test_only_what_is_a_few_steps_apart_is_near(graph: nx.Graph[int], expected: bool) -> None:
    assert paths.is_near(igraph.Graph(n=len(graph), edges=list(graph.edges))) is expected
