"""What a worker does: take a question from its socket, evaluate it, send back the serialised answer.

Evaluating and serialising happen in one function on one thread: a result of the engine that
reaches another thread aborts the process.
"""

from __future__ import annotations

import itertools
import os
import resource
import socket
from functools import cache
from typing import IO, cast

from pyoxigraph import QueryBoolean, QueryTriples, RdfFormat, Store, serialize

from graph.engine.clauses import Dataset
from graph.engine.sandbox import CpuLimit
from graph.engine.wire import (
    FAILED,
    INLINE_BYTES,
    MALFORMED,
    NOT_ACCEPTABLE,
    OUT_OF_MEMORY,
    TOO_LARGE,
    Head,
    Question,
    Reply,
    receive,
    send_reply,
)
from graph.evaluate import GRAPH_TYPES, RESULT_TYPES, run
from ontology.errors import QueryError
from ontology.terms import PREFIXES

# A worker that has grown this much gives its memory back by ending after its answer.
GROWTH_KIB = 131_072
# To look how much it has grown takes as long as a tenth of a small answer: it is not done after each.
_LOOK_EACH = 8
# The engine may quote a whole query in its complaint.
LONGEST_MESSAGE = 2_000


class Sink:
    """Where an answer is written: in memory while it is small, then in a memory file, never over a limit."""

    __slots__ = ("_descriptor", "_max_bytes", "_parts", "is_full", "size")

    def __init__(self, max_bytes: int) -> None:
        """Begin empty."""
        self.size = 0
        self.is_full = False
        self._max_bytes = max_bytes
        self._parts: list[bytes] = []
        self._descriptor: int | None = None

    def write(self, data: bytes) -> int:
        """Keep a piece; raise OverflowError, which stops the query, when it would pass the limit."""
        self.size += len(data)
        if self.size > self._max_bytes:
            self.is_full = True
            raise OverflowError
        self._parts.append(data)
        if self.size > INLINE_BYTES:
            self._spill()
        return len(data)

    def flush(self) -> None:
        """Do nothing: what is written is there."""

    def reply(self, media_type: str) -> Reply:
        """Return what was written as a reply."""
        return Reply(_head_of(media_type), b"".join(self._parts), self._descriptor, self.size)

    def close(self) -> None:
        """Give up the memory file; whoever received its descriptor still has it."""
        if self._descriptor is not None:
            os.close(self._descriptor)

    def _spill(self) -> None:
        if self._descriptor is None:
            self._descriptor = os.memfd_create("answer", os.MFD_CLOEXEC)
        for part in self._parts:
            os.write(self._descriptor, part)
        self._parts.clear()


def serve_questions(store: Store, sock: socket.socket) -> None:
    """Answer questions one by one until the other side is gone or this worker has grown too much."""
    ceiling = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss + GROWTH_KIB
    cpu = CpuLimit()
    retire = False
    for number in itertools.count(1):
        question = receive(sock, Question)
        if question is None:
            return
        cpu.allow(question.cpu_s)
        sink = Sink(question.max_bytes)
        reply = _answer(store, question, sink)
        if not number % _LOOK_EACH:
            retire = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > ceiling
        # The web process has to know, or it would give the next question to a worker that ends.
        send_reply(sock, reply._replace(retire=True) if retire else reply)
        sink.close()
        if retire:
            return


@cache
def _head_of(media_type: str) -> Head:
    return Head(media_type)


def _answer(store: Store, question: Question, sink: Sink) -> Reply:
    try:
        return sink.reply(evaluate_into(store, question, sink))
    except Exception as exc:  # noqa: BLE001 - whatever the engine raises is this query's, not the worker's
        return Reply(error_head(exc, sink))


def evaluate_into(store: Store, question: Question, sink: Sink) -> str:
    """Write the answer in the type that fits the form of the query; return that type.

    Raise QueryError for a malformed query, LookupError if no acceptable type fits its form.
    """
    dataset = None
    if question.default is not None or question.named is not None:
        dataset = Dataset(tuple(question.default or ()), tuple(question.named or ()))
    result = run(store, question.query, dataset)
    # The engine calls write and flush only.
    output = cast("IO[bytes]", sink)
    if isinstance(result, QueryTriples):
        if question.graph_type is None:
            raise LookupError
        graph_format = GRAPH_TYPES[question.graph_type]
        if graph_format == RdfFormat.N_TRIPLES:
            # Has no prefixes, and the engine writes its own triples a fifth quicker than ours.
            result.serialize(output, format=graph_format)
        else:
            serialize(result, output, format=graph_format, prefixes=PREFIXES)
        return question.graph_type
    if question.result_type is None:
        raise LookupError
    form = RESULT_TYPES[question.result_type]
    if isinstance(result, QueryBoolean):
        # Writing to an object of ours takes the engine 10 us more than giving back bytes.
        sink.write(result.serialize(format=form) or b"")
    else:
        result.serialize(output, format=form)
    return question.result_type


def error_head(exc: Exception, sink: Sink | None = None) -> Head:
    """Return what a client is told about an error while a question or change was worked on."""
    if sink is not None and sink.is_full:
        return Head(error=TOO_LARGE)
    match exc:
        case QueryError():
            kind = MALFORMED if exc.line else FAILED
            return Head("", kind, exc.message[:LONGEST_MESSAGE], exc.line, exc.column)
        case LookupError():
            return Head(error=NOT_ACCEPTABLE)
        case MemoryError():
            return Head(error=OUT_OF_MEMORY)
        case _:
            return Head(error=FAILED, message=str(exc)[:LONGEST_MESSAGE])
