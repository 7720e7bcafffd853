"""Who sits for whom: seats, sectors and mandates by body, and how far residents take part."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from graph.evaluate import select
from graph.release import OpenRelease
from ontology.errors import UnknownThing
from ontology.terms import BEGRIP
from queries.involvements import Involvement, in_thing
from queries.memo import per_release
from queries.names import Passage, Ref, names_of

BODIES = ("GovernanceBody", "Coalition", "Network", "Collaboration")
RESIDENTS = f"{BEGRIP}sector/inwoners-en-patienten"
# Edelenbos and Monnikhof, Lokale interactieve beleidsvorming (2001): five steps of participation.
# Which role stands for which step is our reading; a role that tells nothing of influence has no step.
LADDER = ("informeren", "raadplegen", "adviseren", "coproduceren", "meebeslissen")
_STEP_OF_ROLE = {
    "doelgroep": "informeren",
    "geconsulteerde": "raadplegen",
    "toetser": "raadplegen",
    "adviseur": "adviseren",
    "ervaringsdeskundige": "adviseren",
    "deelnemer": "coproduceren",
    "lid": "coproduceren",
    "partner": "coproduceren",
    "samenwerkingspartner": "coproduceren",
    "schrijver": "coproduceren",
    "vertegenwoordiger": "coproduceren",
    "bestuurlijk-vertegenwoordiger": "meebeslissen",
    "bestuurder": "meebeslissen",
    "gemandateerde": "meebeslissen",
    "trekker": "meebeslissen",
}
_SECTORS = """
PREFIX rg: <https://w3id.org/regiograaf/def#>

SELECT ?party ?sector WHERE { ?party rg:sector ?sector } ORDER BY ?party ?sector
"""
_ASKED = """
PREFIX rg: <https://w3id.org/regiograaf/def#>

SELECT DISTINCT ?sector WHERE {
  ?check a rg:NormCheck ;
    rg:yardstick ?sector .
  ?sector a rg:Sector .
}
ORDER BY ?sector
"""
_MEMBERS = """
PREFIX rg: <https://w3id.org/regiograaf/def#>

