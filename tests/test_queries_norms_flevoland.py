"""What the norms find in the built-in region; the documents are the proof."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest

from graph.release import OpenRelease
from queries.gap_report.report import Wanted, choose_gaps
from queries.norms.checks import norm_checks
from queries.norms.evaluation import Answer, evaluate_norms, find_result
from queries.norms.scorecard import scorecard
from tests.norm_region import release_of

TABLES = Path(str(files("graph").joinpath("data", "flevoland")))


@cache
def flevoland() -> OpenRelease:
    return release_of(TABLES)


def answers(norm: str) -> dict[str, Answer]:
    return {a.subject.iri.rsplit("/", 1)[-1]: a for a in find_result(flevoland(), norm).answers}


def test_the_pack_has_sixty_norms_or_more_and_says_what_the_others_lack() -> None:
    checks = norm_checks(flevoland())
    assert sum(check.is_evaluable for check in checks) >= 60
    assert all(check.missing for check in checks if not check.is_evaluable)
    assert all(check.words and check.remedy and check.owners for check in checks)


def test_every_row_of_the_pack_is_a_norm_with_a_severity() -> None:
    rows = (TABLES / "toetsen.csv").read_text("utf-8").count("\n") - 1
    assert len(norm_checks(flevoland())) == rows


def test_words_for_the_severity_stay_short() -> None:
    assert max(len(check.words.split()) for check in norm_checks(flevoland())) < 12


def test_norms_that_hold_elsewhere_are_not_in_the_pack() -> None:
    assert not [c.id for c in norm_checks(flevoland()) if c.id.startswith(("wp-salland", "wp-nhn"))]


@pytest.mark.parametrize(
    ("norm", "thing", "status"),
    [
        ("wp-b4-voortouw-en-procesorganisatie", "wel-1", "open"),
        ("wp-b4-voortouw-en-procesorganisatie", "wel-4", "open"),
        ("wp-b4-voortouw-en-procesorganisatie", "wel-7", "unknown"),
        ("wp-b4-voortouw-en-procesorganisatie", "wel-12", "met"),
        ("wp-procesregie-besluitvorming-organiseren", "pfo-zorg-in-flevoland", "open"),
        ("wp-minimaal-een-bestuurlijk-trekker", "armoede", "unknown"),
        ("wp-b1-burgerperspectief-altijd", "werkplaats-sociaal-domein", "unknown"),
        ("bosd-minimaal-vier-momenten", "bosd", "open"),
        ("vws-criterium-2-financieel", "regioplan-flevoland", "open"),
        ("wp-b3-zorg-voor-overzicht-en-samenhang", "regionaal-knooppunt", "unknown"),
        ("wp-spelregel-over-naar-buiten-treden", "naar-buiten-treden", "unknown"),
    ],
)
def test_finding_of_the_region(norm: str, thing: str, status: str) -> None:
    assert answers(norm)[thing].status == status


@pytest.mark.parametrize(
    ("rule", "thing", "status"),
    [
        ("norm/wp-b4-voortouw-en-procesorganisatie", "wel-1", "open"),
        ("norm/wp-b4-voortouw-en-procesorganisatie", "wel-7", "unknown"),
        ("norm/wp-procesregie-besluitvorming-organiseren", "pfo-zorg-in-flevoland", "open"),
        ("norm/wp-minimaal-een-bestuurlijk-trekker", "armoede", "unknown"),
        ("samenwerking-zonder-gemeente", "flevi", "unknown"),
        ("samenwerking-zonder-verzekeraar", "convenant-informele-zorg-lelystad", "unknown"),
        ("norm/wp-b1-burgerperspectief-altijd", "hrm-netwerk-flevoland", "unknown"),
        ("regeling-zonder-deadline", "oranje-fonds", "none"),
    ],
)
def test_finding_stands_in_the_report(rule: str, thing: str, status: str) -> None:
    found = choose_gaps(flevoland(), Wanted(rule=rule))
    assert {g.subject.iri.rsplit("/", 1)[-1]: g.status for g in found}[thing] == status
    assert any(gap.rule.id == rule for gap in choose_gaps(flevoland()))


def test_every_gap_is_told_once_with_words() -> None:
    gaps = choose_gaps(flevoland())
    assert len({gap.key for gap in gaps}) == len(gaps)
    assert not [gap.key for gap in gaps if not gap.detail or not gap.rule.remedy]


def test_activity_with_two_trekkers_names_both() -> None:
    assert "OZO" in answers("wp-b4-voortouw-en-procesorganisatie")["wel-12"].detail
    assert "Proscoop" in answers("wp-b4-voortouw-en-procesorganisatie")["wel-12"].detail


def test_no_norm_is_a_must_because_it_helps() -> None:
    severity = {check.id: check.severity for check in norm_checks(flevoland())}
    assert severity["wp-b4-voortouw-en-procesorganisatie"] == "may"


def test_what_fulfils_a_norm_is_shown_by_lines_of_a_document() -> None:
    found = [
        answer
        for result in evaluate_norms(flevoland())
        for answer in result.answers
        if result.check.query == "norm-is-ingevuld" and answer.status == "met"
    ]
    assert found
    assert not [a for a in found if a.passage is None or a.passage.document == "redactie-2026"]


def test_networks_elsewhere_get_no_answer() -> None:
    subjects = {a.subject.iri for r in evaluate_norms(flevoland()) for a in r.answers}
    assert not [iri for iri in subjects if "salland" in iri or "zuid-limburg" in iri]


def test_scorecard_has_a_line_for_each_unit_the_norms_name() -> None:
    units = {line.unit.iri.rsplit("/", 1)[-1] for line in scorecard(flevoland()).units}
    assert {"bestuurlijke-regie", "beleidsadviesgroep", "breed-netwerkoverleg"} <= units
