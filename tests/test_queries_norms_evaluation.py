from __future__ import annotations

from pathlib import Path

import pytest

from api.region import load_path, publish_release
from graph.dataset import to_nquads
from graph.release import open_release
from graph.tables.reader import read_tables
from graph.tables.rows import check_rows
from ontology.errors import UnknownThing
from queries.names import names_of
from queries.norms.checks import norm_checks
from queries.norms.evaluation import STATUSES, evaluate_norms, find_result
from tests.norm_region import norm_region, release_of, tables, write_region

CASES = [
    ("trekker", "Act-met", "met"),
    ("trekker", "Act-none", "none"),
    ("trekker", "Act-open", "open"),
    ("trekker", "Act-unreadable", "unreadable"),
    ("trekker", "Act-unknown", "unknown"),
    ("trekker", "Act-exempt", "notApplicable"),
    ("inwoners", "Tafel-met", "met"),
    ("inwoners", "Tafel-none", "none"),
    ("inwoners", "Tafel-absent", "none"),
    ("inwoners", "Tafel-open", "open"),
    ("inwoners", "Tafel-planned", "open"),
    ("inwoners", "Tafel-unreadable", "unreadable"),
    ("inwoners", "Tafel-unknown", "unknown"),
    ("inwoners", "Tafel-abroad", "notApplicable"),
    ("sector", "Zorgverzekering en inkoop", "met"),
    ("sector", "Overheid", "none"),
    ("sector", "Welzijn", "open"),
    ("sector", "Geestelijke gezondheidszorg", "unknown"),
    ("sector-stil", "Geestelijke gezondheidszorg", "unreadable"),
    ("mandaat", "Alfa", "met"),
    ("mandaat", "Beta", "none"),
    ("mandaat", "Gamma", "open"),
    ("mandaat", "Inwoners", "unknown"),
    ("partijen", "Thema-met", "met"),
    ("partijen", "Thema-none", "none"),
    ("partijen", "Thema-open", "open"),
    ("partijen", "Thema-unreadable", "unreadable"),
    ("partijen", "Thema-unknown", "unknown"),
    ("momenten", "Raad-met", "met"),
    ("momenten", "Raad-none", "none"),
    ("momenten", "Raad-open", "open"),
    ("momenten", "Raad-planned", "open"),
    ("momenten", "Raad-unreadable", "unreadable"),
    ("momenten", "Raad-unknown", "unknown"),
    ("vaak", "Raad-met", "met"),
    ("vaak", "Raad-yearly", "none"),
    ("vaak", "Raad-none", "none"),
    ("vaak", "Raad-open", "open"),
    ("vaak", "Raad-unreadable", "unreadable"),
    ("vaak", "Raad-vague", "unknown"),
    ("vaak", "Raad-unknown", "unknown"),
    ("vul-met", "Eenheid-regie", "met"),
    ("vul-none", "Eenheid-regie", "none"),
    ("vul-open", "Eenheid-regie", "open"),
    ("vul-planned", "Eenheid-regie", "open"),
    ("vul-unreadable", "Eenheid-regie", "unreadable"),
    ("vul-unknown", "Eenheid-regie", "unknown"),
]


@pytest.mark.parametrize(("norm", "label", "status"), CASES)
def test_norm_query_tells_how_a_thing_stands(norm: str, label: str, status: str) -> None:
    found = {a.subject.label: a for a in find_result(norm_region(), norm).answers}
    assert found[label].status == status
    assert found[label].detail.endswith(".")
    assert found[label].passage is not None


def test_every_query_of_the_pack_has_a_case_for_each_main_status() -> None:
    query_of = {check.id: check.query for check in norm_checks(norm_region())}
    covered = {(query_of[norm], status) for norm, _, status in CASES}
    queries = {query for query in query_of.values() if query}
    wanted = {(q, s) for q in queries for s in ("met", "none", "open", "unknown")}
    assert wanted <= covered


def test_counts_add_up_to_the_things_evaluated() -> None:
    for result in evaluate_norms(norm_region()):
        assert sum(result.counts.values()) == len(result.answers)
        assert len({a.subject.iri for a in result.answers}) == len(result.answers)
        assert set(result.counts) == set(STATUSES)
        assert len(result.gaps) == sum(
            result.counts[s] for s in ("none", "open", "unreadable", "unknown")
        )


def test_example_from_elsewhere_is_not_evaluated() -> None:
    labels = {a.subject.label for a in find_result(norm_region(), "trekker").answers}
    assert "Act-voorbeeld" not in labels


def test_named_participants_are_no_complete_list_unless_a_source_counts_them() -> None:
    answers = {a.subject.label: a for a in find_result(norm_region(), "inwoners").answers}
    assert answers["Tafel-absent"].detail.endswith("Alle 3 leden zijn bij naam bekend.")
    assert answers["Tafel-unknown"].detail.endswith("Geen bron noemt deelnemers bij naam.")


def test_two_trekkers_are_both_named() -> None:
    answers = {a.subject.label: a for a in find_result(norm_region(), "trekker").answers}
    assert "Alfa en Beta" in answers["Act-met"].detail


