"""What is missing in a scope, by norm or question: the gravest first, with what to do and by whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from graph.release import OpenRelease
from queries.gap_report.report import NORM, ReportGap, choose_gaps
from queries.names import Passage
from queries.norms.evaluation import GAP_STATUSES, NOT_APPLICABLE, evaluate_norms
from queries.overview import SEVERITIES
from queries.report.entries import GAPS, Entry, Headings, Section
from queries.report.scope import Scope
from queries.report.words import NAMED, SEVERITY_WORDS, names_words, sentence

FRONT = 5
# Questions with this tag are about money, and told in the part about money.
_MONEY_TAG = "geld"
# How a gap of each status is told of several things at once, and of the one thing there is.
_MANY = {
    "none": "is het er niet",
    "open": "is het nog open",
    "unreadable": "is de bron onleesbaar",
    "unknown": "is het onbekend",
}
_ONE = {
    "none": "Dit is er niet.",
    "open": "Nog open.",
    "unreadable": "De bron is onleesbaar.",
    "unknown": "Onbekend.",
}
Group = Sequence[ReportGap]


def gap_section(release: OpenRelease, scope: Scope) -> Section:
    """Return what is missing in a scope, gravest first, then what a source says itself, then most things."""
    groups = [group for group in open_groups(release, scope) if not _is_about_money(group)]
    totals = _totals(release, scope)
    return Section(
        GAPS,
        "Wat ontbreekt er?",
        _summary(groups, _accepted(release, scope), any(totals.values())),
        Headings("Ernst", "Wat er hoort te zijn, en hoe het staat", "Wat u kunt doen", "Wie"),
        tuple(_entry(group, totals.get(group[0].rule.id, 0)) for group in groups),
        FRONT,
        "/hiaten",
    )


def money_gaps(release: OpenRelease, scope: Scope) -> list[Entry]:
    """Return what is missing about money in a scope, in the same order."""
    return [_entry(group, 0) for group in open_groups(release, scope) if _is_about_money(group)]


def open_groups(release: OpenRelease, scope: Scope) -> list[Group]:
    """Return the gaps of a scope that nobody accepted, by norm or question, gravest first."""
    found: dict[str, list[ReportGap]] = {}
    for gap in choose_gaps(release):
        if gap.accepted is None and scope.holds(gap.subject.iri):
            found.setdefault(gap.rule.id, []).append(gap)
    # What a source says itself comes before what no source says.
    groups = (
        sorted(same, key=lambda gap: GAP_STATUSES.index(gap.status)) for same in found.values()
    )
    return sorted(groups, key=_gravity)


def _is_about_money(group: Group) -> bool:
    query = group[0].rule.query
    return query is not None and _MONEY_TAG in query.about.tags


def _accepted(release: OpenRelease, scope: Scope) -> int:
    return sum(
        gap.accepted is not None and scope.holds(gap.subject.iri) for gap in choose_gaps(release)
    )


def _totals(release: OpenRelease, scope: Scope) -> dict[str, int]:
    """Return by norm how many things of the scope it applies to; of a question nobody counts that."""
    return {
        NORM + result.check.id: sum(
            answer.status != NOT_APPLICABLE and scope.holds(answer.subject.iri)
            for answer in result.answers
        )
        for result in evaluate_norms(release)
    }


def _gravity(group: Group) -> tuple[int, bool, int, int, str]:
    rule = group[0].rule
    stated = GAP_STATUSES.index(group[0].status)
    is_question = rule.check is None
    return SEVERITIES.index(rule.severity), is_question, stated, -len(group), rule.label.casefold()


def _summary(groups: Sequence[Group], accepted: int, is_tested: bool) -> str:
    tail = f" Bij {accepted} is besloten dat het zo mag blijven." if accepted else ""
    if groups:
        graves = sum(group[0].rule.severity == "must" for group in groups)
        grave = (
            f" {graves} daarvan {'weegt' if graves == 1 else 'wegen'} het zwaarst."
            if graves
            else ""
        )
        points = "1 punt" if len(groups) == 1 else f"{len(groups)} punten"
        return f"Bij {points} is niet te zien dat het geregeld is.{grave}{tail}"
    if is_tested:
        return f"Alles wat we hier konden nagaan, is geregeld.{tail}"
    return f"Hier valt niets na te gaan. De bronnen noemen hier te weinig.{tail}"


def _entry(group: Group, total: int) -> Entry:
    rule = group[0].rule
    text, detail = _words(group, total)
    shown = [gap.passage for gap in group[:2] if gap.passage]
    return Entry(
        mark=SEVERITY_WORDS.get(rule.severity, rule.severity),
        text=text,
        action=sentence(rule.remedy),
        who=", ".join(owner.label for owner in rule.owners),
        about=tuple(gap.subject for gap in group),
        # Where the norm stands, and where the first gaps show.
        passages=_once([*rule.passages[:1], *shown]),
        detail=detail,
    )


def _once(passages: Sequence[Passage]) -> tuple[Passage, ...]:
    return tuple(dict.fromkeys(passages))


def _words(group: Group, total: int) -> tuple[str, str]:
    """Return how it stands, and of which things; `total` is 0 when it is not known of how many."""
    label = sentence(group[0].rule.label)
    if total == 1:
        detail = sentence(group[0].detail)
        how_it_stands = "" if "nog open" in detail.casefold() else _ONE[group[0].status]
        return " ".join(filter(None, (label, how_it_stands, detail))), ""
    counts = Counter(gap.status for gap in group)
    of_all = f" van de {total}" if total else ""
    how = [f"Bij {counts[s]}{of_all} {_MANY[s]}." for s in GAP_STATUSES if counts[s]]
    head = "Onder meer" if len(group) > NAMED else "Het gaat om"
    things = tuple(gap.subject for gap in group[:NAMED])
    return f"{label} {' '.join(how)}", f"{head}: {names_words(things)}."
