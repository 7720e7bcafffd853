"""The verb gaps: what the norms and the catalogue find missing, as tables, JSON, CSV or a workbook."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from api.cli.options import (
    DataOption,
    InternalOption,
    ReleaseOption,
    TableFormat,
    data_folder,
    output_option,
    variant_of,
)
from api.cli.printing import busy, err, out, print_csv, print_json, print_rows
from api.cli.writing import write_whole
from api.files.gaps import gaps_workbook
from api.files.gaps_json import changes_json, gap_report, query_report
from api.region import open_current
from graph.release import OpenRelease
from ontology.errors import UsageError
from ontology.terms import shorten
from queries.catalogue import find_query
from queries.gap_report.groups import GapGroup, Grouping, group_gaps
from queries.gap_report.history import (
    GapChanges,
    GapLine,
    History,
    compare_gaps,
    gap_history,
)
from queries.gap_report.report import STATUS_WORDS, ReportGap, Wanted, choose_gaps, count_statuses
from queries.gap_report.table import FIELDS, report_row

# More gaps of one group than this are counted, not printed: JSON, CSV and the workbook have them all.
SHOWN = 20


class GapFormat(StrEnum):
    """How the report leaves the command line."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"


def gaps(
    name: Annotated[
        list[str] | None,
        typer.Option(
            "--query",
            metavar="VRAAG",
            help="Alleen deze vraag, zonder de normen; meer keren mag.",
            show_default=False,
        ),
    ] = None,
    group: Annotated[
        Grouping | None, typer.Option("--group", help="Groepeer de hiaten.", show_default="norm")
    ] = None,
    compare: Annotated[
        int | None,
        typer.Option(
            "--compare",
            metavar="NUMMER",
            help="Toon ook wat er veranderde sinds deze uitgave.",
            show_default=False,
        ),
    ] = None,
    form: Annotated[
        GapFormat, typer.Option("--format", help="Als tabel op het scherm, json, csv of xlsx.")
    ] = GapFormat.TABLE,
    output: Annotated[Path | None, output_option("Schrijf naar dit bestand.")] = None,
    internal: InternalOption = False,
    data: DataOption = None,
    release: ReleaseOption = None,
) -> int:
    """Toon wat er ontbreekt, per norm en per vraag, met status en passage."""
    if (form is GapFormat.XLSX) != (output is not None):
        raise UsageError("een werkboek gaat naar een bestand: --format xlsx en -o BESTAND samen")
    chosen = [find_query(n).name for n in name] if name else []
    with busy("Hiaten worden gezocht"):
        opened = open_current(data_folder(data), variant_of(internal), release)
        found = [gap for rule in chosen or [""] for gap in choose_gaps(opened, Wanted(rule=rule))]
        history = gap_history(opened, data_folder(data))
        before = open_current(data_folder(data), opened.variant, compare) if compare else None
        changes = compare_gaps(opened, before) if before else None
    if form is GapFormat.JSON:
        report = query_report(opened, found) if chosen else gap_report(opened, group, history.since)
        print_json(report | ({"changes": changes_json(changes)} if changes else {}))
    elif output:
        write_whole(output, gaps_workbook(opened, found, history.since))
        err.print(f"{output}: {len(found)} hiaten uit uitgave {opened.info.number}")
    else:
        _print(opened, found, history, form, group or Grouping.NORM)
        if changes and form is GapFormat.TABLE:
            _print_changes(changes)
    return 1 if found else 0


def _print(
    release: OpenRelease,
    found: list[ReportGap],
    history: History,
    form: GapFormat,
    group: Grouping,
) -> None:
    if form is GapFormat.CSV:
        print_csv(FIELDS, [report_row(gap, history.since) for gap in found])
        return
    if not found:
        out.print("Geen hiaten gevonden.")
        return
    _print_groups(group_gaps(release, group, found), history)
    counts = count_statuses(found)
    told = ", ".join(f"{STATUS_WORDS[s].lower()}: {number}" for s, number in counts.items())
    out.print(f"{len(found)} hiaten; {told}")


def _print_groups(groups: tuple[GapGroup, ...], history: History) -> None:
    for group in groups:
        rows = [_table_row(gap, group, history) for gap in group.gaps[:SHOWN]]
        asked = () if group.rule else ("norm of vraag",)
        head = ("onderwerp", *asked, "status", "toelichting", "passage", "sinds uitgave")
        kind = f" ({group.severity}, {group.rule.id})" if group.rule else ""
        title = f"{group.label}{kind}: {len(group.gaps)}"
        print_rows(title, head, rows, TableFormat.TABLE)
        if len(group.gaps) > SHOWN:
            out.print(f"... en nog {len(group.gaps) - SHOWN}; alles staat in --format csv")
        out.print(f"{_advice(group)}\n" if group.rule else "")


def _advice(group: GapGroup) -> str:
    if group.rule is None:
        return ""
    owners = ", ".join(owner.label for owner in group.rule.owners)
    who = f" Wie dat kan doen: {owners}." if owners else ""
    return f"{group.rule.remedy}{who}"


def _table_row(gap: ReportGap, group: GapGroup, history: History) -> tuple[str, ...]:
    status = f"{gap.status} (aanvaard)" if gap.accepted else gap.status
    place = shorten(gap.passage.iri) if gap.passage else ""
    asked = () if group.rule else (f"{gap.rule.label} ({gap.rule.severity})",)
    since = str(history.since.get(gap.key, ""))
    return (gap.subject.label, *asked, status, gap.detail, place, since)


def _print_changes(changes: GapChanges[GapLine]) -> None:
    rows = [
        *(("nieuw", line.sentence) for line in changes.appeared),
        *(("opgelost", line.sentence) for line in changes.solved),
        *((f"was {then.status}", now.sentence) for then, now in changes.changed),
    ]
    title = f"Veranderd sinds uitgave {changes.before}: {len(rows)}"
    print_rows(title, ("wat", "hiaat"), rows, TableFormat.TABLE)
