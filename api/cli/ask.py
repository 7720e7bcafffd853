"""The verb query: a question of the catalogue, a file or standard input, and its answer."""

from __future__ import annotations

import sys
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
from api.cli.printing import busy, out, print_rows
from api.region import open_current
from graph.evaluate import Table, select
from ontology.errors import UsageError
from ontology.terms import shorten
from queries.catalogue import catalogue
from queries.run import run_query


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
