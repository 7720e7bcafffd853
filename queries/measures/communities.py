"""Groups: parties or collaborations that are joined more to each other than to the rest, and how firm that is.

Source: Traag, Waltman & van Eck (2019), From Louvain to Leiden, Scientific Reports 9. Objective:
modularity at resolution 1. NetworkX has no Leiden of its own, so both engines use igraph's.
"""

from __future__ import annotations

import math
import random
import statistics
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock

import igraph

from queries.measures.view import Values, View

# The seed of the search: any number will do, as long as it stays.
SEED = 20240426
SEEDS = 20
# Hennig (2007), Cluster-wise assessment of cluster stability: 0.75 and more is a valid group.
STABLE = 0.75
# Until nothing moves up to here; a fixed number of rounds above (100,000 nodes take minutes more).
_TO_THE_END = 1_000
_ROUNDS = 2
_RANDOM = Lock()


@dataclass(frozen=True)
class Group:
    """A group, 1 the largest: its members sorted, and its stability over seeds, 0..1."""

    number: int
    members: tuple[str, ...]
    stability: float

    @property
    def is_stable(self) -> bool:
        """Tell whether other seeds find nearly the same group."""
        return self.stability >= STABLE


@dataclass(frozen=True)
class Groups:
    """All groups of a graph, their modularity, and the agreement between seeds (adjusted Rand index, up to 1)."""

    groups: tuple[Group, ...]
    modularity: float
    agreement: float
    seeds: int


def communities(view: View) -> Values:
    """Return the number of each node's Leiden community, 1 for the largest; the seed is fixed."""
    groups = _members(view, _search(view, SEED))
    return {node: float(n) for n, group in enumerate(groups, start=1) for node in group}


def find_groups(view: View, seeds: int = SEEDS) -> Groups:
    """Return the groups of the fixed seed with their stability over `seeds` others.

    A group's stability is the mean, over the other seeds, of its largest Jaccard overlap with a group
    found there (Hennig 2007). An empty graph has no groups, modularity 0 and agreement 1.
    """
    if not view.nodes:
        return Groups((), 0.0, 1.0, seeds)
    base = _search(view, SEED)
    others = [_search(view, SEED + number) for number in range(1, seeds + 1)]
    best = [_best_overlaps(base, other) for other in others]
    place = {node: number for number, node in enumerate(view.nodes)}
    groups = tuple(
        Group(number, tuple(group), _mean([run[base[place[group[0]]]] for run in best]))
        for number, group in enumerate(_members(view, base), start=1)
    )
    agreement = [_rand_index(base, other) for other in others]
    modularity = view.fast.modularity(base, weights="weight") if view.fast.ecount() else 0.0
    return Groups(groups, modularity, _mean(agreement), seeds)


def _search(view: View, seed: int) -> list[int]:
    rounds = -1 if len(view.nodes) <= _TO_THE_END else _ROUNDS
    with _seeded(seed):
        found = view.fast.community_leiden("modularity", weights="weight", n_iterations=rounds)
    membership: list[int] = found.membership
    return membership


@contextmanager
def _seeded(seed: int) -> Iterator[None]:
    """Give igraph, which shares one source of chance, a seeded one for as long as it lasts."""
    with _RANDOM:
        igraph.set_random_number_generator(random.Random(seed))  # noqa: S311 - a search, no secret
        try:
            yield
        finally:
            igraph.set_random_number_generator(random)


def _members(view: View, membership: list[int]) -> list[list[str]]:
    groups: dict[int, list[str]] = {}
    for node, number in zip(view.nodes, membership, strict=True):
        groups.setdefault(number, []).append(node)
    ordered = (sorted(group) for group in groups.values())
    return sorted(ordered, key=lambda group: (-len(group), group[0]))


def _best_overlaps(one: list[int], other: list[int]) -> dict[int, float]:
    """The largest Jaccard overlap of each group of one search with any group of the other."""
    sizes, other_sizes = Counter(one), Counter(other)
    best = dict.fromkeys(sizes, 0.0)
    for (mine, theirs), shared in Counter(zip(one, other, strict=True)).items():
        jaccard = shared / (sizes[mine] + other_sizes[theirs] - shared)
        best[mine] = max(best[mine], jaccard)
    return best


def _mean(values: list[float]) -> float:
    return statistics.fmean(values or [1.0])


def _rand_index(one: list[int], other: list[int]) -> float:
    if len(one) < 2:
        return 1.0
    index = igraph.compare_communities(one, other, method="adjusted_rand")
    # 0/0 when both put all together, or both all apart: then they agree.
    return 1.0 if math.isnan(index) else float(index)
