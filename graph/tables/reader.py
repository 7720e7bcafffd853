"""Read table files into raw rows: encoding, separator, sheet and headings; cells stay text."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from graph.checks.findings import Finding, nearest
from graph.tables.excel import read_workbook
from graph.tables.packs import read_queries
from graph.tables.raw import RawRow as RawRow  # noqa: PLC0414 - an export, and says so
from ontology.errors import UsageError
from ontology.schema import Sheet, load_schema

# Larger than any table of a region by a factor of a hundred; guards memory against a wrong file.
MAX_FILE_BYTES = 50_000_000
MAX_CELL_CHARS = 20_000
# All of Unicode's category Cc but the tab and the new line.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def read_tables(path: Path) -> tuple[list[RawRow], list[Finding]]:
    """Read an Excel workbook, one CSV file, or every CSV file of a folder and its norm queries.

    Return the rows of sound files and the findings of the others; raise UsageError if there is
    nothing to read at `path`.
    """
    rows: list[RawRow] = []
    findings: list[Finding] = []
    for file in _table_files(path):
        found_rows, found = _read_file(file)
        rows.extend(found_rows)
        findings.extend(found)
    if path.is_dir():
        found_rows, found = read_queries(path)
        rows.extend(found_rows)
        findings.extend(found)
    return rows, findings


def _table_files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise UsageError(
            f"{path}: bestaat niet; geef een Excel-werkmap, een CSV-bestand of een map met CSV-bestanden"
        )
    found = sorted(path.glob("*.csv"))
    if not found:
        raise UsageError(
            f"{path}: hierin staat geen CSV-bestand; verwacht bijvoorbeeld actoren.csv"
        )
    order = list(load_schema().sheets)
    return sorted(found, key=lambda f: (order.index(f.stem) if f.stem in order else -1, f.name))


def _read_file(file: Path) -> tuple[list[RawRow], list[Finding]]:
    match file.suffix.lower():
        case ".csv":
            return _read_csv(file)
        case ".xlsx":
            return _read_excel(file)
        case suffix:
            expected = "verwacht een Excel-werkmap (.xlsx) of een CSV-bestand (.csv)"
            return [], [Finding(file.name, "", 0, "", f"bestandssoort '{suffix}'", expected)]


def _read_csv(file: Path) -> tuple[list[RawRow], list[Finding]]:
    sheets = load_schema().sheets
    if file.stem not in sheets:
        return [], [_unknown_sheet(file.name, file.stem)]
    text, problem = _decode(file)
    if problem:
        return [], [problem]
    return _parse(file.name, sheets[file.stem], text)


def _read_excel(file: Path) -> tuple[list[RawRow], list[Finding]]:
    sheets = load_schema().sheets
    tables, findings = read_workbook(file)
    rows: list[RawRow] = []
    for table in tables:
        if table.name not in sheets:
            if table.rows:
                findings.append(_unknown_sheet(file.name, table.name))
            continue
        if not table.rows:
            continue
        (_, headers), *body = table.rows
        # A row ends in Excel where nothing more is filled in.
        padded = [(n, [*cells, *[""] * (len(headers) - len(cells))]) for n, cells in body]
        found_rows, found = _rows_of(file.name, sheets[table.name], list(headers), padded)
        rows.extend(found_rows)
        findings.extend(found)
    return rows, findings


def _unknown_sheet(file: str, name: str) -> Finding:
    sheets = load_schema().sheets
    expected = f"onbekend blad; bekende bladen zijn {', '.join(sheets)}"
    return Finding(file, name, 0, "", "", expected, nearest(name, sheets))


def _decode(file: Path) -> tuple[str, Finding | None]:
    data = file.read_bytes()
    if not data.strip():
        expected = "verwacht een regel met kolomkoppen en daaronder rijen"
        return "", Finding(file.name, file.stem, 0, "", "het bestand is leeg", expected)
    if len(data) > MAX_FILE_BYTES:
        expected = f"verwacht ten hoogste {MAX_FILE_BYTES // 1_000_000} MB"
        return "", Finding(file.name, file.stem, 0, "", f"{len(data)} bytes", expected)
    try:
        return data.decode("utf-8-sig"), None
    except UnicodeDecodeError as exc:
        row = data.count(b"\n", 0, exc.start) + 1
        got = f"byte 0x{data[exc.start]:02x} is geen UTF-8"
        expected = "sla het bestand op als CSV UTF-8 (in Excel: 'CSV UTF-8 (door lijstscheidingsteken gescheiden)')"
        return "", Finding(file.name, file.stem, row, "", got, expected)


def _parse(name: str, sheet: Sheet, text: str) -> tuple[list[RawRow], list[Finding]]:
    first_line = text.split("\n", 1)[0]
    separator = ";" if first_line.count(";") > first_line.count(",") else ","
    # Limit set here and not at import: the csv module keeps it for the whole process.
    csv.field_size_limit(MAX_FILE_BYTES)
    try:
        table = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as exc:
        expected = "verwacht CSV met tekst tussen dubbele aanhalingstekens waar een komma of nieuwe regel in staat"
        return [], [Finding(name, sheet.name, 0, "", f"geen geldige CSV ({exc})", expected)]
    return _rows_of(name, sheet, table[0], enumerate(table[1:], start=2))


def _rows_of(
    name: str, sheet: Sheet, headings: list[str], body: Iterable[tuple[int, list[str]]]
) -> tuple[list[RawRow], list[Finding]]:
    headers = [cell.strip() for cell in headings]
    findings = _check_headers(name, sheet, headers)
    if findings:
        return [], findings
    rows: list[RawRow] = []
    for number, cells in body:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(headers):
            got, expected = f"{len(cells)} cellen", f"verwacht er {len(headers)}, één per kolomkop"
            findings.append(Finding(name, sheet.name, number, "", got, expected))
            continue
        clean = {
            h: unicodedata.normalize("NFC", c).strip() for h, c in zip(headers, cells, strict=True)
        }
        findings.extend(_check_cells(name, sheet, number, clean))
        rows.append(RawRow(sheet.name, name, number, clean))
    return rows, findings


def _check_headers(name: str, sheet: Sheet, headers: list[str]) -> list[Finding]:
    known = sheet.headers
    findings = [
        Finding(
            name, sheet.name, 1, header, "onbekende kolom",
            f"bekende kolommen zijn {', '.join(known)}", nearest(header, known),
        )
        for header in headers
        if header not in known
    ]  # fmt: skip
    findings += [
        Finding(
            name, sheet.name, 1, header, "kolom staat er twee keer", "verwacht elke kolom één keer"
        )
        for header in sorted({h for h in headers if headers.count(h) > 1})
    ]
    findings += [
        Finding(
            name,
            sheet.name,
            1,
            column.header,
            "kolom ontbreekt",
            f"verplicht: {column.help.rstrip('.')}",
        )
        for column in sheet.columns
        if column.required and column.header not in headers
    ]
    return findings


def _check_cells(name: str, sheet: Sheet, number: int, cells: dict[str, str]) -> list[Finding]:
    findings = []
    for header, text in cells.items():
        if len(text) > MAX_CELL_CHARS:
            got, expected = f"{len(text)} tekens", f"verwacht ten hoogste {MAX_CELL_CHARS}"
            findings.append(Finding(name, sheet.name, number, header, got, expected))
        control = _CONTROL.search(text)
        if control:
            got, expected = f"stuurteken U+{ord(control[0]):04X}", "verwacht gewone tekst"
            findings.append(Finding(name, sheet.name, number, header, got, expected))
    return findings
