"""Who takes part in what, in which role and for whom: every involvement of a release, indexed both ways."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from graph.evaluate import select
from graph.release import OpenRelease
from queries.facts import FACT, STATED, Reading, doubt
from queries.memo import per_release
from queries.names import Passage, Ref, names_of

_INVOLVEMENTS = """
PREFIX rg: <https://w3id.org/regiograaf/def#>

SELECT ?involvement ?what ?who ?role ?behalf ?sector ?function ?count ?from ?until ?certainty
  ?modality ?raw ?note ?passage WHERE {
  ?involvement a rg:Involvement ;
    rg:involvedIn ?what ;
    rg:statedIn ?passage .
  OPTIONAL { ?involvement rg:involvee ?who }
  OPTIONAL { ?involvement rg:role ?role }
  OPTIONAL { ?involvement rg:onBehalfOf ?behalf }
  OPTIONAL { ?involvement rg:onBehalfOfSector ?sector }
  OPTIONAL { ?involvement rg:functionText ?function }
  OPTIONAL { ?involvement rg:headcount ?count }
  OPTIONAL { ?involvement rg:from ?from }
  OPTIONAL { ?involvement rg:until ?until }
  OPTIONAL { ?involvement rg:certainty ?certainty }
  OPTIONAL { ?involvement rg:modality ?modality }
  OPTIONAL { ?involvement rg:rawText ?raw }
  OPTIONAL { ?involvement rg:note ?note }
}
ORDER BY ?what ?who ?role ?involvement ?passage
"""


@dataclass(frozen=True)
class Involvement:
    """Who is involved in what; `who` is None for a group that a source does not name.

    `behalf` holds the parties and sectors for whom somebody is involved; `sectors` are those of
    `who` itself. Texts are '' and `count` is '' where no source says anything.
    """

    iri: str
    what: Ref
    who: Ref | None
    role: Ref | None
    behalf: tuple[Ref, ...]
    function: str
    count: str
    since: str
    until: str
    reading: Reading
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class Seat:
    """One party in one role in one thing, as all sources together state it; `reading` is the surest."""

    what: Ref
    who: Ref | None
    role: Ref | None
    behalf: tuple[Ref, ...]
    count: str
    since: str
    until: str
    reading: Reading
    functions: tuple[str, ...]
    printed: tuple[str, ...]
    notes: tuple[str, ...]
    passages: tuple[Passage, ...]


@per_release
def involvements(release: OpenRelease) -> tuple[Involvement, ...]:
    """Return every involvement, by label of the collaboration and then of the party."""
    rows = select(release.store, _INVOLVEMENTS).by("involvement")
    found = [_involvement(release, iri, same) for iri, same in rows.items()]
    return tuple(sorted(found, key=_by_label))


def in_thing(release: OpenRelease, iri: str) -> tuple[Involvement, ...]:
    """Return who is involved in a thing, by label; unnamed groups last."""
    return _index(release)[0].get(iri, ())


def of_party(release: OpenRelease, iri: str) -> tuple[Involvement, ...]:
    """Return what a party is involved in, or others are on its behalf, by label of the thing."""
    return _index(release)[1].get(iri, ())


def in_role(release: OpenRelease, iri: str) -> tuple[Involvement, ...]:
    """Return the involvements in a role or on behalf of a sector."""
    return _index(release)[2].get(iri, ())


def seats(found: tuple[Involvement, ...]) -> tuple[Seat, ...]:
    """Return involvements with those of one party in one role, for the same and at the same time, joined.

    Sources that say the same are one seat with all their passages. A group without a name stays apart.
    """
    same: dict[tuple[object, ...], list[Involvement]] = defaultdict(list)
    for one in found:
        alone = None if one.who else one.iri
        key = (one.what, one.who, one.role, one.behalf, one.since, one.until, one.count, alone)
        same[key].append(one)
    return tuple(_seat(joined) for joined in same.values())


def _seat(joined: list[Involvement]) -> Seat:
    surest = min(joined, key=lambda one: doubt(one.reading))
    return Seat(
        what=surest.what,
        who=surest.who,
        role=surest.role,
        behalf=surest.behalf,
        count=surest.count,
        since=surest.since,
        until=surest.until,
        reading=surest.reading,
        functions=_distinct(one.function for one in joined),
        printed=_distinct(one.reading.printed for one in joined),
        notes=_distinct(one.reading.note for one in joined),
        passages=tuple(sorted({passage for one in joined for passage in one.passages})),
    )


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))


Index = dict[str, tuple[Involvement, ...]]


@per_release
def _index(release: OpenRelease) -> tuple[Index, Index, Index]:
    by_what: dict[str, list[Involvement]] = defaultdict(list)
    by_who: dict[str, list[Involvement]] = defaultdict(list)
    by_role: dict[str, list[Involvement]] = defaultdict(list)
    for found in involvements(release):
        by_what[found.what.iri].append(found)
        parties = {ref.iri for ref in found.behalf if ref.kind != "Sector"}
        for iri in parties | ({found.who.iri} if found.who else set()):
            by_who[iri].append(found)
        sectors = {ref.iri for ref in found.behalf if ref.kind == "Sector"}
        for iri in sectors | ({found.role.iri} if found.role else set()):
            by_role[iri].append(found)
    return _frozen(by_what), _frozen(by_who), _frozen(by_role)


def _frozen(index: dict[str, list[Involvement]]) -> Index:
    return {iri: tuple(found) for iri, found in index.items()}


def _involvement(release: OpenRelease, iri: str, rows: list[dict[str, str]]) -> Involvement:
    names = names_of(release)
    first = rows[0]
    behalf = {row[key] for row in rows for key in ("behalf", "sector") if key in row}
    return Involvement(
        iri=iri,
        what=names.ref(first["what"]),
        who=names.ref(first["who"]) if "who" in first else None,
        role=names.ref(first["role"]) if "role" in first else None,
        behalf=tuple(sorted(names.ref(one) for one in behalf)),
        function=first.get("function", ""),
        count=first.get("count", ""),
        since=first.get("from", ""),
        until=first.get("until", ""),
        reading=Reading(
            first.get("certainty", STATED),
            first.get("modality", FACT),
            first.get("raw", ""),
            first.get("note", ""),
        ),
        passages=names.passages({row["passage"] for row in rows}),
    )


def _by_label(one: Involvement) -> tuple[str, bool, str, str]:
    who = one.who.label if one.who else one.function
    return one.what.label.casefold(), one.who is None, who.casefold(), one.iri
