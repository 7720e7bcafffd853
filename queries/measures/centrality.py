"""Measures of position in the network: defined once, computed with NetworkX, each with the question it answers.

Sources: Borgatti & Everett (1997), Network analysis of 2-mode data; Freeman (1979), Centrality in
social networks; Burt (1992), Structural holes; Bonacich (1987), Power and centrality; Blondel e.a.
(2008), Fast unfolding of communities. Two-mode measures are computed on two-mode data: a one-mode
projection makes every large collaboration a clique.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import networkx as nx

from graph.network import ACTORS, COLLABORATIONS, TWO_MODE

Values = dict[str, float]

# The seed of the community search: any number will do, as long as it stays.
SEED = 20240426
DIGITS = 6


@dataclass(frozen=True)
class Measure:
    """A measure: slug in the scheme 'maat', what it asks, how it is read and how it is computed."""

    slug: str
    question: str
    reading: str
    projections: tuple[str, ...]
    high_is_first: bool
    compute: Callable[[nx.Graph[str]], Values]


@dataclass(frozen=True)
class Measured:
    """The value of one thing on one measure in one projection; rank 1 is first, equals share a rank."""

    thing: str
    measure: str
    projection: str
    value: float
    rank: int


def _top(graph: nx.Graph[str]) -> list[str]:
    return sorted(n for n, data in graph.nodes(data=True) if data["bipartite"] == 0)


def two_mode_degree(graph: nx.Graph[str]) -> Values:
    """Return degree divided by the size of the other mode, 0..1."""
    return dict(nx.bipartite.degree_centrality(graph, _top(graph)))


def two_mode_betweenness(graph: nx.Graph[str]) -> Values:
    """Return betweenness normalised by the largest value possible for the node's own mode, 0..1."""
    raw = nx.betweenness_centrality(graph, normalized=False)
    top = set(_top(graph))
    tops, bottoms = len(top), len(graph) - len(top)
    largest = {
        True: _largest_betweenness(tops, bottoms),
        False: _largest_betweenness(bottoms, tops),
    }
    return {n: v / largest[n in top] if largest[n in top] else 0.0 for n, v in raw.items()}


def _largest_betweenness(own: int, other: int) -> float:
    """The most a node can have among `own` nodes of its mode and `other` of the other (Borgatti & Everett 1997)."""
    if not other:
        return 0.0
    s, t = divmod(own - 1, other)
    return ((other * (s + 1)) ** 2 + other * (s + 1) * (2 * t - s - 1) - t * (2 * s - t + 3)) / 2


def two_mode_closeness(graph: nx.Graph[str]) -> Values:
    """Return closeness normalised by the smallest distance possible in two modes and by component, 0..1."""
    return dict(nx.bipartite.closeness_centrality(graph, _top(graph)))


def betweenness(graph: nx.Graph[str]) -> Values:
    """Return betweenness divided by (n-1)(n-2)/2, 0..1; weights are left out, they count similarity."""
    return dict(nx.betweenness_centrality(graph))


def eigenvector(graph: nx.Graph[str]) -> Values:
    """Return weighted eigenvector centrality of the largest component, of length 1; elsewhere 0."""
    if not graph.number_of_edges():
        return dict.fromkeys(graph, 0.0)
    largest = max(nx.connected_components(graph), key=lambda c: (len(c), min(c)))
    if len(largest) < 3:  # the sparse solver asks for three nodes; two are each other's equals
        return {node: 1 / math.sqrt(2) if node in largest else 0.0 for node in graph}
    part = graph.subgraph(sorted(largest))
    values = nx.eigenvector_centrality_numpy(part, weight="weight")
    return {node: abs(float(values.get(node, 0.0))) for node in graph}


def constraint(graph: nx.Graph[str]) -> Values:
    """Return Burt's constraint, above 0, at times above 1; an isolate has none and is left out."""
    values = nx.constraint(graph, weight="weight")
    return {node: float(value) for node, value in values.items() if not math.isnan(value)}


def communities(graph: nx.Graph[str]) -> Values:
    """Return the number of each node's Louvain community, 1 for the largest; the seed is fixed."""
    found = nx.community.louvain_communities(graph, weight="weight", seed=SEED)
    ordered = sorted(found, key=lambda group: (-len(group), min(group)))
    return {node: float(n) for n, group in enumerate(ordered, start=1) for node in group}


MEASURES: tuple[Measure, ...] = (
    Measure(
        "graad",
        "Wie zit in de meeste verbanden, en welk verband heeft de meeste partijen?",
        "0 is nergens, 1 is overal.",
        (TWO_MODE,),
        True,
        two_mode_degree,
    ),
    Measure(
        "betweenness",
        "Wie ligt op de wegen tussen anderen, en verbindt dus?",
        "0 is op geen enkele weg, 1 is op alle.",
        (TWO_MODE,),
        True,
        two_mode_betweenness,
    ),
    Measure(
        "nabijheid",
        "Wie bereikt de anderen in de minste stappen?",
        "Hoger is dichterbij; gerekend binnen het eigen samenhangende deel.",
        (TWO_MODE,),
        True,
        two_mode_closeness,
    ),
    Measure(
        "eigenvector",
        "Wie is verbonden met wie zelf goed verbonden is?",
        "Alleen de volgorde telt.",
        (ACTORS, COLLABORATIONS),
        True,
        eigenvector,
    ),
    Measure(
        "constraint",
        "Wie heeft contacten die elkaar niet al kennen?",
        "Laag is bruggenbouwer; wie geen contacten heeft, krijgt geen waarde.",
        (ACTORS, COLLABORATIONS),
        False,
        constraint,
    ),
    Measure(
        "groep",
        "Wie horen bij elkaar?",
        "Een nummer, geen score; 1 is de grootste groep.",
        (ACTORS, COLLABORATIONS),
        False,
        communities,
    ),
)


def measure_graphs(graphs: dict[str, nx.Graph[str]]) -> Iterator[Measured]:
    """Yield every measure on every projection given by name, by rank and then by IRI; an empty graph gives none."""
    for measure in MEASURES:
        for projection in measure.projections:
            graph = graphs.get(projection)
            if graph is not None and graph.number_of_nodes():
                yield from _ranked(measure, projection, measure.compute(graph))


def _ranked(measure: Measure, projection: str, values: Values) -> Iterator[Measured]:
    rounded = {node: round(value, DIGITS) for node, value in values.items()}
    sign = -1 if measure.high_is_first else 1
    ordered = sorted(rounded, key=lambda node: (sign * rounded[node], node))
    rank = 0
    for place, node in enumerate(ordered, start=1):
        if place == 1 or rounded[node] != rounded[ordered[place - 2]]:
            rank = place
        yield Measured(node, measure.slug, projection, rounded[node], rank)
