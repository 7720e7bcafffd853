"""Measures as NetworkX computes them: the model that the fast ones are held against.

Every function takes a view and returns finite values by node; a node without a value is left out.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable

import networkx as nx

from queries.measures.two_mode import scale_betweenness, scale_degree, scale_distances
from queries.measures.view import Values, View

DAMPING = 0.85
# The default, 1e-6, leaves the fourth digit in doubt.
_TOLERANCE = 1e-13
_MAX_ITERATIONS = 1000


def degree(view: View) -> Values:
    """Return the share of the nodes it could be joined to that a node is joined to, 0..1."""
    return scale_degree(view, dict(view.graph.degree()))


def betweenness(view: View) -> Values:
    """Return the share of shortest paths between others that run through a node, 0..1.

    Weights are left out: they count similarity, and a path takes distance.
    """
    return scale_betweenness(view, nx.betweenness_centrality(view.graph, normalized=False))


def closeness(view: View) -> Values:
    """Return how close a node is to the nodes of its part, times the share that part is of all, 0..1."""
    lengths = nx.all_pairs_shortest_path_length(view.graph)
    return scale_distances(view, {node: float(sum(found.values())) for node, found in lengths})


def eigenvector(view: View) -> Values:
    """Return weighted eigenvector centrality of the largest part, of length 1; elsewhere 0."""
    values = dict.fromkeys(view.nodes, 0.0)
    if not view.graph.number_of_edges():
        return values
    largest = sorted(view.parts[0])
    if len(largest) == 2:  # the sparse solver asks for three nodes; two are each other's equals
        return values | dict.fromkeys(largest, 1 / math.sqrt(2))
    found = nx.eigenvector_centrality_numpy(view.graph.subgraph(largest), weight="weight")
    return values | {node: abs(float(value)) for node, value in found.items()}


def pagerank(view: View) -> Values:
    """Return the share of time a walker along weighted ties spends at a node; the sum is 1."""
    if not view.nodes:
        return {}
    return dict(
        nx.pagerank(view.graph, DAMPING, tol=_TOLERANCE, max_iter=_MAX_ITERATIONS, weight="weight")
    )


def constraint(view: View) -> Values:
    """Return Burt's constraint, above 0, at times above 1; an isolate has none and is left out."""
    values = nx.constraint(view.graph, weight="weight") if view.nodes else {}
    return {node: float(value) for node, value in values.items() if not math.isnan(value)}


def effective_size(view: View) -> Values:
    """Return the number of neighbours less their mean number of ties to each other, 1..degree.

    Borgatti (1997), Structural holes: n - 2t/n for n neighbours with t ties among them. Counted from
    sets of neighbours: `nx.effective_size` asks for a dense matrix. An isolate is left out.
    """
    near = {node: set(view.graph[node]) for node in view.nodes}
    twice = {node: sum(len(near[node] & near[other]) for other in near[node]) for node in near}
    return {node: len(near[node]) - twice[node] / len(near[node]) for node in near if near[node]}


def core(view: View) -> Values:
    """Return the largest k such that a node is in a part where all have k neighbours, 0..n-1."""
    return {node: float(k) for node, k in nx.core_number(view.graph).items()}


def cut(view: View) -> Values:
    """Return into how many more parts the graph falls without a node; 0 for most."""
    blocks: Counter[str] = Counter()
    for block in nx.biconnected_components(view.graph):
        blocks.update(str(node) for node in block)
    return {node: float(max(blocks[node] - 1, 0)) for node in view.nodes}


REFERENCE: dict[str, Callable[[View], Values]] = {
    "graad": degree,
    "betweenness": betweenness,
    "nabijheid": closeness,
    "eigenvector": eigenvector,
    "pagerank": pagerank,
    "constraint": constraint,
    "effectieve-grootte": effective_size,
    "kern": core,
    "scharnier": cut,
}
