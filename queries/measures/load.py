"""Who sits in most, and which seats have no task: roles of parties, and roles without a known task."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from graph.evaluate import select
from graph.release import OpenRelease
from queries.involvements import Involvement, involvements
from queries.links import STATED_MODALITIES
from queries.measures.answers import Answer, count_words, list_labels
from queries.memo import per_release
from queries.names import Ref
from queries.selection import COLLABORATIONS

LOAD, NO_TASK = "rolbelasting", "zetels-zonder-taak"
# Being meant or being asked takes no time: these roles are no seats.
_NO_SEAT = frozenset({"doelgroep", "geconsulteerde"})
_TASKS = """
PREFIX rg: <https://w3id.org/regiograaf/def#>

SELECT DISTINCT ?holder WHERE {
  ?task a rg:Task ;
    rg:taskOf ?holder .
  OPTIONAL { ?task rg:modality ?modality }
  FILTER(COALESCE(?modality, "fact") IN ("fact", "intention"))
}
ORDER BY ?holder
"""


@dataclass(frozen=True)
class Load:
    """A party with its seats: in which collaborations, in what else, how often in each role, by how many documents."""

    party: Ref
    collaborations: tuple[Ref, ...]
    others: tuple[Ref, ...]
    roles: tuple[tuple[str, int], ...]
    documents: int

    @property
    def seats(self) -> int:
        """Return the number of things the party has a seat in."""
        return len(self.collaborations) + len(self.others)


@dataclass(frozen=True)
class Seat:
    """A seat in a collaboration of which no source tells a task; `who` is a name or a described group."""

    what: Ref
    who: str
    party: Ref | None
    role: Ref | None


@dataclass(frozen=True)
class Unnamed:
    """Participants that sources count or describe without a name, by collaboration."""

    what: Ref
    groups: int
    headcount: int


@per_release
def role_load(release: OpenRelease) -> tuple[Load, ...]:
    """Return every named party that has a seat, those with most seats first.

    A seat is being involved, as fact or intention, in whatever role but as target group or consulted.
    """
    seats: dict[Ref, list[Involvement]] = defaultdict(list)
    for one in _seats(release):
        if one.who and one.who.kind not in COLLABORATIONS:
            seats[one.who].append(one)
    found = [_load(party, own) for party, own in seats.items()]
    return tuple(sorted(found, key=lambda one: (-one.seats, one.party)))


@per_release
def seats_without_task(release: OpenRelease) -> tuple[Seat, ...]:
    """Return seats in collaborations where neither the party nor the role has a task in any source.

    Unknown, not absent: that no source tells a task does not say that there is none.
    """
    holders = {row["holder"] for row in select(release.store, _TASKS).dicts()}
    found = {
        Seat(one.what, one.who.label if one.who else one.function, one.who, one.role)
        for one in _seats(release)
        if one.what.kind in COLLABORATIONS and not holders & _holders(one)
    }
    return tuple(
        sorted(found, key=lambda s: (s.what, s.who.casefold(), s.role.label if s.role else ""))
    )


@per_release
def unnamed_participants(release: OpenRelease) -> tuple[Unnamed, ...]:
    """Return how many participants are not named, by collaboration; they are never nodes of a network.

    `groups` counts the descriptions, `headcount` the people in those that give a number.
    """
    groups: dict[Ref, list[Involvement]] = defaultdict(list)
    for one in _seats(release):
        if one.who is None and one.what.kind in COLLABORATIONS:
            groups[one.what].append(one)
    return tuple(
        Unnamed(what, len(own), sum(int(one.count) for one in own if one.count.isdecimal()))
        for what, own in sorted(groups.items())
    )


def answer_load(release: OpenRelease) -> Answer:
    """Return who sits in most, in words and as a row for each party."""
    found = role_load(release)
    sentences = [
        f"{one.party.label} zit in {count_words(len(one.collaborations), 'verband', 'verbanden')} en in "
        f"{count_words(len(one.others), 'ander ding', 'andere dingen')} (activiteiten, programma's, akkoorden)."
        for one in found[:3]
    ]
    single = sum(one.documents == 1 for one in found)
    sentences.append(
        f"{single} van de {len(found)} partijen staan hier door één document; wie in meer documenten "
        "voorkomt, lijkt al snel meer te doen."
    )
    unnamed = unnamed_participants(release)
    people = sum(one.headcount for one in unnamed)
    sentences.append(
        f"Niet meegeteld: {sum(one.groups for one in unnamed)} keer noemt een bron deelnemers zonder naam "
        f"(waar een aantal staat: samen {people} mensen)."
    )
    return Answer(
        LOAD,
        "Wie zit in de meeste verbanden en activiteiten?",
        tuple(sentences),
        ("partij", "zetels", "verbanden", "overige", "rollen", "documenten"),
        tuple((one.party, one.seats, one.collaborations, one.others, _roles_text(one), one.documents) for one in found),
    )  # fmt: skip


def answer_seats(release: OpenRelease) -> Answer:
    """Return the seats without a known task, in words and as a row for each seat."""
    found = seats_without_task(release)
    tables = Counter(seat.what for seat in found)
    most = sorted(tables, key=lambda what: (-tables[what], what))
    where = f", de meeste in {list_labels(most, 3)}" if found else ""
    return Answer(
        NO_TASK,
        "Welke zetels hebben geen taak?",
        (f"Voor {count_words(len(found), 'zetel', 'zetels')} noemt geen bron een taak van de partij of de rol{where}.",
         "Dat is onbekend, niet afwezig: vraag het na voordat u er iets van vindt."),
        ("verband", "wie", "rol"),
        tuple((seat.what, seat.party or seat.who, seat.role) for seat in found),
    )  # fmt: skip


@per_release
def _seats(release: OpenRelease) -> tuple[Involvement, ...]:
    return tuple(
        one
        for one in involvements(release)
        if one.reading.modality in STATED_MODALITIES
        and (one.role is None or one.role.iri.rpartition("/")[2] not in _NO_SEAT)
    )


def _load(party: Ref, own: list[Involvement]) -> Load:
    things = {one.what for one in own}
    collaborations = {what for what in things if what.kind in COLLABORATIONS}
    roles = Counter(one.role.label for one in own if one.role)
    ordered = sorted(roles.items(), key=lambda item: (-item[1], item[0]))
    others = tuple(sorted(things - collaborations))
    documents = {passage.document for one in own for passage in one.passages}
    return Load(party, tuple(sorted(collaborations)), others, tuple(ordered), len(documents))


def _holders(one: Involvement) -> set[str]:
    return {ref.iri for ref in (one.who, one.role) if ref}


def _roles_text(one: Load) -> str:
    return "; ".join(f"{role} ({times})" for role, times in one.roles)
