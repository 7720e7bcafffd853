"""Many nodes in discs, one for each group: the best connected in the middle, groups that share lines side by side."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from viz.apart import Points, pack_circles

Edges = Sequence[tuple[str, str, float]]
Force = Callable[[Sequence[str], Edges], Points]
# Room for a node among many, and the golden angle, by which a sunflower spreads its seeds evenly.
_ROOM = 13.0
_ANGLE = np.pi * (3 - np.sqrt(5))
_EDGE, _GAP = 16.0, 26.0
_CENTRE = 60.0


def place_in_discs(
    nodes: Sequence[str], edges: Edges, groups: Mapping[str, str], centre: str, force: Force
) -> dict[str, tuple[int, int]]:
    """Return x and y by node; `force` places the groups themselves, and a centre stands amid them."""
    members = _members(nodes, edges, groups)
    names = list(members)
    radii = np.array([disc_radius(len(members[name])) for name in names])
    if centre:
        names, members = ["", *names], {"": [centre], **members}
        radii = np.array([_CENTRE, *radii])
        middles = pack_circles(_ring(radii), radii, _GAP, fixed=True)
    else:
        start = force(names, _between(names, edges, groups)) * np.sqrt(len(nodes)) / 9
        middles = pack_circles(start, radii, _GAP, fixed=False)
    return {
        node: (round(x), round(y))
        for name, middle in zip(names, middles, strict=True)
        for node, (x, y) in zip(members[name], _sunflower(len(members[name])) + middle, strict=True)
    }


def disc_radius(number: int) -> float:
    """Return how large a disc with so many nodes is, its edge included."""
    return float(_ROOM * np.sqrt(max(number - 0.5, 0.5)) + _EDGE)


def _members(nodes: Sequence[str], edges: Edges, groups: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the nodes of each group, those with most lines first; largest groups first."""
    degree = Counter(end for one, other, _ in edges for end in (one, other))
    found: dict[str, list[str]] = defaultdict(list)
    for node in sorted(nodes, key=lambda node: (-degree[node], node)):
        if node in groups:
            found[groups[node]].append(node)
    return dict(sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0])))


def _ring(radii: Points) -> Points:
    """Return a middle and places around it, wide for large circles, the largest left and right."""
    number = len(radii) - 1
    order = np.argsort([(place % 2, place) for place in range(number)], axis=0)[:, 0]
    spans = radii[1:][order]
    angles = (np.cumsum(spans) - spans / 2) / max(spans.sum(), 1.0) * 2 * np.pi
    places = np.zeros((number, 2))
    places[order] = (
        np.stack([np.cos(angles) * 1.5, np.sin(angles)], axis=1) * (spans + _CENTRE)[:, None]
    )
    return np.concatenate([np.zeros((1, 2)), places])


def _between(
    names: Sequence[str], edges: Edges, groups: Mapping[str, str]
) -> list[tuple[str, str, float]]:
    """Return how many lines run between groups."""
    count: Counter[tuple[str, str]] = Counter()
    for one, other, _ in edges:
        ends = sorted((groups.get(one, ""), groups.get(other, "")))
        if ends[0] != ends[1]:
            count[ends[0], ends[1]] += 1
    return [
        (a, b, float(number)) for (a, b), number in sorted(count.items()) if {a, b} <= set(names)
    ]


def _sunflower(number: int) -> Points:
    seeds = np.arange(number)
    # The first is the largest and gets some more room.
    angles, radii = seeds * _ANGLE, _ROOM * np.where(seeds > 0, np.sqrt(seeds + 0.8), 0.0)
    points: Points = np.stack([radii * np.cos(angles), radii * np.sin(angles)], axis=1)
    centred: Points = points - points.mean(axis=0)
    return centred
