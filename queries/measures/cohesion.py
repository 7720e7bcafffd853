"""Indices of a whole projection: how dense, how centred, how fragmented, and whether it has a core.

Sources: Freeman (1979) for centralisation; Borgatti (2006), Identifying sets of key players, for
distance-weighted fragmentation; Borgatti & Everett (2000) and Lip (2011) for core and periphery.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from queries.measures.fast import betweenness
from queries.measures.view import View


@dataclass(frozen=True)
class Core:
    """The nodes of the core, sorted, and how well the pattern fits: -1..1, None where it cannot be said."""

    members: tuple[str, ...]
    fit: float | None


@dataclass(frozen=True)
class Cohesion:
    """The indices of one projection; None where an index has no meaning, as in an empty graph.

    `fragmentation` is 0 when all are joined to all and 1 when nobody is to anybody. Centralisation is
    0 when all are equal and 1 in a star; it is given for one-mode projections only.
    """

    nodes: int
    ties: int
    density: float | None
    parts: int
    largest_share: float | None
    fragmentation: float | None
    degree_centralisation: float | None
    betweenness_centralisation: float | None
    cutpoints: tuple[str, ...]
    bridges: tuple[tuple[str, str], ...]
    core: Core


def measure_cohesion(view: View) -> Cohesion:
    """Return the indices of a projection; the cutpoints and the bridges are sorted by name."""
    n = len(view.nodes)
    names = view.nodes
    return Cohesion(
        nodes=n,
        ties=view.fast.ecount(),
        density=density(view),
        parts=len(view.parts),
        largest_share=len(view.parts[0]) / n if n else None,
        fragmentation=fragmentation(view),
        degree_centralisation=degree_centralisation(view),
        betweenness_centralisation=betweenness_centralisation(view),
        cutpoints=tuple(sorted(names[place] for place in view.fast.articulation_points())),
        bridges=tuple(sorted(_ends(view, edge) for edge in view.fast.bridges())),
        core=find_core(view),
    )


def density(view: View) -> float | None:
    """Return the share of possible ties that is there, 0..1; None when no tie is possible.

    In two modes a tie can only join one mode to the other.
    """
    n, tops = len(view.nodes), len(view.tops)
    possible = tops * (n - tops) if view.is_two_mode else n * (n - 1) // 2
    return view.graph.number_of_edges() / possible if possible else None


def fragmentation(view: View) -> float | None:
    """Return 1 minus the mean of 1/distance over all pairs, 0 where there is no path; None below two nodes.

    Borgatti (2006), formula 9; 1 minus the global efficiency of NetworkX.
    """
    if len(view.nodes) < 2:
        return None
    harmonic = view.fast.harmonic_centrality()
    return 1 - math.fsum(harmonic) / len(harmonic)


def degree_centralisation(view: View) -> float | None:
    """Return Freeman's degree centralisation, 0..1; None in two modes and below three nodes."""
    n = len(view.nodes)
    if n < 3 or view.is_two_mode:
        return None
    degrees: list[int] = view.fast.degree()
    return sum(max(degrees) - d for d in degrees) / ((n - 1) * (n - 2))


def betweenness_centralisation(view: View) -> float | None:
    """Return Freeman's betweenness centralisation, 0..1; None in two modes and below three nodes."""
    n = len(view.nodes)
    if n < 3 or view.is_two_mode:
        return None
    values = betweenness(view).values()
    highest = max(values)
    return math.fsum(highest - value for value in values) / (n - 1)


def find_core(view: View) -> Core:
    """Return the core that comes nearest to all joined within it and none joined outside it.

    Lip (2011), A fast algorithm for the discrete core/periphery bipartitioning problem: taken by
    degree, the first k nodes with the least k(k-1)/2 - (sum of their degrees) are the best core. The
    fit is the correlation of ties with that pattern, ties between core and periphery left out
    (Borgatti & Everett 2000). A graph without ties has no core, nor has one of two modes: there
    nobody can be joined to all others.
    """
    degrees = view.fast.degree()
    if view.is_two_mode or not view.fast.ecount():
        return Core((), None)
    order = sorted(range(len(degrees)), key=lambda place: (-degrees[place], view.nodes[place]))
    members = order[: _best_size([degrees[place] for place in order])]
    return Core(tuple(sorted(view.nodes[place] for place in members)), _fit(view, set(members)))


def _best_size(degrees: Sequence[int]) -> int:
    best, size, total = 0, 0, 0
    for k, degree in enumerate(degrees, start=1):
        total += degree
        cost = k * (k - 1) // 2 - total
        if cost <= best:
            best, size = cost, k
    return size


def _fit(view: View, core: set[int]) -> float | None:
    """The correlation (phi) between tie or no tie and core or periphery."""
    sides = [(a in core) + (b in core) for a, b in view.fast.get_edgelist()]
    k, outside = len(core), len(view.nodes) - len(core)
    inner, outer = sides.count(2), sides.count(0)
    no_inner, no_outer = k * (k - 1) // 2 - inner, outside * (outside - 1) // 2 - outer
    product = (inner + no_inner) * (outer + no_outer) * (inner + outer) * (no_inner + no_outer)
    return (inner * no_outer - no_inner * outer) / math.sqrt(product) if product else None


def _ends(view: View, edge: int) -> tuple[str, str]:
    one, other = sorted(view.nodes[place] for place in view.fast.es[edge].tuple)
    return one, other
