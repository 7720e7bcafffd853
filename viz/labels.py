"""Which labels of a picture are shown at first sight: those of well-connected nodes that fit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from queries.selection import Selection
from viz.svg import wrap

# At scale 1 and 16 pixels, a character is about this wide and a line this high.
_CHARACTER, _LINE = 8.0, 18.0
_NODE = 16.0
# The best connected nodes show their labels even across another node: a hub without a name says nothing.
_HUBS = 14


@dataclass(frozen=True)
class _Box:
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: _Box) -> bool:
        is_beside = self.right < other.left or other.right < self.left
        return not (is_beside or self.bottom < other.top or other.bottom < self.top)


def choose_labels(selection: Selection, places: Mapping[str, tuple[int, int]]) -> frozenset[str]:
    """Return the nodes whose labels cross no other label nor, but for the hubs, another node."""
    degree = selection.degree()
    order = sorted(selection.nodes, key=lambda ref: (-degree[ref.iri], ref.label, ref.iri))
    nodes = {ref.iri: _node_box(places[ref.iri]) for ref in order}
    taken: list[_Box] = []
    shown: set[str] = set()
    for ref in order:
        box = _label_box(ref.label, places[ref.iri])
        is_hub = len(shown) < _HUBS
        crosses = any(box.meets(node) for iri, node in nodes.items() if iri != ref.iri)
        if (is_hub or not crosses) and not any(box.meets(other) for other in taken):
            taken.append(box)
            shown.add(ref.iri)
    return frozenset(shown)


def _node_box(place: tuple[int, int]) -> _Box:
    half = _NODE / 2
    return _Box(place[0] - half, place[1] - half, place[0] + half, place[1] + half)


def _label_box(label: str, place: tuple[int, int]) -> _Box:
    lines = wrap(label)
    width = max((len(line) for line in lines), default=1) * _CHARACTER
    top = place[1] + _NODE / 2 + 4
    return _Box(place[0] - width / 2, top, place[0] + width / 2, top + len(lines) * _LINE)
