"""Lists of things of a kind with a few properties each, for the pages that list what there is."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from graph.evaluate import select
from graph.release import OpenRelease
from ontology.terms import expand, rg
from queries.involvements import in_thing, of_party
from queries.memo import per_release
from queries.names import SCHEME, Ref, names_of

_VALUES = """
PREFIX rg: <https://w3id.org/regiograaf/def#>

SELECT DISTINCT ?thing ?property ?value WHERE {
  VALUES ?property { %s }
  ?thing ?property ?value .
}
ORDER BY ?property ?thing ?value
"""
_LISTED = (
    "rg:kind", "rg:sector", "rg:activeIn", "rg:worksOnTheme", "rg:status", "rg:severity",
    "rg:partOf", "rg:from", "rg:until", "rg:aim", "rg:number", "rg:trekker",
    "rg:bestuurlijkTrekker", "rg:coordinator", "rg:addressesBouwsteen", "rg:normFor",
)  # fmt: skip
_SKOS = ("skos:definition", "skos:inScheme", "skos:altLabel")
KIND = "kind"
PARTIES, TAKES_PART, WORKED_ON, ADDRESSED = "parties", "takes_part", "worked_on", "addressed"


@dataclass(frozen=True)
class Cell:
    """What a list shows of a thing under one heading: things, texts, a number or its kind."""

    refs: tuple[Ref, ...] = ()
    texts: tuple[str, ...] = ()
    number: int | None = None
    kind: str = ""


@dataclass(frozen=True)
class ListRow:
    """A thing in a list with its cells by column."""

    ref: Ref
    cells: dict[str, Cell]


def list_things(
    release: OpenRelease, kinds: tuple[str, ...], columns: tuple[str, ...]
) -> list[ListRow]:
    """Return the things of some kinds by label, with the cells of some columns.

    A column is a prefixed property ('rg:sector'), 'kind', or one of the counts named in this module.
    """
    refs = names_of(release).of_kind(*kinds)
    return [ListRow(ref, {name: _cell(release, ref.iri, name) for name in columns}) for ref in refs]


@per_release
def concept_schemes(release: OpenRelease) -> tuple[tuple[Ref, tuple[Ref, ...]], ...]:
    """Return every concept scheme with its concepts, both by label."""
    names = names_of(release)
    members: dict[str, list[Ref]] = defaultdict(list)
    for (iri, _), values in _values(release, _SKOS).items():
        for value in values:
            if names.kind(value) == SCHEME:
                members[value].append(names.ref(iri))
    return tuple(
        (scheme, tuple(sorted(members[scheme.iri], key=lambda ref: ref.label.casefold())))
        for scheme in names.of_kind(SCHEME)
    )


def definition_of(release: OpenRelease, iri: str) -> str:
    """Return the definition of a thing or concept, or ''."""
    return next(iter(_values(release, _SKOS).get((iri, expand("skos:definition")), ())), "")


def _cell(release: OpenRelease, iri: str, column: str) -> Cell:
    names = names_of(release)
    if column == KIND:
        return Cell(kind=names.kind(iri))
    if column in _COUNTS:
        return Cell(number=_COUNTS[column](release, iri))
    source = _SKOS if column.startswith("skos:") else _LISTED
    values = _values(release, source).get((iri, expand(column)), ())
    refs = tuple(names.ref(value) for value in values if value in names)
    return Cell(refs, tuple(value for value in values if value not in names))


@per_release
def _values(
    release: OpenRelease, properties: tuple[str, ...]
) -> dict[tuple[str, str], tuple[str, ...]]:
    prefixes = "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n"
    query = prefixes + _VALUES % " ".join(properties)
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in select(release.store, query).dicts():
        found[row["thing"], row["property"]].append(row["value"])
    return {key: tuple(values) for key, values in found.items()}


def _count_parties(release: OpenRelease, iri: str) -> int:
    return len({one.who.iri for one in in_thing(release, iri) if one.who})


def _count_takes_part(release: OpenRelease, iri: str) -> int:
    return len({one.what.iri for one in of_party(release, iri)})


def _count_workers(release: OpenRelease, iri: str) -> int:
    return _counts_to(release, rg("worksOnTheme"))[iri]


def _count_addressed(release: OpenRelease, iri: str) -> int:
    return _counts_to(release, rg("addressesBouwsteen"))[iri]


@per_release
def _counts_to(release: OpenRelease, name: str) -> Counter[str]:
    """Return how many things have each thing as value of a property."""
    values = _values(release, _LISTED)
    return Counter(iri for (_, found), iris in values.items() if found == name for iri in iris)


_COUNTS: dict[str, Callable[[OpenRelease, str], int]] = {
    PARTIES: _count_parties,
    TAKES_PART: _count_takes_part,
    WORKED_ON: _count_workers,
    ADDRESSED: _count_addressed,
}
