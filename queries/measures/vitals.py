"""What a scenario can break, read from a store: parties, leads, themes, money and norms."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from graph.dataset import Store
from graph.evaluate import select
from graph.network import TWO_MODE, projections, two_mode_graph
from ontology.terms import rg
from queries.catalogue import CatalogueQuery, gap_queries
from queries.measures.cohesion import Cohesion, measure_cohesion
from queries.measures.view import View

_LED = """
PREFIX rg: <https://w3id.org/regiograaf/def#>

SELECT DISTINCT ?thing ?what WHERE {
  { ?thing rg:trekker|rg:bestuurlijkTrekker|rg:coordinator ?who . BIND("lead" AS ?what) }
  UNION
  { ?thing rg:fundedBy ?money . BIND("money" AS ?what) }
  UNION
  { ?work rg:worksOnTheme ?thing . BIND("work" AS ?what) }
}
ORDER BY ?thing ?what
"""
# Totals repeat what their items say, and expenses spend what the income of the same table brings in.
_MONEY = """
PREFIX rg: <https://w3id.org/regiograaf/def#>

SELECT ?line ?amount ?table ?use ?source ?provider WHERE {
  VALUES ?class { rg:BudgetLine rg:FundingApplication }
  ?line a ?class ; rg:amount ?amount .
  OPTIONAL { ?line rg:tableRole ?role }
  FILTER(COALESCE(?role, "item") = "item")
  OPTIONAL { ?line rg:modality ?modality }
  FILTER(COALESCE(?modality, "fact") IN ("fact", "intention"))
  OPTIONAL { ?line rg:tableBlock ?block }
  FILTER(COALESCE(?block, "baten") = "baten")
  OPTIONAL { ?line rg:year ?year }
  OPTIONAL { ?line rg:tableName ?name }
  BIND(IF(BOUND(?year), CONCAT(?name, " ", STR(?year)), ?name) AS ?table)
  OPTIONAL { ?line rg:budgetFor|rg:applicant ?use }
  OPTIONAL {
    ?line rg:budgetSource|rg:appliesTo ?source .
    OPTIONAL { ?source rg:providedBy ?provider }
  }
}
ORDER BY ?line ?use ?source ?provider
"""
_ABSENT = re.compile(r"NOT EXISTS\s*\{([^}]*)\}")
_TERM = re.compile(r"\brg:(\w+)")
APPLICATIONS = "aanvragen"


@dataclass(frozen=True)
class Line:
    """A budget item or application, in euro, with what it is for, where it comes from and who provides that."""

    iri: str
    amount: float
    table: str
    uses: frozenset[str]
    sources: frozenset[str]
    providers: frozenset[str]

    @property
    def supports(self) -> tuple[bool, bool, bool]:
        """Tell which of use, source and provider are known."""
        return bool(self.uses), bool(self.sources), bool(self.providers)


@dataclass(frozen=True)
class Vitals:
    """What stands at one moment; sets hold IRIs. `unmet` holds (query, subject) of the queries that ran."""

    parties: Mapping[str, frozenset[str]]
    led: frozenset[str]
    funded: frozenset[str]
    worked_on: frozenset[str]
    lines: Mapping[str, Line]
    unmet: frozenset[tuple[str, str]]
    indices: Mapping[str, Cohesion]


def read_vitals(store: Store, norms: Iterable[CatalogueQuery]) -> Vitals:
    """Return what stands in a store, with the gaps that the given norm queries find."""
    two_mode = two_mode_graph(store)
    found: dict[str, set[str]] = defaultdict(set)
    for row in select(store, _LED).dicts():
        found[row["what"]].add(row["thing"])
    views = {name: View(graph) for name, graph in projections(two_mode).items()}
    bodies = views[TWO_MODE].bottoms
    return Vitals(
        parties={body: frozenset(two_mode[body]) for body in bodies},
        led=frozenset(found["lead"]),
        funded=frozenset(found["money"]),
        worked_on=frozenset(found["work"]),
        lines=_lines(store),
        unmet=_unmet(store, norms),
        indices={name: measure_cohesion(view) for name, view in views.items()},
    )


def touched_norms(properties: Iterable[str]) -> tuple[CatalogueQuery, ...]:
    """Return the norm queries whose answer can change when statements with these properties do.

    A norm says what must be there: its query looks for what is absent. What no change touches inside
    its NOT EXISTS stays as it was.
    """
    touched = set(properties)
    return tuple(query for query in gap_queries() if _wanted(query) & touched or not _wanted(query))


def _wanted(query: CatalogueQuery) -> set[str]:
    blocks = " ".join(_ABSENT.findall(query.text))
    return {rg(name) for name in _TERM.findall(blocks)}


def _unmet(store: Store, norms: Iterable[CatalogueQuery]) -> frozenset[tuple[str, str]]:
    return frozenset(
        (query.name, row["subject"]) for query in norms for row in select(store, query.text).dicts()
    )


def _lines(store: Store) -> dict[str, Line]:
    rows = select(store, _MONEY).by("line")
    return {iri: _line(iri, same) for iri, same in rows.items()}


def _line(iri: str, rows: list[dict[str, str]]) -> Line:
    def column(name: str) -> frozenset[str]:
        return frozenset(row[name] for row in rows if name in row)

    amount, table = float(rows[0]["amount"]), rows[0].get("table", APPLICATIONS)
    return Line(iri, amount, table, column("use"), column("source"), column("provider"))
