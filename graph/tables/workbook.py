"""Write sheets as one Excel workbook that is safe to open: no cell is a formula. Never what stands in it.

Every text becomes a text, also where it begins like a formula (openpyxl would make '=1+1' one, and
Excel makes one of '+', '-' and '@' as soon as somebody edits the cell).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

# What Excel allows (ECMA-376 and "Excel specifications and limits").
MAX_CELL = 32_767
MAX_NAME = 31
MAX_LINKS = 65_530
# To this row a list to pick from is offered.
MAX_FILLED = 5_000
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
_HEAD = Font(bold=True)
_HEAD_FILL = PatternFill("solid", fgColor="E6EEF0")
_LINK = Font(color="0563C1", underline="single")
_WRAPPED = Alignment(wrap_text=True, vertical="top")
# Zip keeps a time for each part; the same content gives the same bytes with this one, its earliest.
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")


@dataclass(frozen=True)
class Link:
    """A cell that leads somewhere: the text in it and the address behind it."""

    text: str
    address: str


CellValue = str | int | float | Link | None


@dataclass(frozen=True)
class Choices:
    """Where a column finds what may stand in it: a sheet, its column from 1, and how many there are."""

    sheet: str
    column: int
    count: int


@dataclass(frozen=True)
class Sheet:
    """A sheet: name, (heading, width in characters) of each column, and its rows.

    `notes` are shown at the headings; `choices` is by place of a column, from 0.
    """

    name: str
    columns: tuple[tuple[str, int], ...]
    rows: Sequence[Sequence[CellValue]]
    notes: tuple[str, ...] = ()
    choices: Mapping[int, Choices] = field(default_factory=dict)


def write_workbook(sheets: Sequence[Sheet], title: str, day: date) -> bytes:
    """Return an .xlsx file: a fixed first row, a filter and widths on each sheet; same input, same bytes.

    `day` is what the file's properties give as the day it was made.
    """
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.title = title
    book.properties.creator = "Regiograaf"
    book.properties.created = datetime.combine(day, time())
    for sheet in sheets:
        _fill(book.create_sheet(_sheet_name(sheet.name)), sheet)
    target = io.BytesIO()
    book.save(target)
    return _without_clock(target.getvalue(), day)


def _fill(page: Worksheet, sheet: Sheet) -> None:
    for place, (heading, width) in enumerate(sheet.columns, start=1):
        cell = _cell(page, 1, place)
        _put_text(cell, heading)
        cell.font, cell.fill = _HEAD, _HEAD_FILL
        page.column_dimensions[get_column_letter(place)].width = width
    links = 0
    for number, row in enumerate(sheet.rows, start=2):
        for place, value in enumerate(row, start=1):
            links += isinstance(value, Link)
            _put(_cell(page, number, place), value, with_link=links <= MAX_LINKS)
    _offer(page, sheet)
    page.freeze_panes = "A2"
    page.auto_filter.ref = (
        f"A1:{get_column_letter(len(sheet.columns))}{max(len(sheet.rows) + 1, 2)}"
    )


def _offer(page: Worksheet, sheet: Sheet) -> None:
    """Put the explanations and the lists to pick from in place; a list advises, the check decides."""
    for place, note in enumerate(sheet.notes, start=1):
        _cell(page, 1, place).comment = Comment(note, "Regiograaf", height=120, width=320)
    for place, choices in sheet.choices.items():
        source, column = get_column_letter(choices.column), get_column_letter(place + 1)
        rule = DataValidation(
            type="list",
            formula1=f"'{choices.sheet}'!${source}$2:${source}${choices.count + 1}",
            allow_blank=True,
            errorStyle="warning",
        )
        rule.add(f"{column}2:{column}{MAX_FILLED}")
        page.add_data_validation(rule)


def _cell(page: Worksheet, row: int, column: int) -> Cell:
    cell = page.cell(row, column)
    assert isinstance(cell, Cell)  # noqa: S101 - a new sheet has no merged cells
    return cell


def _put(cell: Cell, value: CellValue, *, with_link: bool) -> None:
    if isinstance(value, Link):
        _put_text(cell, value.text)
        if with_link and value.address.startswith(("https://", "http://")):
            cell.hyperlink = value.address
            cell.font = _LINK
    elif isinstance(value, str):
        _put_text(cell, value)
    elif value is not None:
        cell.value = value
    cell.alignment = _WRAPPED


def _put_text(cell: Cell, text: str) -> None:
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)[:MAX_CELL]
    cell.data_type = "s"
    if text.startswith(FORMULA_STARTS):
        # The mark Excel itself sets for a cell typed with an apostrophe: text, also after editing.
        cell.quotePrefix = True
        cell.number_format = "@"


def _sheet_name(name: str) -> str:
    return _NOT_IN_NAMES.sub(" ", name)[:MAX_NAME]


def _without_clock(content: bytes, day: date) -> bytes:
    """Give every part the same time, and the properties the given day instead of now."""
    moment = rf"\g<1>{day.isoformat()}T00:00:00Z\g<2>".encode()
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            new.writestr(zipfile.ZipInfo(part, _ZIP_TIME), _MODIFIED.sub(moment, old.read(part)), 8)
    return target.getvalue()
