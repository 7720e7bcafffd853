"""The shortest ways between two things in a selection of lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

# More things on equally short ways than this cannot be read; then only one way is shown.
MAX_SHOWN = 40


@dataclass(frozen=True)
class Ways:
    """One shortest way from end to end, and everything on any way as short, step by step; empty without one."""

    chain: tuple[str, ...] = ()
    steps: tuple[tuple[str, ...], ...] = ()


def shortest_ways(lines: Iterable[tuple[str, str]], one: str, other: str) -> Ways:
    """Return the shortest ways, whichever way the lines run; of equals the chain is the first by name."""
    neighbours: dict[str, set[str]] = defaultdict(set)
    for a, b in lines:
        neighbours[a].add(b)
        neighbours[b].add(a)
    to_other = _steps(neighbours, other)
    if one not in to_other or one == other:
        return Ways()
    from_one = _steps(neighbours, one)
    length = to_other[one]
    found: list[list[str]] = [[] for _ in range(length + 1)]
    for node, step in sorted(from_one.items()):
        if to_other.get(node) == length - step:
            found[step].append(node)
    chain = [one]
    while chain[-1] != other:
        here = to_other[chain[-1]]
        chain.append(min(n for n in neighbours[chain[-1]] if to_other.get(n) == here - 1))
    # Two steps are a fan of what both ends share: all of it, however much.
    if length > 2 and sum(map(len, found)) > MAX_SHOWN:
        found = [[node] for node in chain]
    return Ways(tuple(chain), tuple(map(tuple, found)))


def _steps(neighbours: Mapping[str, set[str]], start: str) -> dict[str, int]:
    """Return the number of steps from a node to everything it reaches."""
    steps = {start: 0}
    frontier = {start}
    while frontier:
        reached = {n for node in frontier for n in neighbours.get(node, ())} - steps.keys()
        distance = max(steps.values()) + 1
        steps.update(dict.fromkeys(reached, distance))
        frontier = reached
    return steps
