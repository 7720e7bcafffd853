"""Norms, mirror, seats and scorecard as plain values for JSON; the same for the command line and the web.

A gap report is `{"release", "summary", "gaps", "norms"}`. `norms` has one object for each norm of the
pack with `subjects` (things evaluated), `counts` by status that add up to it, and its own `gaps`.
`gaps` holds what the catalogue's queries find; those with `covered_by` are asked by that norm as well.
`summary` counts the gaps of the norms and those of queries that no norm covers: `total` is what the
page, the table and the workbook have rows. With a grouping there is also `groups`, and with a former
release to compare with `changes`.
Passages and things are whole IRIs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from graph.release import OpenRelease
from queries.gap_report.groups import GapGroup, Grouping, group_gaps
from queries.gap_report.history import GapChanges, GapLine, Key
from queries.gap_report.report import (
    NORM,
    ReportGap,
    choose_gaps,
    count_gaps,
    count_statuses,
    norm_gaps,
    report_gaps,
)
from queries.names import Passage, Ref
from queries.norms.checks import NormCheck
from queries.norms.evaluation import NormResult, evaluate_norms
from queries.norms.representation import Participation, Representation, Seat
from queries.norms.scorecard import Axes, Scorecard, UnitLine
from queries.norms.spiegel import Cell, Mirror

Json = dict[str, Any]


def gap_report(
    release: OpenRelease, group: Grouping | None = None, since: dict[Key, int] | None = None
) -> Json:
    """Return the whole report: how much, gaps of the catalogue, norms with theirs, groups if asked for."""
    chosen = choose_gaps(release)
    queries = [gap for gap in report_gaps(release) if gap.rule.query]
    report = {
        "release": release.info.number,
        "summary": summary_json(chosen),
        "gaps": [query_gap(gap, since) for gap in queries],
        **norm_report(release, since=since),
    }
    if group is None:
        return report
    return {**report, "groups": [_group(g) for g in group_gaps(release, group, chosen)]}


def query_report(release: OpenRelease, gaps: Sequence[ReportGap]) -> Json:
    """Return only the given gaps of queries."""
    return {
        "release": release.info.number,
        "summary": summary_json(gaps),
        "gaps": [query_gap(gap) for gap in gaps],
        "norms": [],
    }


def summary_json(gaps: Sequence[ReportGap]) -> Json:
    """Return how many gaps there are, by status and by severity and status."""
    return {
        "total": len(gaps),
        "statuses": count_statuses(gaps),
        "severities": count_gaps(gaps),
    }


def norm_report(
    release: OpenRelease, group: Grouping | None = None, since: dict[Key, int] | None = None
) -> Json:
    """Return every norm with counts and gaps, and those gaps by group if asked for."""
    gaps = norm_gaps(release)
    by_norm: dict[str, list[ReportGap]] = {}
    for gap in gaps:
        by_norm.setdefault(gap.rule.id, []).append(gap)
    norms = [
        one_norm(r, by_norm.get(NORM + r.check.id, ()), since) for r in evaluate_norms(release)
    ]
    if group is None:
        return {"norms": norms}
    groups = [_group(found) for found in group_gaps(release, group, gaps)]
    return {"norms": norms, "groups": groups}


def changes_json(changes: GapChanges[GapLine]) -> Json:
    """Return what changed in the gaps since another release: appeared, solved, other status."""
    return {
        "since": changes.before,
        "appeared": [_line(line) for line in changes.appeared],
        "solved": [_line(line) for line in changes.solved],
        "changed": [{**_line(now), "before": then.status} for then, now in changes.changed],
    }


def query_gap(gap: ReportGap, since: dict[Key, int] | None = None) -> Json:
    """Return a gap that a query of the catalogue finds."""
    return {
        "query": gap.rule.id,
        "severity": gap.rule.severity,
        **_gap(gap, since),
        "covered_by": gap.covered_by or None,
    }


def one_norm(
    result: NormResult, gaps: Sequence[ReportGap], since: dict[Key, int] | None = None
) -> Json:
    """Return a norm with the number of things evaluated, counts that add up to it, and its gaps."""
    return {
        **_check(result.check),
        "subjects": len(result.answers),
        "counts": result.counts,
        "gaps": [_gap(gap, since) for gap in gaps],
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
        "note": check.note or None,
        "scope": check.scope,
        "passage": check.passages[0].iri if check.passages else None,
        "passages": _pages(check.passages),
        "query": check.query or None,
        "missing": check.missing or None,
        "remedy": check.remedy,
        "owners": _refs(check.owners),
        "bouwstenen": _refs(check.bouwstenen),
    }


def _group(group: GapGroup) -> Json:
    return {
        "label": group.label,
        "counts": group.counts,
        "gaps": [
            {"rule": gap.rule.id, "norm": _norm_id(gap.rule.id), **_gap(gap)} for gap in group.gaps
        ],
    }


def _line(line: GapLine) -> Json:
    return {
        "rule": line.rule,
        "norm": _norm_id(line.rule),
        "subject": line.subject,
        "label": line.label,
        "status": line.status,
        "sentence": line.sentence,
    }


def _norm_id(rule: str) -> str | None:
    return rule.removeprefix(NORM) if rule.startswith(NORM) else None


def _gap(gap: ReportGap, since: dict[Key, int] | None = None) -> Json:
    accepted = gap.accepted and {
        "reason": gap.accepted.reason,
        "role": _ref(gap.accepted.role),
        "day": gap.accepted.day,
        "passage": _page(gap.accepted.passage),
    }
    return {
        "subject": gap.subject.iri,
        "label": gap.subject.label,
        "status": gap.status,
        "detail": gap.detail,
        "passage": _page(gap.passage),
        "sentence": gap.sentence,
        "since": (since or {}).get(gap.key),
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
        "strange": seat.is_strange,
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
        **{side: len(signs) for side, signs in one.sides},
        "signs": {side: _refs(signs) for side, signs in one.sides},
    }


def _ref(ref: Ref) -> Json:
    return {"iri": ref.iri, "label": ref.label, "kind": ref.kind}


def _refs(refs: Iterable[Ref]) -> list[Json]:
    return [_ref(ref) for ref in refs]


def _page(passage: Passage | None) -> str | None:
    return passage.iri if passage else None


def _pages(passages: Iterable[Passage]) -> list[str]:
    return [passage.iri for passage in passages]
