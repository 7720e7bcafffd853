"""Mirror, seats and scorecard as plain values for JSON: things and passages by IRI."""

from __future__ import annotations

from api.files.plain import Json, passage_iri, passage_iris, ref_json, refs_json
from queries.norms.representation import Participation, Representation, Seat
from queries.norms.scorecard import Axes, Scorecard, UnitLine
from queries.norms.spiegel import Cell, Mirror


def mirror_json(mirror: Mirror) -> Json:
    """Return the mirror: columns, rows of cells with evidence, totals by column."""
    rows = [
        {**ref_json(row.subject), "cells": [_cell(cell) for cell in row.cells]}
        for row in mirror.rows
    ]
    return {"columns": refs_json(mirror.columns), "rows": rows, "totals": list(mirror.totals)}


def representation_json(found: Representation) -> Json:
    """Return who sits in a body, for which sectors, and how far residents take part."""
    return {
        **ref_json(found.body),
        "listed": found.is_listed,
        "seats": [_seat(seat) for seat in found.seats],
        "sectors": [
            {**ref_json(one.sector), "parties": refs_json(one.parties), "double": one.is_double}
            for one in found.sectors
        ],
        "missing": refs_json(found.missing),
        "participation": [_step(one) for one in found.participation],
        "sentence": found.sentence,
    }


def scorecard_json(card: Scorecard) -> Json:
    """Return the scorecard: units, norms about everything of a kind, and the two axes."""
    return {
        "units": [_unit(line) for line in card.units],
        "norms": [
            {"id": line.check.id, "label": line.check.label, "counts": line.counts,
             "sentence": line.sentence}
            for line in card.norms
        ],
        "axes": [_axes(one) for one in card.axes],
    }  # fmt: skip


def _cell(cell: Cell) -> Json:
    evidence = [
        {"norm": e.norm, "status": e.status, "detail": e.detail, "passage": passage_iri(e.passage)}
        for e in cell.evidence
    ]
    return {"column": cell.column.iri, "status": cell.status, "evidence": evidence}


def _seat(seat: Seat) -> Json:
    return {
        "who": ref_json(seat.who) if seat.who else None,
        "group": seat.group,
        "role": ref_json(seat.role) if seat.role else None,
        "sectors": refs_json(seat.sectors),
        "mandate": refs_json(seat.mandate),
        "modality": seat.modality,
        "strange": seat.is_strange,
        "passages": passage_iris(seat.passages),
    }


def _step(one: Participation) -> Json:
    return {
        "step": one.step,
        "date": one.date,
        "who": one.who,
        "modality": one.modality,
        "passages": passage_iris(one.passages),
    }


def _unit(line: UnitLine) -> Json:
    return {
        **ref_json(line.unit),
        "filled_by": refs_json(line.filled_by),
        "passages": passage_iris(line.passages),
        "counts": line.counts,
        "norms": [check.id for check in line.norms],
        "sentence": line.sentence,
    }


def _axes(one: Axes) -> Json:
    return {
        "about": ref_json(one.about) if one.about else None,
        **{side: len(signs) for side, signs in one.sides},
        "signs": {side: refs_json(signs) for side, signs in one.sides},
    }
