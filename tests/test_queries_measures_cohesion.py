from __future__ import annotations

import math
from itertools import pairwise

import networkx as nx
import pytest

from queries.measures.cohesion import Core, density, find_core, fragmentation, measure_cohesion
from queries.measures.communities import communities, find_groups
from queries.measures.view import View
from tests.test_queries_measures_centrality import GRAPHS, named, star, weighted


def two_cliques() -> nx.Graph[str]:
    graph: nx.Graph[str] = nx.Graph()
    for group in ("abcd", "xyz"):
        graph.add_edges_from((p, q, {"weight": 1}) for p in group for q in group if p < q)
    return graph


@pytest.mark.parametrize("name", ["connected", "disconnected", "path"])
def test_indices_are_those_of_networkx(name: str) -> None:
    graph = GRAPHS[name]
    found = measure_cohesion(View(graph))
    assert found.density == pytest.approx(nx.density(graph))
    assert found.fragmentation == pytest.approx(1 - nx.global_efficiency(graph))
    assert found.parts == nx.number_connected_components(graph)
    assert found.cutpoints == tuple(sorted(nx.articulation_points(graph)))
    assert {frozenset(edge) for edge in found.bridges} == {
        frozenset(edge) for edge in nx.bridges(graph)
    }


def test_a_star_is_fully_centralised_and_a_ring_not_at_all() -> None:
    in_star = measure_cohesion(View(named(nx.star_graph(5))))
    in_ring = measure_cohesion(View(named(nx.cycle_graph(6))))
    assert (in_star.degree_centralisation, in_star.betweenness_centralisation) == (1.0, 1.0)
    assert (in_ring.degree_centralisation, in_ring.betweenness_centralisation) == (0.0, 0.0)


def test_density_of_two_modes_counts_possible_participations_only() -> None:
    assert density(View(star())) == 1.0
    assert measure_cohesion(View(star())).degree_centralisation is None


def test_fragmentation_is_none_when_all_are_joined_and_whole_when_nobody_is() -> None:
    assert fragmentation(View(named(nx.complete_graph(4)))) == pytest.approx(0.0)
    assert fragmentation(View(GRAPHS["isolates"])) == 1.0


@pytest.mark.parametrize("name", ["empty", "one_node", "isolates", "pair"])
def test_small_graphs_have_indices_or_none_but_never_nan(name: str) -> None:
    found = measure_cohesion(View(GRAPHS[name]))
    numbers = [value for value in vars(found).values() if isinstance(value, float)]
    assert all(math.isfinite(number) for number in numbers)
    assert found.core.fit is None
    assert find_groups(View(GRAPHS[name])).agreement == 1.0


def test_a_clique_with_loose_ends_is_a_core_that_fits_wholly() -> None:
    graph = named(nx.complete_graph(4))
    graph.add_edges_from([("n000", "rand1"), ("n001", "rand2")])
    assert find_core(View(graph)) == Core(("n000", "n001", "n002", "n003"), 1.0)


def test_the_core_is_the_best_of_all_cuts_by_degree() -> None:
    graph = weighted(12, 30, 8)
    order = sorted(graph, key=lambda node: (-graph.degree(node), node))

    def cost(k: int) -> int:
        core, rim = graph.subgraph(order[:k]), graph.subgraph(order[k:])
        return k * (k - 1) // 2 - core.number_of_edges() + rim.number_of_edges()

    best = min(range(len(order) + 1), key=cost)
    assert cost(len(find_core(View(graph)).members)) == cost(best)


def test_groups_are_numbered_from_the_largest_and_stay() -> None:
    view = View(two_cliques())
    first = communities(view)
    assert {first[node] for node in "abcd"} == {1.0}
    assert {first[node] for node in "xyz"} == {2.0}
    assert communities(view) == first


def test_clear_groups_are_stable_and_seeds_agree() -> None:
    found = find_groups(View(two_cliques()))
    assert [group.members for group in found.groups] == [tuple("abcd"), tuple("xyz")]
    assert all(group.is_stable for group in found.groups)
    assert found.agreement == 1.0
    model = nx.community.modularity(two_cliques(), [set("abcd"), set("xyz")])
    assert found.modularity == pytest.approx(model)


def test_groups_of_a_ring_are_not_called_stable() -> None:
    ring = named(nx.cycle_graph(40))
    found = find_groups(View(ring))
    assert found.agreement < 0.9
    assert not all(group.is_stable for group in found.groups)
    assert all(len(one.members) >= len(other.members) for one, other in pairwise(found.groups))
