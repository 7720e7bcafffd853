"""Verbs about the tables people fill in: template, check, load."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from api.cli.options import DataOption, data_folder
from api.cli.printing import busy, err, out, print_findings
from api.cli.writing import write_whole
from api.region import ensure_region, load_path, plan_path, stored_rows
from graph.store import LoadReport, Plan
from graph.tables.reader import read_tables
from graph.tables.rows import check_rows
from graph.tables.template import write_template

PathArgument = Annotated[
    Path,
    typer.Argument(
        metavar="PAD", help="Een Excel-werkmap, een CSV-bestand of een map met CSV-bestanden."
    ),
]
# Beyond this a screen is no place to read changes; the counts say how many there are.
_MAX_CHANGES = 200


def template(
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="BESTAND", help="Waar de werkmap komt.")
    ] = Path("regiograaf.xlsx"),
    filled: Annotated[
        bool, typer.Option("--filled", help="Met de rijen die nu in de werkvoorraad staan.")
    ] = False,
    data: DataOption = None,
) -> int:
    """Maak de Excel-werkmap om tabellen in te vullen of bij te werken."""
    with busy("Werkmap wordt gemaakt"):
        rows = []
        if filled:
            folder = data_folder(data)
            ensure_region(folder)
            rows = stored_rows(folder)
        # The day is the effect at the edge; it stands in the properties of the file.
        write_whole(output, write_template(rows, date.today()))  # noqa: DTZ011
    what = f"met {len(rows)} rijen" if filled else "leeg, om in te vullen"
    out.print(f"{escape(str(output))}: {what}. Lees eerst het blad 'leeswijzer'.")
    return 0


def check(path: PathArgument) -> int:
    """Controleer tabellen zonder iets te wijzigen."""
    with busy("Tabellen worden gecontroleerd"):
        raw, findings = read_tables(path)
        _, complaints, _ = check_rows(raw)
    found = sorted({*findings, *complaints})
    print_findings(found)
    if found:
        err.print(f"{len(found)} bevinding{'en' if len(found) > 1 else ''}")
        return 1
    out.print(f"{len(raw)} rijen gecontroleerd: geen bevindingen")
    return 0


def load(
    path: PathArgument,
    data: DataOption = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Verwijder wat niet in de tabellen staat.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Toon wat er zou veranderen en wijzig niets.")
    ] = False,
) -> int:
    """Laad tabellen in de werkvoorraad; bij een bevinding verandert er niets."""
    folder = data_folder(data)
    with busy("Tabellen worden geladen"):
        ensure_region(folder)
        if dry_run:
            plan = plan_path(folder, path, replace=replace)
            _print_changes(plan)
            report = plan.report()
        else:
            report = load_path(folder, path, replace=replace)
    out.print(_counts(report))
    if dry_run:
        out.print("Er is niets gewijzigd.")
    elif report.changed:
        out.print("Voer 'regiograaf publish' uit om er een uitgave van te maken.")
    return 0


def _counts(report: LoadReport) -> str:
    return (
        f"Rijen: {report.rows_added} nieuw, {report.rows_changed} gewijzigd, {report.rows_removed} verwijderd. "
        f"Uitspraken: {report.statements_added} erbij, {report.statements_removed} eraf."
    )


def _print_changes(plan: Plan) -> None:
    """Print each row that would change: + new, - removed, ~ with the cells that differ."""
    changes = plan.row_changes()
    for sheet, key, before, after in changes[:_MAX_CHANGES]:
        mark = "~" if before and after else "+" if after else "-"
        out.print(f"{mark} {escape(sheet)}: {escape(key)}")
        if before and after:
            for heading in sorted(before.keys() | after.keys()):
                old, new = before.get(heading, ""), after.get(heading, "")
                if old != new:
                    out.print(f"    {heading}: '{escape(old)}' wordt '{escape(new)}'")
    if len(changes) > _MAX_CHANGES:
        out.print(f"... en nog {len(changes) - _MAX_CHANGES} rijen")
