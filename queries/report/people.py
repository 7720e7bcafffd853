"""Whom to speak to about what a pack says, and why: roles with actions, deciders, funders, those who bridge."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from graph.release import OpenRelease
from queries.involvements import Involvement, in_role, involvements
from queries.links import STATED_MODALITIES
from queries.measures.brokers import Broker, find_brokers
from queries.measures.meetings import find_meetings
from queries.names import Passage, Ref
from queries.report.entries import PEOPLE, Entry, Headings, Section
from queries.report.gaps import Group, open_groups
from queries.report.scope import Scope, ScopeKind
from queries.report.words import SEVERITY_WORDS, name_words, names_words, sentence

FRONT = 5
OWNERS, BRIDGES, MEETINGS = 2, 3, 5
# Only who is among the first quarter on the mean of the measures is said to bridge.
FIRST = 0.25
_PARTIES = frozenset({"Organization", "Actor", "Person"})
_BODIES = frozenset({"Network", "Coalition", "GovernanceBody", "Collaboration"})


def people_section(release: OpenRelease, scope: Scope, deciding: Sequence[Entry]) -> Section:
    """Return whom to speak to: who holds actions, who decides, who bridges, who should meet, which persons.

    Persons are in the internal variant of a release only, so only there in its pack.
    """
    owners = list(_owners(release, scope))
    others = [
        list(found)
        for found in (_deciders(deciding), _bridges(release, scope), _meetings(release, scope))
    ]
    # The first page has the first of each; all others follow.
    entries = (
        *owners[:OWNERS],
        *(entry for found in others for entry in found[:1]),
        *owners[OWNERS:],
        *(entry for found in others for entry in found[1:]),
        *_persons(release, scope),
    )
    return Section(
        PEOPLE,
        "Met wie praat u?",
        _summary(entries),
        Headings("Waarom", "Wie", "Waarover"),
        entries,
        FRONT,
        "/analyse/moeten-elkaar-ontmoeten",
    )


def _owners(release: OpenRelease, scope: Scope) -> Iterator[Entry]:
    """Yield each role with actions, the one with most of the gravest first."""
    held: dict[Ref, list[Group]] = defaultdict(list)
    for same in open_groups(release, scope):
        for owner in same[0].rule.owners:
            held[owner].append(same)
    for role in sorted(held, key=lambda role: (-_grave(held[role]), -len(held[role]), role)):
        seats = [one for one in in_role(release, role.iri) if _is_here(one)]
        subjects = [same[0].rule.label for same in held[role]]
        yield Entry(
            mark=f"{len(subjects)} {'actie' if len(subjects) == 1 else 'acties'}",
            text=f"{sentence(role.label)} {_holders(seats)}",
            action=f"Zwaarste punt ({SEVERITY_WORDS[held[role][0][0].rule.severity]}): {sentence(subjects[0])}",
            who="",
            about=(role, *_who(seats)),
            passages=_passages(seats),
        )


def _grave(groups: Iterable[Group]) -> int:
    return sum(same[0].rule.severity == "must" for same in groups)


def _is_here(one: Involvement) -> bool:
    return one.reading.modality in STATED_MODALITIES


def _who(seats: Iterable[Involvement]) -> tuple[Ref, ...]:
    return tuple(dict.fromkeys(one.who for one in seats if one.who))


def _holders(seats: Sequence[Involvement]) -> str:
    """Return who fills a role, or where it sits when nobody is named."""
    named = _who(seats)
    if named:
        return f"Dat is {names_words(named)}."
    places = tuple(dict.fromkeys(one.what for one in seats))
    if places:
        return f"Deze rol zit bij {names_words(places)}. Wie het is, zegt geen bron."
    return "Wie deze rol heeft, zegt geen bron."


def _passages(seats: Iterable[Involvement]) -> tuple[Passage, ...]:
    return tuple(dict.fromkeys(passage for one in seats for passage in one.passages))[:2]


def _deciders(deciding: Sequence[Entry]) -> Iterator[Entry]:
    """Yield who decides, with what, in the order of the decisions."""
    found: dict[Ref, list[Entry]] = defaultdict(list)
    for entry in deciding:
        for ref in entry.about[1:]:
            if ref.kind in _PARTIES | _BODIES:
                found[ref].append(entry)
    for ref, entries in list(found.items())[:BRIDGES]:
        yield Entry(
            mark="neemt een besluit",
            text=sentence(name_words(ref)),
            action=f"Vraag naar: {sentence(name_words(entries[0].about[0]))}",
            who="",
            about=(ref, entries[0].about[0]),
            passages=entries[0].passages[:2],
        )


def _bridges(release: OpenRelease, scope: Scope) -> Iterator[Entry]:
    """Yield the parties that bridge most, of those that take part in something of the scope."""
    near = _parties_in(release, scope)
    found = [
        broker
        for broker in find_brokers(release)
        if (near is None or broker.party.iri in near) and broker.middle <= broker.parties * FIRST
    ]
    for broker in found[:BRIDGES]:
        seats = [one for one in involvements(release) if _is_seat(one, broker.party, scope)]
        doubt = " De maten zijn het niet eens." if broker.is_disputed else ""
        yield Entry(
            mark="verbindt",
            text=f"{sentence(name_words(broker.party))} Staat tussen veel andere partijen in.",
            action=f"Op vier maten: plaats {_place(broker)} van {broker.parties}.{doubt}",
            who="",
            about=(broker.party,),
            passages=_passages(seats),
        )


def _place(broker: Broker) -> str:
    is_one = broker.best == broker.worst
    return str(broker.best) if is_one else f"{broker.best} tot {broker.worst}"


def _parties_in(release: OpenRelease, scope: Scope) -> set[str] | None:
    if scope.kind is ScopeKind.REGIO:
        return None
    return {
        one.who.iri
        for one in involvements(release)
        if one.who and _is_here(one) and scope.holds(one.what.iri, one.who.iri)
    }


def _is_seat(one: Involvement, party: Ref, scope: Scope) -> bool:
    return one.who == party and _is_here(one) and scope.holds(one.what.iri, party.iri)


def _meetings(release: OpenRelease, scope: Scope) -> Iterator[Entry]:
    """Yield pairs that work on the same and hardly share a party, with who can introduce them."""
    pairs = [m for m in find_meetings(release) if scope.holds(m.pair.one.iri, m.pair.other.iri)]
    for meeting in pairs[:MEETINGS]:
        pair = meeting.pair
        by = names_words(meeting.introducers)
        how = f"Voorstellen kan via {by}." if by else "Geen partij verbindt hen."
        shared = names_words(pair.themes.shared)
        yield Entry(
            mark="laat kennismaken",
            text=f"{name_words(pair.one)} en {name_words(pair.other)}. {how}",
            action=f"Beide werken aan: {sentence(shared)}",
            who="",
            about=(pair.one, pair.other, *meeting.introducers),
            passages=_meeting_passages(release, pair.one, pair.other),
        )


def _meeting_passages(release: OpenRelease, one: Ref, other: Ref) -> tuple[Passage, ...]:
    found: list[Passage] = []
    for ref in (one, other):
        seats = [seat for seat in involvements(release) if seat.what == ref and _is_here(seat)]
        found += _passages(seats)[:1]
    return tuple(dict.fromkeys(found))


def _persons(release: OpenRelease, scope: Scope) -> Iterator[Entry]:
    """Yield persons with what they do in the scope; a public release has none."""
    found: dict[Ref, list[Involvement]] = defaultdict(list)
    for one in involvements(release):
        if one.who and one.who.kind == "Person" and _is_here(one) and scope.holds(one.what.iri):
            found[one.who].append(one)
    for person, seats in sorted(found.items()):
        first = seats[0]
        role = first.function or (first.role.label if first.role else "")
        yield Entry(
            mark="contact",
            text=" ".join(filter(None, (sentence(name_words(person)), sentence(role)))),
            action=f"Bij: {sentence(names_words(tuple(dict.fromkeys(s.what for s in seats))))}",
            who="",
            about=(person, *dict.fromkeys(s.what for s in seats)),
            passages=_passages(seats),
        )


def _summary(entries: Sequence[Entry]) -> str:
    if not entries:
        return "De bronnen noemen hier geen partij om mee te praten."
    marks = {entry.mark for entry in entries}
    persons = " Namen van personen zijn alleen voor intern gebruik." if "contact" in marks else ""
    return f"Begin bij wie iets kan doen aan de punten hiervoor.{persons}"
