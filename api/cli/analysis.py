"""The verb analyse: the measures of the network, and the questions about it."""

from __future__ import annotations

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
from graph.release import OpenRelease
from ontology.errors import UsageError
from queries.measures.answers import Answer, cell_text
from queries.measures.centrality import Engine, measure_release
from queries.measures.definitions import LIMITS, MEASURES
from queries.measures.questions import QUESTIONS, Inputs, answer_question
from queries.measures.scenario import Scenario, read_scenario
from queries.names import names_of

# More names than this in a cell say less than their number.
_NAMED = 5
_COLUMNS = ("maat", "projectie", "rang", "naam", "waarde")


def _text_option(name: str, what: str, help_text: str) -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(
        name, metavar=what, help=help_text, show_default=False
    )
    return option


def analyse(
    question: Annotated[
        str | None, _text_option("--question", "VRAAG", f"Eén vraag: {', '.join(QUESTIONS)}.")
    ] = None,
    one: Annotated[str, _text_option("--one", "DING", "Eerste ding: IRI, sleutel of naam.")] = "",
    other: Annotated[str, _text_option("--other", "DING", "Tweede ding.")] = "",
    measure: Annotated[
        str, typer.Option("--measure", metavar="MAAT", help="Maat voor hoe-zeker.")
    ] = Inputs.measure,
    document: Annotated[
        str | None, _text_option("--without", "DOCUMENT", "Laat dit document weg (hoe-zeker).")
    ] = None,
    moment: Annotated[
        str,
        _text_option(
            "--date", "DATUM", "Jaar, maand of dag, of twee jaren: 2020..2024 (door-de-jaren)."
        ),
    ] = "",
    scenario: Annotated[
        Path | None, _text_option("--scenario", "BESTAND", "JSON-bestand (wat-als).")
    ] = None,
    engine: Annotated[
        Engine, typer.Option("--engine", help="Wie de maten rekent; de cijfers zijn dezelfde.")
    ] = Engine.IGRAPH,
    top: Annotated[int, typer.Option("--top", min=1, help="Zoveel rijen per tabel.")] = 10,
    form: FormatOption = TableFormat.TABLE,
    internal: InternalOption = False,
    data: DataOption = None,
    release: ReleaseOption = None,
) -> int:
    """Toon wie verbindt: de netwerkmaten van de uitgave, of het antwoord op een vraag."""
    inputs = Inputs(one, other, measure, document=document, moment=moment, scenario=_read(scenario))
    with busy("Het netwerk wordt geanalyseerd"):
        opened = open_current(data_folder(data), variant_of(internal), release)
        answer = answer_question(opened, question, inputs) if question else None
        rows = [] if answer else _rows(opened, engine)
    if answer:
        _print_answer(answer, top, form)
    else:
        _print_measures(rows, top, form)
    return 0


def _read(scenario: Path | None) -> Scenario | None:
    if scenario is None:
        return None
    if not scenario.is_file():
        raise UsageError(f"{scenario}: dit bestand bestaat niet")
    return read_scenario(scenario.read_bytes())


def _rows(release: OpenRelease, engine: Engine) -> list[tuple[str, ...]]:
    measured = measure_release(release, engine)
    labels = names_of(release).labels
    return [
        (m.measure, m.projection, str(m.rank), labels.get(m.thing, m.thing), f"{m.value:g}")
        for m in measured
    ]


def _print_measures(rows: list[tuple[str, ...]], top: int, form: TableFormat) -> None:
    if form is not TableFormat.TABLE:
        print_rows("", _COLUMNS, rows, form)
        return
    for measure in MEASURES:
        for projection in measure.projections:
            part = [row[2:] for row in rows if row[:2] == (measure.slug, projection)]
            if part and measure.slug != "groep":
                title = f"{measure.question} ({measure.slug}, {projection}). {measure.reading}"
                print_rows(title, _COLUMNS[2:], part[:top], form)
    out.print(LIMITS)


def _print_answer(answer: Answer, top: int, form: TableFormat) -> None:
    is_table = form is TableFormat.TABLE
    limit = _NAMED if is_table else None
    shown = answer.first(top if is_table else None).rows
    rows = [[cell_text(cell, limit) for cell in row] for row in shown]
    if not is_table:
        print_rows("", answer.columns, rows, form)
        return
    for sentence in answer.sentences:
        out.print(sentence, markup=False)
    if rows:
        print_rows(answer.title, answer.columns, rows, form)
    out.print(answer.limits, markup=False)
