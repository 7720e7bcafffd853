"""Pictures as SVG drawn on the server: without script, in the colours of the page."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from queries.names import Ref
from queries.selection import Selection
from viz.links import clean, shorten_label
from viz.positions import place_around
from viz.style import POLYGONS, Mark, mark_of

_WRAP = 18
_MAX_LINES = 3
_LINE = 16
_RING_TOP = 60


@dataclass(frozen=True)
class Spot:
    """A node as drawn: label in lines, look, place and size."""

    title: str
    lines: tuple[str, ...]
    mark: Mark
    x: int
    y: int
    size: float
    label_y: float
    is_centre: bool


@dataclass(frozen=True)
class Stroke:
    """An edge as drawn, from point to point."""

    x1: int
    y1: int
    x2: int
    y2: int
    width: float


def surroundings_picture(selection: Selection, centre: Ref, limit: int, title: str) -> str:
    """Return a small SVG of a thing and at most `limit` neighbours, those with most edges first."""
    near = _neighbours(selection, centre.iri)
    kept = sorted(near, key=lambda ref: (-near[ref], ref.kind, ref.label))[:limit]
    kept.sort(key=lambda ref: (mark_of(ref.kind).slug, ref.label))
    places = place_around(centre.iri, [ref.iri for ref in kept])
    return network_picture([centre, *kept], selection, places, title, centre.iri)


def network_picture(
    nodes: list[Ref],
    selection: Selection,
    places: Mapping[str, tuple[int, int]],
    title: str,
    centre: str = "",
) -> str:
    """Return an SVG of nodes at their places, with the edges between them."""
    degree = selection.degree()
    spots = [_spot(ref, places[ref.iri], degree.get(ref.iri, 0), centre) for ref in nodes]
    strokes = [
        Stroke(*places[edge.source], *places[edge.target], line_width(edge.weight))
        for edge in selection.edges
        if edge.source in places and edge.target in places
    ]
    return (
        _environment()
        .get_template("picture.svg")
        .render(spots=spots, strokes=strokes, box=_box(list(places.values())), title=clean(title))
    )


def polygon(shape: str) -> str:
    """Return the outline of a shape as the points of an SVG polygon in a box from -1 to 1."""
    return " ".join(f"{x},{y}" for x, y in POLYGONS[shape])


def wrap(label: str, width: int = _WRAP, most: int = _MAX_LINES) -> tuple[str, ...]:
    """Return a label in lines of about `width` characters, words kept whole, the rest as '…'."""
    lines: list[str] = []
    for word in shorten_label(label).split():
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(word)
    cut = [shorten_label(line, 2 * width) for line in lines[:most]]
    if len(lines) > most:
        cut[-1] += "…"
    return tuple(cut)


def line_width(weight: int) -> float:
    """Return how wide a line is for a number of shared parties; it grows more slowly than they do."""
    return round(1 + 1.2 * math.pow(weight - 1, 0.7), 1)


def _neighbours(selection: Selection, centre: str) -> dict[Ref, int]:
    refs, degree = selection.refs(), selection.degree()
    ends = {
        other
        for edge in selection.edges
        for one, other in ((edge.source, edge.target), (edge.target, edge.source))
        if one == centre and other != centre
    }
    return {refs[iri]: degree[iri] for iri in sorted(ends)}


def _spot(ref: Ref, place: tuple[int, int], degree: int, centre: str) -> Spot:
    is_centre = ref.iri == centre
    size = 13.0 if is_centre else 7 + min(degree, 30) ** 0.5
    lines = wrap(ref.label)
    # In a ring, labels stand outside it.
    is_above = bool(centre) and place[1] < -_RING_TOP
    height = _LINE * (len(lines) - 1)
    label_y = place[1] - size - 7 - height if is_above else place[1] + size + _LINE
    return Spot(
        title=shorten_label(ref.label, 200),
        lines=lines,
        mark=mark_of(ref.kind),
        x=place[0],
        y=place[1],
        size=round(size, 1),
        label_y=round(label_y, 1),
        is_centre=is_centre,
    )


def _box(points: list[tuple[int, int]]) -> str:
    xs, ys = [x for x, _ in points] or [0], [y for _, y in points] or [0]
    left, top = min(xs) - 85, min(ys) - 60
    return f"{left} {top} {max(xs) - left + 85} {max(ys) - top + 75}"


@cache
def _environment() -> Environment:
    env = Environment(
        loader=PackageLoader("viz", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals["polygon"] = polygon
    return env
