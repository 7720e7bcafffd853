"""Verbs about releases: publish, export."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from api.cli.options import (
    DataOption,
    InternalOption,
    ReleaseOption,
    data_folder,
    output_option,
    variant_of,
)
from api.cli.printing import busy, err, out
from api.cli.writing import write_whole
from api.downloads.forms import FORMS, Source, write_form
from api.files.network import network_file
from api.region import ensure_region, open_current, publish_release
from api.settings import Settings
from graph.dataset import Variant
from graph.release import ReleaseInfo, release_file
from graph.remote.server import check_address
from ontology.errors import UsageError
from queries.measures.relations import EXPORTABLE, RELATIONS
from queries.selection import MAX_DEPTH
from viz.exports import FORMATS


class ExportFormat(StrEnum):
    """The formats in which a whole release or a network of it can leave; a test holds them to their makers'."""

    TRIG = "trig"
    NQUADS = "nquads"
    TURTLE = "turtle"
    JSONLD = "jsonld"
    TABLES = "tables"
    GEXF = "gexf"
    GRAPHML = "graphml"
    GML = "gml"
    CYTOSCAPE = "cytoscape"
    NODES = "nodes"
    EDGES = "edges"
    KUMU_ELEMENTS = "kumu-elements"
    KUMU_CONNECTIONS = "kumu-connections"


def publish(
    data: DataOption = None,
    to: Annotated[
        str | None,
        typer.Option(
            "--to",
            metavar="URL",
            help="Zet de uitgave daarna op deze SPARQL-server.",
            show_default=False,
        ),
    ] = None,
    internal: InternalOption = False,
) -> int:
    """Maak van de werkvoorraad een nieuwe uitgave."""
    if internal and to is None:
        raise UsageError("--internal hoort bij --to: een uitgave heeft altijd beide varianten")
    if to is not None:
        check_address(to)
    folder = data_folder(data)
    with busy("Uitgave wordt gemaakt"):
        ensure_region(folder)
        info = publish_release(folder)
    _print_release(info)
    if to is not None:
        _publish_to(to, folder, variant_of(internal))
    return 0


def _publish_to(url: str, folder: Path, variant: Variant) -> None:
    from api.releases.peers import publish_to

    with busy(f"Uitgave gaat naar {url}"):
        count = publish_to(url, Settings(data=folder), variant, lambda *_: None)
    out.print(f"{url}: {count} uitspraken geplaatst ({variant}).")


def _print_release(info: ReleaseInfo) -> None:
    if not info.new:
        out.print(f"Niets gewijzigd sinds uitgave {info.number} van {info.date}.")
        return
    counts = info.statements[str(Variant.PUBLIC)]
    out.print(
        f"Uitgave {info.number} van {info.date}: {counts} uitspraken, waarvan "
        f"{info.inferred[str(Variant.PUBLIC)]} afgeleid, uit {info.passages[str(Variant.PUBLIC)]} passages."
    )


def export(
    form: Annotated[
        ExportFormat, typer.Option("--format", help="Bestandsvorm.")
    ] = ExportFormat.TRIG,
    internal: InternalOption = False,
    output: Annotated[Path | None, output_option("Bestand; anders het scherm.")] = None,
    view: Annotated[
        str | None,
        typer.Option(
            "--view",
            metavar="NETWERK",
            help=f"Bij een netwerkvorm: {', '.join(EXPORTABLE)}.",
            show_default=RELATIONS,
        ),
    ] = None,
    around: Annotated[
        str | None,
        typer.Option(
            "--around",
            metavar="DING",
            help="Alleen wat rond dit ding zit (netwerkvorm).",
            show_default=False,
        ),
    ] = None,
    depth: Annotated[
        int,
        typer.Option("--depth", min=1, max=MAX_DEPTH, help="Hoeveel stappen ver (met --around)."),
    ] = 1,
    data: DataOption = None,
    release: ReleaseOption = None,
) -> int:
    """Schrijf een uitgave weg: geheel, standaard met elke uitspraak in de graaf van haar passage, of als netwerk."""
    is_network = form in FORMATS
    if not is_network and (view or around):
        raise UsageError(
            f"--view en --around horen bij een netwerkvorm; '{form}' bevat altijd de hele uitgave"
        )
    folder, variant = data_folder(data), variant_of(internal)
    with busy("Uitgave wordt geschreven"):
        opened = open_current(folder, variant, release)
        if is_network:
            content = network_file(opened, form, view or RELATIONS, around or "", depth)
        else:
            source = Source(release_file(folder, opened.info.number, variant), lambda: opened)
            content = write_form(FORMS[form], source)
    if output is None:
        sys.stdout.buffer.write(content)
        return 0
    write_whole(output, content)
    err.print(f"{output}: uitgave {opened.info.number} ({variant}), {len(content)} bytes")
    return 0
