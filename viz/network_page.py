"""The network as data for vis-network: pyvis generates it through a template of our own.

The template writes JSON in a data block and nothing else: no script, no style, no foreign address.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from queries.names import Passage
from queries.selection import MAP, Edge
from queries.standing import HOLDS
from viz.drawing import Dot, Drawing, Hull
from viz.labels import wrap
from viz.links import page_path, shorten_label, thing_key
from viz.look import Category
from viz.positions import READABLE
from viz.style import LAYER_COLOURS
from viz.svg import line_dashes, line_strength, line_width

if TYPE_CHECKING:
    from pyvis.network import Network

# Above this many lines they are hidden while the picture moves: 580 lines gave 53 frames a second, 1,038 gave
# 39, and 51 when hidden (tests/bench/dragging.py, on a busy machine without a GPU).
MANY_LINES = 600
_SMALL_FONT, _FONT = 6, 16

Words = Callable[[str], str]


@dataclass(frozen=True)
class Wording:
    """How a page names kinds, relations, passages and what can be seen, in its language."""

    kind: Words
    relation: Callable[[Edge], str]
    passage: Callable[[Passage], str]
    category: Callable[[Category], str]
    value: Callable[[Dot, str], str]
    standing: Words
    mark: Words


class _Texts:
    """Texts that many nodes or lines share, each once; a place in the list stands for the text."""

    def __init__(self) -> None:
        self._places: dict[Any, int] = {}

    def place(self, text: Any) -> int:
        return self._places.setdefault(text, len(self._places))

    def all(self) -> list[Any]:
        return list(self._places)


def network_data(drawing: Drawing, wording: Wording) -> str:
    """Return the data block of a drawing: nodes, edges, options and what they refer to, as JSON in a script element."""
    network = _new_network()
    passages, words = _Texts(), _Texts()
    for dot in drawing.dots:
        _add_node(network, dot, drawing, wording)
    steps = set(zip(drawing.selection.chain, drawing.selection.chain[1:], strict=False))
    chain = steps | {(b, a) for a, b in steps}
    for edge in drawing.selection.edges:
        look = _line(edge, drawing)
        look["chain"] = (edge.source, edge.target) in chain
        look["sources"] = [
            passages.place((wording.passage(one), page_path(one.iri))) for one in edge.passages
        ]
        look["shared"] = [words.place(shorten_label(ref.label)) for ref in edge.shared]
        look["relation"] = words.place(wording.relation(edge))
        look["standing"] = words.place(wording.standing(edge.standing)) if edge.standing else -1
        network.add_edge(thing_key(edge.source), thing_key(edge.target), arrows="", **look)
    # As text and not through set_options, which pyvis hands to its template unescaped.
    network.options = _options(len(drawing.dots), len(drawing.selection.edges))
    network.templateEnv.globals["extra"] = {
        "hulls": [_hull(one, wording) for one in drawing.hulls],
        "passages": passages.all(),
        "words": words.all(),
        "layers": LAYER_COLOURS,
        "chain": [thing_key(iri) for iri in drawing.selection.chain],
    }
    return str(network.generate_html())


def _new_network() -> Network:
    # Imported here: pyvis brings IPython along and takes half a second.
    from pyvis.network import Network

    # Directed, for pyvis drops a second edge between the same two nodes of an undirected network.
    network = Network(directed=True, cdn_resources="remote")
    network.set_template_dir(_template_folder(), "network.html")
    return network


def _add_node(network: Network, dot: Dot, drawing: Drawing, wording: Wording) -> None:
    ref, mark = dot.ref, dot.category.mark
    doubtful = dot.standing not in ("", HOLDS)
    network.add_node(
        thing_key(ref.iri),
        label="\n".join(wrap(ref.label)) or "?",
        shape=mark.shape,
        color=mark.colour,
        x=dot.x,
        y=dot.y,
        size=dot.size,
        font={"size": _FONT if dot.is_named else _SMALL_FONT},
        name=shorten_label(ref.label, 300) or "?",
        kind=wording.kind(ref.kind),
        category=wording.category(dot.category),
        mark=mark.slug,
        measure=wording.value(dot, drawing.look.size),
        standing=wording.standing(dot.standing) if dot.standing else "",
        href=page_path(ref.iri),
        **({"shapeProperties": {"borderDashes": [4, 3]}} if doubtful else {}),
    )


def _line(edge: Edge, drawing: Drawing) -> dict[str, Any]:
    is_map = drawing.selection.choice.view == MAP
    return {
        "width": line_width(edge.weight),
        "dashes": line_dashes(edge.standing) or False,
        "layer": "" if is_map else edge.layer,
        "strength": line_strength(edge.weight, len(drawing.dots), is_map=is_map),
    }


def _hull(hull: Hull, wording: Wording) -> dict[str, Any]:
    return {
        "points": hull.points,
        "pad": hull.pad,
        "color": hull.mark.colour,
        "text": f"{wording.mark(hull.kind)} ({hull.number})" if hull.kind else "",
    }


def _options(nodes: int, lines: int) -> dict[str, Any]:
    return {
        "physics": {"enabled": False},
        "layout": {"improvedLayout": False},
        "interaction": {
            "hover": True,
            "tooltipDelay": 200,
            "hideEdgesOnDrag": lines > MANY_LINES,
            "hideEdgesOnZoom": lines > MANY_LINES,
            "keyboard": {"enabled": False},
            "selectConnectedEdges": True,
        },
        "edges": {"smooth": False, "selectionWidth": 1.5, "hoverWidth": 0.5},
        "nodes": {
            "borderWidth": 1.2,
            "borderWidthSelected": 3,
            "scaling": {
                "label": {
                    "drawThreshold": 3 if nodes <= READABLE else 9,
                    "maxVisible": 22,
                }
            },
        },
    }


@cache
def _template_folder() -> str:
    return str(files("viz").joinpath("templates"))
