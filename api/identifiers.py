"""Answers for the IRIs themselves: /id/ to /doc/, concepts, passages, the ontology; in HTML or as data."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.files.csvtext import to_csv
from api.http.negotiation import DATA_TYPES, HTML, accepted
from api.pages.things import render_thing
from api.state import service_of
from graph.evaluate import describe
from ontology.errors import UnknownThing
from ontology.schema import turtle_files
from ontology.terms import BEGRIP, BRON, ID
from queries.facts import FACT_COLUMNS, fact_rows
from queries.names import names_of

router = APIRouter(include_in_schema=False)


@router.get("/id/{path:path}")
def identifier(path: str) -> Response:
    """Send on to the description: a thing itself cannot be sent, what is said of it can."""
    return RedirectResponse(f"/doc/{path}", status_code=HTTPStatus.SEE_OTHER)


@router.get("/doc/{path:path}")
def description(request: Request, path: str) -> Response:
    """Return what is said of a thing."""
    return _represent(request, ID, path)


@router.get("/begrip/{path:path}")
def concept(request: Request, path: str) -> Response:
    """Return what is said of a concept, norm or concept scheme."""
    return _represent(request, BEGRIP, path)


@router.get("/bron/{path:path}")
def source(request: Request, path: str) -> Response:
    """Return what a document states; a passage is a fragment of this page."""
    return _represent(request, BRON, path)


@router.get("/ontologie")
async def ontology(request: Request) -> Response:
    """Return the ontology as Turtle."""
    return Response(turtle_files()["regiograaf.ttl"], media_type="text/turtle")


def _represent(request: Request, base: str, path: str) -> Response:
    stem, _, suffix = path.rpartition(".")
    if stem and suffix == "csv":
        return _facts_as_csv(request, base + stem)
    if stem and suffix in DATA_TYPES:
        return _data(request, base + stem, DATA_TYPES[suffix])
    offered = (HTML, *DATA_TYPES.values())
    chosen = accepted(request.headers.get("accept", ""), offered)
    if not chosen:
        text = f"Deze vormen zijn er: {', '.join(offered)}"
        return Response(text, status_code=HTTPStatus.NOT_ACCEPTABLE, media_type="text/plain")
    if chosen[0] == HTML:
        response: Response = render_thing(request, base + path)
    else:
        response = _data(request, base + path, chosen[0])
    response.headers["vary"] = "Accept, Cookie"
    return response


def _facts_as_csv(request: Request, iri: str) -> Response:
    """Return what sources state of and to a thing, a row for each passage."""
    release = service_of(request).release
    if iri not in names_of(release):
        raise UnknownThing(f"<{iri}> is niet bekend in deze uitgave")
    body = to_csv(FACT_COLUMNS, fact_rows(release, iri))
    return Response(body, media_type="text/csv; charset=utf-8")


def _data(request: Request, iri: str, media_type: str) -> Response:
    body = describe(service_of(request).release.store, iri, media_type)
    if body is None:
        raise UnknownThing(f"<{iri}> is niet bekend in deze uitgave")
    return Response(body, media_type=media_type)
