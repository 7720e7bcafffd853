from __future__ import annotations

import re
import tempfile
from pathlib import Path

import pytest

from ontology.errors import UnknownThing
from queries.norms.representation import representation_of, representations
from queries.norms.scorecard import scorecard
from queries.norms.spiegel import NOT_ASKED, goal_mirror, mirror, mirror_row
from tests.norm_region import norm_region, release_of, tables, write_region

ID = "https://w3id.org/regiograaf/id/"


def test_mirror_shows_status_evidence_and_blind_spots() -> None:
    row = mirror_row(mirror(norm_region()), f"{ID}activiteit/act-open")
    cells = {cell.column.label: cell for cell in row.cells}
    assert cells["Eigenaarschap"].status == "open"
    assert cells["Eigenaarschap"].evidence[0].passage is not None
    assert cells["Collectieve actie"].status == NOT_ASKED
    assert [ref.label for ref in row.blind_spots] == ["Collectieve actie"]


def test_mirror_totals_add_up_to_its_rows() -> None:
    held = mirror(norm_region())
    assert [sum(total.values()) for total in held.totals] == [len(held.rows)] * len(held.columns)


def test_example_from_elsewhere_is_not_mirrored() -> None:
    labels = {row.subject.label for row in mirror(norm_region()).rows}
    assert "Act-unknown" in labels
    assert "Act-voorbeeld" not in labels


def test_thing_outside_the_mirror_is_told() -> None:
    with pytest.raises(UnknownThing, match="niet in de spiegel"):
        mirror_row(goal_mirror(norm_region()), f"{ID}actor/alfa")


def test_representation_names_double_and_missing_sectors() -> None:
    found = representation_of(norm_region(), f"{ID}samenwerking/sectoren")
    assert found is not None
    sectors = {one.sector.label: one for one in found.sectors}
    assert sectors["Overheid"].is_double
    assert [ref.label for ref in sectors["Zorgverzekering en inkoop"].parties] == ["Delta"]
    missing = {ref.label for ref in found.missing}
    assert missing == {"Geestelijke gezondheidszorg", "Inwoners en patiënten"} - {
        one.sector.label for one in found.sectors
    }


def test_who_sits_for_a_sector_that_is_not_its_own_is_told() -> None:
    found = representation_of(norm_region(), f"{ID}samenwerking/sectoren")
    assert found is not None
    assert [(s.who.label, s.sectors[0].label) for s in found.strange if s.who] == [
        ("Inwoners", "Welzijn")
    ]
    assert [one.sector.label for one in found.doubles] == ["Overheid"]


def test_residents_climb_the_ladder_over_the_documents() -> None:
    found = representation_of(norm_region(), f"{ID}samenwerking/tafel-met")
    assert found is not None
    assert [one.step for one in found.participation] == ["adviseren", "coproduceren"]
    assert (
        found.sentence
        == "Eerst adviseren, later coproduceren: volgens de bronnen kregen zij meer invloed."
    )


def test_nothing_said_of_residents_is_unknown_not_absent() -> None:
    found = {one.body.label: one for one in representations(norm_region())}
    assert found["Tafel-absent"].sentence == "Geen bron zegt of inwoners hier meedoen."
    assert found["Tafel-absent"].is_listed
    assert not found["Tafel-met"].is_listed


def test_scorecard_counts_and_gives_no_mark() -> None:
    card = scorecard(norm_region())
    lines = {line.unit.label: line for line in card.units}
    regie = lines["Eenheid-regie"]
    assert [ref.label for ref in regie.filled_by] == ["Tafel-met"]
    assert regie.sentence.startswith("Hier: Tafel-met. Bij 1 van 6 vragen is de norm gehaald; bij ")
    assert regie.sentence.endswith("; bij 1 zegt geen bron het.")
    wide = {line.check.id: line for line in card.norms}
    assert wide["trekker"].sentence.startswith("Gehaald bij 1 van 6;")


def test_numbers_in_each_sentence_of_the_scorecard_add_up() -> None:
    card = scorecard(norm_region())
    sentences = [*(unit.sentence for unit in card.units), *(norm.sentence for norm in card.norms)]
    for sentence in sentences:
        met, *rest = (int(number) for number in re.findall(r"[Bb]ij (\d+)", sentence))
        total = re.search(r" van (\d+)", sentence)
        assert total is not None
        assert met + sum(rest) == int(total[1])


def test_scorecard_puts_the_network_before_its_themes_on_the_axes() -> None:
    whole, *themes = scorecard(norm_region()).axes
    assert whole.about is None
    assert {"Act-open", "Act-thema"} <= {ref.label for ref in whole.action}
    assert "Act-voorbeeld" not in {ref.label for ref in whole.action}
    assert "Tafel-met" in {ref.label for ref in whole.formal}
    assert [
        (one.about and one.about.label, [ref.label for ref in one.action]) for one in themes
    ] == [("Thema-met", ["Act-thema"])]


def test_cell_with_something_met_and_something_unknown_is_partly_met() -> None:
    rows = tables()
    rows["toetsen"] += [
        {**rows["toetsen"][0], "norm": "partijen-2", "eigenschap": "aim", "niet_voor": ""}
    ]
    rows["normen"] += [{**rows["normen"][0], "id": "partijen-2", "naam": "partijen-2"}]
    with tempfile.TemporaryDirectory() as name:
        write_region(Path(name), rows)
        held = mirror(release_of(Path(name), number=3))
    statuses = {
        row.subject.label: {cell.column.label: cell.status for cell in row.cells}
        for row in held.rows
    }
    assert statuses["Act-met"]["Eigenaarschap"] == "partly"
    assert statuses["Act-open"]["Eigenaarschap"] == "open"
