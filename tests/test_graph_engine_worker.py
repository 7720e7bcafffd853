"""What a worker does with a question, over a real socket pair."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

from graph.engine import wire
from graph.engine.wire import Question, Reply, ReplyReader, encode
from graph.engine.worker import serve_questions

NAME = NamedNode("http://voorbeeld.nl/naam")


@pytest.fixture
def worker() -> Iterator[socket.socket]:
    """A worker on a thread of this process; closing the socket ends it."""
    store = Store()
    store.extend(
        Quad(NamedNode(f"http://voorbeeld.nl/{i}"), NAME, Literal(f"ding {i}"), DefaultGraph())
        for i in range(2_000)
    )
    ours, theirs = socket.socketpair()
    thread = threading.Thread(target=_work, args=(store, theirs))
    thread.start()
    yield ours
    ours.close()
    thread.join(5)


def _work(store: Store, sock: socket.socket) -> None:
    serve_questions(store, sock)
    sock.close()


@pytest.fixture(autouse=True)
def _without_cpu_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    # The limit is of the whole process, which here is the test run.
    monkeypatch.setattr("graph.engine.worker.CpuLimit.allow", lambda *_: None)


def reply_to(sock: socket.socket, question: Question) -> Reply:
    sock.sendall(encode(question))
    reader, reply = ReplyReader(), None
    while reply is None:
        reply = reader.receive(sock)
    return reply


def test_small_answer_comes_with_its_body(worker: socket.socket) -> None:
    reply = reply_to(worker, Question("ASK {}"))
    assert reply.head.media_type == "application/sparql-results+json"
    assert reply.body == b'{"head":{},"boolean":true}'
    assert reply.descriptor is None


def test_large_answer_comes_as_a_memory_file(worker: socket.socket) -> None:
    reply = reply_to(worker, Question("SELECT * WHERE { ?s ?p ?o }"))
    assert reply.descriptor is not None
    content = os.pread(reply.descriptor, reply.size + 1, 0)
    os.close(reply.descriptor)
    assert len(content) == reply.size > wire.INLINE_BYTES
    assert content.endswith(b"]}}")


def test_answer_over_the_limit_stops_the_query_and_not_the_worker(worker: socket.socket) -> None:
    endless = "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    assert reply_to(worker, Question(endless, max_bytes=100_000)).head.error == wire.TOO_LARGE
    assert not reply_to(worker, Question("ASK {}")).head.error


def test_malformed_query_has_its_place(worker: socket.socket) -> None:
    head = reply_to(worker, Question("SELECT *\nWHERE { ?s }")).head
    assert (head.error, head.line) == (wire.MALFORMED, 2)


def test_graph_in_no_accepted_format_is_not_acceptable(worker: socket.socket) -> None:
    question = Question("CONSTRUCT WHERE { ?s ?p ?o }", graph_type=None)
    assert reply_to(worker, question).head.error == wire.NOT_ACCEPTABLE


def test_several_questions_are_answered_in_turn(worker: socket.socket) -> None:
    answers = [
        reply_to(worker, Question(f"SELECT ({i} AS ?n) {{}}", result_type="text/csv")).body
        for i in range(3)
    ]
    assert answers == [b"n\r\n0\r\n", b"n\r\n1\r\n", b"n\r\n2\r\n"]
