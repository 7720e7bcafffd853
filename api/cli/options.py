"""Options that more than one verb has, defined once."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from api.settings import Settings
from graph.dataset import Variant

DataOption = Annotated[
    Path | None,
    typer.Option(
        "--data",
        metavar="MAP",
        help="Map met de gegevens; anders de gegevensmap van de gebruiker.",
        show_default=False,
    ),
]
InternalOption = Annotated[
    bool, typer.Option("--internal", help="De interne uitgave: met personen, niet om te delen.")
]
ReleaseOption = Annotated[
    int | None,
    typer.Option("--release", metavar="N", help="Een oudere uitgave.", show_default=False),
]


def output_option(help_text: str) -> Any:
    """Return the option for the file to write, with what happens without it."""
    return typer.Option("-o", "--output", metavar="BESTAND", help=help_text, show_default=False)


class TableFormat(StrEnum):
    """How a table leaves the command line."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


FormatOption = Annotated[
    TableFormat, typer.Option("--format", help="Als tabel op het scherm, of als json of csv.")
]


def data_folder(data: Path | None) -> Path:
    """Return the data folder asked for, or the one of the settings."""
    return data if data is not None else Settings().data


def variant_of(internal: bool) -> Variant:
    """Return the variant of a release that an option asks for."""
    return Variant.INTERNAL if internal else Variant.PUBLIC
