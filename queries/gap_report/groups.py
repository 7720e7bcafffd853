"""Gaps that belong together: by norm or question, by theme, by body or by sub-region."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from graph.evaluate import select
from graph.release import OpenRelease
from queries.gap_report.report import ReportGap, Rule, Wanted, choose_gaps, count_statuses
from queries.memo import per_release
from queries.names import names_of
from queries.norms.evaluation import GAP_STATUSES
from queries.overview import SEVERITIES

_PLACES = """
PREFIX rg: <https://w3id.org/regiograaf/def#>

SELECT ?subject ?kind ?place WHERE {
  {
    ?subject rg:worksOnTheme ?place .
    BIND("thema" AS ?kind)
  } UNION {
    ?subject rg:partOf|rg:heldBy|rg:goalOf ?place .
    ?place a rg:Collaboration .
    BIND("orgaan" AS ?kind)
  } UNION {
    ?subject rg:activeIn ?place .
    ?place rg:kind ?area .
    FILTER(?area IN ("subregio", "gemeente"))
    BIND("subregio" AS ?kind)
  }
}
ORDER BY ?subject ?kind ?place
"""


class Grouping(StrEnum):
    """What a gap report can be grouped by."""

    NORM = "norm"
    THEMA = "thema"
    ORGAAN = "orgaan"
    SUBREGIO = "subregio"


ELSEWHERE = {
    Grouping.THEMA: "Zonder thema",
    Grouping.ORGAAN: "Zonder orgaan",
    Grouping.SUBREGIO: "Zonder sub-regio of gemeente",
}
# A thing of one of these kinds is itself the group its gaps are in.
_OWN_GROUP = {
    Grouping.THEMA: {"Theme"},
    Grouping.ORGAAN: {"Collaboration", "Network", "Coalition", "GovernanceBody"},
    Grouping.SUBREGIO: {"Region"},
}


@dataclass(frozen=True)
class GapGroup:
    """Gaps that belong together under a label; a gap may be in more than one group.

    `rule` is what all of them go against when they are grouped by norm, else None.
    """

    label: str
    gaps: tuple[ReportGap, ...]
    rule: Rule | None = None

    @cached_property
    def counts(self) -> dict[str, int]:
        """Return how many gaps of each status there are; they add up to the number of gaps."""
        return count_statuses(self.gaps)

    @property
    def severity(self) -> str:
        """Return the gravest severity in the group."""
        return SEVERITIES[min(_gravity(gap)[0] for gap in self.gaps)]


@per_release
def wanted_groups(release: OpenRelease, by: Grouping, wanted: Wanted) -> tuple[GapGroup, ...]:
    """Return the gaps of the report that are wanted, by group; see `group_gaps` for the order."""
    return group_gaps(release, by, choose_gaps(release, wanted))


def group_gaps(
    release: OpenRelease, by: Grouping, gaps: Sequence[ReportGap]
) -> tuple[GapGroup, ...]:
    """Return the gaps by group, gravest first, and the rest last; in a group gravest gap first."""
    if by is Grouping.NORM:
        return _by_rule(gaps)
    found: dict[str, list[ReportGap]] = defaultdict(list)
    for gap in gaps:
        for label in _labels(release, by, gap):
            found[label].append(gap)
    groups = [GapGroup(label, tuple(sorted(same, key=_gravity))) for label, same in found.items()]
    last = ELSEWHERE[by]
    return tuple(
        sorted(groups, key=lambda g: (g.label == last, _gravity(g.gaps[0]), g.label.casefold()))
    )


def _by_rule(gaps: Sequence[ReportGap]) -> tuple[GapGroup, ...]:
    found: dict[str, list[ReportGap]] = defaultdict(list)
    for gap in gaps:
        found[gap.rule.id].append(gap)
    groups = [
        GapGroup(same[0].rule.label, tuple(sorted(same, key=_gravity)), same[0].rule)
        for same in found.values()
    ]
    return tuple(sorted(groups, key=lambda g: (_gravity(g.gaps[0]), g.label.casefold())))


def _gravity(gap: ReportGap) -> tuple[int, int]:
    """A must comes before a should; within that, what a source says before what none says."""
    return SEVERITIES.index(gap.rule.severity), GAP_STATUSES.index(gap.status)


def _labels(release: OpenRelease, by: Grouping, gap: ReportGap) -> list[str]:
    if gap.subject.kind in _OWN_GROUP[by]:
        return [gap.subject.label]
    return sorted(_places(release).get((gap.subject.iri, str(by)), ())) or [ELSEWHERE[by]]


@per_release
def _places(release: OpenRelease) -> dict[tuple[str, str], set[str]]:
    names = names_of(release)
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in select(release.store, _PLACES).dicts():
        found[row["subject"], row["kind"]].add(names.ref_apart(row["place"]).label)
    return dict(found)
