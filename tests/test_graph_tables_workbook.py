from __future__ import annotations

import io
from datetime import date

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from graph.tables.workbook import CellValue, Link, Sheet, write_workbook

DAY = date(2026, 11, 22)


def opened(*rows: tuple[CellValue, ...], name: str = "Blad") -> Worksheet:
    columns = tuple((f"kolom {n}", 12) for n in range(len(rows[0])))
    content = write_workbook([Sheet(name, columns, rows)], "Titel", DAY)
    page = load_workbook(io.BytesIO(content)).worksheets[0]
    assert isinstance(page, Worksheet)
    return page


@pytest.mark.parametrize(
    "text", ["=1+1", "+31 320", "-5", "@SUM(A1)", "=HYPERLINK(0)", "\t=1", "\r=1"]
)
def test_text_that_looks_like_a_formula_stays_text(text: str) -> None:
    cell = opened((text,)).cell(2, 1)
    assert cell.data_type == "s"
    assert str(cell.value).strip() == text.strip()
    assert cell.quotePrefix
    assert cell.number_format == "@"


def test_link_that_looks_like_a_formula_stays_text() -> None:
    cell = opened((Link("=1+1", "https://example.org/a"),)).cell(2, 1)
    assert (cell.data_type, cell.value) == ("s", "=1+1")
    assert cell.hyperlink is not None
    assert cell.hyperlink.target == "https://example.org/a"


def test_address_that_is_no_web_address_is_no_link() -> None:
    assert opened((Link("x", "javascript:alert(1)"),)).cell(2, 1).hyperlink is None


def test_numbers_stay_numbers_and_ordinary_text_has_no_mark() -> None:
    page = opened(("tekst", 3, 2.5, None))
    assert [page.cell(2, n).value for n in (1, 2, 3, 4)] == ["tekst", 3, 2.5, None]
    assert not page.cell(2, 1).quotePrefix


def test_sheet_has_a_fixed_head_a_filter_and_widths() -> None:
    page = opened(("a", "b"), ("c", "d"))
    assert page.freeze_panes == "A2"
    assert page.auto_filter.ref == "A1:B3"
    assert page.column_dimensions["A"].width == 12


def test_sheet_name_is_one_that_excel_takes() -> None:
    assert opened(("a",), name="Thema's: wonen/zorg [2024] en nog veel meer").title == (
        "Thema's  wonen zorg  2024  en n"
    )


def test_characters_that_no_workbook_may_hold_are_left_out() -> None:
    assert opened(("a\x00b\x0bc",)).cell(2, 1).value == "abc"


def test_same_rows_give_the_same_bytes() -> None:
    sheet = Sheet("Blad", (("kolom", 9),), [("a",)])
    assert write_workbook([sheet], "T", DAY) == write_workbook([sheet], "T", DAY)
