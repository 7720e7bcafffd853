from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from graph.network import TWO_MODE
from graph.release import OpenRelease, open_release
from ontology.errors import UnknownThing, UsageError
from queries.dates import day_span
from queries.measures.answers import cell_text, count_words, find_thing, list_labels
from queries.measures.bias import main_document, rank_with_trust
from queries.measures.brokers import find_brokers
from queries.measures.load import role_load, seats_without_task, unnamed_participants
from queries.measures.meetings import find_doubles, find_meetings, same_people
from queries.measures.overlap import compare_themes, heat_map
from queries.measures.questions import QUESTIONS, Inputs, answer_question
from queries.measures.relations import exportable_graph, find_multiplex
from queries.measures.scenario import read_scenario
from queries.measures.ties import find_tie
from queries.measures.timeline import (
    Difference,
    compare_years,
    names_by_year,
    network_as_of,
    snapshots,
)
from queries.measures.timeline_answer import change_rows
from queries.measures.whole import groups_of
from queries.names import Ref
from queries.standing import HOLDS, NO_BEGIN

ID = "https://w3id.org/regiograaf/id/"
INPUTS = Inputs(one="Polder Polis", other="actor/zorgclub", scenario=read_scenario("{}"))


def changed(data: Path, update: str) -> OpenRelease:
    """A release of its own with other statements, told apart from the first in memory."""
    release = open_release(data)
    release.store.update(update)
    info = replace(release.info, sha256={str(release.variant): update})
    return OpenRelease(info, release.variant, release.store)


@pytest.fixture(scope="module")
def empty(mini_data: Path) -> OpenRelease:
    """A release with everything but statements about a network."""
    return changed(
        mini_data,
        """
        PREFIX rg: <https://w3id.org/regiograaf/def#>
        DELETE WHERE { ?involvement a rg:Involvement } ;
        DELETE WHERE { ?what rg:worksOnTheme ?theme }
        """,
    )


@pytest.mark.parametrize("slug", QUESTIONS)
def test_every_question_answers_in_words_with_rows_that_fit(slug: str, mini: OpenRelease) -> None:
    answer = answer_question(mini, slug, INPUTS)
    assert answer.sentences
    assert all(len(row) == len(answer.columns) for row in answer.rows)
    assert "nan" not in json.dumps([[cell_text(c) for c in row] for row in answer.rows]).lower()


@pytest.mark.parametrize("slug", QUESTIONS)
def test_every_question_answers_in_words_when_there_is_no_network(
    slug: str, empty: OpenRelease
) -> None:
    answer = answer_question(empty, slug, INPUTS)
    assert all(sentence.strip() for sentence in answer.sentences)
    assert answer.sentences


def test_an_unknown_question_names_the_known_ones(mini: OpenRelease) -> None:
    with pytest.raises(UnknownThing, match="rolbelasting"):
        answer_question(mini, "wie-is-de-baas", INPUTS)
    with pytest.raises(UsageError, match="one, other"):
        answer_question(mini, "wie-met-wie", Inputs())


def test_a_thing_is_found_by_iri_key_and_name(mini: OpenRelease) -> None:
    iri = f"{ID}actor/polder-polis"
    assert {find_thing(mini, text).iri for text in (iri, "actor/polder-polis", "polder polis")} == {
        iri
    }
    with pytest.raises(UnknownThing, match="bedoelde u Polder Polis"):
        find_thing(mini, "Polder Pollis")
    with pytest.raises(UsageError, match="noem een ding"):
        find_thing(mini, " ")


def test_a_pair_shares_collaborations_by_name(mini: OpenRelease) -> None:
    tie = find_tie(mini, "Polder Polis", "Huisarts Oost")
    assert [ref.label for ref in tie.shared] == ["Brede Tafel", "Stille Tafel"]
    assert tie.steps == 2


def test_a_pair_without_shared_collaboration_has_a_chain(mini: OpenRelease) -> None:
    tie = find_tie(mini, "Zorgclub", "Bewonersraad")
    assert tie.shared == ()
    assert [ref.label for ref in tie.chain] == [
        "Zorgclub", "Smal Netwerk", "Huisarts Oost", "Brede Tafel", "Bewonersraad",
    ]  # fmt: skip


