"""The gap report as plain values for JSON; the same for the command line and the web.

A gap report is `{"release", "summary", "gaps", "norms"}`. `norms` has one object for each norm of the
pack with `subjects` (things evaluated), `counts` by status that add up to it, and its own `gaps`.
`gaps` holds what the catalogue's queries find; those with `covered_by` are asked by that norm as well.
`summary` counts the gaps of the norms and those of queries that no norm covers: `total` is what the
page, the table and the workbook have rows. With a grouping there is also `groups`, and with a former
release to compare with `changes`.
Passages and things are whole IRIs.
"""

from __future__ import annotations

from collections.abc import Sequence

from api.files.plain import Json, passage_iri, passage_iris, ref_json, refs_json
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
from queries.norms.checks import NormCheck
from queries.norms.evaluation import NormResult, evaluate_norms


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
        "passages": passage_iris(check.passages),
        "query": check.query or None,
        "missing": check.missing or None,
        "remedy": check.remedy,
        "owners": refs_json(check.owners),
        "bouwstenen": refs_json(check.bouwstenen),
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
        "role": ref_json(gap.accepted.role),
        "day": gap.accepted.day,
        "passage": passage_iri(gap.accepted.passage),
    }
    return {
        "subject": gap.subject.iri,
        "label": gap.subject.label,
        "status": gap.status,
        "detail": gap.detail,
        "passage": passage_iri(gap.passage),
        "sentence": gap.sentence,
        "since": (since or {}).get(gap.key),
        "accepted": accepted,
    }
