"""Apply one change to a store that may be written to, in a copy of the process that holds it.

The change runs in a fork. If it holds, the fork becomes the process that forks the workers; if it
fails, runs too long or crashes, nothing has happened.
"""

from __future__ import annotations

import resource
import socket
import threading

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store, parse

from graph.engine.sandbox import limit_cpu, limit_resources
from graph.engine.using import with_using
from graph.engine.wire import TAKE_OVER, Change, Head, Reply, receive, send_reply
from graph.engine.worker import error_head
from graph.evaluate import GRAPH_TYPES, syntax_error
from ontology.errors import QueryError


def edit(store: Store, sock: socket.socket, memory_bytes: int) -> bool:
    """Apply the change that comes over the socket; return True if this process is to take over."""
    limits = {kind: resource.getrlimit(kind) for kind in (resource.RLIMIT_AS, resource.RLIMIT_CPU)}
    limit_resources(memory_bytes, only_soft=True)
    work = threading.Thread(target=_answer, args=(store, sock))
    work.start()
    work.join()
    told = sock.recv(len(TAKE_OVER))
    sock.close()
    for kind, limit in limits.items():
        resource.setrlimit(kind, limit)
    return told == TAKE_OVER


def apply(store: Store, change: Change) -> bool:
    """Change the store; return whether the graph it is about existed before.

    Raise QueryError for a malformed update or document.
    """
    if change.action == "update":
        _update(store, change)
        return True
    graph = DefaultGraph() if change.graph is None else NamedNode(change.graph)
    existed = isinstance(graph, DefaultGraph) or store.contains_named_graph(graph)
    if change.action == "delete":
        _remove(store, graph)
        return existed
    quads = _read(change, graph)
    if change.action == "put":
        _remove(store, graph)
    if isinstance(graph, NamedNode):
        store.add_graph(graph)
    store.extend(quads)
    return existed


def _answer(store: Store, sock: socket.socket) -> None:
    change = receive(sock, Change)
    if change is None:
        return
    limit_cpu(change.cpu_s)
    try:
        head = Head(existed=apply(store, change))
    except Exception as exc:  # noqa: BLE001 - whatever the engine raises is this change's
        head = error_head(exc)
    send_reply(sock, Reply(head))


def _update(store: Store, change: Change) -> None:
    text = with_using(change.text, change.using, change.using_named)
    try:
        store.update(text, base_iri=change.base_iri)
    except SyntaxError as exc:
        raise syntax_error(text, str(exc)) from exc


def _remove(store: Store, graph: NamedNode | DefaultGraph) -> None:
    if isinstance(graph, DefaultGraph):
        store.clear_graph(graph)
    else:
        store.remove_graph(graph)


def _read(change: Change, graph: NamedNode | DefaultGraph) -> list[Quad]:
    """Read all documents before anything is changed; each has blank nodes of its own."""
    quads: list[Quad] = []
    for media_type, text in change.documents:
        try:
            found = parse(
                text,
                format=GRAPH_TYPES[media_type],
                base_iri=change.base_iri,
                rename_blank_nodes=True,
            )
            quads += [Quad(q.subject, q.predicate, q.object, graph) for q in found]
        except SyntaxError as exc:
            raise QueryError(f"de inhoud is niet te lezen als {media_type}: {exc}") from exc
    return quads