def test_who_takes_part_in_nothing_is_unknown_and_not_apart(mini: OpenRelease) -> None:
    tie = find_tie(mini, "Zorgclub", "Leeg Netwerk")
    assert [ref.label for ref in tie.absent] == ["Leeg Netwerk"]
    answer = answer_question(mini, "wie-met-wie", Inputs("Zorgclub", "Leeg Netwerk"))
    assert "zegt niet dat die er niet is" in answer.sentences[0]


def test_themes_overlap_over_collaborations_and_over_parties(mini: OpenRelease) -> None:
    (pair,) = compare_themes(mini)
    assert {pair.one.label, pair.other.label} == {"Wonen", "Bewegen"}
    assert [ref.label for ref in pair.collaborations.shared] == ["Smal Netwerk"]
    assert (pair.collaborations.jaccard, pair.collaborations.coefficient) == (0.5, 1.0)
    assert pair.parties.jaccard == pytest.approx(2 / 5)


def test_the_heat_map_is_symmetric_with_an_empty_diagonal(mini: OpenRelease) -> None:
    table = heat_map(mini)
    assert len(table.themes) == 2
    assert table.cells[0][0] is None
    assert table.cells[0][1] == table.cells[1][0]


def test_collaborations_on_one_theme_with_few_shared_parties_should_meet(mini: OpenRelease) -> None:
    (meeting,) = find_meetings(mini)
    assert {meeting.pair.one.label, meeting.pair.other.label} == {"Brede Tafel", "Smal Netwerk"}
    assert meeting.score == pytest.approx(0.5 * (1 - 1 / 2))
    assert [ref.label for ref in meeting.introducers] == ["Huisarts Oost"]


def test_tables_with_the_same_people_are_no_doubles_without_a_shared_theme(
    mini: OpenRelease,
) -> None:
    (pair,) = same_people(mini)
    assert {pair.one.label, pair.other.label} == {"Brede Tafel", "Stille Tafel"}
    assert find_doubles(mini) == ()


def test_brokers_come_in_a_band_and_the_clear_one_is_not_disputed(mini: OpenRelease) -> None:
    first = find_brokers(mini)[0]
    assert first.party.label == "Huisarts Oost"
    assert (first.best, first.worst) == (1, 1)
    assert not first.is_disputed
    assert replace(first, ranks=(1, 5, 2, None), parties=5).is_disputed


def test_role_load_counts_seats_of_named_parties_only(mini: OpenRelease) -> None:
    loads = {one.party.label: one for one in role_load(mini)}
    assert loads["Huisarts Oost"].seats == 3
    assert dict(loads["Zorgclub"].roles)["Trekker"] == 1
    assert "adviseurs" not in loads


def test_unnamed_participants_are_counted_and_never_nodes(mini: OpenRelease) -> None:
    (unnamed,) = unnamed_participants(mini)
    assert (unnamed.what.label, unnamed.groups, unnamed.headcount) == ("Leeg Netwerk", 1, 18)
    assert f"{ID}samenwerking/leeg-netwerk" not in exportable_graph(mini, TWO_MODE)


def test_a_seat_has_a_task_when_the_role_has_one(mini: OpenRelease, mini_data: Path) -> None:
    with_task = changed(
        mini_data,
        """
        PREFIX rg: <https://w3id.org/regiograaf/def#>
        INSERT DATA {
          <urn:taak> a rg:Task ;
            rg:taskOf <https://w3id.org/regiograaf/begrip/rol/trekker> .
        }
        """,
    )
    before, after = (
        {(seat.who, seat.role.label) for seat in seats_without_task(one) if seat.role}
        for one in (mini, with_task)
    )
    assert before - after == {("Huisarts Oost", "Trekker")}
    assert ("Zorgclub", "Deelnemer") in after


def test_a_ranking_tells_its_sources_and_the_rank_without_a_document(mini: OpenRelease) -> None:
    ranking = rank_with_trust(mini)
    assert ranking.document == main_document(mini) == "900-verslag-2020"
    trust = {one.thing.label: one for one in ranking.things}
    assert trust["Huisarts Oost"].documents == ("900-verslag-2020", "901-plan-2024")
    assert trust["Bewonersraad"].without is None
    assert trust["Bewonersraad"].leans_on_document
    assert all(one.low <= one.high for one in ranking.things)


