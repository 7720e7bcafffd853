"""Search over every name: preferred, alternative and abbreviated; spelling mistakes are forgiven."""

from __future__ import annotations

import unicodedata
from collections.abc import Hashable
from dataclasses import dataclass

from rapidfuzz import fuzz, process, utils

from graph.evaluate import select
from graph.release import OpenRelease
from queries.memo import per_release
from queries.names import Ref, names_of

# Below this score (0..100) a match looks like chance: tried on names of parties with two typing errors.
MIN_SCORE = 72.0
# Bookkeeping nodes: their labels repeat the labels of what they are about.
_NOT_FOUND = {
    "Involvement", "Statement", "KnownGap", "Coverage", "Measurement", "IdentityDecision",
    "Passage", "Thing", "Release", "Fulfilment", "NormCheck", "NormQuery",
}  # fmt: skip
# People type one of these where a source wrote another: within this site they mean the same people.
_SAME_WORD = (("bewoner", "inwoner"), ("burger", "inwoner"))
# A long word that is typed whole and begins a name is no chance, though other words do not fit.
_TELLING_LENGTH, _TELLING_SCORE = 6, 88.0
# What is said about sources: after what sources speak of, when both fit as well.
_LAST = {"Defect", "Conflict", "Goal", "Indicator", "Task", "Norm"}

_OTHER_NAMES = """
PREFIX rg: <https://w3id.org/regiograaf/def#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

SELECT DISTINCT ?thing ?name WHERE {
  ?thing skos:altLabel|rg:formerName|skos:notation ?name .
  FILTER NOT EXISTS { ?thing a rg:Statement }
}
ORDER BY ?thing ?name
"""


@dataclass(frozen=True)
class Hit:
    """A thing found, the name that matched (its label or another one) and how well, 0..100."""

    ref: Ref
    matched: str
    score: float


@dataclass(frozen=True)
class _Index:
    refs: tuple[Ref, ...]
    names: tuple[str, ...]
    prepared: tuple[str, ...]


def search(
    release: OpenRelease, text: str, limit: int = 50, *, cutoff: float = MIN_SCORE
) -> list[Hit]:
    """Return things with a name like `text`, best first, each once; empty for a text without letters."""
    wanted = _prepare(text)
    if not wanted:
        return []
    index = _index(release)
    found = process.extract(
        wanted, index.prepared, scorer=_score, limit=4 * limit, score_cutoff=cutoff
    )
    hits: dict[str, Hit] = {}
    for _, score, place in found:
        ref = index.refs[place]
        hits.setdefault(ref.iri, Hit(ref, index.names[place], float(score)))
    ranked = sorted(
        hits.values(),
        key=lambda hit: (-hit.score, hit.ref.kind in _LAST, len(hit.ref.label), hit.ref),
    )
    return ranked[:limit]


def nearest_things(release: OpenRelease, words: str, limit: int = 6) -> list[Ref]:
    """Return the things whose names come nearest to some words, however far."""
    return [hit.ref for hit in search(release, words, limit, cutoff=45.0)]


def _score(wanted: Hashable, name: Hashable, *, score_cutoff: float | None = None) -> float:
    """Return 0..100: whole names first, then names that hold the words, then names that resemble them."""
    wanted, name = str(wanted), str(name)
    if wanted == name:
        return 100.0
    weighted = float(fuzz.WRatio(wanted, name))
    # A short abbreviation inside a long word is no match, either way: 'ggd' is not in 'toegegdaan'.
    if len(name) <= 3:
        return 0.0
    if len(wanted) <= 3:
        return 95.0 if wanted in name.split() else 0.0
    starts = any(word.startswith(wanted) for word in name.split())
    first = name.split()[0]
    if len(first) >= _TELLING_LENGTH and first in wanted.split():
        weighted = max(weighted, _TELLING_SCORE)
    return min(99.0, weighted + (8.0 if starts else 0.0))


def _prepare(text: str) -> str:
    """Return a text in small letters without accents and signs, with one word for the same people."""
    plain = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    plain = utils.default_process(plain)
    for typed, written in _SAME_WORD:
        plain = plain.replace(typed, written)
    return plain


@per_release
def _index(release: OpenRelease) -> _Index:
    names = names_of(release)
    pairs = [
        (names.ref(iri), label)
        for table in (names.labels, names.labels_en)
        for iri, label in table.items()
        if names.kind(iri) not in _NOT_FOUND
    ]
    for row in select(release.store, _OTHER_NAMES).dicts():
        if names.kind(row["thing"]) not in _NOT_FOUND:
            pairs.append((names.ref(row["thing"]), row["name"]))
    pairs = sorted(dict.fromkeys(pairs))
    prepared = tuple(_prepare(name) for _, name in pairs)
    return _Index(tuple(ref for ref, _ in pairs), tuple(name for _, name in pairs), prepared)
