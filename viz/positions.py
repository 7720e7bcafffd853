"""Where nodes stand in a picture: a layout computed on the server, the same every time.

A few nodes by forces (Fruchterman & Reingold 1991, Graph drawing by force-directed placement, with a
fixed seed), each group drawn together, then moved until no label covers another. Many nodes in discs,
one for each group: no layout by forces of more than a hundred nodes can be read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from viz.apart import Points, part_boxes
from viz.discs import Edges, place_in_discs

# Fits the drawing area of a laptop (about 850 by 600) at a scale near 1, so that labels can be read.
WIDTH, HEIGHT = 900.0, 540.0
SEED = 20240426
ITERATIONS = 200
# Up to here every label has room of its own.
READABLE = 60
# The share of the drawing area that labels may take before it grows.
_FILLED = 0.6
# Half the width of a node with its label, and how far it reaches up and down, when nothing is said of it.
Box = tuple[float, float, float]
_BOX: Box = (45.0, 14.0, 36.0)
# Groups of at most this many nodes stand in rows below.
_SMALL = 5
# Room for a thing on a way between two.
_COLUMN, _ROW = 230, 96


def place_nodes(
    nodes: Sequence[str],
    edges: Edges,
    groups: Mapping[str, str] | None = None,
    boxes: Mapping[str, Box] | None = None,
    centre: str = "",
) -> dict[str, tuple[int, int]]:
    """Return x and y by node; edges are (node, node, weight) and pull harder with more weight.

    `groups` names the group of a node, `boxes` the room it needs. With many nodes every node but the
    centre needs a group. The same input gives the same positions, whatever its order.
    """
    groups, boxes = groups or {}, boxes or {}
    if len(nodes) > READABLE:
        every = {node: groups.get(node) or "-" for node in nodes if node != centre}
        return place_in_discs(sorted(nodes), edges, every, centre, _force)
    main, small = _parts(nodes, edges)
    placed = _placed(main, edges, groups, boxes)
    bottom = max((y + boxes.get(node, _BOX)[2] for node, (_, y) in placed.items()), default=0.0)
    return placed | _rows(small, boxes, bottom + 30, bool(main))


def place_around(centre: str, others: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Return a centre and its neighbours on an ellipse around it, in the order given."""
    angles = np.linspace(0, 2 * np.pi, len(others), endpoint=False) - np.pi / 2
    # Top and bottom stand further out, so that their labels do not meet those beside them.
    heights = [np.sin(angle) * (170 if abs(np.sin(angle)) > 0.95 else 140) for angle in angles]
    ring = {
        node: (round(130 * np.cos(angle)), round(height))
        for node, angle, height in zip(others, angles, heights, strict=True)
    }
    return {centre: (0, 0), **ring}


def place_in_columns(columns: Sequence[Sequence[str]]) -> dict[str, tuple[int, int]]:
    """Return things in columns from left to right, each column in the middle of the height."""
    return {
        node: (place * _COLUMN, round((row - (len(column) - 1) / 2) * _ROW))
        for place, column in enumerate(columns)
        for row, node in enumerate(column)
    }


def _parts(nodes: Sequence[str], edges: Edges) -> tuple[list[str], list[list[str]]]:
    """Return the nodes of the large connected parts, and the small parts apart, largest first."""
    part = {node: {node} for node in nodes}
    for one, other, _ in edges:
        if part[one] is not part[other]:
            part[one] |= part[other]
            for node in part[other]:
                part[node] = part[one]
    parts = sorted({tuple(sorted(found)) for found in part.values()}, key=lambda g: (-len(g), g))
    large = [
        found
        for place, found in enumerate(parts)
        if len(found) > _SMALL or place == 0 < len(found) - 1
    ]
    main = sorted(node for found in large for node in found)
    return main, [list(found) for found in parts if found not in large]


def _placed(
    nodes: list[str], edges: Edges, groups: Mapping[str, str], boxes: Mapping[str, Box]
) -> dict[str, tuple[int, int]]:
    if not nodes:
        return {}
    room = np.array([boxes.get(node, _BOX) for node in nodes])
    halves = np.stack([room[:, 0], (room[:, 1] + room[:, 2]) / 2], axis=1)
    area = 4 * float((halves[:, 0] * halves[:, 1]).sum())
    scale = max(1.0, float(np.sqrt(area / (_FILLED * WIDTH * HEIGHT))))
    points = _fit(_force(nodes, edges, groups)) * scale
    # The middle of node and label together lies below the node.
    shift = np.stack([np.zeros(len(nodes)), (room[:, 2] - room[:, 1]) / 2], axis=1)
    points = part_boxes(points + shift, halves) - shift
    return {node: (round(x), round(y)) for node, (x, y) in zip(nodes, points, strict=True)}


