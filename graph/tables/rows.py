"""Raw rows to checked rows: every cell read, every reference found, every complaint collected."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import Literal

from graph.checks.findings import Finding
from graph.identity import SLUG, document_iri, minted_slug, thing_iri
from graph.tables.cells import Term, Wrong, read_cell
from graph.tables.reader import RawRow
from graph.tables.references import Directory, build_directory, find_property, passage_node
from ontology.schema import Column, Sheet, load_schema
from ontology.terms import RG

# Document, first and last line.
Passage = tuple[str, int, int]


@dataclass(frozen=True)
class Row:
    """A checked row: the node it describes, its terms and its passages, both by heading."""

    sheet: Sheet
    raw: RawRow
    iri: str
    label: str
    values: dict[str, list[Term]]
    places: dict[str, tuple[Passage, ...]]

    @property
    def passages(self) -> tuple[Passage, ...]:
        """Return the passages that state the row."""
        return self.places.get("bron", ())

    def first(self, header: str) -> Term | None:
        """Return the first term under a heading, or None when the cell is empty."""
        found = self.values.get(header)
        return found[0] if found else None


def check_rows(raw_rows: list[RawRow]) -> tuple[list[Row], list[Finding], Directory]:
    """Check a complete set of rows against the schema and each other.

    Return the sound rows in the given order, all findings, and what can be referred to.
    """
    schema = load_schema()
    directory = build_directory(raw_rows)
    rows: list[Row] = []
    findings: list[Finding] = []
    for raw in raw_rows:
        row, complaints = _check_row(schema.sheets[raw.sheet], raw, directory)
        findings.extend(complaints)
        if row:
            rows.append(row)
    findings.extend(_duplicates(rows))
    return rows, findings, directory


def _check_row(sheet: Sheet, raw: RawRow, directory: Directory) -> tuple[Row | None, list[Finding]]:
    findings: list[Finding] = []
    values: dict[str, list[Term]] = {}
    places: dict[str, list[Passage]] = {}
    for column in sheet.columns:
        text = raw.cells.get(column.header, "")
        if not text:
            if column.required:
                complaint = f"verplicht veld is leeg; {column.help.rstrip('.')}"
                findings.append(
                    Finding(raw.file, raw.sheet, raw.number, column.header, "", complaint)
                )
            continue
        for part in split_cell(text, column):
            read = _read(part, column, raw, directory)
            if isinstance(read, Wrong):
                got = f"'{part}'"
                place = (raw.file, raw.sheet, raw.number, column.header)
                findings.append(Finding(*place, got, read.expected, read.nearest))
            elif isinstance(read, tuple):
                places.setdefault(column.header, []).append(read)
                values.setdefault(column.header, []).append(passage_node(read))
            else:
                values.setdefault(column.header, []).append(read)
    findings.extend(_field_rules(raw, values))
    if findings:
        return None, findings
    iri, label = _name(sheet, raw, values, directory)
    return Row(
        sheet, raw, iri, label, values, {h: tuple(dict.fromkeys(p)) for h, p in places.items()}
    ), []


def split_cell(text: str, column: Column) -> list[str]:
    """Return the parts of a cell: one, unless the column may hold several."""
    if not column.multiple:
        return [text]
    return [part.strip() for part in text.split(";") if part.strip()]


def _read(text: str, column: Column, raw: RawRow, directory: Directory) -> Term | Wrong | Passage:
    match column.cells:
        case "passages":
            return directory.passage(text)
        case "reference":
            return directory.find(text, column.refers_to)
        case "subject":
            return directory.find(text, ("*",))
        case "scheme":
            return directory.find(f"begrip/{text}", ("begrippenlijsten",))
        case "property":
            return find_property(text)
        case "value":
            return _read_value(text, raw, directory)
        case _:
            return read_cell(text, column)


def _read_value(text: str, raw: RawRow, directory: Directory) -> Term | Wrong:
    found = find_property(raw.cells.get("eigenschap", ""))
    if isinstance(found, Wrong):
        return Literal(text)
    schema = load_schema()
    term = schema.datatype_properties.get(found.value)
    if term is None and found.value.startswith(RG):
        return directory.find(text, ("*",))
    if term is None:
        is_label = found.value.endswith(("Label", "definition"))
        return Literal(text, language="nl") if is_label else directory.find(text, ("*",))
    if found.value in {f"{RG}from", f"{RG}until", f"{RG}deadline"}:
        kind = "date"
    else:
        kind = {"decimal": "decimal", "integer": "integer", "langString": "langtext"}.get(
            (term.range or "").rsplit("#", 1)[-1], "text"
        )
    return read_cell(text, Column("waarde", None, kind, True, False, "bron", (), {}, ""))


def _field_rules(raw: RawRow, values: dict[str, list[Term]]) -> list[Finding]:
    """Rules between cells of one row; a period must not end before it begins, a minimum not exceed a maximum."""
    findings = []
    for low, high, what in (
        ("van", "tot", "niet vóór 'van'"),
        ("datum", "tot", "niet vóór 'datum'"),
        ("minimum", "maximum", "niet minder dan 'minimum'"),
    ):
        if low in values and high in values:
            first, last = values[low][0].value, values[high][0].value
            wrong = float(last) < float(first) if low == "minimum" else last < first[: len(last)]
            if wrong:
                place = (raw.file, raw.sheet, raw.number, high)
                findings.append(
                    Finding(*place, f"'{raw.cells[high]}'", f"verwacht {what} ({first})")
                )
    if raw.sheet == "deelnames" and not ({"wie", "functie"} & values.keys()):
        expected = "vul 'wie' in, of 'functie' als de bron alleen een groep noemt"
        findings.append(Finding(raw.file, raw.sheet, raw.number, "wie", "", expected))
    if raw.sheet == "toetsen" and not (raw.cells.get("vraag") or raw.cells.get("ontbreekt")):
        expected = (
            "vul 'vraag' in (de naam van een .rq-bestand), "
            "of 'ontbreekt' met de gegevens die niemand heeft"
        )
        findings.append(Finding(raw.file, raw.sheet, raw.number, "vraag", "", expected))
    return findings


# Key columns whose cells are Dutch words for codes.
_CODED = {"soort", "status"}


def _name(
    sheet: Sheet, raw: RawRow, values: dict[str, list[Term]], directory: Directory
) -> tuple[str, str]:
    """Return the IRI and label of the node a row describes."""
    if "id" in raw.cells and "id" in sheet.headers:
        slug = raw.cells["id"]
        if sheet.name == "documenten":
            return document_iri(slug), raw.cells["naam"]
        path = sheet.id_path or f"begrip/{raw.cells['lijst']}"
        return thing_iri(path, slug), raw.cells["naam"]
    if sheet.name == "namen":
        node = values["ding"][0]
        return thing_iri(
            "naam", minted_slug(_key(sheet, raw, values), [raw.cells["schrijfwijze"]])
        ), (f"{raw.cells['schrijfwijze']} = {_label_of(node, directory)}")
    key = _key(sheet, raw, values)
    terms = [(h, term) for h in sheet.key_columns for term in values.get(h, [])[:1]]
    words = [_label_of(term, directory) for _, term in terms]
    # The label has the word of the table ('onleesbaar'), the IRI the code that never changes.
    label = " – ".join(
        raw.cells[h] if h in _CODED and isinstance(term, Literal) else word
        for (h, term), word in zip(terms, words, strict=True)
        if word not in {"fact", "intention", "norm", "opinion", "example"}
    )
    return thing_iri(sheet.id_path, minted_slug(key, words[:3])), label


def _key(sheet: Sheet, raw: RawRow, values: dict[str, list[Term]]) -> list[str]:
    return [sheet.name, *(
        "|".join(sorted(term.value for term in values[h])) if h in values else raw.cells.get(h, "")
        for h in sheet.key_columns
    )]  # fmt: skip


def _label_of(term: Term, directory: Directory) -> str:
    if isinstance(term, Literal):
        return term.value
    known = directory.labels.get(term.value) or load_schema().label(term.value)
    return known or term.value.rsplit("/", 1)[-1].rsplit("#", 1)[-1]


def _duplicates(rows: Iterable[Row]) -> list[Finding]:
    """One node, one row in a sheet with ids; elsewhere one row for each node and passage."""
    findings = []
    seen: dict[tuple[str, str, object], Row] = {}
    for row in rows:
        has_id = "id" in row.sheet.headers
        key = (row.sheet.name, row.iri, None if has_id else row.passages)
        earlier = seen.setdefault(key, row)
        if earlier is not row:
            where = f"staat al op rij {earlier.raw.number} van {earlier.raw.file}"
            column, got = ("id", f"'{row.raw.cells['id']}'") if has_id else ("", "dubbele rij")
            hint = _free_slug(row.raw.cells["id"], seen, row) if has_id else ""
            place = (row.raw.file, row.sheet.name, row.raw.number, column)
            findings.append(Finding(*place, got, f"{where}; geef elk ding één rij", hint))
    return findings


def _free_slug(slug: str, seen: dict[tuple[str, str, object], Row], row: Row) -> str:
    stem = row.iri[: -len(slug)]
    numbers = (f"{slug}-{n}" for n in range(2, 10_000))
    return next(
        (s for s in numbers if (row.sheet.name, stem + s, None) not in seen and SLUG.fullmatch(s)),
        "",
    )
