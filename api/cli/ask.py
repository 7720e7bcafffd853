"""Verbs that ask: query, gaps."""

from __future__ import annotations

import sys
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer

from api.cli.options import (
    DataOption,
    FormatOption,
    InternalOption,
    ReleaseOption,
    TableFormat,
    data_folder,
    variant_of,
)
from api.cli.printing import busy, out, print_csv, print_json, print_rows
from api.region import open_current
from graph.evaluate import Table, select
from ontology.errors import UsageError
from ontology.terms import shorten
from queries.catalogue import catalogue, find_query
from queries.run import GAP_FIELDS, Gap, find_gaps, run_query


def query(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[VRAAG]",
            help="Naam uit de catalogus, een .rq-bestand, of - voor standaardinvoer.",
        ),
    ] = None,
    parameter: Annotated[
        list[str] | None,
        typer.Option(
            "--parameter",
            "-p",
            metavar="NAAM=IRI",
            help="Waarde voor een parameter.",
            show_default=False,
        ),
    ] = None,
    form: FormatOption = TableFormat.TABLE,
    internal: InternalOption = False,
    data: DataOption = None,
    release: ReleaseOption = None,
) -> int:
    """Stel een vraag; zonder naam ziet u de catalogus."""
    if name is None:
        rows = [(q.name, q.kind, q.about.title) for q in catalogue().values()]
        print_rows("Catalogus", ("vraag", "soort", "titel"), rows, form)
        return 0
    parameters = _parameters(parameter or [])
    text = _query_text(name, parameters)
    with busy("De vraag wordt beantwoord"):
        opened = open_current(data_folder(data), variant_of(internal), release)
        table = select(opened.store, text) if text else run_query(opened, name, parameters)
    _print_table(name, table, form)
    return 0


def gaps(
    name: Annotated[
        list[str] | None,
        typer.Option(
            "--query",
            metavar="VRAAG",
            help="Alleen deze vraag; meer keren mag.",
            show_default=False,
        ),
    ] = None,
    form: FormatOption = TableFormat.TABLE,
    internal: InternalOption = False,
    data: DataOption = None,
    release: ReleaseOption = None,
) -> int:
    """Toon wat er ontbreekt, per norm, met status en passage."""
    chosen = [find_query(n) for n in name] if name else None
    with busy("Hiaten worden gezocht"):
        opened = open_current(data_folder(data), variant_of(internal), release)
        found = find_gaps(opened, chosen)
    if form is TableFormat.JSON:
        print_json([{field: getattr(gap, field) for field in GAP_FIELDS} for gap in found])
    elif form is TableFormat.CSV:
        print_csv(GAP_FIELDS, [[getattr(gap, field) for field in GAP_FIELDS] for gap in found])
    else:
        _print_gaps(found)
    return 1 if found else 0


def _parameters(pairs: list[str]) -> dict[str, str]:
    found = {}
    for pair in pairs:
        name, separator, value = pair.partition("=")
        if not separator or not value:
            raise UsageError(f"--parameter '{pair}': verwacht NAAM=IRI, zoals party=https://...")
        found[name] = value
    return found


def _query_text(name: str, parameters: dict[str, str]) -> str | None:
    """Return the text of a query given as a file or on standard input, None for a catalogue name."""
    if name == "-":
        text = sys.stdin.read()
    elif name.endswith(".rq"):
        path = Path(name)
        if not path.is_file():
            raise UsageError(f"{name}: dit bestand bestaat niet")
        text = path.read_text(encoding="utf-8", errors="replace")
    else:
        return None
    if parameters:
        raise UsageError("parameters gaan alleen met een vraag uit de catalogus")
    return text


def _print_table(title: str, table: Table, form: TableFormat) -> None:
    short = form is TableFormat.TABLE
    rows = [
        [
            ("" if v is None else shorten(v.text) if short and v.kind == "iri" else v.text)
            for v in row
        ]
        for row in table.rows
    ]
    print_rows(title, table.columns, rows, form)
    if short:
        out.print(f"{len(rows)} rijen")


def _print_gaps(found: list[Gap]) -> None:
    for name, group in groupby(found, key=lambda gap: gap.query):
        about = find_query(name).about
        rows = [(gap.label, gap.status, gap.detail, shorten(gap.passage)) for gap in group]
        title = f"{about.title} ({about.severity}, {name}): {len(rows)}"
        print_rows(
            title, ("onderwerp", "status", "toelichting", "passage"), rows, TableFormat.TABLE
        )
        out.print(f"{about.problem or ''} {about.solution or ''}\n")
    if not found:
        out.print("Geen hiaten gevonden.")
