"""Keep things in a picture from covering each other: rectangles of nodes with their labels, and circles of groups."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]
# Until nothing overlaps; two hundred rounds part sixty labels that start on one heap.
_ROUNDS = 250
# How far circles are pulled to the middle each round; wider than high, as a screen is.
_PULL = 0.02
_FLAT = np.array([0.55, 1.0])


def part_boxes(centres: Points, halves: Points) -> Points:
    """Move rectangles, given by centre and half width and height, apart along the shorter way."""
    points = centres.copy()
    room = halves[:, None, :] + halves[None, :, :]
    for _ in range(_ROUNDS):
        gaps = points[:, None, :] - points[None, :, :]
        overlap = room - np.abs(gaps)
        meets: npt.NDArray[np.bool_] = np.all(overlap > 0.5, axis=2)
        np.fill_diagonal(meets, False)
        if not meets.any():
            break
        along_x = overlap[:, :, 0] < overlap[:, :, 1]
        step = np.where(meets[:, :, None], overlap, 0.0) * 0.3
        step[:, :, 0] *= along_x
        step[:, :, 1] *= ~along_x
        points = points + (step * _direction(gaps)).sum(axis=1)
    return points


def pack_circles(
    centres: Points, radii: npt.NDArray[np.float64], gap: float, *, fixed: bool
) -> Points:
    """Move circles to the middle, and apart until none meets another; a `fixed` first one stays."""
    points = centres.copy()
    room = radii[:, None] + radii[None, :] + gap
    np.fill_diagonal(room, 0)
    for turn in range(_ROUNDS):
        if turn < _ROUNDS * 2 // 3:
            points = points - points * _FLAT * _PULL
        gaps = points[:, None, :] - points[None, :, :]
        distance = np.maximum(np.hypot(gaps[:, :, 0], gaps[:, :, 1]), 1e-6)
        push = np.maximum(room - distance, 0) / distance
        # The smaller of two gives way most.
        share = radii[None, :] ** 2 / (radii[:, None] ** 2 + radii[None, :] ** 2)
        points = points + ((push * share)[:, :, None] * gaps * 0.7).sum(axis=1)
        if fixed:
            points[0] = centres[0]
    return points


def _direction(gaps: Points) -> Points:
    """Return which way to go: away from the other; for equals the earlier goes first."""
    sign = np.sign(gaps)
    order = np.sign(np.arange(len(gaps))[:, None] - np.arange(len(gaps))[None, :])
    found: Points = np.where(sign == 0, order[:, :, None], sign)
    return found
