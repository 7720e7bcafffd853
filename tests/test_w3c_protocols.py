"""The W3C suites for SPARQL 1.1 Protocol, Graph Store Protocol and Service Description, all of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from rdflib import Graph, Namespace, URIRef

from api.settings import Settings
from api.sparql.editable import EditableEndpoint
from tests.sparql_server import Live, serving, serving_endpoint
from tests.w3c import (
    AUTHORIZATION,
    TOKEN,
    Exchange,
    HttpTest,
    Response,
    http_tests,
    put_graph,
    same_graph,
    send,
)

pytestmark = pytest.mark.socket

PROTOCOL = http_tests("protocol/manifest.ttl")
GRAPH_STORE = [
    test
    for kind in ("indirect", "direct")
    for test in http_tests(f"graph-store-protocol/manifest-{kind}.ttl")
]
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
STATUS_NAMES = {"OK": 200, "Created": 201, "NoContent": 204, "NotFound": 404}
FORMATS = {
    "boolean": ("application/sparql-results+",),
    "tabular": ("application/sparql-results+", "text/csv", "text/tab-separated-values"),
    "RDF": ("text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"),
}


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an empty store that may be written to with the token."""
    folder = tmp_path_factory.mktemp("empty")
    settings = Settings(data=folder, empty=True, unchecked=True, token=TOKEN)
    with serving(Live(EditableEndpoint(settings))) as address:
        yield address


@pytest.fixture
def empty(url: str) -> str:
    """The same address, emptied."""
    headers = {"content-type": "application/sparql-update", **AUTHORIZATION}
    assert send(url, "POST", "/update", headers, b"DROP ALL").status == 204
    return url


def fits(status: int, expected: frozenset[str]) -> bool:
    """Tell whether a status is among names such as OK or StatusCode2xx."""
    classes = {f"StatusCode{status // 100}xx"}
    return bool(classes & expected) or status in {STATUS_NAMES.get(name) for name in expected}


def check(exchange: Exchange, response: Response, base: str) -> None:
    assert fits(response.status, exchange.statuses), (response.status, response.body)
    for name, value in exchange.expected_headers.items():
        assert response.headers[name] == value
    if exchange.boolean is not None:
        assert (b"true" in response.body) == exchange.boolean
    if exchange.format is not None:
        assert response.headers["content-type"].startswith(FORMATS[exchange.format])
    if exchange.expected_body is not None:
        assert same_graph(exchange.expected_body, response.body, base)


def is_update(exchange: Exchange) -> bool:
    kind = exchange.headers.get("content-type", "")
    return "sparql-update" in kind or b"update=" in exchange.body or "?update=" in exchange.path


def test_suites_are_whole() -> None:
    assert (len(PROTOCOL), len(GRAPH_STORE)) == (34, 13)


@pytest.mark.parametrize("test", PROTOCOL, ids=lambda t: t.name)
def test_protocol(empty: str, test: HttpTest) -> None:
    for iri, content in test.graphs.items():
        assert put_graph(empty, iri, content, "application/n-triples").status == 201
    for exchange in test.exchanges:
        place = "/update/" if is_update(exchange) else "/sparql/"
        path = exchange.path.replace("/sparql/", place, 1)
        headers = {**exchange.headers, **AUTHORIZATION}
        response = send(empty, exchange.method, path, headers, exchange.body)
        check(exchange, response, empty)


@pytest.mark.parametrize("test", GRAPH_STORE, ids=lambda t: t.name)
def test_graph_store_protocol(empty: str, test: HttpTest) -> None:
    location = ""
    for exchange in test.exchanges:
        path = exchange.path.replace("/gsp", "/store", 1).replace("$LOCATION$", location)
        headers = {**exchange.headers, **AUTHORIZATION}
        response = send(empty, exchange.method, path, headers, exchange.body)
        check(exchange, response, empty)
        if exchange.keeps_location:
            location = response.headers["location"]


@pytest.fixture(scope="module")
def description(url: str) -> Graph:
    """What a GET without a query gives: the first test, returns-rdf, is that this is RDF."""
    response = send(url, "GET", "/sparql", {"accept": "text/turtle"}, b"")
    assert response.status == 200
    assert response.headers["content-type"].startswith("text/turtle")
    return Graph().parse(data=response.body, format="turtle")


def test_service_description_returns_rdf(description: Graph) -> None:
    assert len(description) > 0


def test_service_description_has_endpoint_triple(url: str, description: Graph) -> None:
    assert (None, SD.endpoint, URIRef(url)) in description


def test_service_description_conforms_to_schema(description: Graph) -> None:
    services = list(description.subjects(predicate=None, object=SD.Service))
    assert len(services) == 1
    assert set(description.objects(services[0], SD.supportedLanguage)) == {
        SD.SPARQL11Query,
        SD.SPARQL11Update,
    }
    assert all(
        str(kind).startswith("http://www.w3.org/ns/formats/")
        for kind in description.objects(services[0], SD.resultFormat)
    )
    dataset = description.value(services[0], SD.defaultDataset)
    assert (description.value(dataset, SD.defaultGraph), None, SD.Graph) in description


def test_release_is_read_only(tmp_path: Path) -> None:
    file = tmp_path / "release.nq"
    file.write_text("<http://e/s> <http://e/p> <http://e/o> .\n", "utf-8")
    updates = [e for test in PROTOCOL for e in test.exchanges if is_update(e)]
    with serving_endpoint(file) as (url, _):
        for exchange in updates:
            headers = {**exchange.headers, **AUTHORIZATION}
            answer = send(url, exchange.method, exchange.path, headers, exchange.body)
            assert 400 <= answer.status < 500
        query = "/sparql?query=ASK%20%7B%20%3Chttp%3A//e/s%3E%20%3Fp%20%3Fo%20%7D"
        assert b"true" in send(url, "GET", query, {}, b"").body


def test_writing_without_the_token_is_refused(empty: str) -> None:
    direct = {"content-type": "application/sparql-update"}
    wrong = {**direct, "authorization": "Bearer iets-anders"}
    assert send(empty, "POST", "/update", direct, b"CLEAR ALL").status == 401
    assert send(empty, "POST", "/update", wrong, b"CLEAR ALL").status == 401
    turtle = {"content-type": "text/turtle"}
    assert send(empty, "PUT", "/store?graph=http://e/g", turtle, b"").status == 401
    assert send(empty, "DELETE", "/store?graph=http://e/g", {}, b"").status == 401


def test_failed_update_changes_nothing(empty: str) -> None:
    put_graph(empty, "http://e/g", b"<http://e/s> <http://e/p> 1 .", "text/turtle")
    headers = {"content-type": "application/sparql-update", **AUTHORIZATION}
    update = b"CLEAR ALL ; CREATE GRAPH <http://e/h> ; CREATE GRAPH <http://e/h>"
    assert send(empty, "POST", "/update", headers, update).status == 400
    assert send(empty, "GET", "/store?graph=http://e/g", {}, b"").status == 200
