"""The one selection of nodes and edges that picture, table and text of the network all show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from graph.network import collaboration_overlap, two_mode_graph
from graph.release import OpenRelease
from queries.links import LAYERS, PARTICIPATION, Link, all_links
from queries.memo import per_release
from queries.names import Passage, Ref, names_of

MAP, AROUND, ALL = "kaart", "rond", "alles"
SHARED = "deelt"
MAX_DEPTH = 3
# One shared party says little: nearly every two collaborations have one (300 pairs of 351 here).
DEFAULT_MINIMUM = 2
COLLABORATIONS = ("Collaboration", "Network", "Coalition", "GovernanceBody")


@dataclass(frozen=True)
class Choice:
    """What a reader chose to see: view, centre and depth, layers, kinds, and a limit on the documents.

    Empty `layers` and `kinds` mean all. `until` is a year or date: only what documents up to it
    state; documents without a date count. `minimum` holds in the map only.
    """

    view: str = MAP
    centre: str = ""
    depth: int = 1
    layers: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    minimum: int = DEFAULT_MINIMUM
    until: str = ""


@dataclass(frozen=True)
class Edge:
    """A line of the picture: relation (an IRI, or 'deelt'), layer, and how many parties are shared.

    `shared` names those parties in the map; elsewhere it is empty and `weight` is 1.
    """

    source: str
    target: str
    relation: str
    layer: str
    weight: int
    shared: tuple[Ref, ...]
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class Selection:
    """Nodes by label and edges in order; every end of an edge is among the nodes."""

    choice: Choice
    nodes: tuple[Ref, ...]
    edges: tuple[Edge, ...]

    def degree(self) -> dict[str, int]:
        """Return the number of edges of each node."""
        count = {ref.iri: 0 for ref in self.nodes}
        for edge in self.edges:
            count[edge.source] += 1
            count[edge.target] += 1
        return count

    def refs(self) -> dict[str, Ref]:
        """Return the nodes by IRI."""
        return {ref.iri: ref for ref in self.nodes}


@per_release
def select_network(release: OpenRelease, choice: Choice) -> Selection:
    """Return the nodes and edges of a choice; none when its centre is not in the release."""
    if choice.view == MAP:
        return _map(release, choice)
    links = [link for link in all_links(release) if _is_chosen(link, choice)]
    if choice.view == AROUND:
        links = _within(links, choice.centre, choice.depth)
    centre = [choice.centre] if choice.view == AROUND and choice.centre in names_of(release) else []
    return _selection(release, choice, centre, [_edge(link) for link in links])


@per_release
def years_of_documents(release: OpenRelease) -> tuple[str, ...]:
    """Return the years of the documents that links rest on, oldest first."""
    dates = {p.date for link in all_links(release) for p in link.passages if p.date}
    return tuple(sorted({date[:4] for date in dates}))


def left_out_of_map(release: OpenRelease, selection: Selection) -> tuple[list[Ref], list[Ref]]:
    """Return the collaborations the map does not show, by label.

    First those that share too few parties with any other, then those of which no source names a
    participant.
    """
    shown = {ref.iri for ref in selection.nodes}
    known = set(two_mode_graph(release.store))
    others = [ref for ref in names_of(release).of_kind(*COLLABORATIONS) if ref.iri not in shown]
    apart = [ref for ref in others if ref.iri in known]
    return apart, [ref for ref in others if ref.iri not in known]


def _map(release: OpenRelease, choice: Choice) -> Selection:
    names = names_of(release)
    passages = _participation_passages(release, choice)
    overlap = collaboration_overlap(two_mode_graph(release.store))
    edges = []
    for source, target, data in sorted(overlap.edges(data=True)):
        shared = [a for a in data["shared"] if {(a, source), (a, target)} <= passages.keys()]
        if len(shared) >= max(choice.minimum, 1):
            found = {iri for a in shared for end in (source, target) for iri in passages[a, end]}
            refs = tuple(sorted(names.ref(actor) for actor in shared))
            edges.append(
                Edge(
                    source, target, SHARED, PARTICIPATION, len(shared), refs, names.passages(found)
                )
            )
    edges.sort(key=lambda edge: (-edge.weight, names.label(edge.source), names.label(edge.target)))
    return _selection(release, choice, (), edges)


def _participation_passages(
    release: OpenRelease, choice: Choice
) -> dict[tuple[str, str], set[str]]:
    """Return the passages by (party, collaboration) of the participations within a choice."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for link in all_links(release):
        if link.layer == PARTICIPATION and _is_in_time(link, choice.until):
            key = link.source.iri, link.target.iri
            found[key] |= {passage.iri for passage in link.passages}
    return found


def _is_chosen(link: Link, choice: Choice) -> bool:
    kinds = {link.source.kind, link.target.kind}
    fits_kinds = not choice.kinds or kinds <= set(choice.kinds)
    fits_layer = not choice.layers or link.layer in choice.layers
    return fits_kinds and fits_layer and _is_in_time(link, choice.until)


def _is_in_time(link: Link, until: str) -> bool:
    return not until or not link.since or link.since[: len(until)] <= until


def _within(links: list[Link], centre: str, depth: int) -> list[Link]:
    """Return the links between things at most `depth` steps from the centre."""
    neighbours: dict[str, set[str]] = defaultdict(set)
    for link in links:
        neighbours[link.source.iri].add(link.target.iri)
        neighbours[link.target.iri].add(link.source.iri)
    reached = frontier = {centre}
    for _ in range(depth):
        frontier = {n for iri in frontier for n in neighbours[iri]} - reached
        reached = reached | frontier
    return [link for link in links if {link.source.iri, link.target.iri} <= reached]


def _edge(link: Link) -> Edge:
    ends = link.source.iri, link.target.iri
    return Edge(*ends, link.relation, link.layer, 1, (), link.passages)


def _selection(
    release: OpenRelease, choice: Choice, extra: Iterable[str], edges: list[Edge]
) -> Selection:
    names = names_of(release)
    iris = {iri for edge in edges for iri in (edge.source, edge.target)} | set(extra)
    nodes = sorted((names.ref(iri) for iri in iris), key=lambda r: (r.label.casefold(), r.iri))
    return Selection(choice, tuple(nodes), tuple(edges))


def known_layers(layers: Iterable[str]) -> tuple[str, ...]:
    """Return the layers that exist among some names, in their own order."""
    wanted = set(layers)
    return tuple(layer for layer in LAYERS if layer in wanted)
