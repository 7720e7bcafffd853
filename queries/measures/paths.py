"""Shortest paths through each node, exactly: walked by igraph, or for large graphs as products of matrices.

Source: Brandes (2001), A faster algorithm for betweenness centrality; Sariyüce e.a. (2013), Shattering
and compressing networks for betweenness centrality, for folding trees away. Where all are few steps
apart, a product with the matrix of neighbours takes one step from many nodes at once. What else was
tried stands in `tests/bench/measures.md`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import igraph
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Numbers = NDArray[np.floating[Any]]
Places = NDArray[np.intp]
# Below this igraph takes a tenth of a second at most.
_LARGE = 1_000
# Every step is a product over the whole graph: with more steps than this, walking is faster.
_STEPS = 5
# Sources at once: the columns of some thousands of nodes stay in the cache of a processor.
_AT_ONCE = 32
# Whole numbers up to here are exact in single precision, which takes a third of the time.
_EXACT = 2**24


@dataclass(frozen=True)
class Folded:
    """A graph without its trees: how many nodes each stands for, the paths within trees, and what is left."""

    reach: Numbers
    within: Numbers
    core: list[int]


def paths_through(graph: igraph.Graph) -> list[float]:
    """Return how many shortest paths run through each vertex, each pair once, without weights."""
    if graph.vcount() >= _LARGE:
        folded = fold_trees(graph)
        if is_near(graph.induced_subgraph(folded.core)):
            return multiply_paths(graph, folded)
    found: list[float] = graph.betweenness(directed=False)
    return found


def fold_trees(graph: igraph.Graph) -> Folded:
    """Take away nodes with one neighbour until there are none, and nodes without any.

    A path into a tree is a path to the node it hangs on, so that node stands for all of it. Paths
    within trees are counted here: between two branches of a node, and from its branches to the rest.
    """
    near = [set(found) for found in graph.get_adjlist()]
    reach, squares = np.ones(len(near)), np.zeros(len(near))
    ends = [node for node, found in enumerate(near) if len(found) == 1]
    while ends:
        end = ends.pop()
        if near[end]:
            parent = near[end].pop()
            near[parent].discard(end)
            reach[parent] += reach[end]
            squares[parent] += reach[end] ** 2
            if len(near[parent]) == 1:
                ends.append(parent)
    parts = graph.connected_components()
    sizes = np.array(parts.sizes(), dtype=float)[parts.membership]
    hanging = reach - 1
    within = (hanging**2 - squares) / 2 + hanging * (sizes - reach)
    return Folded(reach, within, [node for node, found in enumerate(near) if found])


def multiply_paths(graph: igraph.Graph, folded: Folded) -> list[float]:
    """Return the same as `paths_through`, by products; few nodes of many steps apart take long."""
    total = folded.within.copy()
    reach = folded.reach[folded.core]
    matrices = _matrices(graph.induced_subgraph(folded.core)) if folded.core else ()
    for first in range(0, len(reach), _AT_ONCE):
        sources = np.arange(first, min(first + _AT_ONCE, len(reach)))
        total[folded.core] += _owed(matrices, reach, sources) / 2
    found: list[float] = total.tolist()
    return found


def is_near(core: igraph.Graph) -> bool:
    """Tell whether the node with most neighbours reaches all it can in a few steps."""
    degrees = core.degree()
    return not degrees or core.eccentricity(degrees.index(max(degrees))) <= _STEPS


def _owed(matrices: tuple[csr_array, ...], reach: Numbers, sources: Places) -> Numbers:
    """What paths from some sources owe to each node (Brandes's dependencies), times what sources stand for."""
    counts = _counts(matrices, sources)
    owed = np.zeros(counts[0].shape)
    total = np.zeros(len(reach))
    for here, before in zip(counts[:0:-1], counts[-2::-1], strict=True):
        owed += reach[:, None]
        owed *= here > 0
        owed /= np.maximum(here, 1)
        owed = _spread(matrices[-1], owed, before) * before
        total += owed @ reach[sources]
    return total


def _counts(matrices: tuple[csr_array, ...], sources: Places) -> list[Numbers]:
    """The number of shortest paths to each node (row) from each source, a table for each number of steps."""
    for matrix in matrices:
        found = list(_steps(matrix, sources))
        if matrix.dtype == np.float64 or max(step.max() for step in found) < _EXACT:
            break
    return found


def _steps(matrix: csr_array, sources: Places) -> Iterator[Numbers]:
    here = matrix[sources].toarray().T.copy()
    unseen = here == 0
    unseen[sources, np.arange(len(sources))] = False
    while here.any():
        yield here
        here = _spread(matrix, here, unseen) * unseen
        unseen &= here == 0


def _spread(matrix: csr_array, values: Numbers, wanted: NDArray[Any]) -> Numbers:
    """The product of both, right where something is wanted; few rows with a value, or wanted, cost little."""
    few = len(values) // 2
    given = np.flatnonzero(values.any(axis=1))
    if len(given) <= few:
        return np.asarray(matrix[given].T @ values[given])
    asked = np.flatnonzero(wanted.any(axis=1))
    if len(asked) <= few:
        found = np.zeros_like(values)
        found[asked] = matrix[asked] @ values
        return found
    return np.asarray(matrix @ values)


def _matrices(graph: igraph.Graph) -> tuple[csr_array, ...]:
    """The neighbours of each node as a matrix, in single and in double precision."""
    ends = np.array(graph.get_edgelist(), dtype=np.int32)
    rows, columns = np.concatenate([ends, ends[:, ::-1]]).T
    double = csr_array((np.ones(len(rows)), (rows, columns)), shape=(graph.vcount(),) * 2)
    return double.astype(np.float32), double
