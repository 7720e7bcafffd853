"""What a release says of itself: counted again in another way, and readable by other tools."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from rdflib import RDF, Graph, Namespace, URIRef
from rdflib.term import Node

from api.app import create_app
from api.settings import Settings
from graph.evaluate import run, select
from graph.release import OpenRelease
from ontology.terms import GRAPH_QUERIES, PREFIXES, RG
from queries.catalogue import catalogue
from queries.examples import describe_examples, example_iri, query_form
from queries.statistics import TOOI
from queries.void import Places, describe_void

VOID = Namespace(PREFIXES["void"])
SH = Namespace(PREFIXES["sh"])
SCHEMA = Namespace(PREFIXES["schema"])
PLACES = Places(
    "http://hier.nl/.well-known/void", "http://hier.nl/sparql", ("http://hier.nl/a.nq",)
)
RDF_TYPES = {
    "text/turtle": "turtle",
    "application/ld+json": "json-ld",
    "application/n-triples": "nt",
    "application/rdf+xml": "xml",
}
# The queries with which the SIB editor fills its list of examples and its prefixes.
SIB_EXAMPLES = """
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?sq ?comment ?query WHERE {
  ?sq a sh:SPARQLExecutable ; rdfs:comment ?comment ;
    sh:select|sh:ask|sh:construct|sh:describe ?query .
} ORDER BY ?sq"""
SIB_PREFIXES = """
PREFIX sh: <http://www.w3.org/ns/shacl#>
SELECT DISTINCT ?prefix ?namespace WHERE {
  [] sh:namespace ?namespace ; sh:prefix ?prefix
} ORDER BY ?prefix"""


@pytest.fixture(scope="module")
def void(mini: OpenRelease) -> Graph:
    text = describe_void(mini, PLACES).write("text/turtle")
    return Graph().parse(data=text, format="turtle")


@pytest.fixture(scope="module")
def triples(mini: OpenRelease) -> list[tuple[Node, Node, Node]]:
    """The merged statements, read by another library."""
    lines = run(mini.store, "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
    text = "".join(f"{line} .\n" for line in lines)  # type: ignore[union-attr]
    return list(Graph().parse(data=text, format="nt"))


@pytest.fixture
def client(mini_data: Path, mini: OpenRelease) -> TestClient:
    return TestClient(create_app(Settings(data=mini_data), mini), base_url="http://hier.nl")


def number(graph: Graph, subject: Node, name: str) -> int:
    return int(str(graph.value(subject, VOID[name], any=False)))


def test_the_totals_are_those_of_the_release(
    void: Graph, mini: OpenRelease, triples: list[tuple[Node, Node, Node]]
) -> None:
    dataset = URIRef(mini.info.iri)
    assert number(void, dataset, "triples") == len(triples) == mini.info.statements["public"]
    assert number(void, dataset, "distinctSubjects") == len({s for s, _, _ in triples})
    assert number(void, dataset, "distinctObjects") == len({o for _, _, o in triples})
    assert number(void, dataset, "entities") == len({s for s, p, _ in triples if p == RDF.type})


def test_each_property_partition_counts_what_a_query_counts(
    void: Graph, mini: OpenRelease, triples: list[tuple[Node, Node, Node]]
) -> None:
    counted = Counter(p for _, p, _ in triples)
    parts = list(void.objects(URIRef(mini.info.iri), VOID.propertyPartition))
    found = {void.value(part, VOID.property): number(void, part, "triples") for part in parts}
    assert found == counted


def test_each_class_partition_has_its_things_and_their_properties(
    void: Graph, mini: OpenRelease, triples: list[tuple[Node, Node, Node]]
) -> None:
    things = Counter(o for _, p, o in triples if p == RDF.type)
    parts = list(void.objects(URIRef(mini.info.iri), VOID.classPartition))
    found = {void.value(part, VOID["class"]): part for part in parts}
    assert {name: number(void, part, "entities") for name, part in found.items()} == things
    tables = URIRef(RG + "Collaboration")
    members = {s for s, p, o in triples if p == RDF.type and o == tables}
    uses = Counter(p for s, p, _ in triples if s in members)
    inner = void.objects(found[tables], VOID.propertyPartition)
    assert {void.value(one, VOID.property): number(void, one, "triples") for one in inner} == uses


def test_links_to_the_register_of_places_are_a_linkset(
    void: Graph, mini: OpenRelease, triples: list[tuple[Node, Node, Node]]
) -> None:
    links = Counter(p for _, p, o in triples if str(o).startswith(TOOI))
    sets = void.objects(URIRef(mini.info.iri), VOID.subset)
    found = {void.value(one, VOID.linkPredicate): number(void, one, "triples") for one in sets}
    assert found == links


def test_an_example_resource_is_a_thing_of_the_release(void: Graph, mini: OpenRelease) -> None:
    found = list(void.objects(URIRef(mini.info.iri), VOID.exampleResource))
    assert found
    for thing in found:
        query = f"SELECT ?p WHERE {{ <{thing}> ?p ?o }} ORDER BY ?p LIMIT 1"
        assert select(mini.store, query).rows


def test_the_same_release_is_described_in_the_same_bytes(mini: OpenRelease) -> None:
    """But for RDF/XML, of which the engine orders the namespaces by chance."""
    for media_type in set(RDF_TYPES) - {"application/rdf+xml"}:
        one, other = (describe_void(mini, PLACES).write(media_type) for _ in range(2))
        assert one == other


@pytest.mark.parametrize("path", ["/.well-known/void", "/.well-known/sparql-examples"])
def test_a_description_comes_in_four_graph_formats_and_turtle_first(
    client: TestClient, path: str
) -> None:
    graphs = []
    for media_type, form in RDF_TYPES.items():
        answer = client.get(path, headers={"accept": media_type})
        assert answer.headers["content-type"].split(";")[0] == media_type
        graphs.append(set(Graph().parse(data=answer.content, format=form)))
    assert all(graph == graphs[0] for graph in graphs[1:])
    assert client.get(path).headers["content-type"].startswith("text/turtle")
    assert client.get(f"{path}.nt").headers["content-type"].startswith("application/n-triples")
    assert client.get(path, headers={"accept": "image/png"}).status_code == 406


def test_a_browser_gets_the_numbers_as_a_page(client: TestClient, mini: OpenRelease) -> None:
    answer = client.get("/.well-known/void", headers={"accept": "text/html"})
    assert answer.headers["content-type"].startswith("text/html")
    assert str(mini.info.statements["public"]) in answer.text
    assert "<code>rg:Collaboration</code>" in answer.text


def test_every_query_of_the_catalogue_is_an_example_that_runs_as_it_stands(
    mini: OpenRelease,
) -> None:
    found = {row["sq"]: row["query"] for row in select(mini.store, SIB_EXAMPLES).dicts()}
    assert found == {example_iri(name): query.text for name, query in catalogue().items()}
    inside = SIB_EXAMPLES.replace("WHERE {", f"WHERE {{ GRAPH <{GRAPH_QUERIES}> {{")
    inside = inside.replace("} ORDER", "} } ORDER")
    assert select(mini.store, inside) == select(mini.store, SIB_EXAMPLES)
    for text in list(found.values())[:3]:
        assert select(mini.store, text).columns


def test_the_prefixes_of_the_examples_are_declared(mini: OpenRelease) -> None:
    rows = select(mini.store, SIB_PREFIXES).dicts()
    assert {row["prefix"]: row["namespace"] for row in rows} == PREFIXES


def test_an_example_names_the_endpoint_it_is_asked_at(
    client: TestClient, mini: OpenRelease
) -> None:
    text = client.get("/.well-known/sparql-examples").content
    graph = Graph().parse(data=text, format="turtle")
    targets = set(graph.objects(None, SCHEMA.target))
    assert targets == {URIRef("http://hier.nl/sparql")}
    stated = {str(v.text) for _, p, v in describe_examples() if p == str(SCHEMA.target)}
    assert stated == {"https://w3id.org/regiograaf/sparql"}
    assert len(set(graph.subjects(RDF.type, SH.SPARQLSelectExecutable))) == len(catalogue())
    answer = client.get("/.well-known/sparql-examples/wie-zit-in", follow_redirects=False)
    assert answer.headers["location"] == "/vragen/wie-zit-in"


def test_the_form_of_a_query_is_read_behind_its_prologue() -> None:
    text = "PREFIX select: <http://a.nl/select>\n# SELECT\nASK { ?s ?p ?o }"
    assert query_form(text) == "ask"
