"""The selection behind picture, table and text: its limits, its moment, and the way between two things."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.release import OpenRelease
from ontology.terms import BEGRIP, ID
from queries.facets import options, values_of
from queries.links import LAYERS, all_links
from queries.measures.shown import SIZES, group_numbers, selection_graph, size_values
from queries.measures.statements import read_measures
from queries.paths import MAX_SHOWN, shortest_ways
from queries.selection import ALL, AROUND, MAP, PATH, Choice, select_network
from queries.standing import (
    HOLDS,
    NO_BEGIN,
    NO_END,
    NOT_YET,
    OVER,
    Period,
    moments,
    standing,
)
from viz.drawing import draw
from viz.look import Look

BREDE_TAFEL, SMAL = f"{ID}samenwerking/brede-tafel", f"{ID}samenwerking/smal-netwerk"
HUISARTS, ZORGCLUB = f"{ID}actor/huisarts-oost", f"{ID}actor/zorgclub"
HUISBEZOEK = f"{ID}activiteit/huisbezoek"


def labels(release: OpenRelease, choice: Choice) -> set[str]:
    return {ref.label for ref in select_network(release, choice).nodes}


def test_a_sector_keeps_its_parties_and_what_they_are_in(mini: OpenRelease) -> None:
    choice = Choice(view=ALL, layers=("deelname",), facets=(("sector", f"{BEGRIP}sector/vvt"),))
    found = labels(mini, choice)
    assert {"Zorgclub", "Smal Netwerk"} <= found
    assert "Huisarts Oost" not in found


def test_a_region_leaves_out_only_what_is_known_to_be_elsewhere(mini: OpenRelease) -> None:
    dijkstad = f"{ID}regio/dijkstad"
    assert dijkstad in values_of(mini, "regio", f"{ID}actor/gemeente-dijkstad")
    found = labels(mini, Choice(view=ALL, facets=(("regio", dijkstad),)))
    assert {"Gemeente Dijkstad", "Brede Tafel"} <= found
    assert "Zorgclub" not in found


def test_a_theme_is_its_own_theme(mini: OpenRelease) -> None:
    bewegen = f"{BEGRIP}thema-plan/bewegen"
    found = labels(mini, Choice(view=ALL, facets=(("thema", bewegen),)))
    assert {"Bewegen", "Smal Netwerk"} <= found
    assert "Brede Tafel" not in found


def test_every_facet_offers_only_what_something_has(mini: OpenRelease) -> None:
    for facet in ("sector", "regio", "thema"):
        found = options(mini, facet)
        assert found
        for ref, number in found:
            assert number > 0
            assert labels(mini, Choice(view=ALL, facets=((facet, ref.iri),)))


def test_a_document_shows_only_what_it_states_with_its_own_passages(mini: OpenRelease) -> None:
    choice = Choice(view=ALL, document="900-verslag-2020")
    selection = select_network(mini, choice)
    assert 0 < len(selection.edges) < len(all_links(mini))
    for edge in selection.edges:
        assert {passage.document for passage in edge.passages} == {"900-verslag-2020"}


@pytest.mark.parametrize(
    ("period", "stated", "moment", "expected"),
    [
        (Period(), ["2020"], "2020", HOLDS),
        (Period(), ["2020"], "2020-04", HOLDS),
        (Period(), ["2020"], "2024", NO_END),
        (Period(), ["2024"], "2020", NO_BEGIN),
        (Period("2019"), ["2024"], "2020", NO_END),
        (Period("2019", "2022"), ["2024"], "2020", HOLDS),
        (Period("2023"), ["2020"], "2020", NOT_YET),
        (Period("2018", "2019-05"), ["2020"], "2020", OVER),
        (Period("", "2021"), ["2020"], "2024", OVER),
        (Period(), [], "2020", NO_BEGIN),
        (Period("ooit"), ["2020"], "2020", HOLDS),
    ],
)
def test_what_is_not_known_at_a_moment_is_unknown_and_not_gone(
    period: Period, stated: list[str], moment: str, expected: str
) -> None:
    assert standing(period, stated, moment) == expected


def test_a_moment_names_what_had_ended_and_keeps_what_is_unknown(mini: OpenRelease) -> None:
    selection = select_network(mini, Choice(view=ALL, moment="2024"))
    absent = {ref.iri: how for ref, how in selection.absent}
    assert absent == {HUISBEZOEK: OVER}
    assert HUISBEZOEK not in selection.refs()
    whole = select_network(mini, Choice(view=ALL))
    assert {ref.iri for ref in whole.nodes} - set(selection.refs()) <= {
        HUISBEZOEK,
        f"{ID}programma/lijn-1",
    }
    early = select_network(mini, Choice(view=ALL, moment="2020-04"))
    standings = {edge.standing for edge in early.edges}
    assert {HOLDS, NO_BEGIN} <= standings
    assert set(early.standings) == set(early.refs())


def test_a_line_of_the_map_is_as_doubtful_as_its_most_doubtful_party(mini: OpenRelease) -> None:
    selection = select_network(mini, Choice(minimum=1, moment="2020-04"))
    assert {edge.standing for edge in selection.edges} == {NO_BEGIN}


def test_the_moments_are_those_of_the_documents(mini: OpenRelease) -> None:
    assert [one.date for one in moments(mini)][:2] == ["2020-04", "2024"]
    assert all(one.documents for one in moments(mini))


def test_a_way_runs_from_end_to_end_over_lines_of_the_selection(mini: OpenRelease) -> None:
    selection = select_network(mini, Choice(view=PATH, ends=(BREDE_TAFEL, ZORGCLUB)))
    assert (selection.chain[0], selection.chain[-1]) == (BREDE_TAFEL, ZORGCLUB)
    pairs = {frozenset((edge.source, edge.target)) for edge in selection.edges}
    for step in zip(selection.chain, selection.chain[1:], strict=False):
        assert frozenset(step) in pairs


def test_without_a_way_both_ends_stand_alone(mini: OpenRelease) -> None:
    choice = Choice(view=PATH, ends=(BREDE_TAFEL, f"{ID}regeling/wensfonds"))
    selection = select_network(mini, choice)
    assert selection.chain == ()
    assert len(selection.nodes) == 2


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=30))
def test_no_way_is_shorter_than_the_one_found(pairs: list[tuple[int, int]]) -> None:
    lines = [(f"{a}", f"{b}") for a, b in pairs]
    ways = shortest_ways(lines, "0", "9")
    reached, steps = {"0"}, 0
    while "9" not in reached and steps < 10:
        reached |= {b for a, b in [*lines, *((b, a) for a, b in lines)] if a in reached}
        steps += 1
    assert len(ways.chain) - 1 == (steps if "9" in reached else -1)
    assert len(ways.steps) == len(ways.chain)
    for node, step in zip(ways.chain, ways.steps, strict=True):
        assert node in step


def test_too_many_equal_ways_show_one() -> None:
    many = [f"m{n}" for n in range(MAX_SHOWN + 1)]
    lines = [("begin", one) for one in many] + [(one, f"{one}b") for one in many]
    lines += [(f"{one}b", "eind") for one in many]
    assert [len(step) for step in shortest_ways(lines, "begin", "eind").steps] == [1, 1, 1, 1]


def test_what_two_ends_share_is_never_cut() -> None:
    lines = [(a, f"m{n}") for n in range(MAX_SHOWN + 1) for a in ("begin", "eind")]
    steps = shortest_ways(lines, "begin", "eind").steps
    assert [len(step) for step in steps] == [1, MAX_SHOWN + 1, 1]


@pytest.mark.parametrize("size", SIZES)
def test_a_size_is_a_measure_of_the_release_or_the_lines_of_the_picture(
    mini: OpenRelease, size: str
) -> None:
    choice = Choice(view=ALL)
    values = size_values(mini, choice, size)
    if size == "lijnen":
        assert values == select_network(mini, choice).degree()
    for measured in read_measures(mini):
        if measured.measure == size and measured.thing in values and size != "eigenvector":
            assert values[measured.thing] == measured.value
    assert bool(values) == (size != "gelijk")


def test_nothing_moves_when_the_moment_does(mini: OpenRelease) -> None:
    whole = draw(mini, Choice(view=ALL), Look(colour="groep"))
    then = draw(mini, Choice(view=ALL, moment="2024"), Look(colour="groep"))
    assert len(then.dots) < len(whole.dots)
    assert then.places().items() <= whole.places().items()
    marks = {dot.ref: dot.category.mark for dot in whole.dots}
    assert all(marks[dot.ref] == dot.category.mark for dot in then.dots)


def test_a_centre_is_in_no_group(mini: OpenRelease) -> None:
    choice = Choice(view=AROUND, centre=BREDE_TAFEL, depth=3)
    numbers = group_numbers(mini, choice)
    assert numbers[BREDE_TAFEL] == 0
    assert set(numbers) == set(select_network(mini, choice).refs())


@pytest.mark.parametrize("view", [MAP, ALL])
def test_a_selection_as_a_graph_has_every_node_and_line(mini: OpenRelease, view: str) -> None:
    selection = select_network(mini, Choice(view=view, minimum=1, moment="2024"))
    graph = selection_graph(mini, selection)
    assert set(graph) == set(selection.refs())
    assert graph.number_of_edges() == len(selection.edges) > 0
    assert {data["layer"] for _, _, data in graph.edges(data=True)} <= set(LAYERS)
    assert all(data["standing"] for _, data in graph.nodes(data=True))
