"""The verb gaps: what the catalogue and the norms find missing, as tables, JSON or CSV."""

from __future__ import annotations

from itertools import groupby
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
from api.normjson import Json, changes_json, gap_report, plain_gap
from api.region import open_current
from graph.release import OpenRelease
from ontology.terms import shorten
from queries.catalogue import find_query
from queries.norms.report import (
    GapChanges,
    GapGroup,
    Grouping,
    NormGap,
    compare_gaps,
    group_gaps,
    norm_gaps,
)
from queries.run import GAP_FIELDS, Gap, find_gaps

# More gaps of one group than this are counted, not printed: JSON and CSV have them all.
SHOWN = 20


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
        Grouping | None,
        typer.Option("--group", help="Groepeer de hiaten van de normen.", show_default="norm"),
    ] = None,
    compare: Annotated[
        int | None,
        typer.Option(
            "--compare",
            metavar="NUMMER",
            help="Toon ook wat er bij de normen veranderde sinds deze uitgave.",
            show_default=False,
        ),
    ] = None,
    form: FormatOption = TableFormat.TABLE,
    internal: InternalOption = False,
    data: DataOption = None,
    release: ReleaseOption = None,
) -> int:
    """Toon wat er ontbreekt, per vraag en per norm, met status en passage."""
    chosen = [find_query(n) for n in name] if name else None
    with busy("Hiaten worden gezocht"):
        opened = open_current(data_folder(data), variant_of(internal), release)
        found = find_gaps(opened, chosen)
        by_norm = () if chosen else norm_gaps(opened)
        before = open_current(data_folder(data), opened.variant, compare) if compare else None
    if form is TableFormat.JSON:
        report = gap_report(opened, found, group) if chosen is None else _plain(opened, found)
        print_json(report | _changes(opened, before))
    elif form is TableFormat.CSV:
        _print_csv(found, by_norm)
    else:
        _print_gaps(found)
        _print_groups(group_gaps(opened, group or Grouping.NORM, by_norm))
        if before:
            _print_changes(before, compare_gaps(opened, before))
        if not found and not by_norm:
            out.print("Geen hiaten gevonden.")
    return 1 if found or by_norm else 0


def _plain(release: OpenRelease, found: list[Gap]) -> Json:
    gaps = [plain_gap(gap) for gap in found]
    return {"release": release.info.number, "gaps": gaps, "norms": []}


def _changes(release: OpenRelease, before: OpenRelease | None) -> Json:
    if before is None:
        return {}
    return {"changes": changes_json(before, compare_gaps(release, before))}


def _print_csv(found: list[Gap], by_norm: tuple[NormGap, ...]) -> None:
    """A gap of a norm has `norm/` and the norm's id where another has the name of its query."""
    rows = [[getattr(gap, field) for field in GAP_FIELDS] for gap in found]
    print_csv(GAP_FIELDS, rows + [_csv_row(gap) for gap in by_norm])


def _csv_row(gap: NormGap) -> list[str]:
    answer = gap.answer
    place = answer.passage.iri if answer.passage else ""
    subject = answer.subject
    fields = (subject.iri, subject.label, answer.status, answer.detail, place)
    return [f"norm/{gap.check.id}", *fields]


def _print_gaps(found: list[Gap]) -> None:
    for name, same in groupby(found, key=lambda gap: gap.query):
        about = find_query(name).about
        rows = [(gap.label, gap.status, gap.detail, shorten(gap.passage)) for gap in same]
        title = f"{about.title} ({about.severity}, {name}): {len(rows)}"
        print_rows(
            title, ("onderwerp", "status", "toelichting", "passage"), rows, TableFormat.TABLE
        )
        out.print(f"{about.problem or ''} {about.solution or ''}\n")


def _print_groups(groups: tuple[GapGroup, ...]) -> None:
    for group in groups:
        rows = [_table_row(gap) for gap in group.gaps[:SHOWN]]
        head = ("onderwerp", "norm", "status", "toelichting", "passage")
        print_rows(f"{group.label}: {len(group.gaps)}", head, rows, TableFormat.TABLE)
        if len(group.gaps) > SHOWN:
            out.print(f"... en nog {len(group.gaps) - SHOWN}; alles staat in --format csv")
        remedies = sorted({gap.check.remedy for gap in group.gaps})
        out.print(f"{remedies[0]}\n" if len(remedies) == 1 else "")


def _print_changes(before: OpenRelease, changes: GapChanges) -> None:
    rows = [
        *(("nieuw", gap.sentence) for gap in changes.appeared),
        *(("opgelost", gap.sentence) for gap in changes.solved),
        *((f"was {then.answer.status}", now.sentence) for then, now in changes.changed),
    ]
    title = f"Veranderd bij de normen sinds uitgave {before.info.number}: {len(rows)}"
    print_rows(title, ("wat", "hiaat"), rows, TableFormat.TABLE)


def _table_row(gap: NormGap) -> tuple[str, ...]:
    answer = gap.answer
    status = f"{answer.status} (aanvaard)" if gap.accepted else answer.status
    place = shorten(answer.passage.iri) if answer.passage else ""
    norm = f"{gap.check.label} ({gap.check.severity})"
    return (answer.subject.label, norm, status, answer.detail, place)
