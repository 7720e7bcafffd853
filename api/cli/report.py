"""The verb report: the meeting pack as a file to print or mail, or as JSON."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from api.cli.options import (
    DataOption,
    InternalOption,
    ReleaseOption,
    data_folder,
    output_option,
    variant_of,
)
from api.cli.printing import busy, err
from api.cli.writing import check_folder, write_whole
from api.files.pack_json import pack_json
from api.pages.texts import texts_in
from api.region import open_current
from graph.release import open_release
from ontology.errors import UsageError
from queries.report.pack import Ask, MeetingPack, answer_ask
from queries.report.scope import ScopeKind
from viz.report.forms import Form, to_file

JSON = "json"
_FORMS = (*Form, JSON)


def report(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAAM",
            help="Bij --scope thema of subregio: de naam, zoals positieve-gezondheid of lelystad.",
            show_default=False,
        ),
    ] = "",
    scope: Annotated[
        str, typer.Option("--scope", metavar="BEREIK", help="regio, thema of subregio.")
    ] = ScopeKind.REGIO.value,
    since: Annotated[
        str,
        typer.Option(
            "--since",
            metavar="N|DATUM",
            help="Toon wat veranderde sinds uitgave N, of in bronnen vanaf een datum (2024, 2024-04).",
            show_default="het jaar van de jongste bron",
        ),
    ] = "",
    day: Annotated[
        str,
        typer.Option("--date", metavar="DATUM", help="De peildatum.", show_default="vandaag"),
    ] = "",
    form: Annotated[
        str,
        typer.Option(
            "--format", metavar="VORM", help="pdf, docx, html of json.", show_default="pdf"
        ),
    ] = "",
    output: Annotated[
        Path | None,
        output_option("Bestand; anders een passende naam in deze map, en json op het scherm."),
    ] = None,
    internal: InternalOption = False,
    data: DataOption = None,
    release: ReleaseOption = None,
) -> int:
    """Maak een vergaderstuk: één bladzijde met bijlage, voor de regio, een sub-regio of een thema."""
    wanted = _form(form, output)
    if output is not None:
        check_folder(output)
    folder, variant = data_folder(data), variant_of(internal)
    with busy("Vergaderstuk wordt gemaakt"):
        opened = open_current(folder, variant, release)
        today = date.today()  # noqa: DTZ011 - the date of the day is the effect at the edge
        pack = answer_ask(
            opened,
            Ask(scope, name, since, day),
            today,
            lambda number: open_release(folder, variant, number),
        )
        file_name, content = _file(pack, wanted)
    if output is None and wanted == JSON:
        sys.stdout.buffer.write(content)
        return 0
    target = output or Path(file_name)
    write_whole(target, content)
    err.print(escape(f"{target}: vergaderstuk over {pack.scope.label}, {len(content)} bytes"))
    return 0


def _file(pack: MeetingPack, form: str) -> tuple[str, bytes]:
    if form == JSON:
        text = json.dumps(pack_json(pack), ensure_ascii=False, indent=2) + "\n"
        return "", text.encode()
    return to_file(pack, Form(form), texts_in("nl")("site.region"))


def _form(form: str, output: Path | None) -> str:
    """Return the form asked for, else the one that the name of the file tells, else PDF."""
    if form:
        if form not in _FORMS:
            raise UsageError(f"vorm '{form[:20]}' is er niet; kies uit {', '.join(_FORMS)}")
        return form
    ending = output.suffix.removeprefix(".").casefold() if output else ""
    if ending and ending not in _FORMS:
        raise UsageError(
            f"{output}: aan '.{ending[:20]}' is niet te zien welke vorm u wilt; geef --format {', '.join(_FORMS)}"
        )
    return ending or Form.PDF
