"""A selection as drawn: where each node stands, how large and in which colour, and what lies around groups.

Picture, SVG, legend, the columns of the table and the file to mail are all made from this.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

from graph.release import OpenRelease
from queries.measures.shown import ALONE, EQUAL, group_numbers, size_values
from queries.memo import per_release
from queries.names import Ref
from queries.selection import AROUND, PATH, Choice, Selection, select_network
from viz.discs import disc_radius
from viz.labels import Labelled, choose_labels, label_room
from viz.look import BY_GROUP, NOTHING, REST, Category, Look, categorise
from viz.positions import READABLE, place_in_columns, place_nodes
from viz.style import OTHER, Mark, mark_of

# Radius of the smallest and the largest node, of few and of many.
_SIZES, _SIZES_OF_MANY = (8.0, 22.0), (4.5, 13.0)
_AROUND_NODES = 30.0
# A value is what the area shows, so the radius grows as its root.
_ROOT = 0.5


@dataclass(frozen=True)
class Dot:
    """A node as drawn; `value` is what its size shows, None where there is none; `standing` as in the selection."""

    ref: Ref
    x: int
    y: int
    size: float
    category: Category
    value: float | None
    standing: str
    is_named: bool


@dataclass(frozen=True)
class Hull:
    """What lies around a group: its outer points, how far beyond them, its colour, and the slug of its kind if it has one."""

    points: tuple[tuple[int, int], ...]
    pad: float
    mark: Mark
    kind: str
    number: int


@dataclass(frozen=True)
class Drawing:
    """A selection with everything that can be seen of it; `dots` in the order of its nodes."""

    selection: Selection
    look: Look
    dots: tuple[Dot, ...]
    legend: tuple[Category, ...]
    hulls: tuple[Hull, ...]

    def places(self) -> dict[str, tuple[int, int]]:
        """Return where each node stands, by IRI."""
        return {dot.ref.iri: (dot.x, dot.y) for dot in self.dots}


@per_release
def draw(release: OpenRelease, choice: Choice, look: Look) -> Drawing:
    """Return the drawing of a choice in a look."""
    selection = select_network(release, choice)
    legend, category = categorise(release, selection, look)
    values = size_values(release, choice, look.size)
    sizes = _radii(selection, values, look.size)
    groups = _groups(release, selection)
    whole = _whole(release, choice, look)
    places = whole.places() if whole else _places(selection, groups, sizes)
    named = _named(selection, places, sizes)
    dots = tuple(
        Dot(
            ref, *places[ref.iri], sizes[ref.iri], category[ref.iri], values.get(ref.iri),
            selection.standings.get(ref.iri, ""), ref.iri in named,
        )
        for ref in selection.nodes
    )  # fmt: skip
    hulls = whole.hulls if whole else _hulls(dots, groups, look.colour_in(choice))
    return Drawing(selection, look, dots, legend, _counted(hulls, dots, groups))


def _radii(selection: Selection, values: Mapping[str, float], size: str) -> dict[str, float]:
    low, high = _SIZES if len(selection.nodes) <= READABLE else _SIZES_OF_MANY
    if size == EQUAL:
        return {ref.iri: round((low + high) / 2.5, 1) for ref in selection.nodes}
    top = max(values.values(), default=0.0) or 1.0
    return {
        ref.iri: round(low + (high - low) * math.pow(max(values.get(ref.iri, 0.0), 0.0) / top, _ROOT), 1)
        for ref in selection.nodes
    }  # fmt: skip


def _groups(release: OpenRelease, selection: Selection) -> dict[str, str]:
    """Return in which group each node is drawn: of its kind around one thing, else of those it is joined to."""
    choice = selection.choice
    if choice.view == PATH:
        return {}
    if _is_by_kind(choice):
        others = (ref for ref in selection.nodes if ref.iri != choice.centre)
        return {ref.iri: mark_of(ref.kind).slug for ref in others}
    numbers = group_numbers(release, choice)
    return {iri: "" if number == ALONE else f"{number:03d}" for iri, number in numbers.items()}


def _whole(release: OpenRelease, choice: Choice, look: Look) -> Drawing | None:
    """Return the drawing of no moment in particular, so that nothing moves when the moment does; None if this is it."""
    if not choice.moment or choice.view == PATH:
        return None
    return draw(release, replace(choice, moment=""), look)


def _counted(
    hulls: tuple[Hull, ...], dots: tuple[Dot, ...], groups: Mapping[str, str]
) -> tuple[Hull, ...]:
    """Return hulls with the number of nodes that are there now; one of a kind without any is left out."""
    count = Counter(groups.get(dot.ref.iri, "") for dot in dots)
    numbered = [replace(hull, number=count[hull.kind]) if hull.kind else hull for hull in hulls]
    return tuple(hull for hull in numbered if hull.number)


def _is_by_kind(choice: Choice) -> bool:
    return choice.view == AROUND and choice.depth == 1


def _places(
    selection: Selection, groups: Mapping[str, str], sizes: Mapping[str, float]
) -> dict[str, tuple[int, int]]:
    if selection.steps:
        return place_in_columns(selection.steps)
    edges = [(edge.source, edge.target, float(edge.weight)) for edge in selection.edges]
    centre = selection.choice.centre if selection.choice.view == AROUND else ""
    boxes = {ref.iri: label_room(ref.label, sizes[ref.iri]) for ref in selection.nodes}
    nodes = [ref.iri for ref in selection.nodes]
    return place_nodes(nodes, edges, groups, boxes, centre if centre in sizes else "")


def _named(
    selection: Selection, places: Mapping[str, tuple[int, int]], sizes: Mapping[str, float]
) -> frozenset[str]:
    if len(selection.nodes) <= READABLE:
        return frozenset(sizes)
    if _is_by_kind(selection.choice):
        # Each disc has a heading; the names in it are there when one comes nearer.
        return frozenset({selection.choice.centre})
    labelled = [
        Labelled(ref.iri, ref.label, *places[ref.iri], sizes[ref.iri]) for ref in selection.nodes
    ]
    return choose_labels(labelled)


def _hulls(dots: tuple[Dot, ...], groups: Mapping[str, str], colour: str) -> tuple[Hull, ...]:
    """Return what lies around each group; nothing when all are of one, or few are drawn by kind."""
    members: dict[str, list[Dot]] = defaultdict(list)
    for dot in dots:
        if groups.get(dot.ref.iri):
            members[groups[dot.ref.iri]].append(dot)
    are_kinds = not any(name.isdecimal() for name in members)
    is_crowded = len(dots) > READABLE
    if len(members) < 2 or (are_kinds and not is_crowded):
        return ()
    return tuple(
        _disc(found, colour, are_kinds) if is_crowded else _around(found, colour)
        for _, found in sorted(members.items())
    )


def _disc(members: list[Dot], colour: str, is_kind: bool) -> Hull:
    mark = mark_of(members[0].ref.kind) if is_kind else _hull_mark(members, colour)
    kind = mark_of(members[0].ref.kind).slug if is_kind else ""
    pad = round(disc_radius(len(members)) + 2, 1)
    return Hull((_middle(members),), pad, mark, kind, len(members))


def _middle(dots: list[Dot]) -> tuple[int, int]:
    return (
        round(sum(dot.x for dot in dots) / len(dots)),
        round(sum(dot.y for dot in dots) / len(dots)),
    )


def _around(members: list[Dot], colour: str) -> Hull:
    points = _convex([(dot.x, dot.y + 10) for dot in members])
    return Hull(points, _AROUND_NODES, _hull_mark(members, colour), "", len(members))


def _hull_mark(members: list[Dot], colour: str) -> Mark:
    found = {dot.category.mark for dot in members if dot.category.key not in (REST, NOTHING)}
    return found.pop() if len(found) == 1 and colour == BY_GROUP else OTHER


def _convex(points: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Return the corners around some points (Andrew's monotone chain)."""
    ordered = sorted(set(points))
    if len(ordered) < 3:
        return tuple(ordered)
    halves = [_half(ordered), _half(ordered[::-1])]
    return tuple(point for half in halves for point in half[:-1])


def _half(points: list[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for point in points:
        while len(found) > 1 and _turn(found[-2], found[-1], point) <= 0:
            found.pop()
        found.append(point)
    return found


def _turn(a: tuple[int, int], b: tuple[int, int], c: tuple[int, int]) -> int:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
