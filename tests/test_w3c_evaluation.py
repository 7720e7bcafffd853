"""The W3C SPARQL 1.1 query, syntax and update tests, all of them through the endpoint over HTTP.

What the engine does differently is in EXPECTED_FAILURES, each with its reason; a test that begins to
pass has to leave that list.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

import pytest
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    parse,
    parse_query_results,
)
from rdflib import RDF, RDFS, Graph, Namespace
from rdflib.term import Node

from api.settings import Settings
from api.sparql.editable import EditableEndpoint
from tests.sparql_server import Live, serving
from tests.w3c import (
    AUTHORIZATION,
    BASE,
    MF,
    TOKEN,
    UT,
    Response,
    entries,
    local_name,
    manifest,
    read_file,
    send,
    suites,
)

pytestmark = pytest.mark.socket

QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
_LANGUAGE = "the engine keeps the language of the parts of a GROUP_CONCAT, as SPARQL 1.2 will"
_IN_GRAPH = "the engine does not give the graph's name to a row that no pattern in GRAPH made"
_EMPTY_PATH = "the engine matches a path of length zero only to a term that is in the data"
_LOAD = "LOAD is refused: a server that reads any address for a stranger is a danger"
EXPECTED_FAILURES = {
    "aggregates/agg-groupconcat-04": _LANGUAGE,
    "aggregates/agg-groupconcat-06": _LANGUAGE,
    "aggregates/agg-empty-group-count-graph": _IN_GRAPH,
    "bindings/graph": _IN_GRAPH,
    "functions/bnode01": "the engine gives BNODE(text) one node for all rows, not one for each row",
    "negation/graph-minus": "the engine lets the variable of GRAPH take part in MINUS",
    "property-path/zero_or_more_set_start": _EMPTY_PATH,
    "property-path/zero_or_more_set_end": _EMPTY_PATH,
    "property-path/zero_or_one_set_start": _EMPTY_PATH,
    "property-path/zero_or_one_set_end": _EMPTY_PATH,
    "syntax-query/test_4": "a test of syntax is run here, and its function does not exist",
    "syntax-update-1/test_8": "a test of syntax is run here, and the graph it drops does not exist",
    **{f"syntax-update-1/test_{number}": _LOAD for number in (1, 2, 3, 4, 37)},
    "update-silent/load-silent": _LOAD,
    "update-silent/load-into-silent": _LOAD,
}
RESULT_FORMATS = {
    ".srx": (QueryResultsFormat.XML, "application/sparql-results+xml"),
    ".srj": (QueryResultsFormat.JSON, "application/sparql-results+json"),
    ".tsv": (QueryResultsFormat.TSV, "text/tab-separated-values"),
}


@dataclass(frozen=True)
class Case:
    """A test: its kind, the graphs before, the text to run, and the file or graphs after."""

    name: str
    kind: str
    text: str
    graphs: dict[str | None, str] = field(default_factory=dict)
    result: str = ""
    after: dict[str | None, str] = field(default_factory=dict)


def read_cases() -> Iterator[Case]:
    for suite in suites():
        graph = manifest(f"{suite}/manifest.ttl")
        for test in entries(graph):
            kind = local_name(graph.value(test, RDF.type))
            if kind.endswith(("EvaluationTest", "FormatTest", "SyntaxTest11")):
                yield read_case(graph, test, f"{suite}/{local_name(test)}", kind)


def read_case(graph: Graph, test: Node, name: str, kind: str) -> Case:
    action, result = graph.value(test, MF.action), graph.value(test, MF.result)
    update = "Update" in kind
    text = graph.value(action, UT.request if update else QT.query) or action
    graphs = {} if "Syntax" in kind else graphs_of(graph, action)
    after = graphs_of(graph, result) if kind == "UpdateEvaluationTest" else {}
    return Case(name, kind, path_of(text), graphs, path_of(result), after)


def graphs_of(graph: Graph, node: Node | None) -> dict[str | None, str]:
    """Return the files by graph name, None for the default graph."""
    found: dict[str | None, str] = {}
    for vocabulary in (QT, UT):
        for data in graph.objects(node, vocabulary.data):
            found[None] = path_of(data)
        for data in graph.objects(node, vocabulary.graphData):
            file = graph.value(data, UT.graph) or data
            found[str(graph.value(data, RDFS.label) or file)] = path_of(file)
    return found


def path_of(node: Node | None) -> str:
    return str(node).removeprefix(BASE)


CASES = list(read_cases())


class Subject:
    """An empty store that may be written to, and what was loaded into it last."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._loaded: dict[str | None, str] | None = None

    def load(self, graphs: dict[str | None, str]) -> None:
        """Replace all that is there, in one update, unless it is there already."""
        if graphs != self._loaded:
            answer = self.post("update", as_update(graphs).encode())
            assert answer.status == 204, answer.body
            self._loaded = graphs

    def run(self, case: Case, accept: str = "*/*") -> Response:
        """Run the query or update of a case; its relative IRIs are those of its file."""
        text = f"BASE <{BASE}{case.text}> ".encode() + read_file(case.text)
        if "Update" not in case.kind:
            return self.post("query", text, accept)
        self._loaded = None
        return self.post("update", text)

    def post(self, kind: str, text: bytes, accept: str = "*/*") -> Response:
        """Post a query or an update."""
        headers = {"content-type": f"application/sparql-{kind}", "accept": accept}
        path = "/update" if kind == "update" else "/sparql"
        return send(self.url, "POST", path, {**headers, **AUTHORIZATION}, text)


