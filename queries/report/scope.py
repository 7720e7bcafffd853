"""What a meeting pack is about: the whole region, a theme, or a sub-region or municipality."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from graph.evaluate import select
from graph.release import OpenRelease
from ontology.errors import UnknownThing, UsageError
from ontology.terms import BEGRIP, ID, rg
from queries.memo import per_release
from queries.names import Ref, names_of

# Areas that a board below the region may be for.
AREA_KINDS = frozenset({"subregio", "gemeente"})
_LINKS = """
PREFIX rg: <https://w3id.org/regiograaf/def#>

SELECT ?thing ?property ?centre WHERE {
  VALUES ?property { %s }
  ?thing ?property ?centre .
}
ORDER BY ?thing ?property ?centre
"""
_AREAS = """
PREFIX rg: <https://w3id.org/regiograaf/def#>

SELECT ?area ?kind WHERE {
  ?area a rg:Region ;
    rg:kind ?kind .
}
ORDER BY ?area ?kind
"""
# What belongs to something in scope belongs to the scope too.
_BELONGS = tuple(
    map(rg, ("partOf", "goalOf", "indicatorFor", "heldBy", "budgetFor", "appliesFor", "funds"))
)
_IN_AREA, _ON_THEME = rg("activeIn"), rg("worksOnTheme")


class ScopeKind(StrEnum):
    """What a pack can be for."""

    REGIO = "regio"
    THEMA = "thema"
    SUBREGIO = "subregio"


@dataclass(frozen=True)
class Scope:
    """What a pack is about; `things` are the IRIs that belong to it, None for all of the release."""

    kind: ScopeKind
    slug: str
    label: str
    centres: tuple[Ref, ...]
    things: frozenset[str] | None

    def holds(self, *iris: str) -> bool:
        """Tell whether any of these things belongs to the scope."""
        return self.things is None or not self.things.isdisjoint(iris)


def find_scope(release: OpenRelease, kind: str = ScopeKind.REGIO, slug: str = "") -> Scope:
    """Return the scope that a kind and a slug (or a name) stand for.

    Raise UsageError for another kind or a slug where none fits, UnknownThing with the nearest names
    when no theme or area is called so.
    """
    if kind not in set(ScopeKind):
        raise UsageError(_near(f"bereik '{kind}' bestaat niet", kind, list(ScopeKind)))
    if kind == ScopeKind.REGIO:
        if slug:
            raise UsageError(
                f"bij bereik 'regio' hoort geen naam ('{slug}'); bedoelde u thema of subregio?"
            )
        return Scope(ScopeKind.REGIO, "", "de hele regio", (), None)
    return _part(release, ScopeKind(kind), slug.strip())


@per_release
def scope_choices(release: OpenRelease, kind: ScopeKind) -> tuple[tuple[str, str], ...]:
    """Return (slug, name) of all themes or areas, by name; themes of one name are one choice."""
    found: dict[str, tuple[str, str]] = {}
    for ref in _candidates(release, kind):
        found.setdefault(ref.label.casefold(), (_slug(ref), ref.label))
    return tuple(found.values())


def _part(release: OpenRelease, kind: ScopeKind, slug: str) -> Scope:
    word = "thema" if kind is ScopeKind.THEMA else "sub-regio of gemeente"
    refs = _candidates(release, kind)
    if not slug:
        example = f", bijvoorbeeld {_slug(refs[0])}" if refs else ""
        raise UsageError(f"noem een {word}{example}")
    wanted = slug.casefold()
    named = [r for r in refs if wanted in (_slug(r), _key(r), r.label.casefold())]
    if not named:
        known = [*(_slug(ref) for ref in refs), *(ref.label for ref in refs)]
        raise UnknownThing(_near(f"er is geen {word} '{slug}'", slug, known))
    # Lists of different sources share names: a theme is chosen by its name, in all of them.
    labels = {ref.label.casefold() for ref in named}
    by_key = any(wanted == _key(ref) for ref in named)
    centres = tuple(named if by_key else (r for r in refs if r.label.casefold() in labels))
    things = _around(release, kind, {ref.iri for ref in centres})
    return Scope(kind, _slug(centres[0]), centres[0].label, centres, things)


@per_release
def _candidates(release: OpenRelease, kind: ScopeKind) -> tuple[Ref, ...]:
    names = names_of(release)
    if kind is ScopeKind.THEMA:
        return tuple(names.of_kind("Theme"))
    rows = select(release.store, _AREAS).dicts()
    areas = {row["area"] for row in rows if row["kind"] in AREA_KINDS}
    return tuple(ref for ref in names.of_kind("Region") if ref.iri in areas)


def _slug(ref: Ref) -> str:
    return ref.iri.rsplit("/", 1)[-1]


def _key(ref: Ref) -> str:
    return ref.iri.removeprefix(BEGRIP).removeprefix(ID)


def _near(message: str, given: str, known: Iterable[str]) -> str:
    choices: dict[str, str] = {}
    for name in known:
        choices.setdefault(name.casefold(), name)
    near = difflib.get_close_matches(given.casefold(), list(choices), n=3, cutoff=0.5)
    if near:
        return f"{message}; bedoelde u {' of '.join(choices[one] for one in near)}?"
    return f"{message}; bijvoorbeeld: {', '.join([*choices.values()][:5]) or 'er zijn er geen'}"


def _around(release: OpenRelease, kind: ScopeKind, centres: set[str]) -> frozenset[str]:
    """Return the centres, what is about them or in them, and what belongs to that."""
    links = _links(release)
    if kind is ScopeKind.SUBREGIO:
        inside = {
            thing for thing, name, other in links if name == rg("partOf") and other in centres
        }
        areas = {ref.iri for ref in names_of(release).of_kind("Region")}
        centres = centres | (inside & areas)
    about = _IN_AREA if kind is ScopeKind.SUBREGIO else _ON_THEME
    near = centres | {thing for thing, name, other in links if name == about and other in centres}
    belonging = {thing for thing, name, other in links if name in _BELONGS and other in near}
    return frozenset(near | belonging)


@per_release
def _links(release: OpenRelease) -> tuple[tuple[str, str, str], ...]:
    query = _LINKS % " ".join(f"<{iri}>" for iri in (*_BELONGS, _IN_AREA, _ON_THEME))
    rows = select(release.store, query).dicts()
    return tuple((row["thing"], row["property"], row["centre"]) for row in rows)
