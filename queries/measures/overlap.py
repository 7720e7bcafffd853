"""Where themes overlap: which collaborations and which parties work on both, and how much that is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from graph.release import OpenRelease
from queries.measures.answers import Answer, count_words, list_labels
from queries.measures.members import (
    Overlap,
    collaborations_of_themes,
    compare_sets,
    parties_of_themes,
)
from queries.memo import per_release
from queries.names import Names, Ref, names_of

QUESTION = "welke-themas-overlappen"
_NONE = 0.0


@dataclass(frozen=True)
class ThemeOverlap:
    """Two themes, and their overlap over collaborations and, separately, over parties."""

    one: Ref
    other: Ref
    collaborations: Overlap
    parties: Overlap


@dataclass(frozen=True)
class HeatMap:
    """A square table of themes: `cells[row][column]` is the overlap of two, None on the diagonal."""

    themes: tuple[Ref, ...]
    cells: tuple[tuple[Overlap | None, ...], ...]


@per_release
def compare_themes(release: OpenRelease) -> tuple[ThemeOverlap, ...]:
    """Return all pairs of themes that share a collaboration or a party, most alike first.

    Themes of different lists stay apart, also under the same name: each source has a list of its own.
    """
    names = names_of(release)
    works, parties = collaborations_of_themes(release), parties_of_themes(release)
    found = []
    for a, b in combinations(sorted(parties), 2):
        by_work = compare_sets(release, works.get(a, ()), works.get(b, ()))
        by_party = compare_sets(release, parties[a], parties[b])
        if by_work.shared or by_party.shared:
            one, other = sorted(_told_apart(names, a, b))
            found.append(ThemeOverlap(one, other, by_work, by_party))
    return tuple(sorted(found, key=_most_alike))


def heat_map(release: OpenRelease, *, by_parties: bool = False) -> HeatMap:
    """Return the themes that overlap with any other, by label with the name of their list, and the overlap of each two."""
    names = names_of(release)
    overlaps: dict[frozenset[str], Overlap] = {}
    for pair in compare_themes(release):
        overlap = pair.parties if by_parties else pair.collaborations
        if overlap.shared:
            overlaps[frozenset((pair.one.iri, pair.other.iri))] = overlap
    shown = {iri for pair in overlaps for iri in pair}
    themes = sorted(names.ref_with_list(iri) for iri in shown)
    cells = (tuple(overlaps.get(frozenset((a.iri, b.iri))) for b in themes) for a in themes)
    return HeatMap(tuple(themes), tuple(cells))


def answer_overlap(release: OpenRelease) -> Answer:
    """Return which themes overlap, in words and as a row for each pair."""
    found = compare_themes(release)
    return Answer(
        QUESTION,
        "Welke thema's overlappen?",
        tuple(overlap_sentences(found)),
        ("thema", "ander thema", "gedeelde verbanden", "Jaccard verbanden", "overlap verbanden",
         "gedeelde partijen", "Jaccard partijen", "overlap partijen"),
        tuple((pair.one, pair.other, *_cells(pair.collaborations), *_cells(pair.parties))
              for pair in found),
    )  # fmt: skip


def overlap_sentences(found: Iterable[ThemeOverlap], limit: int = 3) -> list[str]:
    """Return in Dutch which themes overlap most."""
    pairs = list(found)
    if not pairs:
        return ["Geen twee thema's delen volgens de bronnen een verband of een partij."]
    head = f"{count_words(len(pairs), 'paar', 'paren')} van thema's overlappen."
    return [head, *(_sentence(pair) for pair in pairs[:limit])]


def _told_apart(names: Names, a: str, b: str) -> tuple[Ref, Ref]:
    """Two themes to point at, each with the name of its list where they have the same name."""
    one, other = names.ref(a), names.ref(b)
    if one.label.casefold() != other.label.casefold():
        return one, other
    return names.ref_with_list(a), names.ref_with_list(b)


def _sentence(pair: ThemeOverlap) -> str:
    works, parties = pair.collaborations.shared, pair.parties.shared
    shared = count_words(len(works), "verband", "verbanden")
    named = f" ({list_labels(works)})" if works else ""
    return (
        f"{pair.one.label} en {pair.other.label} delen {shared}{named} en "
        f"{count_words(len(parties), 'partij', 'partijen')}."
    )


def _cells(overlap: Overlap) -> tuple[tuple[Ref, ...], float | None, float | None]:
    return overlap.shared, overlap.jaccard, overlap.coefficient


def _most_alike(pair: ThemeOverlap) -> tuple[float, float, int, str, str]:
    works, parties = pair.collaborations, pair.parties
    return (
        -(works.jaccard or _NONE),
        -(parties.jaccard or _NONE),
        -len(parties.shared),
        pair.one.label,
        pair.other.label,
    )
