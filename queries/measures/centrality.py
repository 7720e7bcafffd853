"""Compute measures with either engine, and put the values in order."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

import networkx as nx

from graph.network import projections, two_mode_graph
from graph.release import OpenRelease
from queries.measures.communities import communities
from queries.measures.definitions import MEASURES, Measure
from queries.measures.fast import FAST
from queries.measures.reference import REFERENCE
from queries.measures.view import Values, View
from queries.memo import per_release

DIGITS = 6


class Engine(StrEnum):
    """The library that computes; both give the same numbers."""

    NETWORKX = "networkx"
    IGRAPH = "igraph"


_COMPUTE: dict[Engine, dict[str, Callable[[View], Values]]] = {
    Engine.NETWORKX: {**REFERENCE, "groep": communities},
    Engine.IGRAPH: {**FAST, "groep": communities},
}


@dataclass(frozen=True)
class Measured:
    """The value of one thing on one measure in one projection; rank 1 is first, equals share a rank."""

    thing: str
    measure: str
    projection: str
    value: float
    rank: int


@per_release
def views_of(release: OpenRelease) -> Mapping[str, View]:
    """Return the projections of a release by name, ready to be measured."""
    graphs = projections(two_mode_graph(release.store))
    return {name: View(graph) for name, graph in graphs.items()}


@per_release
def measure_release(release: OpenRelease, engine: Engine = Engine.IGRAPH) -> tuple[Measured, ...]:
    """Return every measure on every projection it has, by measure, projection and rank."""
    views = views_of(release)
    return tuple(
        measured
        for measure in MEASURES
        for projection in measure.projections
        for measured in measure_view(measure, projection, views[projection], engine)
    )


def measure_graphs(graphs: Mapping[str, nx.Graph[str]]) -> Iterator[Measured]:
    """Yield what a release holds: every measure on the projections it is published for; an empty graph gives none."""
    views = {name: View(graph) for name, graph in graphs.items()}
    for measure in MEASURES:
        for projection in measure.published:
            if projection in views:
                yield from measure_view(measure, projection, views[projection])


def measure_view(
    measure: Measure, projection: str, view: View, engine: Engine = Engine.IGRAPH
) -> Iterator[Measured]:
    """Yield one measure on one projection by rank and then by IRI; no value is ever NaN or infinite."""
    values = rounded_values(measure, view, engine)
    ranks = rank_values(values, high_is_first=measure.high_is_first)
    for node, rank in ranks.items():
        yield Measured(node, measure.slug, projection, values[node], rank)


def rounded_values(measure: Measure, view: View, engine: Engine = Engine.IGRAPH) -> Values:
    """Return finite values to six digits; a node without a value is left out."""
    if not view.nodes:
        return {}
    values = _COMPUTE[engine][measure.slug](view)
    return {node: round(value, DIGITS) for node, value in values.items() if math.isfinite(value)}


def rank_values(values: Values, *, high_is_first: bool) -> dict[str, int]:
    """Return the rank of each node, in order; equals share the first rank of their group."""
    sign = -1 if high_is_first else 1
    ordered = sorted(values, key=lambda node: (sign * values[node], node))
    ranks: dict[str, int] = {}
    rank = 0
    for place, node in enumerate(ordered, start=1):
        if place == 1 or values[node] != values[ordered[place - 2]]:
            rank = place
        ranks[node] = rank
    return ranks
