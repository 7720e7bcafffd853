"""What a picture of the network shows beside nodes and edges: a measure for size, a group for colour; and it as a graph."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import networkx as nx

from graph.network import ACTORS, COLLABORATIONS, TWO_MODE
from graph.release import OpenRelease
from queries.measures.communities import communities
from queries.measures.statements import read_measures
from queries.measures.view import View
from queries.memo import per_release
from queries.names import names_of
from queries.selection import AROUND, Choice, Selection, select_network

LINES, EQUAL = "lijnen", "gelijk"
# Measures of the release that a picture can show as size, with the projections they are read from.
MEASURED = {
    "graad": (TWO_MODE,),
    "betweenness": (TWO_MODE,),
    "nabijheid": (TWO_MODE,),
    "eigenvector": (ACTORS, COLLABORATIONS),
}
SIZES = (LINES, *MEASURED, EQUAL)
# Fewer than this is no group.
SMALLEST_GROUP = 3
ALONE = 0


@per_release
def size_values(release: OpenRelease, choice: Choice, size: str) -> Mapping[str, float]:
    """Return the value of each node of a choice that has one: lines of the picture, or a measure of the release."""
    selection = select_network(release, choice)
    if size == LINES:
        return {iri: float(number) for iri, number in selection.degree().items()}
    measured = _measured(release).get(size, {})
    return {ref.iri: measured[ref.iri] for ref in selection.nodes if ref.iri in measured}


@per_release
def group_numbers(release: OpenRelease, choice: Choice) -> Mapping[str, int]:
    """Return the group of each node among the lines of a choice, 1 the largest; 0 is in no group.

    Leiden on modularity with shared parties as weights and a fixed seed. A centre, to which all else is
    joined, is in no group and joins none. Groups are those of all sources together, whatever the moment.
    """
    if choice.moment:
        return group_numbers(release, replace(choice, moment=""))
    selection = select_network(release, choice)
    centre = choice.centre if choice.view == AROUND else ""
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(ref.iri for ref in selection.nodes if ref.iri != centre)
    for edge in selection.edges:
        if centre not in (edge.source, edge.target) and edge.source != edge.target:
            before = graph.get_edge_data(edge.source, edge.target, {"weight": 0})["weight"]
            graph.add_edge(edge.source, edge.target, weight=before + edge.weight)
    found = communities(View(graph)) if graph.number_of_edges() else {}
    sizes: dict[float, int] = {}
    for number in found.values():
        sizes[number] = sizes.get(number, 0) + 1
    numbers = {
        node: int(number) if sizes[number] >= SMALLEST_GROUP else ALONE
        for node, number in found.items()
    }
    return {ref.iri: numbers.get(ref.iri, ALONE) for ref in selection.nodes}


def selection_graph(release: OpenRelease, selection: Selection) -> nx.MultiDiGraph[str]:
    """Return a selection as a graph: nodes with `label` and `kind`, edges keyed by number with all they carry."""
    names = names_of(release)
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for ref in selection.nodes:
        graph.add_node(ref.iri, label=ref.label, kind=ref.kind)
        if selection.choice.moment:
            graph.nodes[ref.iri]["standing"] = selection.standings[ref.iri]
    for number, edge in enumerate(selection.edges, start=1):
        graph.add_edge(
            edge.source,
            edge.target,
            key=f"{number:05d}",
            relation=names.label(edge.relation),
            layer=edge.layer,
            weight=edge.weight,
            shared=[ref.label for ref in edge.shared] or None,
            passages=[passage.iri for passage in edge.passages],
            standing=edge.standing or None,
        )
    return graph


@per_release
def _measured(release: OpenRelease) -> Mapping[str, Mapping[str, float]]:
    found: dict[str, dict[str, float]] = {name: {} for name in MEASURED}
    for one in read_measures(release):
        if one.projection in MEASURED.get(one.measure, ()):
            found[one.measure][one.thing] = one.value
    return found
