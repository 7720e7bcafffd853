"""What is known to be missing of a thing and where sources disagree about it, each with its passages."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from graph.evaluate import select
from graph.release import OpenRelease
from queries.memo import per_release
from queries.names import Passage, Ref, names_of
from queries.run import Gap, find_gaps

_KNOWN_GAPS = """
PREFIX rg: <https://w3id.org/regiograaf/def#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

SELECT ?gap ?subject ?property ?status ?detail ?passage WHERE {
  ?gap a rg:KnownGap ;
    rg:subject ?subject ;
    rg:property ?property ;
    rg:status ?status ;
    rg:statedIn ?passage .
  OPTIONAL { ?gap skos:definition ?detail }
}
ORDER BY ?subject ?property ?gap ?passage
"""
_CONFLICTS = """
PREFIX rg: <https://w3id.org/regiograaf/def#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

SELECT ?conflict ?subject ?claimA ?claimB ?passageA ?passageB ?detail WHERE {
  ?conflict a rg:Conflict .
  OPTIONAL { ?conflict rg:subject ?subject }
  OPTIONAL { ?conflict rg:claimA ?claimA }
  OPTIONAL { ?conflict rg:claimB ?claimB }
  OPTIONAL { ?conflict rg:claimPassageA ?passageA }
  OPTIONAL { ?conflict rg:claimPassageB ?passageB }
  OPTIONAL { ?conflict skos:definition ?detail }
}
ORDER BY ?conflict ?subject ?passageA ?passageB
"""
_DEFECTS = """
PREFIX rg: <https://w3id.org/regiograaf/def#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

SELECT ?defect ?subject ?reading ?detail ?passage WHERE {
  ?defect a rg:Defect ;
    rg:statedIn ?passage .
  OPTIONAL { ?defect rg:subject ?subject }
  OPTIONAL { ?defect rg:reading ?reading }
  OPTIONAL { ?defect skos:definition ?detail }
}
ORDER BY ?defect ?subject ?passage
"""


@dataclass(frozen=True)
class Missing:
    """A missing fact: of which property, with which of the answers, and what is said of it.

    `query` is the gap query that found it, or '' when a source itself says so.
    """

    property: str
    status: str
    detail: str
    query: str
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class Conflict:
    """Two claims that cannot both be right, each with its passages; `about` are the things concerned."""

    ref: Ref
    about: tuple[Ref, ...]
    claim_a: str
    claim_b: str
    passages_a: tuple[Passage, ...]
    passages_b: tuple[Passage, ...]
    detail: str


@dataclass(frozen=True)
class Defect:
    """Damage in a source and what the editors made of it."""

    ref: Ref
    about: tuple[Ref, ...]
    detail: str
    reading: str
    passages: tuple[Passage, ...]


@per_release
def all_gaps(release: OpenRelease) -> tuple[Gap, ...]:
    """Return the answer of every gap query, in the order of the catalogue and then by label."""
    return tuple(find_gaps(release))


@per_release
def missing_of(release: OpenRelease, iri: str) -> tuple[Missing, ...]:
    """Return what is missing of a thing: first what sources say themselves, then what queries find."""
    names = names_of(release)
    said = _known_gaps(release).get(iri, ())
    passages = {passage.iri for one in said for passage in one.passages}
    # A gap query that only repeats what a source says of itself adds nothing.
    found = (
        Missing("", gap.status, gap.detail, gap.query, names.passages({gap.passage}))
        for gap in all_gaps(release)
        if gap.subject == iri and not (gap.status != "unknown" and gap.passage in passages)
    )
    return (*said, *found)


@per_release
def conflicts(release: OpenRelease) -> tuple[Conflict, ...]:
    """Return all conflicts, by label."""
    rows = select(release.store, _CONFLICTS).by("conflict")
    names = names_of(release)
    found = (
        Conflict(
            ref=names.ref(iri),
            about=names.refs(same, "subject"),
            claim_a=same[0].get("claimA", ""),
            claim_b=same[0].get("claimB", ""),
            passages_a=names.passages({row["passageA"] for row in same if "passageA" in row}),
            passages_b=names.passages({row["passageB"] for row in same if "passageB" in row}),
            detail=same[0].get("detail", ""),
        )
        for iri, same in rows.items()
    )
    return tuple(sorted(found, key=lambda one: one.ref))


@per_release
def defects(release: OpenRelease) -> tuple[Defect, ...]:
    """Return all defects of sources, by label."""
    rows = select(release.store, _DEFECTS).by("defect")
    names = names_of(release)
    found = (
        Defect(
            ref=names.ref(iri),
            about=names.refs(same, "subject"),
            detail=same[0].get("detail", ""),
            reading=same[0].get("reading", ""),
            passages=names.passages({row["passage"] for row in same}),
        )
        for iri, same in rows.items()
    )
    return tuple(sorted(found, key=lambda one: one.ref))


def open_questions(release: OpenRelease) -> list[tuple[Ref, Missing]]:
    """Return what sources call still to be decided, with the thing it is about, by label."""
    names = names_of(release)
    found = [
        (names.ref(iri), one)
        for iri, same in _known_gaps(release).items()
        for one in same
        if one.status == "open"
    ]
    return sorted(found, key=lambda pair: (pair[0], pair[1].detail))


def conflicts_about(release: OpenRelease, iri: str) -> list[Conflict]:
    """Return the conflicts about a thing; of a conflict itself, that one."""
    return [one for one in conflicts(release) if iri in {one.ref.iri, *(r.iri for r in one.about)}]


def defects_about(release: OpenRelease, iri: str) -> list[Defect]:
    """Return the defects of sources that touch a thing."""
    return [one for one in defects(release) if iri in {ref.iri for ref in one.about}]


@per_release
def _known_gaps(release: OpenRelease) -> dict[str, tuple[Missing, ...]]:
    names = names_of(release)
    found: dict[str, list[Missing]] = defaultdict(list)
    for same in select(release.store, _KNOWN_GAPS).by("gap").values():
        one = same[0]
        passages = names.passages({row["passage"] for row in same})
        for subject in sorted({row["subject"] for row in same}):
            found[subject].append(
                Missing(one["property"], one["status"], one.get("detail", ""), "", passages)
            )
    return {iri: tuple(same) for iri, same in found.items()}
