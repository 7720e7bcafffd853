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


def scale_distances(view: View, totals: Mapping[str, tuple[float, int]]) -> Values:
    """Return closeness from each node's sum of distances and number of nodes it reaches, 0..1.

    The smallest sum possible divided by the sum, times the share of other nodes reached (Wasserman &
    Faust 1994). The smallest sum is n-1 in one mode; in two, 1 for each of the other mode and 2 for
    each of its own.
    """
    n, found = len(view.nodes), {}
    for node, (total, reached) in totals.items():
        own, other = view.sizes(node)
        least = other + 2 * (own - 1) if view.is_two_mode else reached
        found[node] = least / total * reached / (n - 1) if total > 0 else 0.0
    return found


def largest_betweenness(own: int, other: int) -> float:
    """Return the most a node can have among `own` nodes of its mode and `other` of the other mode."""
    if not other:
        return 0.0
    s, t = divmod(own - 1, other)
    return ((other * (s + 1)) ** 2 + other * (s + 1) * (2 * t - s - 1) - t * (2 * s - t + 3)) / 2
