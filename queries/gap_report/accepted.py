"""Gaps that a region lets be on purpose: the reason, the role that decided so, the day and where it is written."""

from __future__ import annotations

from dataclasses import dataclass

from graph.evaluate import select
from graph.release import OpenRelease
from queries.memo import per_release
from queries.names import Passage, Ref, names_of

_ACCEPTED = """
PREFIX rg: <https://w3id.org/regiograaf/def#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

SELECT ?subject ?norm ?query ?reason ?role ?day ?passage WHERE {
  ?acceptance a rg:Acceptance ;
    rg:subject ?subject ;
    skos:definition ?reason ;
    rg:acceptedBy ?role ;
    rg:acceptedOn ?day ;
    rg:statedIn ?passage .
  OPTIONAL { ?acceptance rg:checksNorm ?norm }
  OPTIONAL { ?acceptance rg:gapQuery ?query }
}
ORDER BY ?subject ?norm ?query ?day ?passage
"""


@dataclass(frozen=True)
class Acceptance:
    """Why a gap may stay: the reason, the role that decided so, the day and where it is written."""

    reason: str
    role: Ref
    day: str
    passage: Passage | None


@per_release
def acceptances(release: OpenRelease) -> dict[tuple[str, str], Acceptance]:
    """Return what was accepted by (IRI of a norm or name of a gap query, IRI of the thing), last day first."""
    names = names_of(release)
    found: dict[tuple[str, str], Acceptance] = {}
    for row in select(release.store, _ACCEPTED).dicts():
        about = Acceptance(
            row["reason"], names.ref(row["role"]), row["day"], names.passage(row["passage"])
        )
        for key in (row.get("norm"), row.get("query")):
            known = found.get((key, row["subject"])) if key else None
            if key and (known is None or known.day < about.day):
                found[key, row["subject"]] = about
    return found
