"""Where nodes stand in a picture: a force-directed layout computed on the server, the same every time.

Fruchterman & Reingold (1991), Graph drawing by force-directed placement, with a fixed seed; then
nodes that are too near are pushed apart, and what is connected with little or nothing stands in rows
below.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

# Fits the drawing area of a laptop (about 850 by 600) at a scale near 1, so that labels can be read.
WIDTH, HEIGHT = 900.0, 520.0
SEED = 20240426
# Two hundred rounds settle a picture of up to 200 nodes; a larger one is hardly better for more than 50.
ITERATIONS, FEWER_ITERATIONS, LARGE = 200, 50, 200
# Two nodes with their labels need this much room; less when there are very many.
NEAREST = 46.0
# Groups of at most this many nodes stand in rows below; neighbours in one step down a little.
_SMALL = 5
_ROW, _ROW_HEIGHT, _STAGGER = 7, 90, 14

Points = npt.NDArray[np.float64]


def place_nodes(
    nodes: Sequence[str], edges: Sequence[tuple[str, str, float]]
) -> dict[str, tuple[int, int]]:
    """Return x and y by node; edges are (node, node, weight) and pull harder with more weight.

    The same nodes and edges give the same positions, whatever their order.
    """
    main, small = _groups(nodes, edges)
    points = _force(main, edges) if main else np.zeros((0, 2))
    placed = {node: (round(x), round(y)) for node, (x, y) in zip(main, points, strict=True)}
    top = max((y for _, y in placed.values()), default=0) + _ROW_HEIGHT + 20
    return placed | _rows(small, top)


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


def _groups(
    nodes: Sequence[str], edges: Sequence[tuple[str, str, float]]
) -> tuple[list[str], list[list[str]]]:
    """Return the nodes of the large connected groups, and the small groups apart, largest first."""
    group = {node: {node} for node in nodes}
    for one, other, _ in edges:
        if group[one] is not group[other]:
            group[one] |= group[other]
            for node in group[other]:
                group[node] = group[one]
    groups = sorted({tuple(sorted(found)) for found in group.values()}, key=lambda g: (-len(g), g))
    large = [
        found
        for place, found in enumerate(groups)
        if len(found) > _SMALL or place == 0 < len(found) - 1
    ]
    main = sorted(node for found in large for node in found)
    return main, [list(found) for found in groups if found not in large]


def _force(nodes: list[str], edges: Sequence[tuple[str, str, float]]) -> Points:
    index = {node: place for place, node in enumerate(nodes)}
    joined = sorted((index[a], index[b], w) for a, b, w in edges if a in index and a != b)
    ends = np.array([(a, b) for a, b, _ in joined], dtype=np.intp).reshape(-1, 2)
    pulls = 0.5 + 0.5 * np.sqrt(np.array([weight for *_, weight in joined], dtype=np.float64))
    start = np.random.default_rng(SEED).uniform(-0.5, 0.5, (len(nodes), 2))
    return _push_apart(_fit(_anneal(start, ends, pulls)))


def _anneal(points: Points, ends: npt.NDArray[np.intp], pulls: Points) -> Points:
    """Move every node by the forces on it, less far each time."""
    ideal = np.sqrt(1.0 / max(len(points), 1))
    rounds = ITERATIONS if len(points) <= LARGE else FEWER_ITERATIONS
    for step in np.linspace(0.12, 0.002, rounds):
        # The sum over j of f_ij (p_i - p_j) is p_i times the row sum of f, less f times p.
        push = ideal**2 / np.maximum(_squares(points), 1e-6)
        np.fill_diagonal(push, 0)
        moves = points * push.sum(axis=1)[:, None] - push @ points - 0.4 * points
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
    """Fill the drawing area; half by place and half by rank, so that one outlier does not squeeze the rest."""
    low, high = points.min(axis=0), points.max(axis=0)
    by_place = (points - low) / np.maximum(high - low, 1e-9)
    ranks = points.argsort(axis=0).argsort(axis=0)
    by_rank = ranks / max(len(points) - 1, 1)
    fitted: Points = ((by_place + by_rank) / 2 - 0.5) * np.array([WIDTH, HEIGHT])
    return fitted


def _push_apart(points: Points) -> Points:
    """Part nodes that are nearer than they need; wider than high, for labels stand under nodes."""
    room = min(NEAREST, 0.75 * np.sqrt(WIDTH * HEIGHT / max(len(points), 1)))
    stretch = np.array([0.62, 1.0])
    stretched: Points = points * stretch
    for _ in range(60 if len(points) <= LARGE else 25):
        distance = np.sqrt(np.maximum(_squares(stretched), 1e-6))
        np.fill_diagonal(distance, np.inf)
        push = np.maximum(room - distance, 0) / distance
        if not push.any():
            break
        stretched = stretched + 0.35 * (stretched * push.sum(axis=1)[:, None] - push @ stretched)
    apart: Points = stretched / stretch
    return apart


def _rows(groups: list[list[str]], top: float) -> dict[str, tuple[int, int]]:
    """Put small groups side by side in rows, a group never broken over two rows if it fits in one."""
    placed: dict[str, tuple[int, int]] = {}
    column = row = 0
    for group in groups:
        if column and column + len(group) > _ROW:
            column, row = 0, row + 1
        for turn, node in enumerate(group):
            x = -WIDTH / 2 + (column % _ROW + 0.5) * WIDTH / _ROW
            y = top + (row + column // _ROW) * _ROW_HEIGHT + turn % 2 * _STAGGER
            placed[node] = (round(x), round(y))
            column += 1
        column, row = column % _ROW, row + column // _ROW
    return placed
