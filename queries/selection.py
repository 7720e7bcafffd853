"""The one selection of nodes and edges that picture, table, text and every export of the network show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from graph.network import collaboration_overlap, two_mode_graph
from graph.release import OpenRelease
from queries.facets import values_of
from queries.links import LAYERS, PARTICIPATION, Link, all_links
from queries.memo import per_release
from queries.names import Passage, Ref, names_of
from queries.paths import shortest_ways
from queries.standing import (
    ABSENT,
    HOLDS,
    NO_BEGIN,
    NO_END,
    standing_of_link,
    standing_of_thing,
)

MAP, AROUND, ALL, PATH = "kaart", "rond", "alles", "weg"
SHARED = "deelt"
MAX_DEPTH = 3
# One shared party says little: nearly every two collaborations have one (300 pairs of 351 here).
DEFAULT_MINIMUM = 2
COLLABORATIONS = ("Collaboration", "Network", "Coalition", "GovernanceBody")
# Of several links in one line, the line is as doubtful as the most doubtful of them.
_DOUBT = ("", HOLDS, NO_END, NO_BEGIN)


@dataclass(frozen=True)
class Choice:
    """What a reader chose to see: view, centre and depth, layers, kinds and other limits.

    Empty `layers`, `kinds`, `facets` and `document` mean all; `facets` are pairs of a facet and the IRI of
    a value. `moment` is the date to look from, '' for whatever sources say. `minimum` and `kinds` hold
    in one view only: the map, and all but the map. `ends` are the two things to find a way between.
    """

    view: str = MAP
    centre: str = ""
    depth: int = 1
    layers: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    minimum: int = DEFAULT_MINIMUM
    facets: tuple[tuple[str, str], ...] = ()
    document: str = ""
    moment: str = ""
    ends: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class Edge:
    """A line of the picture: relation (an IRI, or 'deelt'), layer, and how many parties are shared.

    `shared` names those parties in the map; elsewhere it is empty and `weight` is 1. `standing` is how
    it stands on the moment of the choice, '' without one.
    """

    source: str
    target: str
    relation: str
    layer: str
    weight: int
    shared: tuple[Ref, ...]
    passages: tuple[Passage, ...]
    standing: str = ""


@dataclass(frozen=True)
class Selection:
    """Nodes by label and edges in order; every end of an edge is among the nodes.

    `chain` is one shortest way from end to end, as IRIs, `steps` what is on any. `standings` tells of each node how it stands on
    the moment; `absent` are things that had not begun yet or were over then, with which of the two.
    """

    choice: Choice
    nodes: tuple[Ref, ...]
    edges: tuple[Edge, ...]
    chain: tuple[str, ...] = ()
    steps: tuple[tuple[str, ...], ...] = ()
    standings: dict[str, str] = field(default_factory=dict, hash=False)
    absent: tuple[tuple[Ref, str], ...] = ()

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


def shared_by_ends(selection: Selection) -> list[Ref]:
    """Return what both ends are directly connected with, by label; empty when they are further apart or one line is between them."""
    refs = selection.refs()
    between = selection.steps[1] if len(selection.steps) == 3 else ()
    return sorted((refs[iri] for iri in between), key=lambda ref: (ref.label.casefold(), ref.iri))


@per_release
def select_network(release: OpenRelease, choice: Choice) -> Selection:
    """Return the nodes and edges of a choice; none when its centre is not in the release."""
    links, absent = _links(release, choice)
    edges = _shared_edges(release, choice, links) if choice.view == MAP else _edges(choice, links)
    wanted = [choice.centre] if choice.view == AROUND else []
    chain: tuple[str, ...] = ()
    steps: tuple[tuple[str, ...], ...] = ()
    if choice.view == PATH:
        wanted = list(choice.ends)
        ways = shortest_ways([(edge.source, edge.target) for edge in edges], *choice.ends)
        on_a_way = {iri for step in ways.steps for iri in step}
        edges = [edge for edge in edges if {edge.source, edge.target} <= on_a_way]
        chain, steps = ways.chain, ways.steps
    gone = {ref.iri for ref, _ in absent}
    extra = [iri for iri in wanted if iri in names_of(release) and iri not in gone]
    nodes = _nodes(release, extra, edges)
    standings = _standings(release, nodes, choice.moment)
    return Selection(choice, nodes, tuple(edges), chain, steps, standings, absent)


def left_out_of_map(release: OpenRelease, selection: Selection) -> tuple[list[Ref], list[Ref]]:
    """Return the collaborations the map does not show, by label.

    First those that share too few parties with any other, then those of which no source names a
    participant.
    """
    shown = {ref.iri for ref in selection.nodes}
    known = _joined(release)[1]
    others = [ref for ref in names_of(release).of_kind(*COLLABORATIONS) if ref.iri not in shown]
    apart = [ref for ref in others if ref.iri in known]
    return apart, [ref for ref in others if ref.iri not in known]


def known_layers(layers: Iterable[str]) -> tuple[str, ...]:
    """Return the layers that exist among some names, in their own order."""
    wanted = set(layers)
    return tuple(layer for layer in LAYERS if layer in wanted)


Standing = tuple[Link, str]


def _links(
    release: OpenRelease, choice: Choice
) -> tuple[list[Standing], tuple[tuple[Ref, str], ...]]:
    """Return the links of a choice with how they stand, and the things that are not there on its moment."""
    links = [link for link in all_links(release) if _is_chosen(release, link, choice)]
    if not choice.moment:
        return [(link, "") for link in links], ()
    things = {ref for link in links for ref in (link.source, link.target)}
    things |= {names_of(release).ref(iri) for iri in (choice.centre, *choice.ends) if iri}
    at_moment = {ref: standing_of_thing(release, ref.iri, choice.moment) for ref in things}
    absent = {ref for ref, standing in at_moment.items() if standing in ABSENT}
    found = []
    for link in links:
        standing = standing_of_link(release, link, choice.moment)
        if standing not in ABSENT and not {link.source, link.target} & absent:
            found.append((link, standing))
    return found, tuple((ref, at_moment[ref]) for ref in sorted(absent))


def _is_chosen(release: OpenRelease, link: Link, choice: Choice) -> bool:
    kinds = {link.source.kind, link.target.kind}
    is_map = choice.view == MAP
    fits_kinds = is_map or not choice.kinds or kinds <= set(choice.kinds)
    layers = (PARTICIPATION,) if is_map else choice.layers
    fits_layer = not layers or link.layer in layers
    return (
        fits_kinds
        and fits_layer
        and (not choice.document or any(p.document == choice.document for p in link.passages))
        and all(_fits_facet(release, link, *pair) for pair in choice.facets)
    )


def _fits_facet(release: OpenRelease, link: Link, facet: str, value: str) -> bool:
    """Tell whether one end has a value and neither has only others; what is unknown of an end is no bar."""
    found = [values_of(release, facet, ref.iri) for ref in (link.source, link.target)]
    return any(value in values for values in found) and all(
        value in values for values in found if values
    )


def _edges(choice: Choice, links: Sequence[Standing]) -> list[Edge]:
    if choice.view == AROUND:
        links = _within(links, choice.centre, choice.depth)
    return [
        Edge(
            link.source.iri, link.target.iri, link.relation, link.layer, 1, (),
            _passages(link, choice), standing,
        )
        for link, standing in links
    ]  # fmt: skip


def _passages(link: Link, choice: Choice) -> tuple[Passage, ...]:
    if not choice.document:
        return link.passages
    return tuple(passage for passage in link.passages if passage.document == choice.document)


def _shared_edges(release: OpenRelease, choice: Choice, links: Sequence[Standing]) -> list[Edge]:
    """Return the collaborations joined by the parties they share, those that share most first."""
    names = names_of(release)
    ties = _ties(links, choice)
    edges = []
    for source, target, parties in _joined(release)[0]:
        shared = [a for a in parties if {(a, source), (a, target)} <= ties.keys()]
        if len(shared) >= max(choice.minimum, 1):
            both = [ties[actor, end] for actor in shared for end in (source, target)]
            passages = names.passages({iri for iris, _ in both for iri in iris})
            standing = max((found for _, found in both), key=_DOUBT.index)
            refs = tuple(sorted(names.ref(actor) for actor in shared))
            size = len(shared)
            edges.append(
                Edge(source, target, SHARED, PARTICIPATION, size, refs, passages, standing)
            )
    edges.sort(key=lambda edge: (-edge.weight, names.label(edge.source), names.label(edge.target)))
    return edges


@per_release
def _joined(
    release: OpenRelease,
) -> tuple[tuple[tuple[str, str, tuple[str, ...]], ...], frozenset[str]]:
    """Return the pairs of collaborations with the parties they share, and everything that takes part."""
    two_mode = two_mode_graph(release.store)
    overlap = collaboration_overlap(two_mode)
    pairs: list[tuple[str, str, list[str]]] = sorted(overlap.edges(data="shared"))
    return tuple((one, other, tuple(found)) for one, other, found in pairs), frozenset(two_mode)


def _ties(
    links: Sequence[Standing], choice: Choice
) -> dict[tuple[str, str], tuple[frozenset[str], str]]:
    """Return by (party, collaboration) the passages of the participations, and the surest standing."""
    found: dict[tuple[str, str], tuple[frozenset[str], str]] = {}
    for link, standing in links:
        key = link.source.iri, link.target.iri
        before, known = found.get(key, (frozenset(), standing))
        passages = frozenset(passage.iri for passage in _passages(link, choice))
        found[key] = before | passages, min(known, standing, key=_DOUBT.index)
    return found


def _within(links: Sequence[Standing], centre: str, depth: int) -> list[Standing]:
    """Return the links between things at most `depth` steps from the centre."""
    neighbours: dict[str, set[str]] = defaultdict(set)
    for link, _ in links:
        neighbours[link.source.iri].add(link.target.iri)
        neighbours[link.target.iri].add(link.source.iri)
    reached = frontier = {centre}
    for _ in range(depth):
        frontier = {n for iri in frontier for n in neighbours[iri]} - reached
        reached = reached | frontier
    return [one for one in links if {one[0].source.iri, one[0].target.iri} <= reached]


def _nodes(release: OpenRelease, extra: Iterable[str], edges: Sequence[Edge]) -> tuple[Ref, ...]:
    names = names_of(release)
    iris = {iri for edge in edges for iri in (edge.source, edge.target)} | set(extra)
    return tuple(
        sorted((names.ref(iri) for iri in iris), key=lambda r: (r.label.casefold(), r.iri))
    )


def _standings(release: OpenRelease, nodes: Iterable[Ref], moment: str) -> dict[str, str]:
    if not moment:
        return {}
    return {ref.iri: standing_of_thing(release, ref.iri, moment) for ref in nodes}
