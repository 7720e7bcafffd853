"""Pictures as SVG drawn on the server: without script, in the colours of the page."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from queries.names import Ref
from queries.selection import MAP, Edge, Selection
from queries.standing import HOLDS, NO_BEGIN, NO_END
from viz.drawing import Drawing, Hull
from viz.labels import LINE, WRAP, wrap
from viz.links import clean, shorten_label
from viz.positions import READABLE, place_around
from viz.style import LAYER_COLOURS, POLYGONS, Mark, mark_of
from viz.templating import environment

# A still picture of more nodes than this cannot be read on a page, and doubles it.
MAX_STILL = 150
_LINE = 16
_RING_TOP = 60
_DASHES: dict[str, list[int]] = {"": [], HOLDS: [], NO_END: [8, 5], NO_BEGIN: [2, 5]}


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
    is_centre: bool = False
    is_doubtful: bool = False


@dataclass(frozen=True)
class Stroke:
    """An edge as drawn, from point to point; `colour` is '' for that of the page."""

    ends: tuple[int, int, int, int]
    width: float
    opacity: float
    dashes: str = ""
    colour: str = ""
    is_chain: bool = False


@dataclass(frozen=True)
class Cloud:
    """What lies around a group, as a path whose broad stroke makes it round."""

    path: str
    width: float
    colour: str


def line_width(weight: int) -> float:
    """Return how wide a line is for a number of shared parties; it grows more slowly than they do."""
    return round(1 + 1.2 * math.pow(weight - 1, 0.75), 1)


def line_strength(weight: int, nodes: int, *, is_map: bool) -> float:
    """Return how opaque a line is, 0..1: in a map by weight, in a crowd fainter."""
    if is_map:
        return round(min(0.22 + 0.1 * weight, 0.85), 2)
    return 0.6 if nodes <= READABLE else 0.4 if nodes <= MAX_STILL else 0.2


def line_dashes(standing: str) -> list[int]:
    """Return the dashes of a line by how it stands: none when it holds, dots when its begin is unknown."""
    return _DASHES[standing]


def drawing_picture(drawing: Drawing, title: str) -> str:
    """Return a drawing as SVG, at the places it has on the screen; '' for one without nodes."""
    if not drawing.dots:
        return ""
    spots = [
        Spot(
            title=shorten_label(dot.ref.label, 200),
            lines=wrap(dot.ref.label) if dot.is_named else (),
            mark=dot.category.mark,
            x=dot.x,
            y=dot.y,
            size=dot.size,
            label_y=round(dot.y + dot.size + LINE, 1),
            is_centre=dot.ref.iri in drawing.selection.chain,
            is_doubtful=dot.standing not in ("", HOLDS),
        )
        for dot in drawing.dots
    ]
    places = drawing.places()
    chain = set(drawing.selection.chain)
    strokes = [_stroke(edge, places, drawing, chain) for edge in drawing.selection.edges]
    clouds = [_cloud(hull) for hull in drawing.hulls]
    return _render(spots, strokes, list(places.values()), title, clouds)


def surroundings_picture(selection: Selection, centre: Ref, limit: int, title: str) -> str:
    """Return a small SVG of a thing and at most `limit` neighbours, those with most edges first."""
    near = _neighbours(selection, centre.iri)
    kept = sorted(near, key=lambda ref: (-near[ref], ref.kind, ref.label))[:limit]
    kept.sort(key=lambda ref: (mark_of(ref.kind).slug, ref.label))
    places = place_around(centre.iri, [ref.iri for ref in kept])
    degree = selection.degree()
    spots = [
        _spot(ref, places[ref.iri], degree.get(ref.iri, 0), centre.iri) for ref in (centre, *kept)
    ]
    strokes = [
        Stroke((*places[edge.source], *places[edge.target]), line_width(edge.weight), 0.55)
        for edge in selection.edges
        if edge.source in places and edge.target in places
    ]
    return _render(spots, strokes, list(places.values()), title, [])


def polygon(shape: str) -> str:
    """Return the outline of a shape as the points of an SVG polygon in a box from -1 to 1."""
    return " ".join(f"{x},{y}" for x, y in POLYGONS[shape])


def _render(
    spots: list[Spot],
    strokes: list[Stroke],
    places: list[tuple[int, int]],
    title: str,
    clouds: list[Cloud],
) -> str:
    template = environment().get_template("picture.svg", globals={"polygon": polygon})
    return template.render(
        spots=spots, strokes=strokes, clouds=clouds, box=_box(places), title=clean(title)
    )


def _stroke(
    edge: Edge, places: Mapping[str, tuple[int, int]], drawing: Drawing, chain: set[str]
) -> Stroke:
    is_map = drawing.selection.choice.view == MAP
    is_chain = {edge.source, edge.target} <= chain
    return Stroke(
        (*places[edge.source], *places[edge.target]),
        line_width(edge.weight) + (3 if is_chain else 0),
        1.0 if is_chain else line_strength(edge.weight, len(drawing.dots), is_map=is_map),
        " ".join(map(str, line_dashes(edge.standing))),
        "" if is_map else LAYER_COLOURS.get(edge.layer, ""),
        is_chain,
    )


def _cloud(hull: Hull) -> Cloud:
    points: Sequence[tuple[int, int]] = hull.points
    path = "M" + "L".join(f"{x} {y}" for x, y in points) + ("Z" if len(points) > 1 else "h.1Z")
    return Cloud(path, 2 * hull.pad, hull.mark.colour)


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
    lines = wrap(ref.label, WRAP - 2)
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
