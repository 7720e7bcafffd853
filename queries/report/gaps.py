"""What is missing in a scope: norms that are not shown to be met, the gravest first, with what to do and by whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from graph.release import OpenRelease
from queries.names import Passage
from queries.norms.checks import NormCheck, norm_checks
from queries.norms.evaluation import GAP_STATUSES, NOT_APPLICABLE, evaluate_norms
from queries.norms.report import NormGap, norm_gaps
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
        entries = tuple(_entry(same, totals[same[0].check.id]) for same in groups)
    else:
        # A region without norms of its own still has the questions of the catalogue.
        entries = tuple(catalogue_entries(release, scope, about_money=False))
        summary = _plain_summary(len(entries))
    headings = Headings("Ernst", "Wat er hoort te zijn, en hoe het staat", "Wat u kunt doen", "Wie")
    return Section(GAPS, "Wat ontbreekt er?", summary, headings, entries, FRONT, "/hiaten")


def open_gaps(release: OpenRelease, scope: Scope) -> dict[str, list[NormGap]]:
    """Return the gaps of a scope that nobody accepted, by norm."""
    found: dict[str, list[NormGap]] = {}
    for gap in norm_gaps(release):
        if gap.accepted is None and scope.holds(gap.answer.subject.iri):
            found.setdefault(gap.check.id, []).append(gap)
    return found


def _accepted(release: OpenRelease, scope: Scope) -> int:
    return sum(
        gap.accepted is not None and scope.holds(gap.answer.subject.iri)
        for gap in norm_gaps(release)
    )


def _totals(release: OpenRelease, scope: Scope) -> dict[str, int]:
    """Return by norm how many things of the scope it applies to."""
    return {
        result.check.id: sum(
            answer.status != NOT_APPLICABLE and scope.holds(answer.subject.iri)
            for answer in result.answers
        )
        for result in evaluate_norms(release)
    }


def _gravity(gaps: Sequence[NormGap]) -> tuple[int, int, int, str]:
    check = gaps[0].check
    stated = min(GAP_STATUSES.index(gap.answer.status) for gap in gaps)
    return SEVERITIES.index(check.severity), stated, -len(gaps), check.label.casefold()


def _summary(groups: Sequence[Sequence[NormGap]], accepted: int, is_tested: bool) -> str:
    tail = f" Bij {accepted} is besloten dat het zo mag blijven." if accepted else ""
    if not is_tested:
        return "Hier valt niets na te gaan. De bronnen noemen hier te weinig."
    if not groups:
        return f"Alles wat we hier konden nagaan, is geregeld.{tail}"
    graves = sum(same[0].check.severity == "must" for same in groups)
    weigh = "weegt" if graves == 1 else "wegen"
    grave = f" {graves} daarvan {weigh} het zwaarst." if graves else ""
    points = "1 punt" if len(groups) == 1 else f"{len(groups)} punten"
    return f"Bij {points} is niet te zien dat het geregeld is.{grave}{tail}"


def _plain_summary(points: int) -> str:
    if not points:
        return "We vonden hier niets dat ontbreekt. Er valt misschien ook weinig na te gaan."
    return f"Bij {'1 vraag' if points == 1 else f'{points} vragen'} ontbreekt er iets."


def _entry(gaps: Sequence[NormGap], total: int) -> Entry:
    check = gaps[0].check
    text, detail = _words(gaps, total)
    return Entry(
        mark=SEVERITY_WORDS.get(check.severity, check.severity),
        text=text,
        action=sentence(check.remedy),
        who=", ".join(owner.label for owner in check.owners),
        about=tuple(gap.answer.subject for gap in gaps),
        passages=_passages(check, gaps),
        detail=detail,
    )


def _words(gaps: Sequence[NormGap], total: int) -> tuple[str, str]:
    """Return how a norm stands, and of which things or why."""
    label = sentence(gaps[0].check.label)
    if total == 1:
        answer = gaps[0].answer
        return f"{label} {_ONE[answer.status]} {sentence(answer.detail)}".strip(), ""
    counts = Counter(gap.answer.status for gap in gaps)
    how = [f"Bij {counts[s]} van de {total} {MANY[s]}." for s in GAP_STATUSES if counts[s]]
    things = tuple(gap.answer.subject for gap in gaps)
    head = "Onder meer" if len(gaps) > NAMED else "Het gaat om"
    return f"{label} {' '.join(how)}", f"{head}: {names_words(things[:NAMED])}."


def _passages(check: NormCheck, gaps: Sequence[NormGap]) -> tuple[Passage, ...]:
    """Return where the norm stands and where the first gaps show."""
    shown = [gap.answer.passage for gap in gaps[:2] if gap.answer.passage]
    return tuple(dict.fromkeys([*check.passages[:1], *shown]))
