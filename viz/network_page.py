"""The network as data for vis-network: pyvis generates it through a template of our own.

The template writes JSON in a data block and nothing else: no script, no style, no foreign address.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from queries.names import Passage, Ref
from queries.selection import AROUND, Edge, Selection
from viz.labels import choose_labels
from viz.links import page_path, shorten_label, thing_key
from viz.positions import place_nodes
from viz.style import mark_of
from viz.svg import line_width, network_picture, wrap

if TYPE_CHECKING:
    from pyvis.network import Network

# Above this many nodes edges are hidden while the picture moves (measured: 22 against 46 frames a second).
MANY_NODES = 400
# From this many nodes on they are drawn smaller, so that lines remain to be seen.
CROWDED = 120
# A still picture of more nodes than this cannot be read, and doubles the page.
MAX_STILL = 150
_DASHES: dict[str, list[int] | bool] = {
    "themas": [8, 4],
    "bouwstenen": [2, 4],
    "geld": [6, 4],
    "programma": [12, 4],
    "banden": [2, 2],
}
_SMALL_FONT, _FONT = 6, 16

Words = Callable[[str], str]
Places = Mapping[str, tuple[int, int]]


@dataclass(frozen=True)
class Wording:
    """How a page names kinds, relations and passages in its language."""

    kind: Words
    relation: Callable[[Edge], str]
    passage: Callable[[Passage], str]


def network_data(selection: Selection, wording: Wording) -> str:
    """Return the data block of a selection: nodes, edges and options as JSON in a script element."""
    places = positions_of(selection)
    shown = choose_labels(selection, places)
    network = _new_network()
    degree = selection.degree()
    shrink = min(1.0, math.sqrt(CROWDED / max(len(selection.nodes), 1)))
    for ref in selection.nodes:
        size = round((8 + 1.6 * math.sqrt(degree[ref.iri])) * shrink, 1)
        _add_node(network, ref, places[ref.iri], size, ref.iri in shown, wording)
    for edge in selection.edges:
        _add_edge(network, edge, wording)
    # As text and not through set_options, which pyvis hands to its template unescaped.
    network.options = _options(len(selection.nodes))
    return str(network.generate_html())


def still_picture(selection: Selection, title: str) -> str:
    """Return the same picture as SVG, or '' for more nodes than can be read in one."""
    if not 0 < len(selection.nodes) <= MAX_STILL:
        return ""
    centre = selection.choice.centre if selection.choice.view == AROUND else ""
    places = positions_of(selection)
    return network_picture(list(selection.nodes), selection, places, title, centre)


@lru_cache(maxsize=8)
def positions_of(selection: Selection) -> dict[str, tuple[int, int]]:
    """Return where each node stands, by IRI."""
    edges = [(edge.source, edge.target, float(edge.weight)) for edge in selection.edges]
    return place_nodes([ref.iri for ref in selection.nodes], edges)


def _new_network() -> Network:
    # Imported here: pyvis brings IPython along and takes half a second.
    from pyvis.network import Network

    # Directed, for pyvis drops a second edge between the same two nodes of an undirected network.
    network = Network(directed=True, cdn_resources="remote")
    network.set_template_dir(_template_folder(), "network.html")
    return network


def _add_node(
    network: Network,
    ref: Ref,
    place: tuple[int, int],
    size: float,
    is_shown: bool,
    wording: Wording,
) -> None:
    mark = mark_of(ref.kind)
    network.add_node(
        thing_key(ref.iri),
        label="\n".join(wrap(ref.label)) or "?",
        shape=mark.shape,
        color=mark.colour,
        x=place[0],
        y=place[1],
        size=size,
        font={"size": _FONT if is_shown else _SMALL_FONT},
        name=shorten_label(ref.label, 300),
        kind=wording.kind(ref.kind),
        mark=mark.slug,
        href=page_path(ref.iri),
    )


def _add_edge(network: Network, edge: Edge, wording: Wording) -> None:
    network.add_edge(
        thing_key(edge.source),
        thing_key(edge.target),
        width=line_width(edge.weight),
        dashes=_DASHES.get(edge.layer, False),
        arrows="",
        relation=wording.relation(edge),
        shared=[shorten_label(ref.label) for ref in edge.shared],
        passages=[
            {"text": wording.passage(one), "href": page_path(one.iri)} for one in edge.passages
        ],
    )


def _options(nodes: int) -> dict[str, Any]:
    return {
        "physics": {"enabled": False},
        "layout": {"improvedLayout": False},
        "interaction": {
            "hover": True,
            "hideEdgesOnDrag": nodes > MANY_NODES,
            "hideEdgesOnZoom": nodes > MANY_NODES,
            "keyboard": {"enabled": False},
            "selectConnectedEdges": True,
        },
        "edges": {"smooth": False, "selectionWidth": 2},
        "nodes": {
            "borderWidth": 1,
            "borderWidthSelected": 3,
            "scaling": {"label": {"drawThreshold": 9, "maxVisible": 22}},
        },
    }


@cache
def _template_folder() -> str:
    return str(files("viz").joinpath("templates"))