@pytest.fixture(scope="module")
def subject(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Subject]:
    folder = tmp_path_factory.mktemp("empty")
    settings = Settings(data=folder, workers=1, empty=True, unchecked=True, token=TOKEN)
    with serving(Live(EditableEndpoint(settings))) as url:
        yield Subject(url)


def read_quads(file: str, name: str | None) -> list[Quad]:
    """Return the statements of a data file, in a graph."""
    graph = DefaultGraph() if name is None else NamedNode(name)
    kind = RdfFormat.from_extension(PurePosixPath(file).suffix[1:])
    found = parse(read_file(file), format=kind, base_iri=BASE + file, rename_blank_nodes=True)
    return [Quad(q.subject, q.predicate, q.object, graph) for q in found]


def as_update(graphs: dict[str | None, str]) -> str:
    parts = ["DROP ALL"]
    for name, file in graphs.items():
        triples = "".join(f"{quad.triple} .\n" for quad in read_quads(file, None))
        parts += [f"CREATE GRAPH <{name}>"] if name else []
        pattern = f"GRAPH <{name}> {{ {triples} }}" if name else triples
        parts.append(f"INSERT DATA {{ {pattern} }}")
    return " ;\n".join(parts)


def canonical(quads: list[Quad]) -> set[str]:
    """Return quads in a form that is equal for equal graphs: numbers as the store keeps them."""
    store = Store()
    store.extend(quads)
    dataset = Dataset(store)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}


def rows(results: QuerySolutions) -> list[Quad]:
    """Return a table as a graph, so that tables are compared with their blank nodes aside."""
    found, names = [], [variable.value for variable in results.variables]
    for solution in results:
        row = BlankNode()
        found.append(Quad(row, NamedNode("urn:row"), Literal("row")))
        found += [
            Quad(row, NamedNode(f"urn:variable:{name}"), solution[name])
            for name in names
            if solution[name] is not None
        ]
    return found


def table_of(content: bytes, suffix: str) -> bool | set[str]:
    """Return a result file: yes or no, or a table in a form that is equal for equal tables."""
    if suffix == ".ttl":
        return canonical(rows_in_turtle(content))
    results = parse_query_results(io.BytesIO(content), format=RESULT_FORMATS[suffix][0])
    return bool(results) if isinstance(results, QueryBoolean) else canonical(rows(results))


def rows_in_turtle(content: bytes) -> list[Quad]:
    """Return a table in the vocabulary of the first tests as `rows` does."""
    store = Store()
    store.load(content, format=RdfFormat.TURTLE, base_iri=BASE)
    bindings = store.query(
        "PREFIX rs: <http://www.w3.org/2001/sw/DataAccess/tests/result-set#> "
        "SELECT ?row ?name ?value WHERE { ?row rs:binding [ rs:variable ?name ; rs:value ?value ] }"
    )
    assert isinstance(bindings, QuerySolutions)
    found = []
    for binding in bindings:
        row, value = binding["row"], binding["value"]
        found.append(Quad(row, NamedNode("urn:row"), Literal("row")))
        found.append(Quad(row, NamedNode(f"urn:variable:{binding['name'].value}"), value))
    return found


def csv_of(content: bytes) -> list[list[tuple[str, str]]]:
    """Return a CSV table, columns and rows in one order: numbers as numbers, blank nodes alike."""
    table = csv.DictReader(io.StringIO(content.decode()))
    return sorted(sorted((k, _plain(v)) for k, v in row.items()) for row in table)


def _plain(text: str) -> str:
    if text.startswith("_:"):
        return "_:"
    try:
        return str(float(text))
    except ValueError:
        return text


def check_result(subject: Subject, case: Case) -> None:
    suffix = PurePosixPath(case.result).suffix
    expected = read_file(case.result)
    is_table = suffix in RESULT_FORMATS or (suffix == ".ttl" and b"ResultSet" in expected)
    if suffix == ".csv":
        assert csv_of(subject.run(case, "text/csv").body) == csv_of(expected)
    elif is_table:
        asked = suffix if suffix in RESULT_FORMATS else ".srx"
        answer = subject.run(case, RESULT_FORMATS[asked][1])
        assert answer.status == 200, answer.body
        content = (
            expected if asked == suffix else f"@base <{BASE}{case.result}> .\n".encode() + expected
        )
        assert table_of(answer.body, asked) == table_of(content, suffix)
    else:
        answer = subject.run(case, "application/n-triples")
        assert answer.status == 200, answer.body
        assert graph_of(answer.body) == canonical(read_quads(case.result, None))


def graph_of(content: bytes) -> set[str]:
    return canonical(list(parse(content, format=RdfFormat.N_TRIPLES)))


def check_update(subject: Subject, case: Case) -> None:
    answer = subject.run(case)
    assert answer.status == 204, answer.body
    for name in {None, *case.graphs, *case.after}:
        target = "/store?default" if name is None else f"/store?graph={name}"
        given = send(subject.url, "GET", target, {"accept": "application/n-triples"}, b"")
        content = given.body if given.status == 200 else b""
        expected = canonical(read_quads(case.after[name], None)) if name in case.after else set()
        assert graph_of(content) == expected


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_w3c(subject: Subject, case: Case, request: pytest.FixtureRequest) -> None:
    if case.name in EXPECTED_FAILURES:
        request.applymarker(pytest.mark.xfail(reason=EXPECTED_FAILURES[case.name]))
    if case.kind.startswith("Negative"):
        assert subject.run(case).status == 400
    elif case.kind.startswith("Positive"):
        assert subject.run(case).status in {200, 204}
    else:
        subject.load(case.graphs)
        if case.kind == "UpdateEvaluationTest":
            check_update(subject, case)
        else:
            check_result(subject, case)
