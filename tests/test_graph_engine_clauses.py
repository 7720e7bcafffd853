"""Finding the dataset clauses of a query, and merging what they name."""

from __future__ import annotations

import pytest
from pyoxigraph import DefaultGraph, NamedNode, Quad, Store

from graph.engine.clauses import Dataset, dataset_of
from graph.engine.tokens import position, tokens
from graph.evaluate import select

A, B, C = "http://g/a", "http://g/b", "http://g/c"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT * WHERE { ?s ?p ?o }", None),
        ("SELECT * WHERE { ?s ?p 'FROM <http://g/a>' }", None),
        ("SELECT * # FROM <http://g/a>\nWHERE { ?s ?p ?o }", None),
        ("SELECT ?from WHERE { ?from <http://from/> ?o }", None),
        ("SELECT * FROM <http://g/a> WHERE { }", Dataset((A,))),
        ("select * from<http://g/a>from named<http://g/b>{ }", Dataset((A,), (B,))),
        ("BASE <http://g/> SELECT * FROM <a> FROM <b> FROM <a> {}", Dataset((A, B))),
        ("PREFIX g: <http://g/> ASK FROM g:a FROM NAMED g:b {}", Dataset((A,), (B,))),
        ("CONSTRUCT { ?s ?p ?o } FROM <http://g/a> WHERE { ?s ?p ?o }", Dataset((A,))),
        ("DESCRIBE <http://x/> FROM <http://g/a>", Dataset((A,))),
        ("SELECT (?x<?y AS ?z) (1 > 2 AS ?q) FROM <http://g/a> {}", Dataset((A,))),
        ("SELECT ((?a<?b)AS?x)(?c>?d AS ?y) FROM <http://g/a> {}", Dataset((A,))),
        ("SELECT (<http://f/(>(?a) AS ?x) FROM <http://g/a> {}", Dataset((A,))),
        ("SELECT ('''it's (''' AS ?x) FROM <http://g/a> {}", Dataset((A,))),
    ],
)
def test_dataset_clauses_are_found_where_they_are(query: str, expected: Dataset | None) -> None:
    assert dataset_of(query) == expected


def test_clause_with_an_unknown_prefix_is_left_to_the_engine() -> None:
    assert dataset_of("SELECT * FROM x:a WHERE { ?s ?p ?o }") is None


@pytest.fixture(scope="module")
def store() -> Store:
    node = NamedNode("http://x/")
    store = Store()
    store.add(Quad(node, node, node, DefaultGraph()))
    for graph in (A, B, C):
        store.add(Quad(node, node, node, NamedNode(graph)))
    return store


@pytest.mark.parametrize(
    ("clauses", "default", "named"),
    [
        ("", 1, 3),
        (f"FROM <{A}>", 1, 0),
        (f"FROM <{A}> FROM <{B}>", 1, 0),
        (f"FROM <{A}> FROM <{B}> FROM NAMED <{B}> FROM NAMED <{C}>", 1, 2),
        (f"FROM NAMED <{A}>", 0, 1),
        ("FROM <http://g/absent> FROM <http://g/absent2>", 0, 0),
    ],
)
def test_triple_counts_once_whatever_graphs_are_named(
    store: Store, clauses: str, default: int, named: int
) -> None:
    head = f"SELECT (COUNT(*) AS ?n) {clauses}"
    counts = [
        int(next(select(store, f"{head} WHERE {{ {pattern} }}").dicts())["n"])
        for pattern in ("?s ?p ?o", "GRAPH ?g { ?s ?p ?o }")
    ]
    assert counts == [default, named]


def test_tokens_leave_out_comments_and_know_their_depth() -> None:
    found = [(t.text, t.depth) for t in tokens("ASK { # {\n ?s <a#b> 'x # y' }")]
    assert found == [("ASK", 0), ("{", 0), ("?s", 1), ("<a#b>", 1), ("'x # y'", 1), ("}", 0)]


def test_position_counts_from_one() -> None:
    assert position("ab\ncd", 4) == (2, 2)
