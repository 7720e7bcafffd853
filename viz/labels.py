"""How much room a label takes, and which labels of a crowded picture are shown at first sight: those that fit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from viz.links import shorten_label

WRAP, MAX_LINES = 17, 3
# At scale 1 and 16 pixels, a character is about this wide and a line this high.
CHARACTER, LINE = 8.2, 17.5
_GAP = 5.0
# The largest nodes show their labels even across another node: a hub without a name says nothing.
_HUBS = 14


@dataclass(frozen=True)
class Labelled:
    """A node as labels see it: its name, place and size; larger ones come first."""

    iri: str
    label: str
    x: float
    y: float
    size: float


@dataclass(frozen=True)
class _Box:
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: _Box) -> bool:
        is_beside = self.right < other.left or other.right < self.left
        return not (is_beside or self.bottom < other.top or other.bottom < self.top)


def wrap(label: str, width: int = WRAP, most: int = MAX_LINES) -> tuple[str, ...]:
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


def label_room(label: str, size: float) -> tuple[float, float, float]:
    """Return half the width of a node with its label under it, and how far it reaches up and down."""
    lines = wrap(label)
    half = max(max((len(line) for line in lines), default=1) * CHARACTER / 2, size)
    return half + 6, size + 6, size + _GAP + len(lines) * LINE + 6


def choose_labels(nodes: Iterable[Labelled]) -> frozenset[str]:
    """Return the nodes whose labels cross no other label nor, but for the largest, another node."""
    order = sorted(nodes, key=lambda one: (-one.size, one.label, one.iri))
    boxes = {one.iri: _node_box(one) for one in order}
    taken: list[_Box] = []
    shown: set[str] = set()
    for one in order:
        box = _label_box(one)
        may_cross = len(shown) < _HUBS
        if any(box.meets(other) for other in taken):
            continue
        if may_cross or not _crosses(box, one.iri, boxes):
            taken.append(box)
            shown.add(one.iri)
    return frozenset(shown)


def _crosses(box: _Box, iri: str, boxes: Mapping[str, _Box]) -> bool:
    return any(box.meets(node) for other, node in boxes.items() if other != iri)


def _node_box(one: Labelled) -> _Box:
    return _Box(one.x - one.size, one.y - one.size, one.x + one.size, one.y + one.size)


def _label_box(one: Labelled) -> _Box:
    lines: Sequence[str] = wrap(one.label)
    half = max((len(line) for line in lines), default=1) * CHARACTER / 2
    top = one.y + one.size + _GAP
    return _Box(one.x - half, top, one.x + half, top + len(lines) * LINE)
