"""The picture: one selection for picture, table and words; positions, colours and labels that can be relied on."""

from __future__ import annotations

import json
import re
from itertools import combinations
from math import dist
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.release import OpenRelease
from ontology.terms import BEGRIP, BRON, ID
from queries.links import LAYERS
from queries.names import names_of
from queries.selection import (
    ALL,
    AROUND,
    COLLABORATIONS,
    MAP,
    Choice,
    known_layers,
    left_out_of_map,
    select_network,
)
from viz.drawing import draw
from viz.labels import Labelled, choose_labels, wrap
from viz.links import clean, page_path, shorten_label, thing_from_key, thing_key
from viz.look import COLOURS, Look
from viz.network_page import Wording, network_data
from viz.positions import place_around, place_nodes
from viz.style import LAYER_COLOURS, LINE, MARKS, OUTLINE, PAPER, contrast, mark_of
from viz.svg import drawing_picture

BREDE_TAFEL = f"{ID}samenwerking/brede-tafel"
PLAIN = Wording(
    kind=str,
    relation=lambda edge: edge.relation,
    passage=lambda one: one.iri,
    category=lambda one: one.key,
    value=lambda dot, _: str(dot.value),
    standing=str,
    mark=str,
)
CHOICES = (
    Choice(minimum=1),
    Choice(view=ALL),
    Choice(view=AROUND, centre=BREDE_TAFEL),
    Choice(view=AROUND, centre=BREDE_TAFEL, depth=3),
)


def content(block: str) -> dict[str, Any]:
    """Return the JSON of a data block."""
    found: dict[str, Any] = json.loads(re.sub(r"^<script[^>]*>|</script>\s*$", "", block))
    return found


@pytest.mark.parametrize("choice", CHOICES)
def test_every_edge_ends_at_nodes_of_the_selection(mini: OpenRelease, choice: Choice) -> None:
    selection = select_network(mini, choice)
    nodes = {ref.iri for ref in selection.nodes}
    assert nodes
    assert {end for edge in selection.edges for end in (edge.source, edge.target)} <= nodes


@pytest.mark.parametrize("choice", CHOICES)
def test_the_picture_has_the_nodes_and_edges_of_the_selection(
    mini: OpenRelease, choice: Choice
) -> None:
    drawing = draw(mini, choice, Look())
    selection = drawing.selection
    data = content(network_data(drawing, PLAIN))
    assert {node["id"] for node in data["nodes"]} == {thing_key(r.iri) for r in selection.nodes}
    assert len(data["edges"]) == len(selection.edges)
    assert json.loads(data["options"])["physics"] == {"enabled": False}


def test_an_edge_of_the_map_counts_the_parties_it_names(mini: OpenRelease) -> None:
    selection = select_network(mini, Choice(view=MAP, minimum=1))
    assert selection.edges
    for edge in selection.edges:
        assert edge.weight == len(edge.shared) >= 1
        assert edge.passages


def test_what_the_map_leaves_out_is_named_beside_it(mini: OpenRelease) -> None:
    for minimum in (1, 99):
        selection = select_network(mini, Choice(minimum=minimum))
        apart, unknown = left_out_of_map(mini, selection)
        every = {ref.iri for ref in names_of(mini).of_kind(*COLLABORATIONS)}
        assert {ref.iri for ref in (*selection.nodes, *apart, *unknown)} == every
        assert "Leeg Netwerk" in {ref.label for ref in unknown}
    assert not selection.edges
    assert not selection.nodes
    assert apart


def test_examples_from_elsewhere_are_in_no_picture(mini: OpenRelease) -> None:
    labels = {ref.label for ref in select_network(mini, Choice(view=ALL)).nodes}
    assert "Tafel Elders" not in labels


def test_more_depth_shows_no_less(mini: OpenRelease) -> None:
    sizes = [
        len(select_network(mini, Choice(view=AROUND, centre=BREDE_TAFEL, depth=depth)).nodes)
        for depth in (1, 2, 3)
    ]
    assert sizes == sorted(sizes)
    assert sizes[0] > 1


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_shows_only_its_own_edges(mini: OpenRelease, layer: str) -> None:
    selection = select_network(mini, Choice(view=ALL, layers=(layer,)))
    assert {edge.layer for edge in selection.edges} <= {layer}


