"""Measures as statements of a release, and read back from it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from graph.dataset import Fact
from graph.evaluate import Value, select
from graph.identity import minted_slug, thing_iri
from graph.network import projections, two_mode_graph
from ontology.schema import load_schema
from ontology.terms import BEGRIP, GRAPH_MEASURES, expand, rg
from queries.measures.centrality import Measured, measure_graphs

if TYPE_CHECKING:
    from graph.dataset import Store
    from graph.release import OpenRelease

_RELEASE = """
PREFIX rg: <https://w3id.org/regiograaf/def#>

SELECT ?release WHERE { ?release a rg:Release } ORDER BY ?release
"""

_MEASURED = """
PREFIX rg: <https://w3id.org/regiograaf/def#>

SELECT ?thing ?measure ?projection ?value ?rank WHERE {
  ?measurement a rg:Measurement ;
    rg:measureOf ?thing ;
    rg:measure ?measure ;
    rg:projection ?projection ;
    rg:value ?value ;
    rg:rank ?rank .
}
ORDER BY ?measure ?projection ?rank ?thing
"""


def measure_statements(store: Store) -> Iterator[Fact]:
    """Yield the statements for every measure of the network in a store that holds one release."""
    two_mode = two_mode_graph(store)
    releases = [row["release"] for row in select(store, _RELEASE).dicts()]
    labels = {node: data["label"] for node, data in two_mode.nodes(data=True)}
    for measured in measure_graphs(projections(two_mode)):
        yield from _facts(measured, labels[measured.thing], releases)


def read_measures(release: OpenRelease) -> list[Measured]:
    """Return the measures a release holds, by measure, projection and rank."""
    return [
        Measured(
            row["thing"],
            row["measure"].removeprefix(f"{BEGRIP}maat/"),
            row["projection"],
            float(row["value"]),
            int(row["rank"]),
        )
        for row in select(release.store, _MEASURED).dicts()
    ]


def _facts(measured: Measured, label: str, releases: list[str]) -> Iterator[Fact]:
    key = [measured.thing, measured.measure, measured.projection]
    node = thing_iri("maat", minted_slug(key, [measured.measure, label]))
    measure_iri = f"{BEGRIP}maat/{measured.measure}"
    name = load_schema().label(measure_iri) or measured.measure
    facts = {
        expand("rdf:type"): Value(rg("Measurement"), "iri"),
        expand("skos:prefLabel"): Value(f"{name} van {label}", language="nl"),
        rg("measureOf"): Value(measured.thing, "iri"),
        rg("measure"): Value(measure_iri, "iri"),
        rg("projection"): Value(measured.projection),
        rg("value"): Value(f"{measured.value:.6f}", datatype=expand("xsd:decimal")),
        rg("rank"): Value(str(measured.rank), datatype=expand("xsd:integer")),
    }
    for predicate, value in facts.items():
        yield Fact(node, predicate, value, GRAPH_MEASURES)
    for release in releases:
        yield Fact(node, rg("inRelease"), Value(release, "iri"), GRAPH_MEASURES)
