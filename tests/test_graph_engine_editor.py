"""Updates with the dataset of a protocol request, and changes to whole graphs."""

from __future__ import annotations

import pytest
from pyoxigraph import Store

from graph.engine.editor import apply
from graph.engine.using import with_using
from graph.engine.wire import Change
from graph.evaluate import ask
from ontology.errors import QueryError

G, H = "http://g/g", "http://g/h"


@pytest.mark.parametrize(
    ("update", "expected"),
    [
        ("INSERT { ?s ?p 1 } WHERE { ?s ?p ?o }", "INSERT { ?s ?p 1 } USING <http://g/g> WHERE"),
        ("DELETE WHERE { ?s ?p ?o }", "DELETE { ?s ?p ?o } USING <http://g/g> WHERE { ?s ?p ?o }"),
        ("DROP ALL ; insert data { <a:a> <a:b> 'where' }", "insert data { <a:a> <a:b> 'where' }"),
    ],
)
def test_using_is_put_where_it_belongs(update: str, expected: str) -> None:
    assert expected in " ".join(with_using(update, [G], []).split())


@pytest.mark.parametrize("clause", [f"WITH <{G}> DELETE {{}}", f"DELETE {{}} USING <{G}>"])
def test_using_twice_is_refused_with_its_place(clause: str) -> None:
    with pytest.raises(QueryError, match="regel 2"):
        with_using(f"\n{clause} WHERE {{ ?s ?p ?o }}", [G], [])


def test_iri_that_closes_its_own_brackets_is_refused() -> None:
    with pytest.raises(QueryError):
        with_using("DELETE WHERE { ?s ?p ?o }", ["http://g/> WHERE {} ; DROP ALL #"], [])


def test_delete_where_reaches_only_the_graph_in_use() -> None:
    store = Store()
    for graph in (G, H):
        store.update(f"INSERT DATA {{ GRAPH <{graph}> {{ <a:a> <a:b> 1 }} }}")
    update = Change("update", "INSERT { <a:a> <a:c> ?o } WHERE { <a:a> <a:b> ?o }", using=(G,))
    apply(store, update)
    assert ask(store, "ASK { <a:a> <a:c> 1 }")


def test_put_replaces_and_post_adds() -> None:
    store = Store()
    turtle = "text/turtle"
    assert not apply(store, Change("put", graph=G, documents=((turtle, "<a:a> <a:b> 1 ."),)))
    assert apply(store, Change("post", graph=G, documents=((turtle, "<a:a> <a:b> 2 ."),)))
    assert ask(store, f"ASK {{ GRAPH <{G}> {{ <a:a> <a:b> 1, 2 }} }}")
    assert apply(store, Change("put", graph=G, documents=((turtle, "<a:a> <a:b> 3 ."),)))
    assert not ask(store, f"ASK {{ GRAPH <{G}> {{ <a:a> <a:b> 1 }} }}")


def test_document_that_cannot_be_read_changes_nothing() -> None:
    store = Store()
    apply(store, Change("put", graph=G, documents=(("text/turtle", "<a:a> <a:b> 1 ."),)))
    with pytest.raises(QueryError, match="text/turtle"):
        apply(store, Change("put", graph=G, documents=(("text/turtle", "geen turtle"),)))
    assert ask(store, f"ASK {{ GRAPH <{G}> {{ <a:a> <a:b> 1 }} }}")
