"""Which collaborations should meet, which look like doubles, and which tables share the same people."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

from graph.network import TWO_MODE
from graph.release import OpenRelease
from queries.measures.answers import Answer, count_words, list_labels
from queries.measures.centrality import views_of
from queries.measures.members import (
    Overlap,
    compare_sets,
    named_themes_of_collaborations,
    parties_of_collaborations,
    parts,
)
from queries.measures.ties import shortest_chain
from queries.memo import per_release
from queries.names import Ref, names_of

MEET, DOUBLES = "moeten-elkaar-ontmoeten", "dubbele-verbanden"
# Half of the parties of the smaller one: below that two tables are hardly the same people.
SAME_PEOPLE = 0.5


@dataclass(frozen=True)
class Pair:
    """Two collaborations with what they have in common, in parties and in themes.

    Themes count by name: lists of different sources share names. `is_part` tells that a source calls
    one a part of the other.
    """

    one: Ref
    other: Ref
    parties: Overlap
    themes: Overlap
    is_part: bool


@dataclass(frozen=True)
class Meeting:
    """Two collaborations that should meet: the score, 0..1, and who could introduce them, nearest first.

    Introducers are the parties that both have; without any, the parties on the shortest way between
    them. Empty when there is no way.
    """

    pair: Pair
    score: float
    introducers: tuple[Ref, ...]


@per_release
def compare_collaborations(release: OpenRelease) -> tuple[Pair, ...]:
    """Return all pairs of collaborations with named parties that share a party or a theme, by label."""
    names = names_of(release)
    parties, themes = parties_of_collaborations(release), named_themes_of_collaborations(release)
    found = []
    for a, b in combinations(sorted(parties), 2):
        by_party = compare_sets(release, parties[a], parties[b])
        by_theme = compare_sets(release, themes.get(a, ()), themes.get(b, ()))
        if by_party.shared or by_theme.shared:
            one, other = sorted((names.ref(a), names.ref(b)))
            found.append(Pair(one, other, by_party, by_theme, frozenset((a, b)) in parts(release)))
    return tuple(sorted(found, key=lambda pair: (pair.one, pair.other)))


@per_release
def find_meetings(release: OpenRelease) -> tuple[Meeting, ...]:
    """Return pairs of collaborations with a shared theme, those with least in common in parties first.

    Score: Jaccard similarity of themes times (1 - overlap coefficient of parties). A pair whose
    smaller one lies wholly inside the other scores 0 and is left out, as is a part with its whole.
    """
    found = []
    for pair in compare_collaborations(release):
        if pair.is_part:
            continue
        score = (pair.themes.jaccard or 0.0) * (1 - (pair.parties.coefficient or 0.0))
        if score > 0:
            found.append(Meeting(pair, score, _introducers(release, pair)))
    return tuple(sorted(found, key=lambda m: (-m.score, m.pair.one, m.pair.other)))


@per_release
def find_doubles(release: OpenRelease) -> tuple[Pair, ...]:
    """Return pairs with a shared theme and at least half the parties of the smaller, most alike first."""
    found = [pair for pair in same_people(release) if pair.themes.shared]
    return tuple(sorted(found, key=_most_alike))


@per_release
def same_people(release: OpenRelease) -> tuple[Pair, ...]:
    """Return pairs that share two parties or more and at least half of those of the smaller, most first."""
    found = [
        pair
        for pair in compare_collaborations(release)
        if len(pair.parties.shared) > 1 and (pair.parties.coefficient or 0.0) >= SAME_PEOPLE
    ]
    return tuple(sorted(found, key=lambda p: (-len(p.parties.shared), *_most_alike(p))))


def answer_meetings(release: OpenRelease) -> Answer:
    """Return which collaborations should meet, in words and as a row for each pair."""
    found = find_meetings(release)
    return Answer(
        MEET,
        "Welke verbanden zouden elkaar moeten ontmoeten?",
        (*_meeting_sentences(found), _silent_sentence(release)),
        ("verband", "ander verband", "score", "gedeelde thema's", "gedeelde partijen", "wie kan hen voorstellen"),
        tuple((m.pair.one, m.pair.other, m.score, m.pair.themes.shared, m.pair.parties.shared, m.introducers)
              for m in found),
    )  # fmt: skip


def answer_doubles(release: OpenRelease) -> Answer:
    """Return which collaborations look like doubles or share the same people."""
    found = same_people(release)
    doubles = len(find_doubles(release))
    head = (
        f"{count_words(len(found), 'paar', 'paren')} van verbanden delen twee of meer partijen en "
        "minstens de helft van de partijen van het kleinste."
    )
    tail = (
        f"{count_words(doubles, 'paar heeft', 'paren hebben')} ook een thema gemeen en kan dubbel zijn; "
        "een verband kan ook met reden onder een ander hangen."
    )
    return Answer(
        DOUBLES,
        "Welke verbanden lijken dubbel, en welke tafels delen dezelfde mensen?",
        (head, tail),
        ("verband", "ander verband", "gedeelde partijen", "overlap partijen", "Jaccard partijen", "gedeelde thema's", "onderdeel"),
        tuple((p.one, p.other, p.parties.shared, p.parties.coefficient, p.parties.jaccard, p.themes.shared,
               "ja" if p.is_part else "nee")
              for p in found),
    )  # fmt: skip


def _introducers(release: OpenRelease, pair: Pair) -> tuple[Ref, ...]:
    if pair.parties.shared:
        return pair.parties.shared
    names, view = names_of(release), views_of(release)[TWO_MODE]
    chain = shortest_chain(view.graph, pair.one.iri, pair.other.iri)
    return tuple(names.ref(iri) for iri in chain if iri in view.tops)


def _meeting_sentences(found: tuple[Meeting, ...], limit: int = 3) -> list[str]:
    if not found:
        return [
            "Geen twee verbanden met bekende partijen werken volgens de bronnen aan hetzelfde thema."
        ]
    head = f"{count_words(len(found), 'paar', 'paren')} van verbanden werken aan hetzelfde en zien elkaar niet allemaal."
    return [head, *(_meeting_sentence(meeting) for meeting in found[:limit])]


def _silent_sentence(release: OpenRelease) -> str:
    known = parties_of_collaborations(release).keys()
    silent = sorted(named_themes_of_collaborations(release).keys() - known)
    words = count_words(len(silent), "verband", "verbanden")
    return f"Van {words} met een thema is geen partij met naam bekend: daarover zegt dit niets."


def _meeting_sentence(meeting: Meeting) -> str:
    pair = meeting.pair
    shared = count_words(len(pair.parties.shared), "partij", "partijen")
    how = (
        f"voorstellen kan via {list_labels(meeting.introducers)}"
        if meeting.introducers
        else "geen partij verbindt hen, ook niet via anderen"
    )
    return (
        f"{pair.one.label} en {pair.other.label} werken beide aan {list_labels(pair.themes.shared)} en "
        f"delen {shared}; {how}."
    )


def _most_alike(pair: Pair) -> tuple[float, float, Ref, Ref]:
    return -(pair.parties.jaccard or 0.0), -(pair.themes.jaccard or 0.0), pair.one, pair.other
