"""By which sectors, regions and themes things can be told apart; what no source says of one is no value."""

from __future__ import annotations

from collections import Counter, defaultdict

from graph.evaluate import select
from graph.release import OpenRelease
from ontology.terms import rg
from queries.links import all_links
from queries.memo import per_release
from queries.names import Ref, names_of

SECTOR, REGION, THEME = "sector", "regio", "thema"
FACETS = (SECTOR, REGION, THEME)
_PROPERTIES = {SECTOR: rg("sector"), REGION: rg("activeIn"), THEME: rg("worksOnTheme")}

_VALUES = """
PREFIX rg: <https://w3id.org/regiograaf/def#>

SELECT DISTINCT ?thing ?property ?value WHERE {
  VALUES ?property { rg:sector rg:activeIn rg:worksOnTheme }
  ?thing ?property ?value .
  FILTER(isIRI(?value))
}
ORDER BY ?property ?thing ?value
"""


def values_of(release: OpenRelease, facet: str, iri: str) -> frozenset[str]:
    """Return the sectors, regions or themes (IRIs) of a thing; a theme is its own theme."""
    return _values(release).get((_PROPERTIES[facet], iri), frozenset())


@per_release
def options(release: OpenRelease, facet: str) -> tuple[tuple[Ref, int], ...]:
    """Return the values that things of the network have, with how many have each, by label."""
    names = names_of(release)
    things = {ref.iri for link in all_links(release) for ref in (link.source, link.target)}
    count = Counter(value for iri in things for value in values_of(release, facet, iri))
    found = [(names.ref(iri), number) for iri, number in count.items()]
    return tuple(sorted(found, key=lambda pair: (pair[0].label.casefold(), pair[0].iri)))


@per_release
def _values(release: OpenRelease) -> dict[tuple[str, str], frozenset[str]]:
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in select(release.store, _VALUES).dicts():
        found[row["property"], row["thing"]].add(row["value"])
    for iri, kind in names_of(release).kinds.items():
        if kind == "Theme":
            found[_PROPERTIES[THEME], iri].add(iri)
    return {key: frozenset(values) for key, values in found.items()}
