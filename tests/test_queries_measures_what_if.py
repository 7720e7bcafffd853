from __future__ import annotations

import time

import pytest

from graph.dataset import to_nquads
from graph.evaluate import select
from graph.release import OpenRelease
from graph.scenario import Changes, Scratch
from ontology.errors import UnknownThing, UsageError
from queries.catalogue import gap_queries
from queries.measures.scenario import read_scenario
from queries.measures.vitals import read_vitals, touched_norms
from queries.measures.what_if import Outcome, outcome_sentences, try_scenario

ID = "https://w3id.org/regiograaf/id/"
_SOURCES = """
PREFIX rg: <https://w3id.org/regiograaf/def#>

SELECT ?source WHERE { ?line rg:budgetSource ?source ; rg:tableRole "item" } ORDER BY ?source
"""


def attempt(release: OpenRelease, text: str) -> Outcome:
    return try_scenario(release, read_scenario(text))


def broken(outcome: Outcome) -> dict[str, set[str]]:
    return {part.kind: {ref.label for ref in part.things} for part in outcome.breaks}


def unmet(outcome: Outcome) -> dict[str, set[str]]:
    return {part.kind: {ref.label for ref in part.things} for part in outcome.unmet}


def test_removing_a_party_names_what_is_left_with_one_or_none(mini: OpenRelease) -> None:
    outcome = attempt(mini, '{"remove": ["Huisarts Oost"]}')
    assert broken(outcome)["Verband met nog één bekende partij"] == {"Smal Netwerk", "Stille Tafel"}
    both = attempt(mini, '{"remove": ["Huisarts Oost", "Zorgclub"]}')
    assert broken(both)["Verband zonder bekende partijen"] == {"Smal Netwerk"}


def test_removing_a_lead_leaves_theme_and_activity_without(mini: OpenRelease) -> None:
    outcome = attempt(mini, '{"remove": ["Zorgclub", "Gemeente Dijkstad"]}')
    assert broken(outcome)["Thema zonder trekker"] == {"Wonen"}
    assert broken(outcome)["Activiteit zonder trekker"] == {"Huisbezoek"}
    assert unmet(outcome)["Thema zonder bestuurlijk trekker"] == {"Wonen"}


def test_removing_a_collaboration_leaves_a_theme_nobody_works_on(mini: OpenRelease) -> None:
    outcome = attempt(mini, '{"remove": ["Smal Netwerk"]}')
    assert broken(outcome)["Thema waar niets meer aan werkt"] == {"Bewegen"}
    assert "Smal Netwerk" not in str(outcome.breaks)


def test_money_that_loses_its_source_is_at_risk_by_table(mini: OpenRelease) -> None:
    rows = select(mini.store, _SOURCES).dicts()
    outcome = attempt(mini, f'{{"remove": ["{next(iter(rows))["source"]}"]}}')
    least, most = outcome.euros
    assert 0 < least <= most
    assert "Geld dat zijn doel" in " ".join(outcome_sentences(outcome))


def test_merging_keeps_the_participations_of_both(mini: OpenRelease) -> None:
    outcome = attempt(mini, '{"merge": [{"source": "Zorgclub", "into": "Huisarts Oost"}]}')
    assert broken(outcome) == {"Verband met nog één bekende partij": {"Smal Netwerk"}}
    nodes = next(index for index in outcome.indices if index.name == "Partijen en verbanden")
    assert (nodes.before, nodes.after) == (8, 7)


def test_adding_a_trekker_meets_a_norm(mini: OpenRelease) -> None:
    outcome = attempt(
        mini,
        """{"new": [{"kind": "partij", "label": "Nieuwkomer"}],
            "join": [{"party": "Nieuwkomer", "to": "Wandelclub", "role": "trekker"}]}""",
    )
    assert not outcome.breaks
    assert {"Wandelclub"} in [{ref.label for ref in part.things} for part in outcome.met]