def test_layers_that_do_not_exist_are_dropped() -> None:
    assert known_layers(["geld", "x", "deelname"]) == ("deelname", "geld")


def test_positions_do_not_depend_on_the_order_of_the_input() -> None:
    nodes = [f"n{number}" for number in range(30)]
    edges = [(nodes[i], nodes[(i * 7 + 3) % 30], 1.0 + i % 3) for i in range(30)]
    assert place_nodes(nodes, edges) == place_nodes(nodes[::-1], edges[::-1])


@pytest.mark.parametrize("number", [1, 2, 8, 60, 300])
def test_no_two_nodes_stand_on_one_place(number: int) -> None:
    nodes = [f"n{place}" for place in range(number)]
    groups = {node: str(place % 3) for place, node in enumerate(nodes)}
    placed = place_nodes(nodes, [(nodes[0], node, 1.0) for node in nodes[1 : number // 2]], groups)
    assert set(placed) == set(nodes)
    assert all(dist(one, other) > 12 for one, other in combinations(placed.values(), 2))


def test_no_node_at_all_is_placed_as_nothing() -> None:
    assert place_nodes([], []) == {}
    assert place_around("c", []) == {"c": (0, 0)}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("mark", MARKS, ids=lambda mark: mark.slug)
def test_every_mark_has_a_contrast_of_three_to_one(mark: Any, theme: str) -> None:
    best = max(contrast(mark.colour, PAPER[theme]), contrast(OUTLINE[theme], PAPER[theme]))
    assert best >= 3
    assert contrast(LINE[theme], PAPER[theme]) >= 3


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("layer", LAYER_COLOURS)
def test_the_line_of_every_layer_has_a_contrast_of_three_to_one(layer: str, theme: str) -> None:
    assert contrast(LAYER_COLOURS[layer], PAPER[theme]) >= 3


def test_the_shape_repeats_the_colour() -> None:
    named = [mark for mark in MARKS if mark.kinds]
    assert len({mark.shape for mark in named}) == len({mark.colour for mark in named}) == len(named)


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_labels_of_the_largest_are_shown_first_and_none_crosses_another() -> None:
    nodes = [Labelled(f"n{n}", "Een lange naam", 12.0 * n, 0.0, 4.0 + n) for n in range(30)]
    shown = choose_labels(nodes)
    assert "n29" in shown
    assert 1 < len(shown) < 30


@pytest.mark.parametrize("colour", COLOURS)
def test_the_still_picture_is_xml_with_every_node(mini: OpenRelease, colour: str) -> None:
    drawing = draw(mini, Choice(minimum=1), Look(colour=colour))
    root = ElementTree.fromstring(drawing_picture(drawing, "Kaart <b> & meer"))
    assert root.get("aria-label") == "Kaart <b> & meer"
    texts = root.findall(".//{http://www.w3.org/2000/svg}text")
    assert len(texts) == len(drawing.dots)


def test_a_picture_without_nodes_is_none(mini: OpenRelease) -> None:
    assert drawing_picture(draw(mini, Choice(view=AROUND, centre="urn:x"), Look()), "") == ""


def test_paths_of_our_iris_stay_on_this_server(mini: OpenRelease) -> None:
    assert page_path(BREDE_TAFEL) == "/doc/samenwerking/brede-tafel"
    assert page_path(f"{BEGRIP}sector/ggz") == "/begrip/sector/ggz"
    assert page_path(f"{BRON}900-verslag-2020#r1-2") == "/bron/900-verslag-2020#r1-2"
    for iri in names_of(mini).labels:
        if iri.startswith((ID, BEGRIP)):
            assert thing_from_key(thing_key(iri)) == iri


@given(st.text(max_size=300))
def test_a_label_to_draw_has_no_control_characters(text: str) -> None:
    short = shorten_label(text)
    assert len(short) <= 120
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", short)
    assert clean(short) == short
    assert len(wrap(text)) <= 3


def test_kinds_without_a_mark_of_their_own_are_drawn_as_other() -> None:
    assert mark_of("Region").slug == "overig"
    assert mark_of("Theme").shape == "diamond"
