"""Since when documents of others state things: their dates, without what the editors add themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from graph.evaluate import select
from graph.release import OpenRelease
from queries.documents import list_documents
from queries.links import STATED_MODALITIES
from queries.memo import per_release
from queries.names import DocumentInfo, Passage, names_of

_STATED = """
PREFIX rg: <https://w3id.org/regiograaf/def#>

SELECT ?thing ?modality ?passage WHERE {
  ?thing rg:statedIn ?passage .
  OPTIONAL { ?thing rg:modality ?modality }
}
ORDER BY ?thing ?modality ?passage
"""
_EDITORIAL = """
PREFIX rg: <https://w3id.org/regiograaf/def#>

SELECT ?document WHERE {
  ?document a rg:Document ;
    rg:kind "editorial" .
}
ORDER BY ?document
"""


def latest_year(release: OpenRelease) -> str:
    """Return the year of the youngest document of others, '' if none has a date."""
    return max((one.date[:4] for one in own_documents(release) if one.date), default="")


def own_documents(release: OpenRelease) -> list[DocumentInfo]:
    """Return the documents without those in which the editors write down what they know."""
    own = _editorial(release)
    return [one for one in list_documents(release) if one.iri not in own]


@per_release
def stated(release: OpenRelease) -> dict[str, tuple[Passage, ...]]:
    """Return the passages that state each thing as fact or intention, editorial ones left out."""
    names, own = names_of(release), _editorial(release)
    found: dict[str, set[str]] = defaultdict(set)
    for row in select(release.store, _STATED).dicts():
        is_own = any(row["passage"].startswith(f"{document}#") for document in own)
        if not is_own and row.get("modality", "fact") in STATED_MODALITIES:
            found[row["thing"]].add(row["passage"])
    return {iri: names.passages(passages) for iri, passages in found.items()}


def is_since(day: str, since: str) -> bool:
    """Compare as far as both are known: a document of 2024 counts for any day in 2024."""
    size = min(len(day), len(since))
    return bool(day) and day[:size] >= since[:size]


def is_new(passages: Sequence[Passage], since: str) -> bool:
    """Tell whether every dated passage is of the date or later; without any date nobody can say."""
    days = [passage.date for passage in passages if passage.date]
    return bool(days) and all(is_since(day, since) for day in days)


@per_release
def _editorial(release: OpenRelease) -> frozenset[str]:
    return frozenset(row["document"] for row in select(release.store, _EDITORIAL).dicts())
