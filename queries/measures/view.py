"""A projection made ready to be measured: the NetworkX graph, its modes, and one igraph copy of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import igraph
import networkx as nx

from queries.measures.paths import paths_through

Values = dict[str, float]


@dataclass(frozen=True)
class View:
    """A graph to be measured by either engine; nobody changes it while it is in use.

    Two-mode when its nodes carry `bipartite`. Edges may carry `weight`; without it they weigh 1.
    """

    graph: nx.Graph[str]

    @cached_property
    def nodes(self) -> list[str]:
        """Return the nodes in the order of the igraph copy."""
        return list(self.graph)

    @cached_property
    def tops(self) -> frozenset[str]:
        """Return the nodes of the first mode (`bipartite` 0); none in a one-mode graph."""
        modes = nx.get_node_attributes(self.graph, "bipartite")
        return frozenset(node for node, mode in modes.items() if mode == 0)

    @cached_property
    def bottoms(self) -> frozenset[str]:
        """Return the nodes of the second mode (`bipartite` 1); none in a one-mode graph."""
        return frozenset(self.nodes) - self.tops if self.is_two_mode else frozenset()

    @cached_property
    def is_two_mode(self) -> bool:
        """Tell whether the graph has two modes."""
        return bool(nx.get_node_attributes(self.graph, "bipartite"))

    @cached_property
    def parts(self) -> list[set[str]]:
        """Return the connected parts, the largest first; of equals the one with the first name."""
        return sorted(nx.connected_components(self.graph), key=lambda part: (-len(part), min(part)))

    @cached_property
    def fast(self) -> igraph.Graph:
        """Return the copy for igraph: vertices as in `nodes`, edge attribute `weight`."""
        index = {node: place for place, node in enumerate(self.nodes)}
        edges = [(index[a], index[b], w) for a, b, w in self.graph.edges(data="weight", default=1)]
        copy = igraph.Graph(n=len(index), edges=[(a, b) for a, b, _ in edges])
        copy.es["weight"] = [weight for _, _, weight in edges]
        return copy

    @cached_property
    def paths_through(self) -> list[float]:
        """Return raw betweenness, the dearest of all, in the order of `nodes`: each pair counts once."""
        return paths_through(self.fast)

    def sizes(self, node: str) -> tuple[int, int]:
        """Return how many nodes there are of the node's own mode and of the other mode."""
        tops, bottoms = len(self.tops), len(self.nodes) - len(self.tops)
        return (tops, bottoms) if node in self.tops else (bottoms, tops)

    def values(self, found: Sequence[float]) -> Values:
        """Return values in the order of `nodes` by node."""
        return dict(zip(self.nodes, found, strict=True))
