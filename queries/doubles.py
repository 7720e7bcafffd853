"""Things that may be the same under two names, with the reason; a recorded decision is never asked again."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

from rapidfuzz import fuzz
from rapidfuzz.utils import default_process

from graph.evaluate import select
from graph.release import OpenRelease

_NAMES = """
PREFIX rg: <https://w3id.org/regiograaf/def#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

SELECT DISTINCT ?thing ?label ?name ?kind WHERE {
  VALUES (?class ?kind) { (rg:Actor "actor") (rg:Collaboration "collaboration") (rg:Programme "programme") (rg:Agreement "agreement") (rg:FundingStream "funding") }
  ?thing a ?class ;
    skos:prefLabel ?label ;
    skos:prefLabel|skos:altLabel ?name .
}
ORDER BY ?kind ?thing ?name
"""

_DECIDED = """
PREFIX rg: <https://w3id.org/regiograaf/def#>

SELECT ?one ?other WHERE {
  ?decision a rg:IdentityDecision ;
    rg:sameThing ?one ;
    rg:otherThing ?other .
}
ORDER BY ?one ?other
"""


@dataclass(frozen=True)
class Double:
    """Two things of one kind with names alike; likeness 0-100 (token-sort ratio of the two names)."""

    one: str
    one_label: str
    other: str
    other_label: str
    likeness: float
    reason: str


def find_doubles(release: OpenRelease, least: float = 88) -> list[Double]:
    """Return pairs whose names are at least `least` alike and that nobody decided on, most alike first."""
    decided = {frozenset((r["one"], r["other"])) for r in select(release.store, _DECIDED).dicts()}
    names: dict[str, list[tuple[str, str]]] = {}
    labels: dict[str, str] = {}
    for row in select(release.store, _NAMES).dicts():
        labels[row["thing"]] = row["label"]
        names.setdefault(row["kind"], []).append((row["thing"], row["name"]))
    best: dict[tuple[str, str], Double] = {}
    for found in names.values():
        for (one, first), (other, second) in combinations(found, 2):
            key = (min(one, other), max(one, other))
            if one == other or frozenset(key) in decided:
                continue
            likeness = fuzz.token_sort_ratio(first, second, processor=default_process)
            if likeness >= least and (key not in best or best[key].likeness < likeness):
                reason = "zelfde naam" if likeness == 100 else f"'{first}' lijkt op '{second}'"
                best[key] = Double(key[0], labels[key[0]], key[1], labels[key[1]], likeness, reason)
    return sorted(best.values(), key=lambda d: (-d.likeness, d.one_label, d.other_label))
