"""The verb analyse: the measures of the network, and the questions they answer."""

from __future__ import annotations

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
from api.cli.printing import busy, print_rows
from api.region import open_current
from graph.release import OpenRelease
from queries.labels import labels_of
from queries.measures.centrality import Engine, measure_release
from queries.measures.definitions import MEASURES

_COLUMNS = ("maat", "projectie", "rang", "naam", "waarde")


def analyse(
    engine: Annotated[
        Engine, typer.Option("--engine", help="Wie rekent; de cijfers zijn dezelfde.")
    ] = Engine.IGRAPH,
    top: Annotated[int, typer.Option("--top", min=1, help="Zoveel rijen per maat.")] = 10,
    form: FormatOption = TableFormat.TABLE,
    internal: InternalOption = False,
    data: DataOption = None,
    release: ReleaseOption = None,
) -> int:
    """Toon wie verbindt: de netwerkmaten van de uitgave."""
    with busy("Het netwerk wordt geanalyseerd"):
        opened = open_current(data_folder(data), variant_of(internal), release)
        rows = _rows(opened, engine)
    if form is not TableFormat.TABLE:
        print_rows("", _COLUMNS, rows, form)
        return 0
    for measure in MEASURES:
        for projection in measure.projections:
            part = [row[2:] for row in rows if row[:2] == (measure.slug, projection)]
            if part and measure.slug != "groep":
                title = f"{measure.question} ({measure.slug}, {projection}). {measure.reading}"
                print_rows(title, _COLUMNS[2:], part[:top], form)
    return 0


def _rows(release: OpenRelease, engine: Engine) -> list[tuple[str, ...]]:
    measured = measure_release(release, engine)
    labels = labels_of(release, {m.thing for m in measured})
    return [
        (m.measure, m.projection, str(m.rank), labels.get(m.thing, m.thing), f"{m.value:g}")
        for m in measured
    ]
