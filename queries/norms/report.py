"""The gap report: every norm that is not shown to be met, as sentences, grouped, accepted or new since before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from graph.evaluate import select
from graph.release import OpenRelease
from queries.memo import per_release
from queries.names import Passage, Ref, names_of
from queries.norms.checks import NormCheck
from queries.norms.evaluation import Answer, evaluate_norms

# How each answer is told to somebody who does not know the words of the program.
STATUS_WORDS = {
    "met": "Gehaald",
    "none": "Niet gehaald volgens de bronnen",
    "open": "Nog open volgens een bron",
    "unreadable": "Onleesbaar in de bron",
    "unknown": "Onbekend",
    "notApplicable": "Niet van toepassing",
}
_ACCEPTED = """
PREFIX rg: <https://w3id.org/regiograaf/def#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

SELECT ?subject ?norm ?query ?reason ?role ?day ?passage WHERE {
  ?acceptance a rg:Acceptance ;
    rg:subject ?subject ;
    skos:definition ?reason ;
    rg:acceptedBy ?role ;
    rg:acceptedOn ?day ;
    rg:statedIn ?passage .
  OPTIONAL { ?acceptance rg:checksNorm ?norm }
  OPTIONAL { ?acceptance rg:gapQuery ?query }
}
ORDER BY ?subject ?norm ?query ?day ?passage
"""
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


_ELSEWHERE = {
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
class Acceptance:
    """Why a gap may stay: the reason, the role that decided so, the day and where it is written."""

    reason: str
    role: Ref
    day: str
    passage: Passage | None


@dataclass(frozen=True)
class NormGap:
    """A thing of which it does not show that it meets a norm; `sentence` is Dutch and complete."""

    check: NormCheck
    answer: Answer
    accepted: Acceptance | None

    @property
    def key(self) -> tuple[str, str]:
        """Return what names a gap across releases: the norm's id and the thing's IRI."""
        return self.check.id, self.answer.subject.iri

    @property
    def sentence(self) -> str:
        """Return what is the matter as plain Dutch: thing, norm, how it stands, and why."""
        said = f"{STATUS_WORDS[self.answer.status]}. {self.answer.detail}"
        return f"{self.answer.subject.label}. De norm is: {self.check.label}. {said}"


@dataclass(frozen=True)
class GapGroup:
    """Gaps that belong together under a label; a gap may be in more than one group."""

    label: str
    gaps: tuple[NormGap, ...]


@dataclass(frozen=True)
class GapChanges:
    """What differs between two releases: new gaps, gaps that are gone, and gaps with another status."""

    appeared: tuple[NormGap, ...]
    solved: tuple[NormGap, ...]
    changed: tuple[tuple[NormGap, NormGap], ...]


@per_release
def norm_gaps(release: OpenRelease) -> tuple[NormGap, ...]:
    """Return every gap: gravest norm first, then what a source says before what none says, then by label."""
    accepted = acceptances(release)
    return tuple(
        NormGap(result.check, answer, accepted.get((result.check.iri, answer.subject.iri)))
        for result in evaluate_norms(release)
        for answer in result.gaps
    )


@per_release
def acceptances(release: OpenRelease) -> dict[tuple[str, str], Acceptance]:
    """Return what was accepted by (IRI of a norm or name of a gap query, IRI of the thing), last day first."""
    names = names_of(release)
    found: dict[tuple[str, str], Acceptance] = {}
    for row in select(release.store, _ACCEPTED).dicts():
        about = Acceptance(
            row["reason"], names.ref(row["role"]), row["day"], names.passage(row["passage"])
        )
        for key in (row.get("norm"), row.get("query")):
            known = found.get((key, row["subject"])) if key else None
            if key and (known is None or known.day < about.day):
                found[key, row["subject"]] = about
    return found


def group_gaps(
    release: OpenRelease, by: Grouping, gaps: Sequence[NormGap] | None = None
) -> tuple[GapGroup, ...]:
    """Return the given gaps, or all, by group: norms gravest first, other groups by label, the rest last."""
    found: dict[str, list[NormGap]] = defaultdict(list)
    for gap in norm_gaps(release) if gaps is None else gaps:
        for label in _labels(release, by, gap):
            found[label].append(gap)
    groups = [GapGroup(label, tuple(same)) for label, same in found.items()]
    if by is Grouping.NORM:
        return tuple(groups)
    last = _ELSEWHERE[by]
    return tuple(sorted(groups, key=lambda group: (group.label == last, group.label.casefold())))


def compare_gaps(now: OpenRelease, before: OpenRelease) -> GapChanges:
    """Return what changed in the gaps since another release."""
    new, old = ({gap.key: gap for gap in norm_gaps(one)} for one in (now, before))
    return GapChanges(
        appeared=tuple(gap for key, gap in new.items() if key not in old),
        solved=tuple(gap for key, gap in old.items() if key not in new),
        changed=tuple(
            (old[key], gap)
            for key, gap in new.items()
            if key in old and old[key].answer.status != gap.answer.status
        ),
    )


def standing_since(releases: Iterable[OpenRelease]) -> dict[tuple[str, str], int]:
    """Return for each gap of the last release the number of the first one since which it stands unbroken."""
    since: dict[tuple[str, str], int] = {}
    for release in releases:
        number = release.info.number
        since = {gap.key: since.get(gap.key, number) for gap in norm_gaps(release)}
    return since


def _labels(release: OpenRelease, by: Grouping, gap: NormGap) -> list[str]:
    if by is Grouping.NORM:
        return [gap.check.label]
    subject = gap.answer.subject
    if subject.kind in _OWN_GROUP[by]:
        return [subject.label]
    return sorted(_places(release).get((subject.iri, str(by)), ())) or [_ELSEWHERE[by]]


@per_release
def _places(release: OpenRelease) -> dict[tuple[str, str], set[str]]:
    names = names_of(release)
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in select(release.store, _PLACES).dicts():
        found[row["subject"], row["kind"]].add(names.label(row["place"]))
    return dict(found)
