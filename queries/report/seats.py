"""Who came to take part in what and who no longer does: between releases, or in documents since a date."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from graph.release import OpenRelease
from queries.involvements import Involvement, involvements
from queries.links import STATED_MODALITIES
from queries.names import Ref
from queries.report.dated import is_new
from queries.report.entries import GONE, NEW, Entry
from queries.report.scope import Scope
from queries.report.words import name_words, names_words, sentence

Seat = tuple[Ref, Ref, Ref | None]


def seats_between(now: OpenRelease, before: OpenRelease, scope: Scope) -> Iterator[Entry]:
    """Yield who takes part since an earlier release, and who is no longer named."""
    new, old = _seats(now, scope), _seats(before, scope)
    yield from _seat_entries(NEW, "doet mee", {key: new[key] for key in new if key not in old})
    yield from _seat_entries(
        GONE, "staat er niet meer bij", {k: old[k] for k in old if k not in new}
    )


def seats_since(release: OpenRelease, since: str, scope: Scope) -> Iterator[Entry]:
    """Yield who takes part according to documents since a date alone."""
    first = {
        key: same
        for key, same in _seats(release, scope).items()
        if is_new([p for one in same for p in one.passages], since)
    }
    yield from _seat_entries(NEW, "doet mee", first)


def _seats(release: OpenRelease, scope: Scope) -> dict[Seat, list[Involvement]]:
    found: dict[Seat, list[Involvement]] = defaultdict(list)
    for one in involvements(release):
        is_stated = one.reading.modality in STATED_MODALITIES
        if one.who and is_stated and scope.holds(one.what.iri, one.who.iri):
            found[one.who, one.what, one.role].append(one)
    return found


def _seat_entries(mark: str, verb: str, seats: dict[Seat, list[Involvement]]) -> Iterator[Entry]:
    """Yield one entry for each collaboration or activity, those with most parties first."""
    groups: dict[Ref, list[Seat]] = defaultdict(list)
    for seat in sorted(seats, key=lambda seat: (seat[1], seat[0])):
        groups[seat[1]].append(seat)
    parties = {
        what: tuple(dict.fromkeys(seat[0] for seat in same)) for what, same in groups.items()
    }
    for what, same in sorted(groups.items(), key=lambda pair: (-len(parties[pair[0]]), pair[0])):
        who = parties[what]
        passages = [p for seat in same for one in seats[seat] for p in one.passages]
        count = f"{len(who)} partijen" if len(who) > 1 else "1 partij"
        yield Entry(mark, f"{sentence(name_words(what))} {count} {'doen mee' if len(who) > 1 and mark == NEW else verb}.",
                    sentence(names_words(who)), "", (what, *who), tuple(dict.fromkeys(passages))[:2])  # fmt: skip