def test_norm_without_query_says_which_data_nobody_has() -> None:
    result = find_result(norm_region(), "niet-na-te-gaan")
    assert result.check.missing == "Een lijst die niemand heeft."
    assert result.answers == ()


def test_norms_come_gravest_first() -> None:
    found = [result.check.severity for result in evaluate_norms(norm_region())]
    assert found == sorted(found, key=("must", "should", "may").index)


def test_unknown_norm_is_told() -> None:
    with pytest.raises(UnknownThing, match="'bestaat-niet'"):
        find_result(norm_region(), "bestaat-niet")


def test_release_keeps_the_text_of_the_queries(tmp_path: Path) -> None:
    region = tmp_path / "region"
    region.mkdir()
    write_region(region, tables())
    load_path(tmp_path / "data", region)
    publish_release(tmp_path / "data")
    for query in (region / "normen").glob("*.rq"):
        query.unlink()
    release = open_release(tmp_path / "data")
    assert [r.counts for r in evaluate_norms(release)] == [
        r.counts for r in evaluate_norms(norm_region())
    ]


GOOD = "SELECT ?subject ?label ?status ?detail ?passage WHERE { ?subject ?label $norm } ORDER BY ?label"
HEAD = '#+ title: "Vraag"\n#+ source: "redactie-2026:1-1"\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD + GOOD.replace(" ?passage", "", 1), "verwacht precies de kolommen"),
        (HEAD + GOOD.replace("?subject ?label $norm", "?subject"), "geen geldige SPARQL"),
        (HEAD + GOOD.replace("{", "{ SERVICE <http://a.nl> {", 1).replace("}", "} }"), "SERVICE"),
        ('#+ titel: "Vraag"\n' + HEAD + GOOD, "Bedoelde u 'title'?"),
        ("#+ title: Let op: leeg\n" + GOOD, "de kop is niet te lezen"),
        ('#+ title: "Vraag"\n' + GOOD, "zet bovenaan een regel: #+ source"),
        (HEAD + "\n" + GOOD.replace("WHERE {", "WHERE\n{ x", 1), "regel 5 «{ x"),
    ],
)
def test_wrong_query_of_a_pack_is_a_finding(tmp_path: Path, text: str, said: str) -> None:
    write_region(tmp_path, tables())
    (tmp_path / "normen" / "fout.rq").write_text(text, "utf-8")
    raw, findings = read_tables(tmp_path)
    complaints = [str(one) for one in (*findings, *check_rows(raw)[1])]
    assert len(complaints) == 1
    assert "normen/fout.rq" in complaints[0]
    assert said in complaints[0]
    assert "PREFIX" not in complaints[0]


@pytest.mark.parametrize(
    ("column", "value", "hint"),
    [("norm", "trekkers", "norm/trekker"), ("vraag", "heeft-gegevens", "normvraag/heeft-gegeven")],
)
def test_unknown_norm_or_query_is_a_finding_with_a_hint(
    tmp_path: Path, column: str, value: str, hint: str
) -> None:
    rows = tables()
    rows["toetsen"][0] |= {column: value}
    write_region(tmp_path, rows)
    raw, _ = read_tables(tmp_path)
    complaints = [str(one) for one in check_rows(raw)[1]]
    assert len(complaints) == 1
    assert f"toetsen.csv, rij 2, kolom '{column}'" in complaints[0]
    assert hint in complaints[0]


def test_check_without_query_must_say_which_data_are_missing(tmp_path: Path) -> None:
    rows = tables()
    rows["toetsen"][0] |= {"vraag": "", "ontbreekt": ""}
    rows["toetsen"][1] |= {"vraag": "", "ontbreekt": "Niemand houdt bij wie er komt."}
    write_region(tmp_path, rows)
    raw, _ = read_tables(tmp_path)
    complaints = [str(one) for one in check_rows(raw)[1]]
    assert len(complaints) == 1
    assert "toetsen.csv, rij 2, kolom 'vraag': vul 'vraag' in" in complaints[0]
    assert "of 'ontbreekt'" in complaints[0]


def test_person_who_fulfils_a_norm_is_not_named_in_the_public_release(tmp_path: Path) -> None:
    rows = tables()
    rows["personen"] = [{"id": "joke", "naam": "Joke Geheim", "bron": "900:8-8"}]
    rows["invulling"] += [
        {"ding": "persoon/joke", "waaraan": "norm/vul-unknown", "bron": "redactie-2026:11-11"}
    ]
    rows["aanvaard"] += [
        {**rows["aanvaard"][0], "onderwerp": "persoon/joke", "norm": "inwoners"},
    ]
    write_region(tmp_path, rows)
    store = release_of(tmp_path, number=4).store
    assert "Joke Geheim" not in to_nquads(store).decode()


@pytest.mark.parametrize("kind", ["NormCheck", "NormQuery", "Fulfilment", "Acceptance"])
def test_parts_of_a_norm_pack_are_shown_as_what_they_are(kind: str) -> None:
    assert names_of(norm_region()).of_kind(kind)