def _force(nodes: Sequence[str], edges: Edges, groups: Mapping[str, str] | None = None) -> Points:
    index = {node: place for place, node in enumerate(nodes)}
    joined = sorted((index[a], index[b], w) for a, b, w in edges if a in index and a != b)
    ends = np.array([(a, b) for a, b, _ in joined], dtype=np.intp).reshape(-1, 2)
    pulls = 0.5 + 0.5 * np.sqrt(np.array([weight for *_, weight in joined], dtype=np.float64))
    names = [(groups or {}).get(node, "") for node in nodes]
    if groups:
        across = [names[a] != names[b] for a, b, _ in joined]
        pulls = np.where(across, pulls * 0.4, pulls)
    start = np.random.default_rng(SEED).uniform(-0.5, 0.5, (len(nodes), 2))
    return _anneal(start, ends, pulls, _same(names))


def _same(names: list[str]) -> Points:
    """Return the matrix that gives each node the middle of its group; of no group, its own place."""
    same = np.array([[a == b and a != "" for b in names] for a in names], dtype=np.float64)
    np.fill_diagonal(same, 1.0)
    found: Points = same / same.sum(axis=1)[:, None]
    return found


def _anneal(points: Points, ends: npt.NDArray[np.intp], pulls: Points, same: Points) -> Points:
    """Move every node by the forces on it, less far each time."""
    ideal = np.sqrt(1.0 / max(len(points), 1))
    for step in np.linspace(0.12, 0.002, ITERATIONS):
        # The sum over j of f_ij (p_i - p_j) is p_i times the row sum of f, less f times p.
        push = ideal**2 / np.maximum(_squares(points), 1e-6)
        np.fill_diagonal(push, 0)
        moves = points * push.sum(axis=1)[:, None] - push @ points - 0.4 * points
        moves = moves - 3.0 * (points - same @ points)
        gaps = points[ends[:, 0]] - points[ends[:, 1]]
        pulled = gaps * (pulls * np.hypot(gaps[:, 0], gaps[:, 1]) / ideal)[:, None]
        np.add.at(moves, ends[:, 0], -pulled)
        np.add.at(moves, ends[:, 1], pulled)
        lengths = np.maximum(np.hypot(moves[:, 0], moves[:, 1]), 1e-9)
        points = points + moves / lengths[:, None] * np.minimum(lengths, step)[:, None]
    return points


def _squares(points: Points) -> Points:
    """Return the squared distance between every two points."""
    own = (points * points).sum(axis=1)
    squares: Points = own[:, None] + own[None, :] - 2 * points @ points.T
    return squares


def _fit(points: Points) -> Points:
    """Fill the drawing area; partly by rank, so that one outlier does not squeeze the rest."""
    low, high = points.min(axis=0), points.max(axis=0)
    by_place = (points - low) / np.maximum(high - low, 1e-9)
    ranks = points.argsort(axis=0).argsort(axis=0)
    by_rank = ranks / max(len(points) - 1, 1)
    fitted: Points = (0.65 * by_place + 0.35 * by_rank - 0.5) * np.array([WIDTH, HEIGHT])
    return fitted


def _rows(
    parts: list[list[str]], boxes: Mapping[str, Box], top: float, is_below: bool
) -> dict[str, tuple[int, int]]:
    """Put small parts side by side in rows, each node in the room it needs."""
    placed: dict[str, tuple[int, int]] = {}
    left, height = -WIDTH / 2, 0.0
    y = top if is_below else 0.0
    for node in (node for part in parts for node in part):
        half, up, down = boxes.get(node, _BOX)
        if left > -WIDTH / 2 and left + 2 * half > WIDTH / 2:
            left, y, height = -WIDTH / 2, y + height + 12, 0.0
        placed[node] = (round(left + half), round(y + up))
        left, height = left + 2 * half + 14, max(height, up + down)
    return placed
