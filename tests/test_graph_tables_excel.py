"""Excel in and out: what was written is read back the same, and a hostile file only costs a message."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from typer.testing import CliRunner

from api.cli.main import app
from graph.checks.findings import Finding
from graph.tables import excel
from graph.tables.raw import RawRow
from graph.tables.reader import read_tables
from graph.tables.rows import check_rows
from graph.tables.template import GUIDE, LISTS, write_template
from ontology.schema import load_schema
from tests.conftest import MINI

DAY = date(2026, 1, 1)


def workbook(folder: Path, **sheets: list[list[object]]) -> Path:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    file = folder / "regio.xlsx"
    book.save(file)
    return file


def only(findings: list[Finding]) -> str:
    assert len(findings) == 1, [str(f) for f in findings]
    return str(findings[0])


def test_a_region_goes_through_excel_unchanged(tmp_path: Path) -> None:
    rows, _ = read_tables(MINI)
    file = tmp_path / "regio.xlsx"
    file.write_bytes(write_template(rows, DAY))
    back, findings = read_tables(file)
    assert findings == []
    assert check_rows(back)[1] == []

    def filled(found: list[RawRow]) -> set[tuple[str, frozenset[tuple[str, str]]]]:
        return {(r.sheet, frozenset((k, v) for k, v in r.cells.items() if v)) for r in found}

    assert filled(back) == filled(rows)


def test_template_holds_every_table_and_explains_every_column() -> None:
    book = load_workbook(io.BytesIO(write_template([], DAY)))
    sheets = load_schema().sheets
    assert set(book.sheetnames) == {*sheets, GUIDE, LISTS}
    explained = {(row[1].value, row[4].value) for row in book[GUIDE].iter_rows()}
    for name, sheet in sheets.items():
        assert [cell.value for cell in book[name][1]] == list(sheet.headers)
        assert all(cell.comment for cell in book[name][1])
        assert {(c.header, c.help) for c in sheet.columns} <= explained
    picks = {str(rule.sqref): rule for rule in book["regios"].data_validations.dataValidation}
    kinds = next(r for r in picks.values() if "C2" in str(r.sqref))
    column = kinds.formula1.split("$")[1]
    offered = [cell.value for cell in book[LISTS][column][1:] if cell.value]
    assert offered == list(sheets["regios"].column("soort").choices)


def test_template_has_the_same_bytes_each_time() -> None:
    assert write_template([], DAY) == write_template([], DAY)


def test_numbers_dates_and_answers_become_text(tmp_path: Path) -> None:
    file = workbook(
        tmp_path,
        regelingen=[
            ["id", "naam", "minimum", "maximum", "opmerking", "letterlijk"],
            ["a", "Een", 1000, 25000.0, datetime(2024, 6, 1), True],  # noqa: DTZ001 - Excel knows no zones
            ["b", "Twee", 28.5, 1e15, date(2024, 6, 1), None],
        ],
    )
    rows, _ = excel.read_workbook(file)
    assert rows[0].rows[1] == (2, ("a", "Een", "1000", "25000", "2024-06-01", "ja"))
    assert rows[0].rows[2] == (3, ("b", "Twee", "28.5", "1000000000000000", "2024-06-01"))


def test_findings_name_sheet_row_and_column(tmp_path: Path) -> None:
    file = workbook(
        tmp_path,
        actoren=[["id", "naam", "soort", "bron"], ["a", "=1+1", "gemeente", "900:1-1"]],
    )
    _, findings = read_tables(file)
    assert only(findings) == (
        "regio.xlsx, blad 'actoren', rij 2, kolom 'naam': een formule; verwacht een waarde "
        "(in Excel: kopieer, plakken als waarden)."
    )
    file = workbook(tmp_path, actor=[["id"], ["a"]])
    assert "Bedoelde u 'actoren'?" in only(read_tables(file)[1])
    file = workbook(tmp_path, actoren=[["id", "naam", "sort", "bron"], ["a", "b", "c", "900:1-1"]])
    assert any("Bedoelde u 'soort'?" in str(finding) for finding in read_tables(file)[1])
    file = workbook(tmp_path, actoren=[["id"], [datetime(2024, 1, 1, 9, 30)]])  # noqa: DTZ001
    assert any("zonder tijd" in str(finding) for finding in read_tables(file)[1])


def test_empty_sheets_of_a_template_are_no_findings(tmp_path: Path) -> None:
    file = tmp_path / "leeg.xlsx"
    file.write_bytes(write_template([], DAY))
    assert read_tables(file) == ([], [])


def packed(parts: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            book.writestr(name, content)
    return target.getvalue()


def with_part(file: Path, name: str, old: bytes, new: bytes) -> bytes:
    """Return a sound workbook with one of its parts changed."""
    with zipfile.ZipFile(file) as book:
        parts = {part: book.read(part) for part in book.namelist()}
    assert old in parts[name]
    return packed({**parts, name: parts[name].replace(old, new)})


ENTITIES = b'<!DOCTYPE x [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;">]><worksheet'


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "geen leesbare Excel-werkmap"),
        (b"PK\x03\x04 en dan niets", "geen leesbare Excel-werkmap"),
        (packed({"a.txt": b"x"}), "beschadigd"),
        (packed({f"{i}": b"" for i in range(excel.MAX_PARTS + 1)}), "onderdelen"),
        (b"%PDF-1.4 dit is iets anders", "geen leesbare Excel-werkmap"),
    ],
)
def test_a_file_that_is_no_workbook(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "regio.xlsx"
    file.write_bytes(content)
    assert said in only(read_tables(file)[1])


def test_a_workbook_that_unpacks_without_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(excel, "MAX_UNPACKED_BYTES", 5_000_000)
    file = tmp_path / "regio.xlsx"
    file.write_bytes(packed({"xl/workbook.xml": b"0" * 50_000_000}))
    assert file.stat().st_size < 100_000
    assert "uitgepakt te groot" in only(read_tables(file)[1])


def test_entities_and_broken_parts(tmp_path: Path) -> None:
    sound = workbook(tmp_path, actoren=[["id"], ["a"]])
    part = "xl/worksheets/sheet1.xml"
    evil = tmp_path / "kwaad.xlsx"
    evil.write_bytes(with_part(sound, part, b"<worksheet", ENTITIES))
    assert "DOCTYPE" in only(read_tables(evil)[1])
    evil.write_bytes(with_part(sound, part, b"</worksheet>", b""))
    assert "beschadigd" in only(read_tables(evil)[1])


def test_a_sheet_wider_than_any_table(tmp_path: Path) -> None:
    file = workbook(tmp_path, actoren=[["id"], [*["x"] * (excel.MAX_COLUMNS + 1)]])
    assert any("verwacht een gewone tabel" in str(f) for f in read_tables(file)[1])


def test_secretary_sees_what_changes_before_it_does(tmp_path: Path) -> None:
    data, file = str(tmp_path / "data"), tmp_path / "regio.xlsx"
    run = CliRunner().invoke
    from api.region import load_path

    load_path(tmp_path / "data", MINI)
    rows, _ = read_tables(MINI)
    file.write_bytes(write_template(rows, DAY))
    book = load_workbook(file)
    page = book["actoren"]
    cell = next(row[1] for row in page.iter_rows(min_row=2) if row[0].value == "polder-polis")
    was = cell.value
    cell.value = "Polder Polis & Zonen"
    book.save(file)
    from api.region import publish_release

    publish_release(tmp_path / "data", DAY)
    shown = run(app, ["load", str(file), "--dry-run", "--data", data])
    assert shown.exit_code == 0, shown.output
    assert f"naam: '{was}' wordt 'Polder Polis & Zonen'" in shown.output
    assert "0 nieuw, 1 gewijzigd, 0 verwijderd" in shown.output
    assert "Er is niets gewijzigd." in shown.output
    done = run(app, ["load", str(file), "--data", data])
    assert "0 nieuw, 1 gewijzigd, 0 verwijderd" in done.output
    again = run(app, ["load", str(file), "--dry-run", "--data", data])
    assert "0 nieuw, 0 gewijzigd, 0 verwijderd" in again.output
    other = tmp_path / "terug.xlsx"
    assert run(app, ["template", "--filled", "-o", str(other), "--data", data]).exit_code == 0
    back, _ = read_tables(other)
    assert any(row.cells.get("naam") == "Polder Polis & Zonen" for row in back)
