from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.checks.findings import Finding, nearest
from graph.identity import SLUG, minted_slug, slugify
from graph.tables.reader import read_tables
from graph.tables.rows import check_rows
from graph.tables.statements import to_quads
from ontology.errors import UsageError
from tests.conftest import MINI


@pytest.fixture
def region(tmp_path: Path) -> Path:
    return Path(shutil.copytree(MINI, tmp_path / "regio"))


def findings_of(path: Path) -> list[Finding]:
    raw, findings = read_tables(path)
    _, complaints, _ = check_rows(raw)
    return [*findings, *complaints]


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


def test_small_region_has_no_findings() -> None:
    assert findings_of(MINI) == []


def only(findings: list[Finding]) -> Finding:
    assert len(findings) == 1, [str(f) for f in findings]
    return findings[0]


@pytest.mark.parametrize(
    ("sheet", "old", "new", "column", "row", "said"),
    [
        ("actoren", "id,naam,soort", "id,naam,sort", "sort", 1, "Bedoelde u 'soort'?"),
        ("deelnames", "polder-polis,samenwerking/brede", "polder-pols,samenwerking/brede", "wie", 3, "actor/polder-polis"),
        ("actoren", "zorgclub,Zorgclub", "bewonersraad,Zorgclub", "id", 6, "staat al op rij 5"),
        ("gebeurtenissen", "2020-04-26", "26-4-2020", "datum", 2, "Bedoelde u '2020-04-26'?"),
        ("gebeurtenissen", "2020-04-26", "2020-02-30", "datum", 2, "Bedoelde u '2020'?"),
        ("gebeurtenissen", "2020-04-26", "\u0662\u0660\u0662\u0660-04-26", "datum", 2, "verwacht een datum"),
        ("regios", "900:3-3", "900:99-101", "bron", 3, "Bedoelde u '900:99-100'?"),
        ("regios", "900:3-3", "902:3-3", "bron", 3, "onbekend document"),
        ("regios", "900:3-3", "", "bron", 3, "verplicht veld is leeg"),
        ("actoren", "zorgaanbieder,vvt", "zorgaanbieders,vvt", "soort", 6, "Bedoelde u 'zorgaanbieder'?"),
        ("samenwerkingen", ",5,", ",vijf,", "aantal_leden", 2, "verwacht een geheel getal"),
        ("regelingen", "1000,25000", "25000,1000", "maximum", 2, "niet minder dan 'minimum'"),
        ("regelingen", "1000,25000", "1000,25.000,00", "", 2, "10 cellen"),
        ("activiteiten", "2020,2021-06", "2022,2021-06", "tot", 2, "niet vóór 'van'"),
        ("hiaten", "wandelclub,trekker", "wandelclub,treker", "eigenschap", 2, "Bedoelde u 'trekker'?"),
        ("actoren", "gemeente-dijkstad,", "Gemeente_Dijkstad,", "id", 2, "Bedoelde u 'gemeente-dijkstad'?"),
    ],
)  # fmt: skip
def test_a_wrong_cell_gives_a_finding_with_its_place_and_a_hint(
    region: Path, sheet: str, old: str, new: str, column: str, row: int, said: str
) -> None:
    replace(region / f"{sheet}.csv", old, new)
    found = [
        f for f in findings_of(region) if f.sheet == sheet and f.row == row and f.column == column
    ]
    assert any(said in str(finding) for finding in found), [str(f) for f in findings_of(region)]


def test_unknown_sheet_names_the_nearest(region: Path) -> None:
    (region / "actoren.csv").rename(region / "acteurs.csv")
    found = [f for f in findings_of(region) if f.file == "acteurs.csv"]
    assert "Bedoelde u 'actoren'?" in str(only(found))


def test_empty_file_is_a_finding(region: Path) -> None:
    (region / "taken.csv").write_bytes(b"")
    assert "leeg" in str(only(findings_of(region)))


def test_wrong_encoding_names_the_row_and_the_remedy(region: Path) -> None:
    file = region / "taken.csv"
    file.write_bytes(file.read_bytes().replace(b"Stemt af", "Stemt één af".encode("latin-1")))
    finding = only(findings_of(region))
    assert finding.row == 2
    assert "CSV UTF-8" in str(finding)


def test_semicolons_and_byte_order_mark_of_a_spreadsheet_are_read(region: Path) -> None:
    file = region / "regios.csv"
    file.write_text("\ufeff" + file.read_text("utf-8").replace(",", ";"), "utf-8")
    assert findings_of(region) == []


def test_control_characters_are_refused(region: Path) -> None:
    replace(region / "regios.csv", "Dijkstad", "Dijk\x07stad")
    assert "U+0007" in str(only(findings_of(region)))


def test_same_relation_twice_in_one_passage_is_a_finding(region: Path) -> None:
    file = region / "deelnames.csv"
    lines = file.read_text("utf-8").splitlines()
    file.write_text("\n".join([*lines, lines[1]]) + "\n", "utf-8")
    assert "staat al op rij 2" in str(only(findings_of(region)))


def test_no_file_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="bestaat niet"):
        read_tables(tmp_path / "weg")
    with pytest.raises(UsageError, match=r"geen CSV-bestand"):
        read_tables(tmp_path)


def test_every_statement_stands_in_the_graph_of_a_passage() -> None:
    rows, _, directory = check_rows(read_tables(MINI)[0])
    graphs = {quad.graph_name.value for quad in to_quads(rows, directory)}  # type: ignore[union-attr]
    assert all("#r" in graph for graph in graphs)


def test_own_classification_is_stated_by_the_editorial_document() -> None:
    rows, _, directory = check_rows(read_tables(MINI)[0])
    sectors = [q for q in to_quads(rows, directory) if q.predicate.value.endswith("#sector")]
    assert sectors
    assert all("/redactie#" in q.graph_name.value for q in sectors)  # type: ignore[union-attr]


@given(st.text(max_size=80))
def test_slugify_gives_a_slug_and_is_idempotent(label: str) -> None:
    slug = slugify(label)
    assert SLUG.fullmatch(slug)
    assert slugify(slug) == slug


@given(st.lists(st.text(max_size=10), max_size=4), st.lists(st.text(max_size=10), max_size=4))
def test_minted_slugs_differ_where_their_parts_differ(one: list[str], other: list[str]) -> None:
    same = minted_slug(one, ["x"]) == minted_slug(other, ["x"])
    assert same == ("\x1f".join(one) == "\x1f".join(other))


def test_nearest_is_silent_when_nothing_is_alike() -> None:
    assert nearest("qqqq", ["actoren"]) == ""
    assert nearest("actorn", ["actoren", "taken"]) == "actoren"


def test_each_claim_of_a_conflict_stands_only_where_it_is_made() -> None:
    rows, _, directory = check_rows(read_tables(MINI)[0])
    graphs = {
        q.predicate.value.rsplit("#", 1)[1]: q.graph_name.value.rsplit("#", 1)[1]  # type: ignore[union-attr]
        for q in to_quads(rows, directory)
        if q.predicate.value.endswith(("claimA", "claimB"))
    }
    assert graphs == {"claimA": "r20-20", "claimB": "r39-39"}