def test_a_ranking_is_the_same_each_time_and_refuses_unknown_documents(mini: OpenRelease) -> None:
    again = replace(mini, info=replace(mini.info, sha256={str(mini.variant): "zelfde"}))
    assert rank_with_trust(mini) == rank_with_trust(again)
    with pytest.raises(UnknownThing, match="900-verslag-2020"):
        rank_with_trust(mini, document="nergens")
    with pytest.raises(UnknownThing, match="betweenness"):
        rank_with_trust(mini, "belangrijkheid")


def test_leaving_out_nothing_of_weight_keeps_the_ranks(mini: OpenRelease) -> None:
    ranking = rank_with_trust(mini, document="redactie")
    assert all(one.without == one.rank for one in ranking.things)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2023", "2023-01-01", "2023-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2024-04-26", "2024-04-26", "2024-04-26"),
    ],
)
def test_a_date_may_be_a_year_a_month_or_a_day(text: str, first: str, last: str) -> None:
    assert tuple(day.isoformat() for day in day_span(text)) == (first, last)


@pytest.mark.parametrize("text", ["", "gisteren", "2024-13", "2023-02-30", "2023-1-1-1"])
def test_what_is_no_date_is_said_so(text: str) -> None:
    with pytest.raises(UsageError, match="geen datum"):
        day_span(text)


def test_snapshots_hold_what_documents_of_a_year_state(mini: OpenRelease) -> None:
    assert [(one.year, one.parties, one.collaborations) for one in snapshots(mini)] == [
        ("2020", 4, 1), ("2024", 3, 2),
    ]  # fmt: skip


def test_as_of_an_early_date_what_later_documents_say_has_an_unknown_begin(
    mini: OpenRelease,
) -> None:
    early = network_as_of(mini, "2020")
    held = {one.what.label for one in early if one.status == HOLDS}
    later = {one.what.label for one in early if one.status == NO_BEGIN}
    assert held == {"Brede Tafel"}
    assert later
    assert "Brede Tafel" not in later
    assert {one.status for one in network_as_of(mini, "2019")} == {NO_BEGIN}


def test_years_that_name_nothing_in_common_do_not_differ_in_members(mini: OpenRelease) -> None:
    assert compare_years(mini, "2020", "2024") == ()


def test_names_by_year_tell_different_names_only(mini: OpenRelease) -> None:
    for _, years in names_by_year(mini):
        assert len({names for _, names in years}) > 1


def test_multiplex_pairs_have_more_than_one_kind_of_tie(mini: OpenRelease) -> None:
    assert all(len(pair.relations) > 1 for pair in find_multiplex(mini))


def test_groups_of_a_release_are_numbered(mini: OpenRelease) -> None:
    groups = groups_of(mini).groups
    assert [group.number for group in groups] == list(range(1, len(groups) + 1))


def test_words_count_and_list_as_dutch_does() -> None:
    assert [count_words(n, "partij", "partijen") for n in (0, 1, 2)] == [
        "geen partijen", "1 partij", "2 partijen",
    ]  # fmt: skip
    labels = [Ref(name, "Actor", name) for name in "abcdefg"]
    assert list_labels(labels[:2]) == "a en b"
    assert list_labels(labels, 3) == "a, b, c en 4 andere"
    assert cell_text(tuple(labels), 2) == "a; b; … (7)"
    assert [cell_text(c) for c in (None, 0.5, 3, 1.0)] == ["n.v.t.", "0,5", "3", "1"]


def test_differences_between_years_are_rows_that_call_nobody_gone() -> None:
    table, one, other = (Ref(name, "Organization", ID + name) for name in ("tafel", "a", "b"))
    change = Difference(table, (one,), (other,), ((one, ("Lid",), ("Trekker", "")),))
    assert list(change_rows(change)) == [
        (table, "partij", one, "genoemd", "niet genoemd"),
        (table, "partij", other, "niet genoemd", "genoemd"),
        (table, "rol", one, "Lid", "Trekker; rol niet genoemd"),
    ]
