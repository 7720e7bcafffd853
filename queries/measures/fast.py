"""Measures as igraph computes them, brought to the numbers of the reference.

What differs: igraph's betweenness is raw, its closeness is 1 over the sum of distances and NaN for an
isolate, its eigenvector has another length. Each function says no more than that; what a measure means
is written with the reference.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import igraph
import numpy as np

from queries.measures.reference import DAMPING
from queries.measures.two_mode import scale_betweenness, scale_degree, scale_distances
from queries.measures.view import Values, View

# Above this exact betweenness and closeness take too long to wait for, four times as long per doubling.
EXACT_UP_TO = 10_000
SOURCES = 200
SEED = 20240426
# Batches of sampled sources: the spread between them gives the error.
_BATCHES = 5


def degree(view: View) -> Values:
    """Return degree as the reference does."""
    return scale_degree(view, dict(zip(view.nodes, view.fast.degree(), strict=True)))


def project(view: View, mode: int) -> igraph.Graph:
    """Return one mode of a two-mode graph, joined by what is shared; edge attribute `weight` counts that.

    For graphs that are too large for the names of everything that is shared.
    """
    modes = [node not in view.tops for node in view.nodes]
    return view.fast.bipartite_projection(types=modes, which=mode)


def betweenness(view: View) -> Values:
    """Return betweenness as the reference does; above 10,000 nodes estimated from 200 sources."""
    if len(view.nodes) > EXACT_UP_TO:
        return sampled_betweenness(view, SOURCES, SEED).values
    return scale_betweenness(view, view.values(view.paths_through))


@dataclass(frozen=True)
class Sampled:
    """Betweenness from a sample of sources: values and standard errors by node, both 0..1."""

    values: Values
    errors: Values
    sources: int


def sampled_betweenness(view: View, sources: int, seed: int) -> Sampled:
    """Return betweenness estimated from `sources` random sources, with the standard error of each value.

    Brandes & Pich (2007), Centrality estimation in large networks. A source counts paths one way, so
    the estimate is n/k times what k sources give. The error is that of the mean of five batches.
    """
    n = len(view.nodes)
    chosen = random.Random(seed).sample(range(n), min(sources, n))  # noqa: S311 - a sample, no secret
    batches = [chosen[start::_BATCHES] for start in range(min(_BATCHES, len(chosen)))]
    runs = [view.fast.betweenness(directed=False, sources=batch) for batch in batches]
    estimates = np.array(
        [np.array(run) * n / len(batch) for run, batch in zip(runs, batches, strict=True)]
    )
    spread = estimates.std(axis=0, ddof=1) if len(runs) > 1 else np.zeros(n)
    means = view.values(estimates.mean(axis=0).tolist())
    errors = view.values((spread / math.sqrt(len(runs))).tolist())
    return Sampled(scale_betweenness(view, means), scale_betweenness(view, errors), len(chosen))


def closeness(view: View) -> Values:
    """Return closeness as the reference does; above 10,000 nodes nothing: it would take hours."""
    if len(view.nodes) > EXACT_UP_TO:
        return {}
    raw = view.values(view.fast.closeness(normalized=False))
    return scale_distances(view, {n: 0.0 if math.isnan(v) else 1 / v for n, v in raw.items()})


def eigenvector(view: View) -> Values:
    """Return eigenvector centrality as the reference does."""
    values = dict.fromkeys(view.nodes, 0.0)
    if not view.fast.ecount():
        return values
    place = {node: number for number, node in enumerate(view.nodes)}
    largest = sorted(view.parts[0])
    part = view.fast.induced_subgraph([place[node] for node in largest])
    names = sorted(largest, key=place.__getitem__)
    found = part.eigenvector_centrality(weights="weight")
    length = math.hypot(*found)
    return values | {n: abs(v) / length for n, v in zip(names, found, strict=True)}


def pagerank(view: View) -> Values:
    """Return PageRank as the reference does."""
    return view.values(view.fast.pagerank(directed=False, damping=DAMPING, weights="weight"))


def constraint(view: View) -> Values:
    """Return Burt's constraint as the reference does."""
    values = view.values(view.fast.constraint(weights="weight"))
    return {node: value for node, value in values.items() if not math.isnan(value)}


def effective_size(view: View) -> Values:
    """Return effective size as the reference does: clustering is 2t/(n(n-1))."""
    clustering = view.fast.transitivity_local_undirected(mode="zero")
    degrees = view.fast.degree()
    found = zip(view.nodes, degrees, clustering, strict=True)
    return {node: d - share * (d - 1) for node, d, share in found if d}


def core(view: View) -> Values:
    """Return core numbers as the reference does."""
    return view.values([float(k) for k in view.fast.coreness()])


def cut(view: View) -> Values:
    """Return how many more parts there are without a node, as the reference does."""
    blocks = Counter(vertex for block in view.fast.biconnected_components() for vertex in block)
    return view.values([float(max(blocks[n] - 1, 0)) for n in range(len(view.nodes))])


FAST: dict[str, Callable[[View], Values]] = {
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
