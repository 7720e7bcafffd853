"""What pages show: facts with passages, who takes part, what is missing, what is found by a name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from graph.release import OpenRelease
from ontology.errors import UnknownThing
from ontology.terms import BEGRIP, ID, rg
from queries.documents import count_facts, list_documents, read_document
from queries.facts import facts_about, facts_to
from queries.involvements import in_role, in_thing, of_party
from queries.lists import PARTIES, concept_schemes, list_things
from queries.memo import MAX_REMEMBERED, per_release
from queries.money import all_money, nearest_deadlines, passed_deadlines
from queries.names import names_of
from queries.overview import bridges, count_kinds, gap_counts, overlapping_themes
from queries.search import search
from queries.things import IDENTITY, WORK, find_thing
from queries.unknowns import conflicts, missing_of

BREDE_TAFEL = f"{ID}samenwerking/brede-tafel"
BEWONERSRAAD = f"{ID}actor/bewonersraad"


def test_a_name_is_found_for_every_iri(mini: OpenRelease) -> None:
    names = names_of(mini)
    assert names.label(BREDE_TAFEL) == "Brede Tafel"
    assert names.label(rg("worksOnTheme"), "en") == "works on theme"
    assert names.label(f"{ID}actor/wie-is-dit") == "wie is dit"


def test_the_kind_of_a_thing_is_its_narrowest_class(mini: OpenRelease) -> None:
    names = names_of(mini)
    assert names.kind(BREDE_TAFEL) == "GovernanceBody"
    assert names.kind(f"{ID}samenwerking/smal-netwerk") == "Network"
    assert names.kind(BEWONERSRAAD) == "Organization"


def test_facts_carry_passage_and_date_of_the_document(mini: OpenRelease) -> None:
    aim = next(f for f in facts_about(mini, BREDE_TAFEL) if f.property == rg("aim"))
    (passage,) = aim.passages
    assert aim.text == "Samen afspreken"
    assert (passage.document, passage.first, passage.last) == ("900-verslag-2020", 20, 25)
    assert passage.date == "2020-04"


def test_facts_leave_out_what_is_inferred(mini: OpenRelease) -> None:
    properties = {fact.property for fact in facts_about(mini, BREDE_TAFEL)}
    assert rg("hasParticipant") not in properties
    assert rg("relatedTo") not in properties


def test_facts_to_a_theme_name_what_works_on_it(mini: OpenRelease) -> None:
    found = facts_to(mini, f"{BEGRIP}thema-plan/wonen")
    labels = {
        fact.other.label for fact in found if fact.property == rg("worksOnTheme") and fact.other
    }
    assert {"Brede Tafel", "Smal Netwerk"} <= labels


def test_involvements_are_found_from_both_sides(mini: OpenRelease) -> None:
    members = in_thing(mini, BREDE_TAFEL)
    named = [one for one in members if one.who]
    assert named
    assert all(one.passages for one in members)
    for one in named:
        assert one.who is not None
        assert one in of_party(mini, one.who.iri)
        assert one.role is None or one in in_role(mini, one.role.iri)


def test_a_thing_has_sections_in_the_order_of_the_questions(mini: OpenRelease) -> None:
    thing = find_thing(mini, BREDE_TAFEL)
    assert thing.lead
    assert thing.lead.text == "Samen afspreken"
    assert {line.property for line in thing.sections[IDENTITY]} >= {rg("aim"), rg("frequency")}
    assert thing.lead not in [fact for line in thing.identity for fact in line.facts]
    assert rg("worksOnTheme") in {line.property for line in thing.sections[WORK]}
    assert thing.dates
    assert thing.measurements


def test_an_unknown_thing_is_an_error_that_names_it(mini: OpenRelease) -> None:
    with pytest.raises(UnknownThing, match="actor/niemand"):
        find_thing(mini, f"{ID}actor/niemand")


def test_private_things_are_on_no_page_of_the_public_release(
    mini: OpenRelease, mini_internal: OpenRelease
) -> None:
    secret = f"{ID}actor/geheime-gast"
    assert secret in names_of(mini_internal)
    assert secret not in names_of(mini)


def test_missing_lists_every_gap_of_a_thing(mini: OpenRelease) -> None:
    found = missing_of(mini, f"{ID}samenwerking/leeg-netwerk")
    assert "netwerk-zonder-bekende-deelnemers" in {one.query for one in found}
    assert {one.status for one in found} <= {"none", "open", "unreadable", "unknown"}


def test_conflicts_have_both_claims_with_passages(mini: OpenRelease) -> None:
    assert conflicts(mini)
    for one in conflicts(mini):
        assert one.claim_a
        assert one.claim_b
        assert one.passages_a
        assert one.passages_b


@pytest.mark.parametrize("text", ["Brede Tafel", "brede tafel", "bredde taffel", "brede"])
def test_search_forgives_case_typing_errors_and_half_names(mini: OpenRelease, text: str) -> None:
    assert search(mini, text)[0].ref.iri == BREDE_TAFEL


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("huisarts oost", "Huisarts Oost"),
        ("huisrats oost", "Huisarts Oost"),
        ("huisart oost", "Huisarts Oost"),
        ("hüisarts óost", "Huisarts Oost"),
        ("HUISARTS-OOST", "Huisarts Oost"),
        ("oost huisarts", "Huisarts Oost"),
        ("bewonersrad", "Bewonersraad"),
        ("bewoners raad", "Bewonersraad"),
        ("bewonerraad", "Bewonersraad"),
        ("Bewonersrd", "Bewonersraad"),
        ("breede tafel", "Brede Tafel"),
        ("brede tafle", "Brede Tafel"),
        ("bredetafel", "Brede Tafel"),
        ("tafel brede", "Brede Tafel"),
        ("smal netwrk", "Smal Netwerk"),
        ("smalnetwerk", "Smal Netwerk"),
        ("leeg netwek", "Leeg Netwerk"),
        ("leegnetwerk", "Leeg Netwerk"),
        ("buurtfonts", "Buurtfonds"),
        ("buurt fonds", "Buurtfonds"),
        ("burtfonds", "Buurtfonds"),
        ("wensfons", "Wensfonds"),
        ("wens fonds", "Wensfonds"),
        ("zorgklub", "Zorgclub"),
        ("zorg club", "Zorgclub"),
        ("Buurtfonds Zorgclub", "Buurtfonds"),
        ("Buurtfonds Zorgclub", "Zorgclub"),
        ("burgerraad", "Bewonersraad"),
        ("inwonersraad", "Bewonersraad"),
    ],
)
def test_search_knows_what_was_meant(mini: OpenRelease, written: str, meant: str) -> None:
    assert meant in [hit.ref.label for hit in search(mini, written, 3)]


@pytest.mark.parametrize("text", ["", "  ", "?!", "qqqqxxxx"])
def test_search_finds_nothing_for_what_is_no_name(mini: OpenRelease, text: str) -> None:
    assert search(mini, text) == []


def test_search_names_each_thing_once(mini: OpenRelease) -> None:
    found = [hit.ref.iri for hit in search(mini, "netwerk")]
    assert len(found) == len(set(found))


def test_a_document_lists_its_passages_in_order(mini: OpenRelease) -> None:
    document = read_document(mini, "900-verslag-2020")
    starts = [content.passage.first for content in document.passages]
    assert starts == sorted(starts)
    labels = {mention.ref.label for one in document.passages for mention in one.mentions}
    assert "Brede Tafel" in labels


def test_documents_count_the_facts_they_list(mini: OpenRelease) -> None:
    counts = count_facts(mini)
    for about in list_documents(mini):
        assert counts.get(about.iri, 0) == read_document(mini, about.slug).facts


def test_an_unknown_document_is_an_error(mini: OpenRelease) -> None:
    with pytest.raises(UnknownThing, match="999"):
        read_document(mini, "999")


def test_a_list_counts_parties_once(mini: OpenRelease) -> None:
    rows = list_things(mini, ("GovernanceBody",), (PARTIES, "kind", "rg:worksOnTheme"))
    row = next(row for row in rows if row.ref.iri == BREDE_TAFEL)
    parties = {one.who for one in in_thing(mini, BREDE_TAFEL) if one.who}
    assert row.cells[PARTIES].number == len(parties)
    assert [ref.label for ref in row.cells["rg:worksOnTheme"].refs] == ["Wonen"]
    assert row.cells["kind"].kind == "GovernanceBody"


def test_concept_schemes_hold_their_concepts(mini: OpenRelease) -> None:
    schemes = {scheme.label: concepts for scheme, concepts in concept_schemes(mini)}
    assert any("Wonen" in {ref.label for ref in concepts} for concepts in schemes.values())


def test_deadlines_come_soonest_first_and_passed_ones_not_at_all(mini: OpenRelease) -> None:
    coming = nearest_deadlines(mini, date(1900, 1, 1), 10)
    assert [one.deadline for one in coming] == sorted(one.deadline for one in coming)
    assert nearest_deadlines(mini, date(2999, 1, 1), 10) == []
    passed = passed_deadlines(mini, date(2999, 1, 1), 10)
    assert [one.ref for one in passed[::-1]] == [one.ref for one in coming]
    assert passed_deadlines(mini, date(1900, 1, 1), 10) == []


def test_money_knows_its_passages(mini: OpenRelease) -> None:
    assert all_money(mini)
    assert all(one.passages for one in all_money(mini))


def test_the_overview_counts_what_the_lists_list(mini: OpenRelease) -> None:
    assert count_kinds(mini)["Network"] == len(list_things(mini, ("Network",), ()))
    assert [one.total for one in gap_counts(mini)]
    assert bridges(mini, 3)
    for overlap in overlapping_themes(mini):
        assert overlap.shared


def test_an_answer_is_remembered_by_release_and_argument(mini: OpenRelease) -> None:
    calls: list[int] = []

    @per_release
    def number(release: OpenRelease, value: int) -> int:
        calls.append(value)
        return value + release.info.number

    assert number(mini, 1) == number(mini, 1) == 2
    number(replace(mini, info=replace(mini.info, sha256={"public": "other"})), 1)
    assert calls == [1, 1]
    for value in range(MAX_REMEMBERED + 1):
        number(mini, value)
    number(mini, 0)
    assert calls.count(0) == 2
