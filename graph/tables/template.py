"""The workbook that people fill in: a sheet for each table, its columns explained, choices to pick from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from graph.tables.raw import RawRow
from graph.tables.workbook import CellValue, Choices, Sheet, write_workbook
from ontology.schema import Column, load_schema
from ontology.schema import Sheet as TableSheet

# Sheets that explain; the reader passes them over.
GUIDE, LISTS = "leeswijzer", "keuzes"
TITLE = "Regiograaf: tabellen van een regio"
# How a cell of each kind is filled in, for the guide.
KINDS: Mapping[str, str] = {
    "id": "kort kenmerk",
    "text": "tekst",
    "label": "tekst",
    "langtext": "tekst",
    "english": "Engelse tekst",
    "sparql": "SPARQL",
    "integer": "geheel getal",
    "decimal": "getal, met een punt voor de decimalen",
    "date": "datum: 2024-06-01, 2024-06 of 2024",
    "flag": "ja of nee",
    "iri": "webadres",
    "choice": "keuze",
    "namekind": "keuze",
    "passages": "document en regels: 004:12-15",
    "scheme": "begrippenlijst",
    "property": "eigenschap",
    "reference": "verwijzing",
    "subject": "verwijzing",
    "value": "verwijzing of waarde",
}
_INTRODUCTION = (
    ("Elk blad is een tabel; elke rij een ding of een uitspraak. De eerste rij houdt de kolomkoppen.",),
    ("Een kolom met een * achter 'verplicht' moet gevuld zijn. Een lege cel betekent: geen bron zegt het.",),
    ("Zet bij elke rij in 'bron' welke regels van welk document haar dragen, bijvoorbeeld 004:12-15.",),
    ("Controleer met: regiograaf check BESTAND. Laad met: regiograaf load BESTAND. Bij één fout verandert er niets.",),
)  # fmt: skip
_WIDE = {"langtext": 50, "label": 36, "text": 30, "passages": 22, "english": 36}
_NARROW = 18


def write_template(rows: Iterable[RawRow], day: date) -> bytes:
    """Return an .xlsx file with every table, holding the rows given, of which there may be none."""
    by_sheet: dict[str, list[RawRow]] = {}
    for row in rows:
        by_sheet.setdefault(row.sheet, []).append(row)
    tables = list(load_schema().sheets.values())
    lists = _lists(tables)
    sheets = [_guide(tables)]
    sheets += [_page(sheet, by_sheet.get(sheet.name, ()), lists) for sheet in tables]
    return write_workbook([*sheets, _list_page(lists)], TITLE, day)


def _guide(tables: Sequence[TableSheet]) -> Sheet:
    rows: list[tuple[CellValue, ...]] = [*_INTRODUCTION, ()]
    for sheet in tables:
        rows.append((sheet.name, "", "", "", sheet.help))
        rows += [
            ("", column.header, "*" if column.required else "", _kind(column), column.help)
            for column in sheet.columns
        ]
    columns = (("blad", 22), ("kolom", 24), ("verplicht", 10), ("soort", 40), ("uitleg", 90))
    return Sheet(GUIDE, columns, rows)


def _kind(column: Column) -> str:
    kind = KINDS[column.cells]
    if column.refers_to:
        where = ", ".join(column.refers_to)
        kind += " naar elk blad" if where == "*" else f" naar {where}"
    return f"{kind}; meer met ; ertussen" if column.multiple else kind


def _page(sheet: TableSheet, rows: Iterable[RawRow], lists: Mapping[tuple[str, ...], int]) -> Sheet:
    columns = tuple((c.header, _WIDE.get(c.cells, _NARROW)) for c in sheet.columns)
    content = [[row.cells.get(header, "") or None for header in sheet.headers] for row in rows]
    choices = {
        place: Choices(LISTS, lists[tuple(column.choices)], len(column.choices))
        for place, column in enumerate(sheet.columns)
        if column.choices and not column.multiple
    }
    notes = tuple(
        f"{'Verplicht. ' if c.required else ''}{c.help} ({_kind(c)})" for c in sheet.columns
    )
    return Sheet(sheet.name, columns, content, notes, choices)


def _lists(tables: Sequence[TableSheet]) -> dict[tuple[str, ...], int]:
    """Return each list of choices with the column, from 1, that it gets on the sheet of lists."""
    found: dict[tuple[str, ...], int] = {}
    for sheet in tables:
        for column in sheet.columns:
            if column.choices:
                found.setdefault(tuple(column.choices), len(found) + 1)
    return found


def _list_page(lists: Mapping[tuple[str, ...], int]) -> Sheet:
    height = max(len(choices) for choices in lists)
    rows = [
        [choices[number] if number < len(choices) else None for choices in lists]
        for number in range(height)
    ]
    return Sheet(LISTS, tuple((f"lijst {number}", _NARROW) for number in lists.values()), rows)
