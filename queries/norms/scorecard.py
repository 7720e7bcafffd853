"""Minimal governance on one page: the units of the plan against what the region has, in counts, never one mark."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from graph.evaluate import select
from graph.release import OpenRelease
from queries.memo import per_release
from queries.names import Passage, Ref, names_of
from queries.norms.checks import NormCheck
from queries.norms.evaluation import STATUSES, NormResult, evaluate_norms
from queries.norms.spiegel import examples

_FILLED = """
PREFIX rg: <https://w3id.org/regiograaf/def#>

SELECT ?unit ?what ?passage WHERE {
  ?fulfilment rg:fulfils ?unit ;
    rg:fulfilledBy ?what .
  FILTER NOT EXISTS { ?unit a rg:Norm }
  OPTIONAL { ?what rg:statedIn ?passage }
}
ORDER BY ?unit ?what ?passage
"""
# Two questions of the whitepaper, 003:667-678: how formally do we steer, and do we aim at ambition or action.
_AXES = """
PREFIX rg: <https://w3id.org/regiograaf/def#>

SELECT ?theme ?side ?sign WHERE {
  {
    ?theme a rg:Theme ;
      rg:bestuurlijkTrekker|rg:coordinator ?sign .
    BIND("formal" AS ?side)
  } UNION {
    ?sign rg:worksOnTheme ?theme ;
      a rg:GovernanceBody .
    BIND("formal" AS ?side)
  } UNION {
    ?sign rg:worksOnTheme ?theme ;
      a rg:Network .
    BIND("informal" AS ?side)
  } UNION {
    ?sign rg:worksOnTheme ?theme ;
      a rg:Goal .
    BIND("ambition" AS ?side)
  } UNION {
    ?sign rg:worksOnTheme ?theme ;
      a rg:Activity .
    BIND("action" AS ?side)
  }
}
ORDER BY ?theme ?side ?sign
"""


SIDES = ("formal", "informal", "ambition", "action")
_KIND_OF_SIDE = {
    "formal": "GovernanceBody",
    "informal": "Network",
    "ambition": "Goal",
    "action": "Activity",
}


# What is said of the answers that are not met, so that the numbers of a sentence add up.
_REST = {
    "none": "is het er niet volgens een bron",
    "open": "is het nog open",
    "unreadable": "is de bron onleesbaar",
    "unknown": "zegt geen bron het",
    "notApplicable": "geldt de norm niet",
}


def _rest(counts: dict[str, int]) -> str:
    found = (f"; bij {counts[status]} {how}" for status, how in _REST.items() if counts[status])
    return "".join(found)


@dataclass(frozen=True)
class UnitLine:
    """A unit of organising: what fulfils it here, and how the norms about it stand, in counts."""

    unit: Ref
    filled_by: tuple[Ref, ...]
    passages: tuple[Passage, ...]
    counts: dict[str, int]
    norms: tuple[NormCheck, ...]

    @property
    def sentence(self) -> str:
        """Return in Dutch what the region has, and how many answers its norms got."""
        total = sum(self.counts.values())
        asked = "vraag" if total == 1 else "vragen"
        met = (
            f" Bij {self.counts['met']} van {total} {asked} is de norm gehaald{_rest(self.counts)}."
        )
        tail = met if total else ""
        if not self.filled_by:
            return f"Geen bron noemt hiervoor een verband, rol of regel.{tail}"
        return f"Hier: {', '.join(ref.label for ref in self.filled_by)}.{tail}"


@dataclass(frozen=True)
class NormLine:
    """A norm about everything of a kind, such as all themes: how many stand how."""

    check: NormCheck
    counts: dict[str, int]

    @property
    def sentence(self) -> str:
        """Return in Dutch for how many the norm is met, and how it stands for the others."""
        asked = {**self.counts, "notApplicable": 0}
        return f"Gehaald bij {asked['met']} van {sum(asked.values())}{_rest(asked)}."


@dataclass(frozen=True)
class Axes:
    """Signs on the two axes for a theme, or for the network as a whole when `about` is None.

    The signs of the network are its bodies, networks, goals and activities, of a theme or not.
    """

    about: Ref | None
    formal: tuple[Ref, ...]
    informal: tuple[Ref, ...]
    ambition: tuple[Ref, ...]
    action: tuple[Ref, ...]

    @property
    def sides(self) -> tuple[tuple[str, tuple[Ref, ...]], ...]:
        """Return the four sides by name, two for each axis."""
        return tuple((side, getattr(self, side)) for side in SIDES)


@dataclass(frozen=True)
class Scorecard:
    """The page: units, norms that hold for everything of a kind, and the two axes."""

    units: tuple[UnitLine, ...]
    norms: tuple[NormLine, ...]
    axes: tuple[Axes, ...]


@per_release
def scorecard(release: OpenRelease) -> Scorecard:
    """Return minimal governance as counts; every unit that a norm of the pack names has a line."""
    results = evaluate_norms(release)
    wide = tuple(
        NormLine(result.check, result.counts)
        for result in results
        if result.check.is_evaluable and not result.check.things
    )
    return Scorecard(_units(release, results), wide, _axes(release))


def _units(release: OpenRelease, results: tuple[NormResult, ...]) -> tuple[UnitLine, ...]:
    about: dict[Ref, list[NormResult]] = defaultdict(list)
    for result in results:
        for thing in result.check.things:
            if thing.kind == "Concept":
                about[thing].append(result)
    filled = _filled(release)
    return tuple(_unit(release, unit, about[unit], filled[unit.iri]) for unit in sorted(about))


def _unit(
    release: OpenRelease, unit: Ref, results: list[NormResult], filled: dict[str, set[str]]
) -> UnitLine:
    names = names_of(release)
    counts = Counter(answer.status for result in results for answer in result.answers)
    return UnitLine(
        unit=unit,
        filled_by=tuple(sorted(map(names.ref, filled))),
        passages=names.passages({page for pages in filled.values() for page in pages}),
        counts={status: counts[status] for status in STATUSES},
        norms=tuple(result.check for result in results),
    )


def _filled(release: OpenRelease) -> dict[str, dict[str, set[str]]]:
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in select(release.store, _FILLED).dicts():
        found[row["unit"]][row["what"]] |= {row["passage"]} if "passage" in row else set()
    return found


def _axes(release: OpenRelease) -> tuple[Axes, ...]:
    names = names_of(release)
    signs: dict[str, set[tuple[str, Ref]]] = defaultdict(set)
    for row in select(release.store, _AXES).dicts():
        signs[row["theme"]].add((row["side"], names.ref(row["sign"])))
    themes = sorted((names.ref(theme), found) for theme, found in signs.items())
    return (_axis(None, _whole(release)), *(_axis(theme, found) for theme, found in themes))


def _whole(release: OpenRelease) -> set[tuple[str, Ref]]:
    elsewhere = examples(release)
    return {
        (side, ref)
        for side, kind in _KIND_OF_SIDE.items()
        for ref in names_of(release).of_kind(kind)
        if ref.iri not in elsewhere
    }


def _axis(about: Ref | None, signs: set[tuple[str, Ref]]) -> Axes:
    by_side = {side: tuple(sorted(ref for at, ref in signs if at == side)) for side in SIDES}
    return Axes(about, **by_side)
