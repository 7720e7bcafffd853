"""The network over time in words and rows: year by year, two years side by side, or as of a date."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import combinations

from graph.release import OpenRelease
from ontology.errors import UsageError
from queries.measures.answers import Answer, Cell, count_words, list_labels
from queries.measures.timeline import (
    Difference,
    Snapshot,
    compare_years,
    names_by_year,
    network_as_of,
    snapshots,
)
from queries.names import Ref
from queries.standing import HOLDS, NO_BEGIN, NO_END

QUESTION = "door-de-jaren"
BETWEEN = ".."
_SILENCE = "Wat een later document niet herhaalt, hoeft niet voorbij te zijn."
_SAME = "Van wat documenten van beide jaren noemen, zeggen zij hetzelfde."


def answer_timeline(release: OpenRelease, moment: str = "") -> Answer:
    """Return the network year by year, in words and as a row for each; with a moment, as of then.

    Two years with '..' between, such as 2020..2024, give what their documents say differently.
    """
    if BETWEEN in moment:
        return _answer_years(release, *_two_years(release, moment))
    if moment:
        return _answer_moment(release, moment)
    found = snapshots(release)
    return Answer(
        QUESTION,
        "Hoe zag het netwerk er door de jaren uit?",
        tuple(_year_sentences(release, found)),
        ("jaar", "partijen", "verbanden", "deelnames", "dichtheid", "fragmentatie", "losse delen"),
        tuple((s.year, s.parties, s.collaborations, s.cohesion.ties, s.cohesion.density,
               s.cohesion.fragmentation, s.cohesion.parts) for s in found),
    )  # fmt: skip


def change_rows(change: Difference) -> Iterator[tuple[Cell, ...]]:
    """Yield what differs as rows: thing, kind of difference, party, what the earlier year says and the later."""
    for party in change.earlier_only:
        yield change.what, "partij", party, "genoemd", "niet genoemd"
    for party in change.later_only:
        yield change.what, "partij", party, "niet genoemd", "genoemd"
    for party, then, now in change.roles:
        yield change.what, "rol", party, _role_text(then), _role_text(now)


def _two_years(release: OpenRelease, text: str) -> tuple[str, str]:
    earlier, _, later = (part.strip() for part in text.partition(BETWEEN))
    known = [snapshot.year for snapshot in snapshots(release)]
    for year in (earlier, later):
        if year not in known:
            raise UsageError(
                f"'{year}' is geen jaar waaruit een document deelnames noemt; wel: {', '.join(known)}"
            )
    return min(earlier, later), max(earlier, later)


def _answer_years(release: OpenRelease, earlier: str, later: str) -> Answer:
    changes = compare_years(release, earlier, later)
    named = _named_differently(release, earlier, later)
    sentences = [_change_sentence(change, earlier, later) for change in changes]
    if named:
        words = count_words(len(named), "partij of verband", "partijen en verbanden")
        which = list_labels([ref for ref, _, _ in named], 3)
        sentences.append(f"Anders geschreven of genoemd: {words} ({which}); de tabel zegt hoe.")
    rows = [row for change in changes for row in change_rows(change)]
    rows += [(ref, "naam", None, " / ".join(then), " / ".join(now)) for ref, then, now in named]
    return Answer(
        QUESTION,
        f"Wat zeggen documenten van {earlier} en {later} verschillend?",
        (*(sentences or [_SAME]), _SILENCE),
        ("ding", "verschil", "partij", earlier, later),
        tuple(rows),
    )


def _role_text(roles: tuple[str, ...]) -> str:
    return "; ".join(role or "rol niet genoemd" for role in roles)


def _named_differently(
    release: OpenRelease, earlier: str, later: str
) -> list[tuple[Ref, tuple[str, ...], tuple[str, ...]]]:
    """Things that documents of both years name, by different names."""
    found = []
    for ref, by_year in names_by_year(release):
        years = dict(by_year)
        then, now = years.get(earlier, ()), years.get(later, ())
        if then and now and then != now:
            found.append((ref, then, now))
    return found


def _answer_moment(release: OpenRelease, moment: str) -> Answer:
    found = network_as_of(release, moment)
    counts = Counter(one.status for one in found)
    sentence = (
        f"Per {moment} noemen de bronnen {count_words(len(found), 'deelname', 'deelnames')}: "
        f"{counts[HOLDS]} geldig, {counts[NO_END]} zonder bekend einde, {counts[NO_BEGIN]} zonder bekend begin."
    )
    return Answer(
        QUESTION,
        f"Hoe zag het netwerk er per {moment} uit?",
        (sentence,),
        ("partij", "verband", "rol", "van", "tot", "stand"),
        tuple((s.party, s.what, s.role, s.since or "onbekend", s.until or "onbekend", s.status.replace("-", " ")) for s in found),
    )  # fmt: skip


def _year_sentences(release: OpenRelease, found: tuple[Snapshot, ...]) -> list[str]:
    sentences = [
        f"Documenten van {s.year} noemen {count_words(s.parties, 'partij', 'partijen')} in "
        f"{count_words(s.collaborations, 'verband', 'verbanden')}."
        for s in found
    ]
    for one, other in combinations(found, 2):
        for change in compare_years(release, one.year, other.year):
            sentences.append(_change_sentence(change, one.year, other.year))
    return [*sentences, _SILENCE]


def _change_sentence(change: Difference, earlier: str, later: str) -> str:
    parts = [
        f"{len(change.earlier_only)} alleen in {earlier} ({list_labels(change.earlier_only, 3)})"
        if change.earlier_only
        else "",
        f"{len(change.later_only)} alleen in {later} ({list_labels(change.later_only, 3)})"
        if change.later_only
        else "",
        f"{len(change.roles)} in een andere rol" if change.roles else "",
    ]
    return f"{change.what.label}: {'; '.join(part for part in parts if part)}."
