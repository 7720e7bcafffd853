"""Verbs about the sources: coverage, doubles."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli.options import DataOption, FormatOption, ReleaseOption, TableFormat, data_folder
from api.cli.printing import busy, print_json, print_rows
from api.region import open_current
from graph.coverage import DocumentCoverage, Tally, count_classes, count_relations, cover
from graph.dataset import Variant
from ontology.terms import BRON, shorten
from queries.doubles import find_doubles

_KINDS = {
    "facts": "met feiten",
    "none": "zonder feit",
    "unreadable": "onleesbaar",
    "layout": "opmaak",
    "blank": "leeg",
    "unaccounted": "niet verantwoord",
}


def coverage(
    form: FormatOption = TableFormat.TABLE,
    data: DataOption = None,
    release: ReleaseOption = None,
) -> int:
    """Toon van elk document welke regels feiten dragen en welke niet; 1 als een regel niet verantwoord is."""
    with busy("Regels worden geteld"):
        # Of persons only that their lines carry a fact is told, so the internal variant may be counted.
        store = open_current(data_folder(data), Variant.INTERNAL, release).store
        covered, classes, relations = cover(store), count_classes(store), count_relations(store)
    if form is TableFormat.JSON:
        print_json(_as_json(covered, classes, relations))
    else:
        _print_coverage(covered, classes, relations, form)
    return 1 if any(document.counts["unaccounted"] for document in covered) else 0


def doubles(
    least: Annotated[
        float,
        typer.Option("--least", min=0, max=100, help="Minste gelijkenis van twee namen, 0-100."),
    ] = 88,
    form: FormatOption = TableFormat.TABLE,
    data: DataOption = None,
) -> int:
    """Toon dingen die misschien hetzelfde zijn en waarover nog geen besluit is vastgelegd."""
    with busy("Namen worden vergeleken"):
        found = find_doubles(open_current(data_folder(data), Variant.PUBLIC), least)
    rows = [
        (
            d.one_label,
            d.other_label,
            f"{d.likeness:.0f}",
            d.reason,
            shorten(d.one),
            shorten(d.other),
        )
        for d in found
    ]
    print_rows(
        "Mogelijk hetzelfde",
        ("naam", "andere naam", "gelijkenis", "reden", "ding", "ander"),
        rows,
        form,
    )
    return 1 if found else 0


def _as_json(
    covered: list[DocumentCoverage], classes: list[Tally], relations: list[Tally]
) -> list[dict[str, object]]:
    return [
        {
            "document": document.document,
            "label": document.label,
            "lines": document.lines,
            "counts": document.counts,
            "ranges": document.ranges,
            "classes": {t.name: t.count for t in classes if t.document == document.document},
            "relations": {t.name: t.count for t in relations if t.document == document.document},
        }
        for document in covered
    ]


def _print_coverage(
    covered: list[DocumentCoverage], classes: list[Tally], relations: list[Tally], form: TableFormat
) -> None:
    rows = [
        (d.document.removeprefix(BRON), str(d.lines), *(str(d.counts[kind]) for kind in _KINDS))
        for d in covered
    ]
    print_rows("Regels per document", ("document", "regels", *_KINDS.values()), rows, form)
    for title, tallies in (
        ("Dingen per klasse", classes),
        ("Uitspraken per eigenschap", relations),
    ):
        short = [(t.document.removeprefix(BRON), shorten(t.name), str(t.count)) for t in tallies]
        print_rows(title, ("document", "naam", "aantal"), short, form)
