"""Read the W3C SPARQL 1.1 suites: manifests, HTTP exchanges, expected results; and talk raw HTTP."""

from __future__ import annotations

import http.client
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import quote, urlsplit

from rdflib import RDF, RDFS, Graph, Namespace
from rdflib.compare import isomorphic
from rdflib.term import Node

SUITES = Path(__file__).parent / "data" / "w3c" / "sparql11.zip"
BASE = "https://w3c.github.io/rdf-tests/sparql/sparql11/"
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
TOKEN = "geheim-van-de-proef"
AUTHORIZATION = {"authorization": f"Bearer {TOKEN}"}


@dataclass(frozen=True)
class Response:
    """What came back of an exchange; header names are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Exchange:
    """One request of a test, and what is expected of the answer."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    statuses: frozenset[str]
    boolean: bool | None
    format: str | None
    expected_headers: dict[str, str]
    expected_body: str | None
    keeps_location: bool


@dataclass(frozen=True)
class HttpTest:
    """A test of the protocol suites: graphs to load first, then exchanges in order."""

    name: str
    graphs: dict[str, bytes] = field(default_factory=dict)
    exchanges: tuple[Exchange, ...] = ()


@cache
def read_file(path: str) -> bytes:
    """Return a file of the suites."""
    with zipfile.ZipFile(SUITES) as archive:
        return archive.read(path)


def suites() -> list[str]:
    """Return the folders that have a manifest."""
    with zipfile.ZipFile(SUITES) as archive:
        names = archive.namelist()
    return sorted(n.split("/")[0] for n in names if n.endswith("/manifest.ttl"))


def manifest(path: str) -> Graph:
    """Return a manifest as a graph; its base is where W3C publishes it."""
    return Graph().parse(data=read_file(path), format="turtle", publicID=BASE + path)


def entries(graph: Graph) -> Iterator[Node]:
    """Yield the tests of a manifest in order."""
    for listing in graph.objects(None, MF.entries):
        yield from graph.items(listing)


def local_name(node: Node | None) -> str:
    """Return the last part of an IRI."""
    return str(node).rsplit("#", 1)[-1].rsplit("/", 1)[-1]


def http_tests(path: str) -> list[HttpTest]:
    """Return the tests of a manifest in the HTTP vocabulary."""
    graph = manifest(path)
    found = []
    for test in entries(graph):
        requests = graph.value(graph.value(test, MF.action), HT.requests) or RDF.nil
        graphs = {
            str(graph.value(data, RDFS.label)): read_file(
                str(graph.value(data, UT.graph)).removeprefix(BASE)
            )
            for data in graph.objects(test, UT.graphData)
        }
        exchanges = tuple(_exchange(graph, node) for node in graph.items(requests))
        found.append(HttpTest(local_name(test), graphs, exchanges))
    return found


def send(url: str, method: str, path: str, headers: dict[str, str], body: bytes) -> Response:
    """Send exactly what is given; nothing is added but the length of the body."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=120)
    connection.putrequest(method, path, skip_accept_encoding=True)
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.putheader("content-length", str(len(body)))
    connection.endheaders(body)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return Response(answer.status, {k.lower(): v for k, v in answer.getheaders()}, content)


def put_graph(url: str, iri: str | None, body: bytes, media_type: str) -> Response:
    """Write a graph over the Graph Store Protocol; None is the default graph."""
    target = "default" if iri is None else f"graph={quote(iri, safe='')}"
    headers = {"content-type": media_type, **AUTHORIZATION}
    return send(url, "PUT", f"/store?{target}", headers, body)


def same_graph(first: str | bytes, second: str | bytes, base: str) -> bool:
    """Tell whether two Turtle documents hold the same graph, blank nodes aside."""
    graphs = [Graph().parse(data=text, format="turtle", publicID=base) for text in (first, second)]
    return bool(isomorphic(*graphs))


def _exchange(graph: Graph, node: Node) -> Exchange:
    response = graph.value(node, HT.resp)
    body = graph.value(node, HT.body)
    expected_body = graph.value(response, HT.body)
    boolean = graph.value(response, MF.expectedBoolean)
    kind = graph.value(response, MF.expectedFormat)
    return Exchange(
        method=str(graph.value(node, HT.methodName)),
        path=str(graph.value(node, HT.absolutePath)),
        headers=_headers(graph, node),
        body=_content(graph, body).encode(_encoding(graph, body)),
        statuses=frozenset(local_name(s) for s in graph.objects(response, MF.expectedStatus)),
        boolean=None if boolean is None else str(boolean) == "true",
        format=None if kind is None else str(kind),
        expected_headers=_headers(graph, response),
        expected_body=None if expected_body is None else _content(graph, expected_body),
        keeps_location=graph.value(response, MF.expectedLocation) is not None,
    )


def _headers(graph: Graph, node: Node | None) -> dict[str, str]:
    fields = graph.items(graph.value(node, HT.headers) or RDF.nil)
    return {
        str(graph.value(f, HT.fieldName)).lower(): str(graph.value(f, HT.fieldValue))
        for f in fields
    }


def _content(graph: Graph, body: Node | None) -> str:
    return str(graph.value(body, CNT.chars) or "") if body is not None else ""


def _encoding(graph: Graph, body: Node | None) -> str:
    return str(graph.value(body, CNT.characterEncoding) or "utf-8") if body else "utf-8"
