"""Read an Excel workbook cell by cell, as text. Third-party files: nothing in them is trusted or run."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from graph.checks.findings import Finding
from graph.tables.template import GUIDE, LISTS

# A region's tables are 1 MB; unpacked they are some ten times as large as the file.
MAX_FILE_BYTES = 50_000_000
MAX_UNPACKED_BYTES = 300_000_000
MAX_PARTS = 2_000
MAX_COLUMNS = 200
MAX_ROWS = 200_000
_DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY")
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Table:
    """A sheet as text: its name, and the rows that hold anything with their number in Excel."""

    name: str
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def read_workbook(file: Path) -> tuple[list[Table], list[Finding]]:
    """Return the sheets of an .xlsx file but those that explain; cells that are no value are findings."""
    content = file.read_bytes()
    problem = _wrong_with(content)
    if problem:
        return [], [Finding(file.name, "", 0, "", *problem)]
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
    except (KeyError, ValueError, OSError, InvalidFileException, SyntaxError) as exc:
        return [], [_not_excel(file.name, type(exc).__name__)]
    tables, findings = [], []
    try:
        for page in book.worksheets:
            if page.title in (GUIDE, LISTS):
                continue
            page.reset_dimensions()
            rows, found = _read_sheet(file.name, page.title, page.iter_rows())
            tables.append(Table(page.title, tuple(rows)))
            findings.extend(found)
    except (KeyError, ValueError, TypeError, AttributeError, IndexError, SyntaxError) as exc:
        # What openpyxl raises on a file whose parts do not fit together.
        return [], [_not_excel(file.name, type(exc).__name__)]
    finally:
        book.close()
    return tables, findings


def _wrong_with(content: bytes) -> tuple[str, str] | None:
    """Return what makes a file unfit to be unpacked, and what was expected; before anything else reads it."""
    if len(content) > MAX_FILE_BYTES:
        return f"{len(content)} bytes", f"verwacht ten hoogste {MAX_FILE_BYTES // 1_000_000} MB"
    expected = "verwacht een Excel-werkmap (.xlsx), bijvoorbeeld van 'regiograaf template'"
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
            if len(parts) > MAX_PARTS:
                return f"{len(parts)} onderdelen", expected
            unpacked = 0
            for part in parts:
                with packed.open(part) as opened:
                    size, declares = _measure(opened, MAX_UNPACKED_BYTES - unpacked)
                unpacked += size
                if unpacked > MAX_UNPACKED_BYTES:
                    limit = f"verwacht ten hoogste {MAX_UNPACKED_BYTES // 1_000_000} MB"
                    return "de werkmap is uitgepakt te groot", limit
                if declares:
                    return "de werkmap bevat een DOCTYPE; dat hoort niet in Excel", expected
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        return "dit is geen leesbare Excel-werkmap", expected
    return None


def _measure(opened: io.BufferedIOBase | object, room: int) -> tuple[int, bool]:
    size, declares, tail = 0, False, b""
    read = opened.read  # type: ignore[union-attr]
    while block := read(_BLOCK):
        size += len(block)
        seen = (tail + block).upper()
        declares = declares or any(word in seen for word in _DECLARATIONS)
        tail = block[-16:]
        if size > room:
            break
    return size, declares


def _read_sheet(
    file: str, sheet: str, rows: Iterator[tuple[object, ...]]
) -> tuple[list[tuple[int, tuple[str, ...]]], list[Finding]]:
    found, findings = [], []
    headings: tuple[str, ...] = ()
    for number, cells in enumerate(rows, start=1):
        if number > MAX_ROWS or len(cells) > MAX_COLUMNS:
            got = f"meer dan {MAX_ROWS} rijen of {MAX_COLUMNS} kolommen"
            findings.append(Finding(file, sheet, number, "", got, "verwacht een gewone tabel"))
            break
        texts = []
        for place, cell in enumerate(cells):
            text, problem = _text_of(cell)
            if problem:
                heading = headings[place] if place < len(headings) else ""
                findings.append(Finding(file, sheet, number, heading, *problem))
            texts.append(text)
        while texts and not texts[-1]:
            texts.pop()
        headings = headings or tuple(texts)
        if texts:
            found.append((number, tuple(texts)))
    return found, findings


def _text_of(cell: object) -> tuple[str, tuple[str, str] | None]:
    """Return the text of a cell, or what is wrong with it: what it is and what was expected."""
    kind, value = getattr(cell, "data_type", "n"), getattr(cell, "value", None)
    if kind == "f":
        return "", ("een formule", "verwacht een waarde (in Excel: kopieer, plakken als waarden)")
    if kind == "e":
        return "", (f"een fout van Excel: {value}", "verwacht een waarde")
    match value:
        case None:
            return "", None
        case bool():
            return ("ja" if value else "nee"), None
        case int() | float():
            return format(Decimal(repr(value)).normalize(), "f"), None
        case datetime() if value.time() == time():
            return value.date().isoformat(), None
        case datetime() | time():
            return "", (f"een tijdstip ({value})", "verwacht een datum zonder tijd")
        case date():
            return value.isoformat(), None
        case _:
            return str(value), None


def _not_excel(file: str, why: str) -> Finding:
    expected = "verwacht een Excel-werkmap (.xlsx); sla haar in Excel opnieuw op"
    return Finding(file, "", 0, "", f"de werkmap is beschadigd ({why})", expected)
