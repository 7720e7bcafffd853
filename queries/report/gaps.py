"""What is missing in a scope: norms that are not shown to be met, the gravest first, with what to do and by whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from graph.release import OpenRelease
from queries.gap_report.report import NORM, ReportGap, Rule, norm_gaps
from queries.names import Passage
from queries.norms.checks import norm_checks
from queries.norms.evaluation import GAP_STATUSES, NOT_APPLICABLE, evaluate_norms
from queries.overview import SEVERITIES
from queries.report.catalogued import catalogue_entries
from queries.report.entries import GAPS, Entry, Headings, Section
from queries.report.scope import Scope
from queries.report.words import MANY, NAMED, SEVERITY_WORDS, names_words, sentence

FRONT = 5
_ONE = {
    "none": "Dit is er niet.",
    "open": "Nog open.",
    "unreadable": "De bron is onleesbaar.",
    "unknown": "Onbekend.",
}


def gap_section(release: OpenRelease, scope: Scope) -> Section:
    """Return the norms with gaps in a scope: gravest first, then what a source says itself, then most things."""
    if norm_checks(release):
        groups = sorted(open_gaps(release, scope).values(), key=_gravity)
        totals = _totals(release, scope)
        summary = _summary(groups, _accepted(release, scope), any(totals.values()))
        entries = tuple(_entry(same, totals[same[0].rule.id]) for same in groups)
    else:
        # A region without norms of its own still has the questions of the catalogue.
        entries = tuple(catalogue_entries(release, scope, about_money=False))
        summary = _plain_summary(len(entries))
    headings = Headings("Ernst", "Wat er hoort te zijn, en hoe het staat", "Wat u kunt doen", "Wie")
    return Section(GAPS, "Wat ontbreekt er?", summary, headings, entries, FRONT, "/hiaten")


def open_gaps(release: OpenRelease, scope: Scope) -> dict[str, list[ReportGap]]:
    """Return the gaps of a scope that nobody accepted, by norm."""
    found: dict[str, list[ReportGap]] = {}
    for gap in norm_gaps(release):
        if gap.accepted is None and scope.holds(gap.subject.iri):
            found.setdefault(gap.rule.id, []).append(gap)
    return found


def _accepted(release: OpenRelease, scope: Scope) -> int:
    return sum(
        gap.accepted is not None and scope.holds(gap.subject.iri) for gap in norm_gaps(release)
    )


def _totals(release: OpenRelease, scope: Scope) -> dict[str, int]:
    """Return by norm how many things of the scope it applies to."""
    return {
        NORM + result.check.id: sum(
            answer.status != NOT_APPLICABLE and scope.holds(answer.subject.iri)
            for answer in result.answers
        )
        for result in evaluate_norms(release)
    }


def _gravity(gaps: Sequence[ReportGap]) -> tuple[int, int, int, str]:
    rule = gaps[0].rule
    stated = min(GAP_STATUSES.index(gap.status) for gap in gaps)
    return SEVERITIES.index(rule.severity), stated, -len(gaps), rule.label.casefold()


def _summary(groups: Sequence[Sequence[ReportGap]], accepted: int, is_tested: bool) -> str:
    tail = f" Bij {accepted} is besloten dat het zo mag blijven." if accepted else ""
    if not is_tested:
        return "Hier valt niets na te gaan. De bronnen noemen hier te weinig."
    if not groups:
        return f"Alles wat we hier konden nagaan, is geregeld.{tail}"
    graves = sum(same[0].rule.severity == "must" for same in groups)
    weigh = "weegt" if graves == 1 else "wegen"
    grave = f" {graves} daarvan {weigh} het zwaarst." if graves else ""
    points = "1 punt" if len(groups) == 1 else f"{len(groups)} punten"
    return f"Bij {points} is niet te zien dat het geregeld is.{grave}{tail}"


def _plain_summary(points: int) -> str:
    if not points:
        return "We vonden hier niets dat ontbreekt. Er valt misschien ook weinig na te gaan."
    return f"Bij {'1 vraag' if points == 1 else f'{points} vragen'} ontbreekt er iets."


def _entry(gaps: Sequence[ReportGap], total: int) -> Entry:
    rule = gaps[0].rule
    text, detail = _words(gaps, total)
    return Entry(
        mark=SEVERITY_WORDS.get(rule.severity, rule.severity),
        text=text,
        action=sentence(rule.remedy),
        who=", ".join(owner.label for owner in rule.owners),
        about=tuple(gap.subject for gap in gaps),
        passages=_passages(rule, gaps),
        detail=detail,
    )


def _words(gaps: Sequence[ReportGap], total: int) -> tuple[str, str]:
    """Return how a norm stands, and of which things or why."""
    label = sentence(gaps[0].rule.label)
    if total == 1:
        answer = gaps[0]
        return f"{label} {_ONE[answer.status]} {sentence(answer.detail)}".strip(), ""
    counts = Counter(gap.status for gap in gaps)
    how = [f"Bij {counts[s]} van de {total} {MANY[s]}." for s in GAP_STATUSES if counts[s]]
    things = tuple(gap.subject for gap in gaps)
    head = "Onder meer" if len(gaps) > NAMED else "Het gaat om"
    return f"{label} {' '.join(how)}", f"{head}: {names_words(things[:NAMED])}."


def _passages(rule: Rule, gaps: Sequence[ReportGap]) -> tuple[Passage, ...]:
    """Return where the norm stands and where the first gaps show."""
    shown = [gap.passage for gap in gaps[:2] if gap.passage]
    return tuple(dict.fromkeys([*rule.passages[:1], *shown]))
