"""Normalisation of measures on two-mode data, the same for both engines.

Source: Borgatti & Everett (1997), Network analysis of 2-mode data, Social Networks 19. A node of one
mode only meets nodes of the other, so its largest possible value differs from that of a one-mode graph.
"""

from __future__ import annotations

from collections.abc import Mapping

from queries.measures.view import Values, View


def scale_degree(view: View, degrees: Mapping[str, int]) -> Values:
    """Return degree divided by the size of the other mode, or by n-1 in a one-mode graph, 0..1."""
    if not view.is_two_mode:
        others = max(len(view.nodes) - 1, 1)
        return {node: degree / others for node, degree in degrees.items()}
    return {node: degree / max(view.sizes(node)[1], 1) for node, degree in degrees.items()}


def scale_betweenness(view: View, raw: Mapping[str, float]) -> Values:
    """Return the number of shortest paths through a node, each pair once, divided by the most it can be, 0..1."""
    if not view.is_two_mode:
        n = len(view.nodes)
        most = (n - 1) * (n - 2) / 2
        return {node: value / most if most > 0 else 0.0 for node, value in raw.items()}
    most_by_sizes = {
        sizes: largest_betweenness(*sizes) for sizes in {view.sizes(node) for node in raw}
    }
    found = {}
    for node, value in raw.items():
        most = most_by_sizes[view.sizes(node)]
        found[node] = value / most if most > 0 else 0.0
    return found


def scale_distances(view: View, totals: Mapping[str, float]) -> Values:
    """Return closeness from each node's sum of distances to the nodes it reaches, 0..1.

    The smallest sum possible within the node's own part divided by the sum, times the share of other
    nodes that are in that part (Wasserman & Faust 1994). The smallest sum is 1 for each node, in two
    modes 2 for those of the own mode. In parts of a two-mode graph `nx.bipartite` takes the smallest
    sum of the whole graph instead, so that a separate pair gets a value above 1.
    """
    found = dict.fromkeys(totals, 0.0)
    for part in view.parts:
        tops = len(part & view.tops) if view.is_two_mode else 0
        for node in part & totals.keys():
            own = (tops if node in view.tops else len(part) - tops) if view.is_two_mode else 1
            reached = len(part) - 1
            if reached:
                least = reached + own - 1
                found[node] = least / totals[node] * reached / (len(view.nodes) - 1)
    return found


def largest_betweenness(own: int, other: int) -> float:
    """Return the most a node can have among `own` nodes of its mode and `other` of the other mode."""
    if not other:
        return 0.0
    s, t = divmod(own - 1, other)
    return ((other * (s + 1)) ** 2 + other * (s + 1) * (2 * t - s - 1) - t * (2 * s - t + 3)) / 2