SELECT ?body (MAX(?counted) AS ?members) WHERE { ?body rg:memberCount ?counted } GROUP BY ?body
ORDER BY ?body
"""


@dataclass(frozen=True)
class Seat:
    """Somebody at a table: who or, unnamed, which group; for which sectors and on whose behalf.

    `is_strange` tells that a source seats the party for a sector that is neither its own nor that of
    whoever it speaks for; `is_seated` that a source names the sectors, and not only our table of parties.
    """

    who: Ref | None
    group: str
    role: Ref | None
    sectors: tuple[Ref, ...]
    mandate: tuple[Ref, ...]
    modality: str
    passages: tuple[Passage, ...]
    is_strange: bool = False
    is_seated: bool = False


@dataclass(frozen=True)
class SectorSeats:
    """A sector at a table: its parties there, and those that a source seats for it (`seated`)."""

    sector: Ref
    parties: tuple[Ref, ...]
    seated: tuple[Ref, ...] = ()

    @property
    def is_double(self) -> bool:
        """Tell whether a source seats more than one party for the sector; sharing a sector is not enough."""
        return len(self.seated) > 1


@dataclass(frozen=True)
class Participation:
    """A step on the participation ladder that a source gives residents, with its date and passages."""

    step: str
    date: str
    who: str
    modality: str
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class Representation:
    """Who sits in a body; `missing` are sectors that the norm pack asks for somewhere but that do not sit here.

    `is_listed` tells whether a source gives the number of members and that many are named; otherwise
    a missing sector is unknown, not absent. `participation` is by date of the document, oldest first.
    """

    body: Ref
    seats: tuple[Seat, ...]
    sectors: tuple[SectorSeats, ...]
    missing: tuple[Ref, ...]
    is_listed: bool
    participation: tuple[Participation, ...]

    @property
    def named(self) -> int:
        """Return how many parties are known by name."""
        return len({seat.who for seat in self.seats if seat.who})

    @property
    def doubles(self) -> tuple[SectorSeats, ...]:
        """Return the sectors for which more than one party sits."""
        return tuple(one for one in self.sectors if one.is_double)

    @property
    def strange(self) -> tuple[Seat, ...]:
        """Return who sits for a sector that is not the own one."""
        return tuple(seat for seat in self.seats if seat.is_strange)

    @property
    def sentence(self) -> str:
        """Return in Dutch how far residents take part, and whether that changed over the documents."""
        if not self.participation:
            return "Geen bron zegt of inwoners hier meedoen."
        steps = [one.step for one in self.participation]
        first, last = steps[0], steps[-1]
        if LADDER.index(last) == LADDER.index(first):
            return f"Inwoners doen mee op de trede {last}."
        direction = "meer" if LADDER.index(last) > LADDER.index(first) else "minder"
        return f"Eerst {first}, later {last}: volgens de bronnen kregen zij {direction} invloed."


@per_release
def representations(release: OpenRelease) -> tuple[Representation, ...]:
    """Return every body of the region with its seats, by label."""
    names = names_of(release)
    bodies = [(ref, _real_seats(release, ref)) for ref in names.of_kind(*BODIES)]
    asked = {names.ref(row["sector"]) for row in select(release.store, _ASKED).dicts()}
    members = {row["body"]: int(row["members"]) for row in select(release.store, _MEMBERS).dicts()}
    return tuple(
        _represent(body, seats, asked, members.get(body.iri)) for body, seats in bodies if seats
    )


def find_representation(release: OpenRelease, iri: str) -> Representation:
    """Return who sits in one body; raise UnknownThing when no source names anybody there."""
    found = representation_of(release, iri)
    if found is None:
        raise UnknownThing(f"van '{iri}' noemt geen bron een deelnemer")
    return found


def representation_of(release: OpenRelease, iri: str) -> Representation | None:
    """Return who sits in one body, or None when no source says so."""
    return next((one for one in representations(release) if one.body.iri == iri), None)


def _real_seats(release: OpenRelease, body: Ref) -> tuple[Seat, ...]:
    sectors = _sectors(release)
    return tuple(
        _seat(found, sectors)
        for found in in_thing(release, body.iri)
        if found.reading.modality in {"fact", "intention"}
    )


def _seat(found: Involvement, sectors: dict[str, tuple[Ref, ...]]) -> Seat:
    stated = tuple(ref for ref in found.behalf if ref.kind == "Sector")
    own = sectors.get(found.who.iri, ()) if found.who else ()
    mandate = tuple(ref for ref in found.behalf if ref.kind != "Sector")
    known = {*own, *(sector for ref in mandate for sector in sectors.get(ref.iri, ()))}
    return Seat(
        who=found.who,
        group=found.function,
        role=found.role,
        sectors=stated or own,
        mandate=mandate,
        modality=found.reading.modality,
        passages=found.passages,
        is_seated=bool(stated),
        is_strange=bool(known) and not known.issuperset(stated),
    )


@per_release
def _sectors(release: OpenRelease) -> dict[str, tuple[Ref, ...]]:
    names = names_of(release)
    found: dict[str, list[Ref]] = defaultdict(list)
    for row in select(release.store, _SECTORS).dicts():
        found[row["party"]].append(names.ref(row["sector"]))
    return {party: tuple(sorted(refs)) for party, refs in found.items()}


def _represent(
    body: Ref, seats: tuple[Seat, ...], asked: set[Ref], members: int | None
) -> Representation:
    parties: dict[Ref, set[Ref]] = defaultdict(set)
    seated: dict[Ref, set[Ref]] = defaultdict(set)
    for seat in seats:
        if seat.who and _slug(seat.role) != "doelgroep":
            party = seat.mandate[0] if seat.mandate else seat.who
            for sector in seat.sectors:
                parties[sector].add(party)
                if seat.is_seated:
                    seated[sector].add(party)
    named = {seat.who for seat in seats if seat.who}
    return Representation(
        body=body,
        seats=seats,
        sectors=tuple(
            SectorSeats(s, tuple(sorted(parties[s])), tuple(sorted(seated[s])))
            for s in sorted(parties)
        ),
        missing=tuple(sorted(asked - parties.keys())),
        is_listed=members is not None and len(named) >= members,
        participation=_participation(seats),
    )


def _participation(seats: tuple[Seat, ...]) -> tuple[Participation, ...]:
    found = [
        Participation(
            step=_STEP_OF_ROLE[_slug(seat.role)],
            date=seat.passages[0].date if seat.passages else "",
            who=seat.who.label if seat.who else seat.group,
            modality=seat.modality,
            passages=seat.passages,
        )
        for seat in seats
        if RESIDENTS in {sector.iri for sector in seat.sectors}
        and _slug(seat.role) in _STEP_OF_ROLE
    ]
    return tuple(sorted(found, key=lambda one: (one.date, LADDER.index(one.step), one.who)))


def _slug(role: Ref | None) -> str:
    return role.iri.rsplit("/", 1)[-1] if role else ""
