"""The norm pack of a release: which norms are checked, how, and what to do; read before any evaluation."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from graph.evaluate import select
from graph.release import OpenRelease
from ontology.terms import BEGRIP
from queries.memo import per_release
from queries.names import Passage, Ref, names_of
from queries.overview import SEVERITIES

_NORMS = f"{BEGRIP}norm/"
_CHECKS = """
PREFIX rg: <https://w3id.org/regiograaf/def#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

SELECT ?norm ?label ?labelEn ?severity ?scope ?words ?needed ?missing ?remedy ?query ?text ?passage
  ?property ?note
WHERE {
  ?check a rg:NormCheck ;
    rg:checksNorm ?norm ;
    skos:prefLabel ?label, ?labelEn ;
    rg:scope ?scope ;
    rg:dataNeeded ?needed ;
    rg:remedy ?remedy .
  FILTER(LANG(?label) = "nl")
  FILTER(LANG(?labelEn) = "en")
  ?norm rg:severity ?severity ;
    rg:statedIn ?passage .
  OPTIONAL { ?check rg:severityWords ?words }
  OPTIONAL { ?check rg:dataMissing ?missing }
  OPTIONAL { ?check rg:property ?property }
  OPTIONAL { ?check rg:note ?note }
  OPTIONAL {
    ?check rg:evaluatedBy ?query .
    ?query rg:queryText ?text .
  }
}
ORDER BY ?norm ?passage
"""
_RELATED = """
PREFIX rg: <https://w3id.org/regiograaf/def#>

SELECT ?norm ?property ?value WHERE {
  VALUES ?property { rg:actionOwner rg:addressesBouwsteen rg:checkedThing rg:yardstick }
  ?check a rg:NormCheck ;
    rg:checksNorm ?norm ;
    ?property ?value .
}
ORDER BY ?norm ?property ?value
"""


@dataclass(frozen=True)
class NormCheck:
    """A norm as it is checked; `words` justify the severity, `missing` says which data nobody has.

    `query` and `text` are '' when the norm cannot be evaluated; `scope` is this-region, every-region
    or networks; `things` are what the check is limited to, empty for everything of its class.
    `asked` is the IRI of what must be known, `yardsticks` who must take part; `note` says how the
    editors read the norm where the check asks more or less than its words.
    """

    id: str
    iri: str
    label: str
    label_en: str
    severity: str
    words: str
    scope: str
    passages: tuple[Passage, ...]
    needed: str
    missing: str
    remedy: str
    query: str
    text: str
    owners: tuple[Ref, ...]
    bouwstenen: tuple[Ref, ...]
    things: tuple[Ref, ...]
    asked: str
    yardsticks: tuple[Ref, ...]
    note: str

    @property
    def is_evaluable(self) -> bool:
        """Tell whether a query answers for this norm."""
        return bool(self.text)


@per_release
def norm_checks(release: OpenRelease) -> tuple[NormCheck, ...]:
    """Return the norms of the pack, gravest first and then by label."""
    rows = select(release.store, _CHECKS).by("norm")
    related = _related(release)
    found = [_check(release, same, related[norm]) for norm, same in rows.items()]
    return tuple(sorted(found, key=_by_gravity))


def _related(release: OpenRelease) -> dict[str, dict[str, list[Ref]]]:
    names = names_of(release)
    found: dict[str, dict[str, list[Ref]]] = defaultdict(lambda: defaultdict(list))
    for row in select(release.store, _RELATED).dicts():
        found[row["norm"]][row["property"].rsplit("#", 1)[1]].append(names.ref(row["value"]))
    return found


def _check(
    release: OpenRelease, rows: list[dict[str, str]], related: dict[str, list[Ref]]
) -> NormCheck:
    first = rows[0]
    return NormCheck(
        id=first["norm"].removeprefix(_NORMS),
        iri=first["norm"],
        label=first["label"],
        label_en=first["labelEn"],
        severity=first["severity"],
        words=first.get("words", ""),
        scope=first["scope"],
        passages=names_of(release).passages({row["passage"] for row in rows}),
        needed=first["needed"],
        missing=first.get("missing", ""),
        remedy=first["remedy"],
        query=first.get("query", "").rsplit("/", 1)[-1],
        text=first.get("text", ""),
        owners=tuple(related["actionOwner"]),
        bouwstenen=tuple(related["addressesBouwsteen"]),
        things=tuple(related["checkedThing"]),
        asked=first.get("property", ""),
        yardsticks=tuple(related["yardstick"]),
        note=first.get("note", ""),
    )


def _by_gravity(check: NormCheck) -> tuple[int, str, str]:
    return SEVERITIES.index(check.severity), check.label.casefold(), check.id
