"""Verbs that keep a data folder safe: backup, restore."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli.options import DataOption, data_folder
from api.cli.printing import busy, err, out
from graph.backup import SUFFIX, Contents, back_up
from graph.recovery import writing
from graph.restoring import restore as put_back


def backup(
    target: Annotated[
        Path,
        typer.Argument(
            metavar="DOEL", help=f"Een map die er al is, of een bestand dat op {SUFFIX} eindigt."
        ),
    ],
    data: DataOption = None,
) -> int:
    """Maak een reservekopie van de gegevensmap; de dienst kan gewoon doorgaan."""
    with busy("Reservekopie wordt gemaakt"):
        file, contents = back_up(data_folder(data), target)
    out.print(f"{file}: {_describe(contents)}, {file.stat().st_size >> 10} kB")
    err.print(
        "Hierin staan namen van personen: alleen u kunt het bestand lezen. Bewaar het zo, of versleuteld."
    )
    return 0


def restore(
    source: Annotated[
        Path, typer.Argument(metavar="BRON", help="Het bestand van een reservekopie.")
    ],
    data: DataOption = None,
    force: Annotated[
        bool, typer.Option("--force", help="Vervang wat er in de gegevensmap staat.")
    ] = False,
) -> int:
    """Zet een reservekopie terug: helemaal en onveranderd, of niets."""
    folder = data_folder(data)
    with busy("Reservekopie wordt teruggezet"):
        contents = put_back(source, folder, force=force)
        # An older copy becomes of today at once, and not when somebody happens to write.
        with writing(folder):
            pass
    out.print(f"{folder}: {_describe(contents)}, gemaakt op {contents.made}, is teruggezet")
    return 0


def _describe(contents: Contents) -> str:
    release = f"uitgave {contents.release}" if contents.release else "nog geen uitgave"
    return f"{release}, {len(contents.files)} bestanden"
