"""The verb representation: who sits for whom in which body."""

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
from api.cli.printing import out, print_json, print_rows
from api.files.norms_json import representation_json
from api.region import open_current
from ontology.errors import UnknownThing
from ontology.terms import BASE, shorten
from queries.names import Ref, names_of
from queries.norms.representation import Representation, find_representation, representations
from queries.search import search
from viz.links import thing_from_key

_HEAD = ("orgaan", "wie", "namens sector", "namens", "rol", "gepland", "passage")


def representation(
    body: Annotated[
        str, typer.Argument(metavar="[ORGAAN]", help="Alleen dit orgaan: IRI, sleutel of naam.")
    ] = "",
    form: FormatOption = TableFormat.TABLE,
    internal: InternalOption = False,
    data: DataOption = None,
    release: ReleaseOption = None,
) -> int:
    """Toon wie waar zit, voor welke sector, en hoe inwoners meedoen."""
    opened = open_current(data_folder(data), variant_of(internal), release)
    found = list(representations(opened))
    if body:
        iri = body if body.startswith(BASE) else thing_from_key(body)
        if iri not in names_of(opened):
            hits = search(opened, body, limit=1)
            if not hits:
                raise UnknownThing(f"niets in deze uitgave heet zoiets als '{body}'")
            iri = hits[0].ref.iri
        found = [find_representation(opened, iri)]
    if form is TableFormat.JSON:
        bodies = [representation_json(one) for one in found]
        print_json({"release": opened.info.number, "bodies": bodies})
    elif form is TableFormat.CSV:
        print_rows("", _HEAD, [row for one in found for row in _rows(one)], form)
    else:
        _print(found)
    return 0


def _print(found: list[Representation]) -> None:
    for one in found:
        print_rows(one.body.label, _HEAD[1:], [row[1:] for row in _rows(one)], TableFormat.TABLE)
        whole = "niet aan tafel" if one.is_listed else "door geen bron genoemd"
        if one.missing:
            out.print(f"Sectoren {whole}: {_names(one.missing)}.", markup=False)
        for double in one.doubles:
            parties = _names(double.parties)
            out.print(f"Dubbel voor {double.sector.label}: {parties}.", markup=False)
        for seat in one.strange:
            who = seat.who.label if seat.who else seat.group
            out.print(f"Niet de eigen sector: {who} voor {_names(seat.sectors)}.", markup=False)
        out.print(f"{one.sentence}\n", markup=False)


def _rows(one: Representation) -> list[tuple[str, ...]]:
    return [
        (
            one.body.label,
            seat.who.label if seat.who else seat.group,
            _names(seat.sectors),
            _names(seat.mandate),
            seat.role.label if seat.role else "",
            "" if seat.modality == "fact" else "ja",
            "; ".join(shorten(passage.iri) for passage in seat.passages),
        )
        for seat in one.seats
    ]


def _names(refs: tuple[Ref, ...]) -> str:
    return ", ".join(ref.label for ref in refs)
