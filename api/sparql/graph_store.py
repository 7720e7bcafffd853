"""SPARQL 1.1 Graph Store Protocol: read and write whole graphs, by name or by address."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from email.parser import BytesParser
from email.policy import HTTP
from http import HTTPStatus
from typing import Protocol

from starlette.types import Receive, Scope

from api.sparql.description import endpoint_iri
from api.sparql.formats import GRAPH_NAMES
from api.sparql.problems import Problem, malformed
from api.sparql.protocol import (
    Asked,
    check_content_type,
    decode_text,
    graph_names,
    read_parameters,
    wrong_method,
)
from api.sparql.sending import Answer, header
from graph.engine.wire import Change, Head

METHODS = ("GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS")
_MULTIPART = "multipart/form-data"
_ALL = "CONSTRUCT WHERE { ?s ?p ?o }"

Documents = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Target:
    """The graph that a request is about: None is the default graph; new if it was not named."""

    graph: str | None
    is_new: bool = False


class Keeper(Protocol):
    """What keeps the graphs: it knows who may write, applies changes and answers queries."""

    def authorize(self, scope: Scope) -> None:
        """Raise Problem unless the request may write."""

    async def read_upload(self, scope: Scope, receive: Receive) -> bytes:
        """Return the body of a request that writes."""

    async def change(self, change: Change) -> Head:
        """Apply a change; raise Problem with nothing changed."""

    async def has_graph(self, iri: str) -> bool:
        """Tell whether a named graph exists."""

    async def answer(self, scope: Scope, receive: Receive, asked: Asked) -> Answer:
        """Return the answer to a query."""


async def respond(keeper: Keeper, scope: Scope, receive: Receive) -> Answer:
    """Answer one request about one graph."""
    method = scope["method"]
    if method == "OPTIONS":
        return Answer(HTTPStatus.NO_CONTENT, {"allow": ", ".join(METHODS)}, length=None)
    if method not in METHODS:
        raise wrong_method(method, METHODS)
    if method in {"GET", "HEAD"}:
        return await _read(keeper, scope, receive)
    keeper.authorize(scope)
    target = find_target(scope)
    if method == "DELETE":
        return await _delete(keeper, target)
    return await _write(keeper, scope, receive, target)


def find_target(scope: Scope) -> Target:
    """Return the graph a request names: by ?graph, by ?default, or by its own address.

    Raise Problem if it names none, unless a POST asks for a new graph.
    """
    parameters = read_parameters(scope["query_string"])
    named = graph_names(parameters, "graph")
    if named and len(named) == 1 and "default" not in parameters:
        return Target(named[0])
    if "default" in parameters and not named:
        return Target(None)
    if named:
        raise malformed("Noem één graaf met ?graph= of de standaardgraaf met ?default.")
    address = endpoint_iri(
        scope["scheme"], header(scope, b"host"), scope["raw_path"].decode("ascii", "replace")
    )
    if scope["path"].strip("/").count("/"):
        return Target(address)
    if scope["method"] == "POST":
        return Target(f"{address.rstrip('/')}/{uuid.uuid4()}", is_new=True)
    raise malformed("Noem een graaf met ?graph= of de standaardgraaf met ?default.")


def read_documents(content_type: str, body: bytes) -> Documents:
    """Return (media type, text) of the RDF in a request, one for each part of a form."""
    if not content_type.lower().startswith(_MULTIPART):
        kind = check_content_type(content_type, tuple(GRAPH_NAMES))
        return ((GRAPH_NAMES[kind], decode_text(body)),)
    message = BytesParser(policy=HTTP).parsebytes(
        b"Content-Type: " + content_type.encode("latin-1") + b"\r\n\r\n" + body
    )
    parts = [part for part in message.walk() if not part.is_multipart()]
    found: list[tuple[str, str]] = []
    for part in parts:
        kind = str(part["content-type"] or "")
        if kind.lower().startswith(_MULTIPART):
            raise malformed("Dit formulier heeft geen delen; noem in Content-Type de boundary.")
        content = part.get_payload(decode=True)
        text = content if isinstance(content, bytes) else b""
        found += read_documents(kind, text)
    return tuple(found)


async def _read(keeper: Keeper, scope: Scope, receive: Receive) -> Answer:
    target = find_target(scope)
    if target.graph is None:
        return await keeper.answer(scope, receive, Asked(_ALL, None, None, None))
    if not await keeper.has_graph(target.graph):
        raise _no_graph(target.graph)
    return await keeper.answer(scope, receive, Asked(_ALL, (target.graph,), (), None))


async def _delete(keeper: Keeper, target: Target) -> Answer:
    head = await keeper.change(Change("delete", graph=target.graph))
    if not head.existed:
        raise _no_graph(str(target.graph))
    return Answer(HTTPStatus.NO_CONTENT, length=None)


async def _write(keeper: Keeper, scope: Scope, receive: Receive, target: Target) -> Answer:
    body = await keeper.read_upload(scope, receive)
    documents = read_documents(header(scope, b"content-type"), body)
    action = scope["method"].lower()
    base = target.graph or endpoint_iri(scope["scheme"], header(scope, b"host"), scope["path"])
    head = await keeper.change(
        Change(action, base_iri=base, graph=target.graph, documents=documents)
    )
    if head.existed:
        return Answer(HTTPStatus.NO_CONTENT, length=None)
    location = {"location": str(target.graph)} if target.is_new else {}
    return Answer(HTTPStatus.CREATED, location)


def _no_graph(iri: str) -> Problem:
    return Problem(HTTPStatus.NOT_FOUND, "Niet gevonden", f"Er is geen graaf <{iri}>.")
