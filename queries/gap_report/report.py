"""Every gap there is: what norms are not shown to meet, and what gap queries find that no norm asks for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from graph.release import OpenRelease
from ontology.errors import UnknownThing
from queries.catalogue import CatalogueQuery, gap_queries
from queries.gap_report.accepted import Acceptance, acceptances
from queries.memo import per_release
from queries.names import Passage, Ref, names_of
from queries.norms.checks import NormCheck
from queries.norms.evaluation import GAP_STATUSES, NormResult, evaluate_norms
from queries.overview import SEVERITIES
from queries.unknowns import all_gaps

# How each answer is told to somebody who does not know the words of the program.
STATUS_WORDS = {
    "met": "Gehaald",
    "none": "Niet gehaald volgens de bronnen",
    "open": "Nog open volgens een bron",
    "unreadable": "Onleesbaar in de bron",
    "unknown": "Onbekend",
    "notApplicable": "Niet van toepassing",
}
NORM = "norm/"


@dataclass(frozen=True)
class Rule:
    """What a gap goes against: a norm of the pack (`check`) or a gap query of the catalogue (`query`).

    `id` is `norm/` and the norm's id, or the query's name. `why` says for a norm how we read it and
    for a query why it matters; '' if there is nothing to say. A query has no passages and no owners.
    """

    id: str
    label: str
    label_en: str
    severity: str
    why: str
    remedy: str
    owners: tuple[Ref, ...] = ()
    passages: tuple[Passage, ...] = ()
    check: NormCheck | None = field(default=None, compare=False)
    query: CatalogueQuery | None = field(default=None, compare=False)


@dataclass(frozen=True)
class ReportGap:
    """A thing of which something is not known to be in order, with what a source says of that.

    `covered_by` is the id of the norm that asks the same of the thing; such a gap of a query is left
    out of the report, for the norm already tells how the thing stands.
    """

    rule: Rule
    subject: Ref
    status: str
    detail: str
    passage: Passage | None
    accepted: Acceptance | None
    covered_by: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """Return what names a gap across releases: the rule's id and the thing's IRI."""
        return self.rule.id, self.subject.iri

    @property
    def sentence(self) -> str:
        """Return what is the matter as plain Dutch: thing, norm or question, how it stands, and why."""
        asked = "De norm is" if self.rule.check else "De vraag is"
        said = f"{STATUS_WORDS[self.status]}. {self.detail}".strip()
        return f"{self.subject.label}. {asked}: {self.rule.label}. {said}"


@dataclass(frozen=True)
class Wanted:
    """Which gaps are wanted; '' is all. With a rule that is a query, also what norms cover."""

    status: str = ""
    severity: str = ""
    rule: str = ""


@per_release
def report_gaps(release: OpenRelease) -> tuple[ReportGap, ...]:
    """Return every gap, also those covered: norms gravest first, then queries in the catalogue's order.

    Within a norm what a source says comes before what none says, and then by label.
    """
    return (*_of_norms(release), *_of_queries(release))


def norm_gaps(release: OpenRelease) -> tuple[ReportGap, ...]:
    """Return the gaps of norms alone."""
    return tuple(gap for gap in report_gaps(release) if gap.rule.check)


def choose_gaps(release: OpenRelease, wanted: Wanted = Wanted()) -> tuple[ReportGap, ...]:
    """Return the gaps of the report that are wanted; raise UnknownThing for a rule that is not there."""
    if wanted.rule and wanted.rule not in {rule.id for rule in rules(release)}:
        raise UnknownThing(f"'{wanted.rule}' is geen norm of hiatenvraag van deze uitgave")
    return tuple(
        gap
        for gap in report_gaps(release)
        if wanted.status in ("", gap.status)
        and wanted.severity in ("", gap.rule.severity)
        and (gap.rule.id == wanted.rule if wanted.rule else not gap.covered_by)
    )


@per_release
def rules(release: OpenRelease) -> tuple[Rule, ...]:
    """Return every norm that is checked, gravest first, and then every gap query."""
    checks = [norm_rule(result.check) for result in evaluate_norms(release)]
    return (*checks, *map(query_rule, gap_queries()))


def count_gaps(gaps: Iterable[ReportGap]) -> dict[str, dict[str, int]]:
    """Return how many gaps there are by severity and then status; all of both, so that they add up."""
    found = Counter((gap.rule.severity, gap.status) for gap in gaps)
    return {
        severity: {status: found[severity, status] for status in GAP_STATUSES}
        for severity in SEVERITIES
    }


def count_statuses(gaps: Iterable[ReportGap]) -> dict[str, int]:
    """Return how many gaps there are of each status."""
    found = Counter(gap.status for gap in gaps)
    return {status: found[status] for status in GAP_STATUSES}


def norm_rule(check: NormCheck) -> Rule:
    """Return a norm as what a gap goes against."""
    return Rule(
        id=f"{NORM}{check.id}",
        label=check.label,
        label_en=check.label_en,
        severity=check.severity,
        why=check.note,
        remedy=check.remedy,
        owners=check.owners,
        passages=check.passages,
        check=check,
    )


def query_rule(query: CatalogueQuery) -> Rule:
    """Return a gap query as what a gap goes against."""
    about = query.about
    return Rule(
        id=query.name,
        label=about.title,
        label_en=about.title_en,
        severity=about.severity or SEVERITIES[-1],
        why=about.problem or "",
        remedy=about.solution or "",
        query=query,
    )


def _of_norms(release: OpenRelease) -> Iterable[ReportGap]:
    names, accepted = names_of(release), acceptances(release)
    for result in evaluate_norms(release):
        rule = norm_rule(result.check)
        for answer in result.gaps:
            yield ReportGap(
                rule=rule,
                subject=names.ref_apart(answer.subject.iri),
                status=answer.status,
                detail=answer.detail,
                passage=answer.passage,
                accepted=accepted.get((result.check.iri, answer.subject.iri)),
            )


def _of_queries(release: OpenRelease) -> Iterable[ReportGap]:
    names, accepted = names_of(release), acceptances(release)
    rule_of = {query.name: query_rule(query) for query in gap_queries()}
    asks = {query.name: query.about.asks_iri for query in gap_queries()}
    covered = _covered(evaluate_norms(release))
    for gap in all_gaps(release):
        yield ReportGap(
            rule=rule_of[gap.query],
            subject=names.ref_apart(gap.subject),
            status=gap.status,
            detail=gap.detail,
            passage=names.passage(gap.passage),
            accepted=accepted.get((gap.query, gap.subject)),
            covered_by=covered.get((asks[gap.query], gap.subject), ""),
        )


def _covered(results: Sequence[NormResult]) -> dict[tuple[str, str], str]:
    """Return the norm by (property or only yardstick it asks for, thing that it has an answer for)."""
    found: dict[tuple[str, str], str] = {}
    for result in results:
        check = result.check
        asked = check.asked or (check.yardsticks[0].iri if len(check.yardsticks) == 1 else "")
        if asked:
            for answer in result.answers:
                found.setdefault((asked, answer.subject.iri), check.id)
    return found