def test_adding_money_and_themes_counts(mini: OpenRelease) -> None:
    outcome = attempt(
        mini,
        """{"new": [{"kind": "geld", "label": "Nieuw Fonds"}, {"kind": "verband", "label": "Nieuwe Tafel"},
                    {"kind": "thema", "label": "Nieuw Thema"}],
            "join": [{"party": "Zorgclub", "to": "Nieuwe Tafel"}],
            "work": [{"what": "Nieuwe Tafel", "theme": "Nieuw Thema"}],
            "fund": [{"to": "Buurtbus", "source": "Nieuw Fonds", "amount": 5000}]}""",
    )
    assert not outcome.breaks
    nodes = next(index for index in outcome.indices if index.name == "Partijen en verbanden")
    assert nodes.after == (nodes.before or 0) + 1


def test_a_scenario_changes_nothing_in_the_release_and_nothing_stays(mini: OpenRelease) -> None:
    before = to_nquads(mini.store)
    nothing = attempt(mini, "{}")
    attempt(
        mini,
        '{"remove": ["Huisarts Oost"], "merge": [{"source": "Zorgclub", "into": "Polder Polis"}]}',
    )
    assert to_nquads(mini.store) == before
    assert attempt(mini, "{}") == nothing
    assert outcome_sentences(nothing) == ["Er breekt niets dat uit de bronnen af te lezen is."]


def test_the_scratch_copy_is_undone_after_an_error(mini: OpenRelease) -> None:
    scratch = Scratch(mini.store)
    before = to_nquads(scratch.unchanged)
    changes = Changes(remove=(f"{ID}actor/zorgclub",))
    with pytest.raises(RuntimeError), scratch.changed(changes):
        raise RuntimeError
    assert to_nquads(scratch.unchanged) == before


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("geen json", "scenario klopt niet"),
        ("[]", "scenario klopt niet"),
        ('{"verwijder": []}', "verwijder"),
        ('{"remove": ["Wandelclub"]}', "geen partij, verband, thema of geld"),
        ('{"merge": [{"source": "Zorgclub", "into": "Zorgclub"}]}', "zichzelf"),
        ('{"new": [{"kind": "planeet", "label": "x"}]}', "planeet"),
        ('{"fund": [{"to": "Buurtbus", "source": "x", "amount": -1}]}', "amount"),
    ],
)
def test_a_wrong_scenario_is_refused_in_words(mini: OpenRelease, text: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        attempt(mini, text)


def test_a_scenario_that_names_what_is_not_there_says_so(mini: OpenRelease) -> None:
    with pytest.raises(UnknownThing, match="Zorgklub"):
        attempt(mini, '{"remove": ["Zorgklub"]}')


def test_only_norms_that_a_change_can_touch_are_asked() -> None:
    asked = {norm.name for norm in touched_norms(["https://w3id.org/regiograaf/def#coordinator"])}
    assert "thema-zonder-coordinator" in asked
    assert "orgaan-zonder-frequentie" not in asked


def test_norms_that_are_not_asked_would_not_have_changed(mini: OpenRelease) -> None:
    scratch = Scratch(mini.store)
    changes = Changes(remove=(f"{ID}actor/huisarts-oost", f"{ID}samenwerking/smal-netwerk"))
    gone = set(changes.remove)
    before = read_vitals(mini.store, gap_queries()).unmet
    with scratch.changed(changes) as (store, touched):
        after = read_vitals(store, gap_queries()).unmet
        asked = {norm.name for norm in touched_norms(touched)}
    new = {pair for pair in after - before if pair[1] not in gone}
    assert {name for name, _ in new} <= asked


def test_an_answer_takes_less_than_the_limit_on_the_small_region(mini: OpenRelease) -> None:
    attempt(mini, "{}")
    start = time.perf_counter()
    attempt(mini, '{"remove": ["Huisarts Oost"]}')
    assert time.perf_counter() - start < 0.3
