"""Norms, mirror, seats and scorecard as plain values for JSON; the same for the command line and the web.

A gap report is `{"release", "gaps", "norms"}`: `gaps` holds what the catalogue's queries find, `norms`
one object for each norm of the pack with `subjects` (things evaluated), `counts` by status that add up
to it, and its own `gaps`. With a grouping there is also `groups`, the norms' gaps by label;
with a former release to compare with, `changes`.
Passages and things are whole IRIs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from graph.release import OpenRelease
from queries.names import Passage, Ref
from queries.norms.checks import NormCheck
from queries.norms.evaluation import NormResult, evaluate_norms
from queries.norms.report import GapChanges, Grouping, NormGap, group_gaps, norm_gaps
from queries.norms.representation import Participation, Representation, Seat
from queries.norms.scorecard import Axes, Scorecard, UnitLine
from queries.norms.spiegel import Cell, Mirror
from queries.run import GAP_FIELDS, Gap

Json = dict[str, Any]


def gap_report(release: OpenRelease, gaps: Iterable[Gap], group: Grouping | None) -> Json:
    """Return the whole report: gaps of the catalogue, norms with their gaps, and groups if asked for."""
    report = {"release": release.info.number, "gaps": [plain_gap(gap) for gap in gaps]}
    return {**report, **norm_report(release, group)}


def norm_report(release: OpenRelease, group: Grouping | None = None) -> Json:
    """Return every norm with counts and gaps, and the gaps by group if asked for."""
    by_norm: dict[str, list[NormGap]] = {}
    for gap in norm_gaps(release):
        by_norm.setdefault(gap.check.id, []).append(gap)
    norms = [one_norm(r, by_norm.get(r.check.id, ())) for r in evaluate_norms(release)]
    if group is None:
        return {"norms": norms}
    groups = [
        {"label": found.label, "gaps": [_with_norm(gap) for gap in found.gaps]}
        for found in group_gaps(release, group)
    ]
    return {"norms": norms, "groups": groups}


def changes_json(before: OpenRelease, changes: GapChanges) -> Json:
    """Return what changed in the norms' gaps since another release: appeared, solved, other status."""
    return {
        "since": before.info.number,
        "appeared": [_with_norm(gap) for gap in changes.appeared],
        "solved": [_with_norm(gap) for gap in changes.solved],
        "changed": [
            {**_with_norm(now), "before": then.answer.status} for then, now in changes.changed
        ],
    }


def plain_gap(gap: Gap) -> dict[str, str]:
    """Return a gap of the catalogue by field."""
    return {field: getattr(gap, field) for field in GAP_FIELDS}


def one_norm(result: NormResult, gaps: Sequence[NormGap]) -> Json:
    """Return a norm with the number of things evaluated, counts that add up to it, and its gaps."""
    return {
        **_check(result.check),
        "subjects": len(result.answers),
        "counts": result.counts,
        "gaps": [_gap(gap) for gap in gaps],
    }


def mirror_json(mirror: Mirror) -> Json:
    """Return the mirror: columns, rows of cells with evidence, totals by column."""
    rows = [
        {**_ref(row.subject), "cells": [_cell(cell) for cell in row.cells]} for row in mirror.rows
    ]
    return {"columns": _refs(mirror.columns), "rows": rows, "totals": list(mirror.totals)}


def representation_json(found: Representation) -> Json:
    """Return who sits in a body, for which sectors, and how far residents take part."""
    return {
        **_ref(found.body),
        "listed": found.is_listed,
        "seats": [_seat(seat) for seat in found.seats],
        "sectors": [
            {**_ref(one.sector), "parties": _refs(one.parties), "double": one.is_double}
            for one in found.sectors
        ],
        "missing": _refs(found.missing),
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


def _check(check: NormCheck) -> Json:
    return {
        "id": check.id,
        "iri": check.iri,
        "label": check.label,
        "label_en": check.label_en,
        "severity": check.severity,
        "words": check.words,
        "scope": check.scope,
        "passage": check.passages[0].iri if check.passages else None,
        "passages": _pages(check.passages),
        "query": check.query or None,
        "missing": check.missing or None,
        "remedy": check.remedy,
        "owners": _refs(check.owners),
        "bouwstenen": _refs(check.bouwstenen),
    }


def _with_norm(gap: NormGap) -> Json:
    return {"norm": gap.check.id, **_gap(gap)}


def _gap(gap: NormGap) -> Json:
    answer = gap.answer
    accepted = gap.accepted and {
        "reason": gap.accepted.reason,
        "role": _ref(gap.accepted.role),
        "day": gap.accepted.day,
        "passage": _page(gap.accepted.passage),
    }
    return {
        "subject": answer.subject.iri,
        "label": answer.subject.label,
        "status": answer.status,
        "detail": answer.detail,
        "passage": _page(answer.passage),
        "sentence": gap.sentence,
        "accepted": accepted,
    }


def _cell(cell: Cell) -> Json:
    evidence = [
        {"norm": e.norm, "status": e.status, "detail": e.detail, "passage": _page(e.passage)}
        for e in cell.evidence
    ]
    return {"column": cell.column.iri, "status": cell.status, "evidence": evidence}


def _seat(seat: Seat) -> Json:
    return {
        "who": _ref(seat.who) if seat.who else None,
        "group": seat.group,
        "role": _ref(seat.role) if seat.role else None,
        "sectors": _refs(seat.sectors),
        "mandate": _refs(seat.mandate),
        "modality": seat.modality,
        "passages": _pages(seat.passages),
    }


def _step(one: Participation) -> Json:
    return {
        "step": one.step,
        "date": one.date,
        "who": one.who,
        "modality": one.modality,
        "passages": _pages(one.passages),
    }


def _unit(line: UnitLine) -> Json:
    return {
        **_ref(line.unit),
        "filled_by": _refs(line.filled_by),
        "passages": _pages(line.passages),
        "counts": line.counts,
        "norms": [check.id for check in line.norms],
        "sentence": line.sentence,
    }


def _axes(one: Axes) -> Json:
    return {
        "about": _ref(one.about) if one.about else None,
        "formal": one.formal,
        "informal": one.informal,
        "ambition": one.ambition,
        "action": one.action,
    }


def _ref(ref: Ref) -> Json:
    return {"iri": ref.iri, "label": ref.label, "kind": ref.kind}


def _refs(refs: Iterable[Ref]) -> list[Json]:
    return [_ref(ref) for ref in refs]


def _page(passage: Passage | None) -> str | None:
    return passage.iri if passage else None


def _pages(passages: Iterable[Passage]) -> list[str]:
    return [passage.iri for passage in passages]
